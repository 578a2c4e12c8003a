"""Lift tool calls out of expressions, in Python's order of evaluation."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from typing import Final, TypeVar

from agentjit.compiler.arguments import bind_arguments, read_question
from agentjit.compiler.ir import Ask, Break, Call, For, If
from agentjit.compiler.lowering import Lowering, frozen, load
from agentjit.compiler.messages import HiddenCall
from agentjit.compiler.names import bound_names
from agentjit.compiler.operands import is_atom, slots_of
from agentjit.compiler.renaming import Comprehension, rename_own_variables
from agentjit.compiler.subset import is_tool_call
from agentjit.compiler.tree import walk
from agentjit.toolspecs.words import AI_EVAL

E = TypeVar("E", bound=ast.expr)

#: Functions that take every element of a generator before they return.
_CONSUMING: Final = frozenset("all any dict list max min set sorted sum tuple".split())


def hoist(node: ast.expr, low: Lowering) -> ast.expr:
    """A pure expression with the same value, after emitting the calls inside `node`."""
    if not low.calls(node):
        return node
    match node:
        case ast.Call() if is_tool_call(node, low.tools):
            name = low.fresh_name()
            emit_call(node, name, low)
            return load(name, node)
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            return _comprehension(node, low)
        case ast.Call(args=[ast.GeneratorExp() as gen, *_]) if _consumes(node, gen, low):
            return _consumed(node, gen, low)
        case ast.BoolOp():
            return _short_circuit(node, low)
        case ast.IfExp():
            return _conditional(node, low)
        case ast.Compare(ops=[_, _, *_]):
            return hoist(_unchain(node, low), low)
        case ast.GeneratorExp() if not calls_beyond_source(node, low):
            return _with_source(node, low)
        case ast.Lambda() | ast.GeneratorExp():
            return _refuse(node, low)
        case _:
            return _generic(node, low)


def _generic(node: E, low: Lowering) -> E:
    """The node with its operands evaluated in order."""
    clone = copy.deepcopy(node)
    slots = slots_of(clone)
    for slot, value in zip(slots, _in_order([s.get() for s in slots], low), strict=True):
        slot.put(value)
    return clone


def calls_beyond_source(node: Comprehension, low: Lowering) -> bool:
    """Whether there are calls elsewhere than in the first iterable, which is evaluated once."""
    source = node.generators[0].iter
    inside = {id(n) for n in walk(source)}
    return any(is_tool_call(n, low.tools) and id(n) not in inside for n in walk(node))


def _with_source(node: Comprehension, low: Lowering) -> ast.expr:
    """The comprehension over a value that is computed before it; the rest stays pure."""
    clone = copy.deepcopy(node)
    clone.generators[0].iter = hoist(clone.generators[0].iter, low)
    return clone


def emit_call(node: ast.Call, target: str | None, low: Lowering) -> None:
    """Emit one tool or model call, after the calls inside its arguments."""
    assert isinstance(node.func, ast.Name)
    span = low.span(node)
    if node.func.id == AI_EVAL:
        question, returns, values = read_question(node, low)
        # A question given by name is evaluated where it stands.
        place = 0 if node.args else _place_of_question(node.keywords)
        named = [*values[:place], ("", question), *values[place:]]
        pure = _in_order([value for _, value in named], low)
        exprs = [low.expr(value) for value in pure]
        asked = exprs.pop(place)
        given = tuple((k, e) for (k, _), e in zip(values, exprs, strict=True))
        low.out.append(Ask(low.fresh_id(), target, asked, returns, given, span))
        return
    bound = bind_arguments(node, low.tools[node.func.id], low)
    pure = _in_order([value for _, value in bound], low)
    args = tuple((k, low.expr(v)) for (k, _), v in zip(bound, pure, strict=True))
    low.out.append(Call(low.fresh_id(), target, node.func.id, args, span))


def _place_of_question(keywords: list[ast.keyword]) -> int:
    """How many of the named values stand before the question."""
    place = 0
    for keyword in keywords:
        if keyword.arg == "question":
            return place
        place += keyword.arg not in (None, "returns")
    return 0


def _in_order(nodes: list[ast.expr], low: Lowering) -> list[ast.expr]:
    """Hoist siblings from left to right; all that stands before the last call comes before it."""
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
        branch = low.fresh_id()
        with low.block() as more:
            low.let(name, hoist(tail, low), rest[0])
        then, other = (more, []) if isinstance(node.op, ast.And) else ([], more)
        test = low.expr(load(name, first))
        low.out.append(If(branch, test, frozen(then), frozen(other), low.span(node)))
    return load(name, node)


def _conditional(node: ast.IfExp, low: Lowering) -> ast.expr:
    name = low.fresh_name()
    test = low.expr(hoist(node.test, low), node.test)
    branch = low.fresh_id()
    with low.block() as body:
        low.let(name, hoist(node.body, low), node.body)
    with low.block() as orelse:
        low.let(name, hoist(node.orelse, low), node.orelse)
    low.out.append(If(branch, test, frozen(body), frozen(orelse), low.span(node)))
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
    if not calls_beyond_source(node, low):
        return _with_source(node, low)
    node = rename_own_variables(node, low)
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
        branch = low.fresh_id()
        with low.block() as stop:
            low.let(name, ast.Constant(found), node)
            low.out.append(Break(low.fresh_id(), low.span(node)))
        low.out.append(If(branch, low.expr(test, gen.elt), frozen(stop), (), low.span(node)))

    _loops(gen.generators, decide, low)
    return load(name, node)


def _loops(generators: list[ast.comprehension], inner: Callable[[], None], low: Lowering) -> None:
    """The loops and filters of a comprehension around its innermost statements."""
    first, *rest = generators
    refuse_target(first.target, low)
    iterable = low.expr(hoist(first.iter, low), first.iter)

    def filtered(tests: list[ast.expr]) -> None:
        if tests:
            test = low.expr(hoist(tests[0], low), tests[0])
            branch = low.fresh_id()
            with low.block() as body:
                filtered(tests[1:])
            low.out.append(If(branch, test, frozen(body), (), low.span(tests[0])))
        elif rest:
            _loops(rest, inner, low)
        else:
            inner()

    loop = low.fresh_id()
    with low.block() as body:
        filtered(first.ifs)
    target, names = ast.unparse(first.target), bound_names(first.target)
    low.out.append(For(loop, target, names, iterable, frozen(body), (), low.span(first.iter)))


def _consumes(node: ast.Call, gen: ast.GeneratorExp, low: Lowering) -> bool:
    """Whether the call takes all elements of the generator, and these need tool calls."""
    match node.func:
        case ast.Name(id=name):
            return name in _CONSUMING and calls_beyond_source(gen, low)
        case ast.Attribute(attr=method):
            return method in ("join", "extend", "update") and calls_beyond_source(gen, low)
        case _:
            return False


def _consumed(node: ast.Call, gen: ast.GeneratorExp, low: Lowering) -> ast.expr:
    """A call that takes all elements of a generator: a loop first, then the call."""
    if isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
        return _any_or_all(node.func.id == "any", gen, low)
    others = [*node.args[1:], *(k.value for k in node.keywords)]
    if any(low.calls(other) for other in others):
        # Python evaluates these after the first iterable and before the first element.
        return _refuse(gen, low)
    listed = ast.copy_location(ast.ListComp(gen.elt, gen.generators), gen)
    call = ast.Call(node.func, [listed, *node.args[1:]], node.keywords)
    return hoist(ast.copy_location(call, node), low)


def refuse_target(target: ast.expr, low: Lowering) -> None:
    """A loop assigns its target again every round, so no call may stand in it."""
    for node in walk(target):
        if is_tool_call(node, low.tools):
            instead = "loop over a plain name, and assign inside the loop"
            low.diagnostics.append(
                HiddenCall(where="in the target of a loop", instead=instead, span=low.span(node))
            )


def _refuse(node: ast.Lambda | ast.GeneratorExp, low: Lowering) -> ast.expr:
    where, instead = (
        ("inside a lambda", "call it before the lambda, and use its result")
        if isinstance(node, ast.Lambda)
        else ("inside a generator", "write a list comprehension, or a for loop")
    )
    call = next(n for n in walk(node) if is_tool_call(n, low.tools))
    low.diagnostics.append(HiddenCall(where=where, instead=instead, span=low.span(call)))
    # A harmless stand-in: the diagnostic keeps the program from being used.
    return ast.copy_location(ast.Constant(None), node)
