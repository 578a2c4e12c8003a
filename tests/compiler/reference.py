"""A reference interpreter: runs a plan's own syntax tree over an abstract site, step by step.

It shares nothing with the compiler's lowering or its abstract state. A site is its state variables;
a tool call moves them as its contract says, and by chance where the contract leaves it open.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ResultRef,
    Value,
)
from agentjit.toolspecs.jsontypes import JsonType, ListOf, Record, Scalar, mismatch
from agentjit.toolspecs.state import StateVar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Steps of one run; a plan that goes on for longer has been seen enough of.
MAX_STEPS: Final = 400

#: The texts that plans write and that unknown state may hold; tools also return an empty one.
TEXTS: Final = ("a", "b", "c")


class Stop(Exception):
    """The run ends here, for a reason that is no matter of contracts."""


class Broken(Exception):
    """A tool was called where its precondition does not hold."""


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


@dataclass(slots=True)
class Site:
    """The concrete state that tools move."""

    toolset: Toolset
    chance: random.Random
    state: dict[str, Any] = field(init=False)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = dict(self.toolset.state.start())

    def call(self, tool: Tool, given: Mapping[str, Any]) -> Any:
        """Check the arguments, then the precondition; then do what the contract says."""
        arguments = {p.name: given.get(p.name, p.default) for p in tool.params}
        for param in tool.params:
            if mismatch(arguments[param.name], param.type):
                raise Stop(f"{tool.name} turns its arguments away")
        self.calls.append(tool.name)
        for clause in tool.requires:
            if not self._holds(clause, arguments):
                raise Broken(f"{tool.name} requires {clause}, but {self.state}: {self.calls}")
        result = self._result(tool.returns)
        self.state |= {c.var: self._after(c, arguments, result) for c in tool.ensures}
        return result

    def _holds(self, clause: Clause, arguments: Mapping[str, Any]) -> bool:
        actual = self.state[clause.var]
        match clause:
            case Equals():
                return _same(actual, _value(clause.value, arguments, None))
            case Differs():
                return not _same(actual, _value(clause.value, arguments, None))
            case OneOf(values=values):
                return any(_same(actual, v) for v in values)
            case Known():
                return actual is not None
            case Forgets():
                raise AssertionError("forgets is no precondition")

    def _after(self, clause: Clause, arguments: Mapping[str, Any], result: Any) -> Any:
        variable = self.toolset.state.get(clause.var)
        assert variable is not None
        match clause:
            case Equals():
                return _value(clause.value, arguments, result)
            case OneOf(values=values):
                return self.chance.choice(values)
            case Known():
                return self.chance.choice(_domain(variable))
            case Forgets():
                return self.chance.choice((None, *_domain(variable)))
            case Differs():
                raise AssertionError("!= is no postcondition")

    def _result(self, kind: JsonType) -> Any:
        match kind:
            case Scalar("str"):
                return self.chance.choice(("", *TEXTS))
            case Scalar("bool"):
                return self.chance.random() < 0.5
            case Scalar("None"):
                return None
            case ListOf(item):
                return [self._result(item) for _ in range(self.chance.choice((0, 1, 2, 3)))]
            case Record(fields=fields):
                return {f.name: self._result(f.type) for f in fields}
            case _:
                # `str | None`
                return self.chance.choice((None, "", *TEXTS))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _domain(variable: StateVar) -> tuple[Any, ...]:
    if variable.values:
        return variable.values
    return TEXTS if variable.type is str else (True, False)


def _value(value: Value, arguments: Mapping[str, Any], result: Any) -> Any:
    match value:
        case Constant(literal):
            return literal
        case ResultRef(path):
            for key in path:
                result = result[key]
            return result
        case _:
            return arguments[value.name]


@dataclass(slots=True)
class Interpreter:
    """Runs one plan once."""

    site: Site
    names: dict[str, Any] = field(default_factory=dict)
    steps: int = 0

    def run(self, tree: ast.Module) -> None:
        """To the end, or until Stop or Broken."""
        self._block(tree.body)

    def _tick(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Stop("it goes on for too long")

    def _block(self, stmts: list[ast.stmt]) -> None:
        for stmt in stmts:
            self._tick()
            self._stmt(stmt)

    def _stmt(self, stmt: ast.stmt) -> None:
        match stmt:
            case ast.Expr(value=value):
                self._eval(value)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.names[name] = self._eval(value)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                self.names[name] += self._eval(value)
            case ast.Assign(targets=[ast.Subscript(value=record, slice=key)], value=value):
                held = self._eval(value)
                self._eval(record)[self._eval(key)] = held
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, given in zip(targets, [self._eval(v) for v in values], strict=True):
                    assert isinstance(target, ast.Name)
                    self.names[target.id] = given
            case ast.FunctionDef(name="drop" | "rename"):
                pass
            case ast.If(test=test, body=body, orelse=orelse):
                self._block(body if self._eval(test) else orelse)
            case ast.For():
                self._for(stmt)
            case ast.While():
                self._while(stmt)
            case ast.Break():
                raise _Break
            case ast.Continue():
                raise _Continue
            case ast.Pass():
                pass
            case _:
                raise AssertionError(ast.dump(stmt))

    def _for(self, stmt: ast.For) -> None:
        # A loop goes over the elements that there are when it begins.
        for element in [*self._eval(stmt.iter)]:
            self._tick()
            match stmt.target:
                case ast.Name(id=name):
                    self.names[name] = element
                case ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]):
                    self.names[first], self.names[second] = element
                case _:
                    raise AssertionError(ast.dump(stmt.target))
            try:
                self._block(stmt.body)
            except _Continue:
                continue
            except _Break:
                return
        self._block(stmt.orelse)

    def _while(self, stmt: ast.While) -> None:
        while self._eval(stmt.test):
            self._tick()
            try:
                self._block(stmt.body)
            except _Continue:
                continue
            except _Break:
                return
        self._block(stmt.orelse)

    def _eval(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.names[name]
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                return [self._eval(e) for e in elts]
            case ast.Call():
                return self._call(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._eval(body if self._eval(test) else orelse)
            case ast.BoolOp(op=op, values=values):
                return self._bool_op(values, stop_at=isinstance(op, ast.Or))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._eval(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return _compare(op, self._eval(left), self._eval(right))
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return {self._eval(k): self._eval(v) for k, v in pairs if k is not None}
            case ast.Subscript(value=value, slice=ast.Slice(upper=ast.expr() as upper)):
                return self._eval(value)[: self._eval(upper)]
            case ast.Subscript(value=value, slice=ast.Slice()):
                return self._eval(value)[:]
            case ast.Subscript(value=value, slice=key):
                return self._eval(value)[self._eval(key)]
            case ast.ListComp(elt=elt, generators=generators):
                found: list[Any] = []
                self._comprehension(generators, lambda: found.append(self._eval(elt)))
                return found
            case _:
                raise AssertionError(ast.dump(node))

    def _bool_op(self, values: list[ast.expr], *, stop_at: bool) -> Any:
        for value in values[:-1]:
            found = self._eval(value)
            if bool(found) is stop_at:
                return found
        return self._eval(values[-1])

    def _call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Attribute):
            held = self._eval(node.func.value)
            return getattr(held, node.func.attr)(*[self._eval(a) for a in node.args])
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        positional = [self._eval(a) for a in node.args]
        named = {k.arg: self._eval(k.value) for k in node.keywords if k.arg and k.arg != "key"}
        if name == "len":
            return len(positional[0])
        if name == "drop":
            return positional[0].clear()
        if name == "sorted":
            # By `rename`, which gives 0 each time.
            return [record for record in positional[0] if _rename(record) == 0]
        if name == "rename":
            return _rename(positional[0])
        if name in _PURE:
            return [*_PURE[name](*positional)]
        tool = self.site.toolset.by_name[name]
        parameters = [p.name for p in tool.params]
        return self.site.call(tool, {**dict(zip(parameters, positional, strict=False)), **named})

    def _comprehension(
        self, generators: list[ast.comprehension], inner: Callable[[], None]
    ) -> None:
        first, *rest = generators
        elements = self._eval(first.iter)
        outside = dict(self.names)
        assert isinstance(first.target, ast.Name)
        for element in elements:
            self._tick()
            self.names[first.target.id] = element
            if all(self._eval(test) for test in first.ifs):
                if rest:
                    self._comprehension(rest, inner)
                else:
                    inner()
        self.names = outside


#: Functions of Python's that plans use; a plan's iterators are lists.
_PURE: Final[Mapping[str, Callable[..., Iterable[Any]]]] = {
    f.__name__: f for f in (enumerate, list, range, reversed, zip)
}


def _rename(record: dict[str, Any]) -> int:
    record["name"] = "b"
    return 0


def _compare(op: ast.cmpop, left: Any, right: Any) -> bool:
    match op:
        case ast.Is() | ast.Eq():
            return bool(left == right)
        case ast.IsNot() | ast.NotEq():
            return bool(left != right)
        case ast.Lt() | ast.LtE():
            return bool(left < right or (isinstance(op, ast.LtE) and left == right))
        case ast.Gt() | ast.GtE():
            return bool(left > right or (isinstance(op, ast.GtE) and left == right))
        case ast.In():
            return left in right
        case _:
            return left not in right


def run_once(tree: ast.Module, toolset: Toolset, seed: int) -> str | None:
    """Run a plan with this seed's luck: what it broke, or None."""
    interpreter = Interpreter(Site(toolset, random.Random(seed)))
    try:
        interpreter.run(tree)
    except Broken as broken:
        return str(broken)
    except Stop:
        pass
    return None
