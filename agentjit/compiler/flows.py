"""What a program's code puts where: into names, and into values that names share."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from agentjit.compiler.ir import Ask, Block, Call, Compute, Expr, For, If, Let, Program, While
from agentjit.compiler.names import reads
from agentjit.compiler.scopes import (
    Comprehension,
    Scope,
    Value,
    arguments_of,
    comprehension_scope,
    function_scope,
    helper_scope,
    params_of,
)
from agentjit.compiler.tree import children, parsed, parsed_statements, walk
from agentjit.toolspecs.jsontypes import Choice, JsonType
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import AI_EVAL

#: Methods that put their arguments into the value, or what is in their arguments.
_PUTTING: Final = frozenset("add append insert setdefault".split())
_POURING: Final = frozenset("extend update".split())


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is changed in place, and what it takes in."""

    changed: Value
    taken: tuple[Value, ...]
    #: Under which keys.
    keys: tuple[Value, ...] = ()


@dataclass(slots=True)
class Flows:
    """All that a program puts anywhere."""

    bindings: list[tuple[str, Value]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    #: What helpers may return; what a call returns is made of its own arguments alone.
    returns: list[tuple[str, Value]] = field(default_factory=list)
    #: What helpers read besides their parameters.
    closures: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    #: For each name the tools (and ai_eval) whose answers it is given, with their types.
    answers: list[tuple[str, str, JsonType]] = field(default_factory=list)


def read_flows(program: Program, toolset: Toolset) -> Flows:
    """What the code of a program, its helpers included, puts where."""
    reader = _Reader()
    for name, text in program.helpers:
        helper = parsed_statements(text).body[0]
        assert isinstance(helper, ast.FunctionDef)
        reader.helpers[name] = helper
    for helper in reader.helpers.values():
        reader.read_helper(helper)
    _read_block(program.body, toolset, reader)
    reader.hand_over()
    return reader.flows


def _read_block(block: Block, toolset: Toolset, reader: _Reader) -> None:
    for stmt in block:
        match stmt:
            case Call(target=str(target), tool=tool):
                kind = toolset.by_name[tool].returns
                reader.flows.answers.append((target, tool, kind))
            case Ask(target=str(target), returns=kind):
                reader.flows.answers.append((target, AI_EVAL, kind))
                # What it may choose among is the plan's own text.
                for value in kind.values if isinstance(kind, Choice) else ():
                    reader.bind(_stored(target), Value(ast.Constant(value), {}), {})
            case Let(target=name, value=value):
                reader.bind(_stored(name), Value(parsed(value.text), {}), {})
            case Compute(text=text):
                reader.read(parsed_statements(text), {})
            case For(target=target, iterable=iterable):
                names = parsed_statements(f"{target} = 0").body[0]
                assert isinstance(names, ast.Assign)
                reader.bind(names.targets[0], Value(parsed(iterable.text), {}, 1), {})
            case _:
                pass
        for expr in _exprs(stmt):
            reader.read(parsed(expr.text), {})
        for inner in _blocks(stmt):
            _read_block(inner, toolset, reader)


def _exprs(stmt: object) -> Sequence[Expr]:
    match stmt:
        case Let(value=expr) | If(test=expr) | While(test=expr) | For(iterable=expr):
            return (expr,)
        case Call(args=args):
            return [expr for _, expr in args]
        case Ask(question=question, values=values):
            return [question, *(expr for _, expr in values)]
        case _:
            return ()


def _blocks(stmt: object) -> Sequence[Block]:
    match stmt:
        case If() | For():
            return (stmt.body, stmt.orelse)
        case While():
            return (stmt.prelude, stmt.body, stmt.orelse)
        case _:
            return ()


class _Reader:
    """Goes through code and writes down what it puts where."""

    def __init__(self) -> None:
        self.flows = Flows()
        self.helpers: dict[str, ast.FunctionDef] = {}
        #: The lambdas that names stand for.
        self._lambdas: dict[str, list[ast.Lambda]] = {}
        #: What calls are given: functions among it may be called with the rest.
        self._handed: list[tuple[list[ast.expr], Scope]] = []

    def read_helper(self, helper: ast.FunctionDef) -> None:
        """A helper's own statements."""
        scope = helper_scope(helper)
        self.flows.closures.append((helper.name, reads(helper)))
        self._read_defaults(helper.args, {}, scope)
        for stmt in helper.body:
            self.read(stmt, scope)
        for node in walk(helper):
            if isinstance(node, ast.Return) and node.value is not None:
                self.flows.returns.append((helper.name, Value(node.value, scope)))

    def hand_over(self) -> None:
        """Give the parameters of functions that are handed on what they may be called with."""
        for number, (given, scope) in enumerate(self._handed):
            params = [param for value in given for param in self._params_of(value, scope)]
            if not params:
                continue
            # One name for all of it, so that many functions with many values stay few bindings.
            rest = f"*{number}"
            self.flows.bindings += [(rest, Value(value, scope)) for value in given]
            taken = Value(ast.Name(rest, ast.Load()), {})
            self.flows.bindings += [(param, taken) for param in params]

    def _params_of(self, function: ast.expr, scope: Scope) -> list[str]:
        match function:
            case ast.Lambda(args=arguments):
                inner = function_scope(function, {})
                return [inner[param] for param in params_of(arguments)]
            case ast.Name(id=name) if name in self.helpers:
                return [f"{name}.{param}" for param in params_of(self.helpers[name].args)]
            case ast.Name(id=name):
                named = self._lambdas.get(scope.get(name, name), ())
                return [param for one in named for param in self._params_of(one, {})]
            case _:
                return []

    def bind(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Follow an assignment of the value to a target of the scope."""
        match target:
            case ast.Name(id=name):
                key = scope.get(name, name)
                self.flows.bindings.append((key, value))
                if isinstance(value.node, ast.Lambda):
                    self._lambdas.setdefault(key, []).append(value.node)
            case ast.Starred(value=rest):
                self.bind(rest, Value(value.node, value.scope, value.inside - 1), scope)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for elt in elts:
                    self.bind(elt, Value(value.node, value.scope, value.inside + 1), scope)
            case ast.Subscript(value=changed, slice=key):
                place, under = Value(changed, scope), Value(key, scope)
                self.flows.changes.append(Change(place, (value,), (under,)))
            case _:
                pass

    def read(self, node: ast.AST, scope: Scope) -> None:
        """Write down what running the code puts where."""
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.bind(target, Value(value, scope), scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, Value(value, scope), scope)
            case ast.AugAssign():
                self._read_augmented(node, scope)
            case ast.For(target=target, iter=iterable):
                self.bind(target, Value(iterable, scope, 1), scope)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                scope = self._read_generators(node, scope)
            case ast.Lambda(args=arguments):
                inner = function_scope(node, scope)
                self._read_defaults(arguments, scope, inner)
                scope = inner
            case ast.Call():
                self._read_call(node, scope)
            case _:
                pass
        for child in children(node):
            self.read(child, scope)

    def _read_augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        before = _loaded(node.target)
        after = Value(ast.BinOp(before, node.op, node.value), scope)
        self.bind(node.target, after, scope)
        self.flows.changes.append(Change(Value(before, scope), (Value(node.value, scope, 1),)))

    def _read_generators(self, node: Comprehension, scope: Scope) -> Scope:
        inner = comprehension_scope(node, scope)
        for number, generator in enumerate(node.generators):
            # The first iterable is evaluated outside.
            iterable = Value(generator.iter, inner if number else scope, 1)
            self.bind(generator.target, iterable, inner)
        return inner

    def _read_defaults(self, arguments: ast.arguments, scope: Scope, inner: Scope) -> None:
        given = [*zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
        named = (*arguments.posonlyargs, *arguments.args)
        given += [*zip(reversed(named), reversed(arguments.defaults), strict=False)]
        for param, default in given:
            if default is not None:
                self.flows.bindings.append((inner[param.arg], Value(default, scope)))

    def _read_call(self, node: ast.Call, scope: Scope) -> None:
        given = [*node.args, *(k.value for k in node.keywords)]
        match node.func:
            case ast.Attribute(attr=method, value=changed):
                if method in _PUTTING | _POURING:
                    inside, first = int(method in _POURING), int(method == "setdefault")
                    values = [Value(arg, scope, inside) for arg in node.args]
                    taken = (*values[first:], *(Value(k.value, scope) for k in node.keywords))
                    place, keys = Value(changed, scope), tuple(values[:first])
                    self.flows.changes.append(Change(place, taken, keys))
                given.append(changed)
            case ast.Name(id=name) if name in self.helpers:
                for param, value, inside in arguments_of(self.helpers[name].args, node):
                    self.flows.bindings.append((f"{name}.{param}", Value(value, scope, inside)))
            case _:
                pass
        if len(given) > 1:
            self._handed.append((given, scope))


def _stored(name: str) -> ast.expr:
    return ast.Name(name, ast.Store())


def _loaded(target: ast.expr) -> ast.expr:
    """An augmented target as it is read."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Subscript(value=value, slice=key):
            return ast.Subscript(value, key, ast.Load())
        case _:
            return target
