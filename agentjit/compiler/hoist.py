"""Lift tool calls out of expressions, in Python's order of evaluation."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Final

from agentjit.compiler.arguments import bind_arguments, read_question
from agentjit.compiler.ir import Ask, Break, Call, For, If
from agentjit.compiler.lowering import Lowering, frozen, load
from agentjit.compiler.messages import HiddenCall
from agentjit.compiler.names import bound_names
from agentjit.compiler.operands import is_atom, slots_of
from agentjit.compiler.renaming import rename_own_variables
from agentjit.compiler.subset import is_tool_call
from agentjit.toolspecs.words import AI_EVAL

#: Functions that take every element of a generator before they return.
_CONSUMING: Final = frozenset("list set tuple sorted sum min max dict".split())


def hoist(node: ast.expr, low: Lowering) -> ast.expr:
    """A pure expression with the same value, after emitting the calls inside `node`."""
    if not low.calls(node):
        return node
    match node:
        case ast.Call() if is_tool_call(node, low.tools):
            name = low.fresh_name()
            emit_call(node, name, low)
            return load(name, node)
        case ast.Call(func=ast.Name(id="any" | "all" as name), args=[ast.GeneratorExp() as gen]):
            return _any_or_all(name == "any", gen, low)
        case ast.Call(args=[ast.GeneratorExp() as gen, *_]) if low.calls(gen) and _consumes(node):
            return hoist(_with_list(node, gen), low)
        case ast.BoolOp():
            return _short_circuit(node, low)
        case ast.IfExp():
            return _conditional(node, low)
        case ast.Compare(ops=[_, _, *_]):
            return hoist(_unchain(node, low), low)
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            return _comprehension(rename_own_variables(node, low), low)
        case ast.Lambda() | ast.GeneratorExp():
            return _refuse(node, low)
        case _:
            clone = copy.deepcopy(node)
            slots = slots_of(clone)
            for slot, value in zip(slots, _in_order([s.get() for s in slots], low), strict=True):
                slot.put(value)
            return clone


def emit_call(node: ast.Call, target: str | None, low: Lowering) -> None:
    """Emit one tool or model call, after the calls inside its arguments."""
    assert isinstance(node.func, ast.Name)
    span = low.span(node)
    if node.func.id == AI_EVAL:
        question, returns, values = read_question(node, low)
        first, *rest = _in_order([question, *(v for _, v in values)], low)
        given = tuple((k, low.expr(v)) for (k, _), v in zip(values, rest, strict=True))
        low.out.append(Ask(low.fresh_id(), target, low.expr(first), returns, given, span))
        return
    bound = bind_arguments(node, low.tools[node.func.id], low)
    pure = _in_order([value for _, value in bound], low)
    args = tuple((k, low.expr(v)) for (k, _), v in zip(bound, pure, strict=True))
    low.out.append(Call(low.fresh_id(), target, node.func.id, args, span))


def _in_order(nodes: list[ast.expr], low: Lowering) -> list[ast.expr]:
    """Hoist siblings from left to right; what stands before the last call is evaluated before it."""
    last = max((i for i, n in enumerate(nodes) if low.calls(n)), default=-1)
    pure: list[ast.expr] = []
    for index, node in enumerate(nodes):
        value = hoist(node, low)
        pure.append(low.temp(value, node) if index < last and not is_atom(value) else value)
    return pure


def _short_circuit(node: ast.BoolOp, low: Lowering) -> ast.expr:
    """`a and b` becomes a branch, so that b's calls happen only when they would in Python."""
    name = low.fresh_name()
    first, *rest = node.values
    low.let(name, hoist(first, low), first)
    if rest:
        tail = rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), node)
        with low.block() as more:
            low.let(name, hoist(tail, low), rest[0])
        then, other = (more, []) if isinstance(node.op, ast.And) else ([], more)
        test = low.expr(load(name, first))
        low.out.append(If(low.fresh_id(), test, frozen(then), frozen(other), low.span(node)))
    return load(name, node)


def _conditional(node: ast.IfExp, low: Lowering) -> ast.expr:
    name = low.fresh_name()
    test = low.expr(hoist(node.test, low), node.test)
    with low.block() as body:
        low.let(name, hoist(node.body, low), node.body)
    with low.block() as orelse:
        low.let(name, hoist(node.orelse, low), node.orelse)
    low.out.append(If(low.fresh_id(), test, frozen(body), frozen(orelse), low.span(node)))
    return load(name, node)


