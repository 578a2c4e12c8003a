"""What a plan's pure code does to the abstract heap: every expression gives a set of objects."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Final

from agentjit.compiler.methods import MUTATING
from agentjit.compiler.tree import children
from agentjit.scheduler.holding import Heap, Object, Place

#: Functions and methods whose results hold nothing that could be changed.
_PLAIN: Final = frozenset("abs all any bool float int isinstance len range repr round str".split())
_PLAIN_METHODS: Final = frozenset(
    """capitalize casefold center count endswith find index isalnum isalpha isdecimal isdigit
    islower isnumeric isspace istitle isupper join ljust lower lstrip replace removeprefix
    removesuffix rfind rindex rjust rstrip startswith strip swapcase title upper zfill
    isdisjoint issubset issuperset""".split()
)
#: Functions that make a new container of the elements that they are given.
_REMAKING: Final = frozenset("list reversed set sorted tuple".split())
#: Methods that put what they are given, or what is in it, into the value.
_PUTTING: Final = frozenset("append insert add setdefault".split())


class Valuation:
    """Follows expressions and statements, all at the place that was told last."""

    def __init__(
        self, heap: Heap, helpers: Mapping[str, frozenset[str]], changing: frozenset[str]
    ) -> None:
        self.heap = heap
        self._helpers = helpers
        self._changing = changing
        self._node = 0
        self._part = 0

    def at(self, node: int, part: int) -> None:
        """What follows stands in this part of this node."""
        self._node, self._part = node, part

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Pure statements."""
        for stmt in body:
            self._stmt(stmt)

    def _stmt(self, stmt: ast.stmt) -> None:
        match stmt:
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for target in targets:
                    self.assign(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value))
            case ast.AugAssign(target=target, value=value):
                self._augment(target, self.value(value))
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                self.assign(target, self.heap.inside(self.value(iterable)))
                self.block((*body, *orelse))
            case (
                ast.If(test=test, body=body, orelse=orelse)
                | ast.While(test=test, body=body, orelse=orelse)
            ):
                self.value(test)
                self.block((*body, *orelse))
            case ast.Expr(value=value):
                self.value(value)
            case _:
                pass

    def assign(self, target: ast.expr, objects: set[Object]) -> None:
        """Bind a target, which may be a pattern, to these objects."""
        match target:
            case ast.Name(id=name):
                self.heap.bind(name, objects)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                inside = self.heap.inside(objects)
                for elt in elts:
                    self.assign(elt, inside)
            case ast.Starred(value=value):
                self.assign(value, {self._new(target, objects)})
            case ast.Subscript(value=value, slice=key):
                holders = self.value(value)
                # A slice takes the elements of what it is given.
                sliced = isinstance(key, ast.Slice)
                inside = self.heap.inside(objects) if sliced else {*objects, *self.value(key)}
                self.heap.put(holders, inside)
                self._change(holders)
            case _:
                pass

    def _augment(self, target: ast.expr, objects: set[Object]) -> None:
        held = self.value(_loaded(target))
        inside = self.heap.inside(objects)
        self._change(held)
        self.heap.put(held, inside)
        if held or objects:
            held = held | {self._new(target, {*self.heap.inside(held), *inside})}
        self.assign(target, held)

    def value(self, node: ast.expr) -> set[Object]:
        """The objects that the expression's value may be; what it changes is noted."""
        match node:
            case ast.Name(id=name):
                return set(self.heap.names[name])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.value(test)
                return self.value(body) | self.value(orelse)
            case ast.BoolOp(values=values):
                return set[Object]().union(*[self.value(v) for v in values])
            case ast.BinOp(left=left, right=right):
                either = self.value(left) | self.value(right)
                return {self._new(node, self.heap.inside(either))} if either else set()
            case ast.Subscript(value=value, slice=key):
                held = self.value(value)
                self.value(key)
                inside = self.heap.inside(held)
                sliced = isinstance(key, ast.Slice) and held
                return {self._new(node, inside)} if sliced else inside
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Call(func=ast.Attribute() as method):
                return self._method(node, method)
            case ast.Call():
                return self._function(node)
            case _:
                return self._display(node)

    def _display(self, node: ast.expr) -> set[Object]:
        """A list, tuple, set or dict that is written out; what else there is gives no object."""
        match node:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return {self._new(node, self._elements(elts))}
            case ast.Dict(keys=keys, values=values):
                unpacked = [v for k, v in zip(keys, values, strict=True) if k is None]
                given = [*(k for k in keys if k is not None), *values]
                inside = set[Object]().union(*[self.value(v) for v in given])
                inside |= self.heap.inside(set[Object]().union(*map(self.value, unpacked)))
                return {self._new(node, inside)}
            case _:
                self._operands(node)
                return set()

    def _operands(self, node: ast.AST) -> set[Object]:
        found: set[Object] = set()
        for child in children(node):
            found |= self.value(child) if isinstance(child, ast.expr) else self._operands(child)
        return found

    def _elements(self, elts: Iterable[ast.expr]) -> set[Object]:
        found: set[Object] = set()
        for elt in elts:
            if isinstance(elt, ast.Starred):
                found |= self.heap.inside(self.value(elt.value))
            else:
                found |= self.value(elt)
        return found

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> set[Object]:
        for generator in node.generators:
            self.assign(generator.target, self.heap.inside(self.value(generator.iter)))
            for test in generator.ifs:
                self.value(test)
        made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        return {self._new(node, set[Object]().union(*[self.value(m) for m in made]))}

    def _method(self, node: ast.Call, method: ast.Attribute) -> set[Object]:
        held = self.value(method.value)
        given = self._arguments(node)
        inside = self.heap.inside(held)
        if method.attr in MUTATING:
            self._change(held)
            more = given if method.attr in _PUTTING else self.heap.inside(given)
            self.heap.put(held, more)
            # `update` takes pairs, too: what is in what is in it.
            if method.attr == "update":
                self.heap.put(held, self.heap.inside(self.heap.inside(given)))
            return {*inside, *given}
        if method.attr in _PLAIN_METHODS:
            return set()
        if method.attr == "get":
            return {*inside, *given}
        if method.attr == "items":
            return {self._new(node, {self._new(method, inside)})}
        return {self._new(node, {*inside, *self.heap.inside(given)})}

    def _function(self, node: ast.Call) -> set[Object]:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        given = self._arguments(node)
        if name in _PLAIN:
            return set()
        if name in _REMAKING:
            return {self._new(node, self.heap.inside(given))}
        if name in ("max", "min"):
            return self.heap.inside(given) if len(node.args) == 1 else given
        if name == "enumerate":
            return {self._new(node, {self._new(node.func, self.heap.inside(given))})}
        if name == "sum" and not self.heap.inside(given):
            # Of numbers: those of lists are made of what is in the lists.
            return set()
        known = self.heap.reach(given)
        if name in self._helpers:
            for read in self._helpers[name]:
                known |= self.heap.reach(self.heap.names[read])
            if name in self._changing:
                self._change(known)
                self.heap.put(known, known)
        made = self._new(node, known)
        self.heap.put({made}, {made})
        return {made, *known}

    def _arguments(self, node: ast.Call) -> set[Object]:
        """What a call is given; functions among it are called on anything inside the rest."""
        plain = [*node.args, *(k.value for k in node.keywords)]
        functions = [a for a in plain if isinstance(a, ast.Lambda) or self._is_helper(a)]
        given: set[Object] = set()
        for arg in plain:
            if isinstance(arg, ast.Starred):
                given |= self.heap.inside(self.value(arg.value))
            elif arg not in functions:
                given |= self.value(arg)
        known = self.heap.reach(given)
        return given.union(*[self._apply(function, known) for function in functions])

    def _is_helper(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._helpers

    def _apply(self, function: ast.expr, given: set[Object]) -> set[Object]:
        """Call a function on any of these; what it may give that is not among them."""
        if isinstance(function, ast.Lambda):
            for arg in ast.walk(function.args):
                if isinstance(arg, ast.arg):
                    self.heap.bind(arg.arg, given)
            return self.value(function.body) - given
        if isinstance(function, ast.Name) and function.id in self._changing:
            known = set(given)
            for read in self._helpers[function.id]:
                known |= self.heap.reach(self.heap.names[read])
            self._change(known)
            self.heap.put(known, known)
        return set()

    def _change(self, objects: Iterable[Object]) -> None:
        self.heap.changed[self._node].update(objects)

    def _new(self, node: ast.AST, inside: Iterable[Object]) -> Object:
        marks = ("lineno", "col_offset", "end_lineno", "end_col_offset")
        where = [int(getattr(node, mark, None) or 0) for mark in marks]
        place: Place = (self._node, self._part, *where, type(node).__name__)
        return self.heap.make(place, inside)


def _loaded(target: ast.expr) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Subscript(value=value, slice=key):
            return ast.Subscript(value, key, ast.Load(), **_place(target))
        case _:
            return target


def _place(node: ast.expr) -> dict[str, int]:
    return {"lineno": node.lineno, "col_offset": node.col_offset}