def _unchain(node: ast.Compare, low: Lowering) -> ast.expr:
    """`a < b < c` as `a < b and b < c`, with a and b evaluated once, in this order."""
    left, middle = (
        side if is_atom(side) else low.temp(hoist(side, low), side)
        for side in (node.left, node.comparators[0])
    )
    first = ast.copy_location(ast.Compare(left, node.ops[:1], [middle]), node)
    rest = ast.copy_location(ast.Compare(middle, node.ops[1:], node.comparators[1:]), node)
    return ast.copy_location(ast.BoolOp(ast.And(), [first, rest]), node)


def _comprehension(node: ast.ListComp | ast.SetComp | ast.DictComp, low: Lowering) -> ast.expr:
    """A comprehension with calls inside is a loop that fills a new list, set or dict."""
    name = low.fresh_name()
    empty = "[]" if isinstance(node, ast.ListComp) else "{}"
    empty = "set()" if isinstance(node, ast.SetComp) else empty
    low.let(name, ast.parse(empty, mode="eval").body, node)

    def fill() -> None:
        if isinstance(node, ast.DictComp):
            key, value = _in_order([node.key, node.value], low)
            text = f"{name}[{ast.unparse(key)}] = {ast.unparse(value)}"
        else:
            method = "append" if isinstance(node, ast.ListComp) else "add"
            text = f"{name}.{method}({ast.unparse(hoist(node.elt, low))})"
        low.compute(ast.parse(text).body[0], node)

    _loops(node.generators, fill, low)
    return load(name, node)


def _any_or_all(found: bool, node: ast.GeneratorExp, low: Lowering) -> ast.expr:
    """`any(…)` and `all(…)` stop at the first element that decides, and so does their loop."""
    if len(node.generators) > 1:
        return _refuse(node, low)
    name = low.fresh_name()
    low.let(name, ast.Constant(not found), node)
    gen = rename_own_variables(node, low)

    def decide() -> None:
        value = hoist(gen.elt, low)
        test = value if found else ast.copy_location(ast.UnaryOp(ast.Not(), value), value)
        with low.block() as stop:
            low.let(name, ast.Constant(found), node)
            low.out.append(Break(low.fresh_id(), low.span(node)))
        low.out.append(
            If(low.fresh_id(), low.expr(test, gen.elt), frozen(stop), (), low.span(node))
        )

    _loops(gen.generators, decide, low)
    return load(name, node)


def _loops(generators: list[ast.comprehension], inner: Callable[[], None], low: Lowering) -> None:
    """The loops and filters of a comprehension around its innermost statements."""
    first, *rest = generators
    iterable = low.expr(hoist(first.iter, low), first.iter)

    def filtered(tests: list[ast.expr]) -> None:
        if tests:
            test = low.expr(hoist(tests[0], low), tests[0])
            with low.block() as body:
                filtered(tests[1:])
            low.out.append(If(low.fresh_id(), test, frozen(body), (), low.span(tests[0])))
        elif rest:
            _loops(rest, inner, low)
        else:
            inner()

    with low.block() as body:
        filtered(first.ifs)
    target, names = ast.unparse(first.target), bound_names(first.target)
    low.out.append(
        For(low.fresh_id(), target, names, iterable, frozen(body), (), low.span(first.iter))
    )


def _consumes(node: ast.Call) -> bool:
    match node.func:
        case ast.Name(id=name):
            return name in _CONSUMING
        case ast.Attribute(attr=method):
            return method in ("join", "extend", "update")
        case _:
            return False


def _with_list(node: ast.Call, gen: ast.GeneratorExp) -> ast.Call:
    listed = ast.copy_location(ast.ListComp(gen.elt, gen.generators), gen)
    return ast.copy_location(ast.Call(node.func, [listed, *node.args[1:]], node.keywords), node)


def _refuse(node: ast.Lambda | ast.GeneratorExp, low: Lowering) -> ast.expr:
    where, instead = (
        ("inside a lambda", "call it before the lambda, and use its result")
        if isinstance(node, ast.Lambda)
        else ("inside a generator", "write a list comprehension, or a for loop")
    )
    call = next(n for n in ast.walk(node) if is_tool_call(n, low.tools))
    low.diagnostics.append(HiddenCall(where=where, instead=instead, span=low.span(call)))
    # A harmless stand-in: the diagnostic keeps the program from being used.
    return ast.copy_location(ast.Constant(None), node)
