"""What one statement does to the facts."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.compiler.believing import belief_of_type
from agentjit.compiler.cfg import Point
from agentjit.compiler.changing import changes, is_new
from agentjit.compiler.defining import bind, define, disturb
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Ask, Call, Compute, Expr, For, If, Let, NodeId, While
from agentjit.compiler.names import label_of
from agentjit.compiler.numbering import shape_of, value_of
from agentjit.compiler.transfer import apply, assume, enter
from agentjit.toolspecs.toolset import Toolset


def follow(point: Point, toolset: Toolset, facts: Facts, *, again: bool) -> Facts | None:
    """The facts after a point's statement; None where it never gets so far.

    `again`: the point has been followed before.
    """
    match point.stmt:
        case Call() as call:
            return _call(call, toolset, facts, again)
        case Ask() as ask:
            return _ask(ask, facts, again)
        case Let() as let:
            return _let(let, facts, again)
        case For(iterable=test, id=node) if point.entry:
            return _disturbed(facts, node, [test], again)
        case If(test=test, id=node) | While(test=test, id=node):
            return _disturbed(facts, node, [test], again)
        case For(writes=names, target=target, id=node):
            facts = disturb(facts, changes(f"{target} = 0"), node, again=again)
            return _defined(facts, names, node, again)
        case Compute(writes=names, id=node, text=text):
            return _defined(disturb(facts, changes(text), node, again=again), names, node, again)
        case _:
            return facts


def _call(call: Call, toolset: Toolset, facts: Facts, again: bool) -> Facts | None:
    tool = toolset.by_name[call.tool]
    facts = _disturbed(facts, call.id, [e for _, e in call.args], again)
    entered = enter(call, tool, facts, again=again)
    if entered is None:
        return None
    return apply(tool, call, assume(tool, entered, toolset.state), entered.args)


def _ask(ask: Ask, facts: Facts, again: bool) -> Facts:
    facts = _disturbed(facts, ask.id, [ask.question, *(e for _, e in ask.values)], again)
    if ask.target is None:
        return facts
    label, belief = label_of(ask.target, "`ai_eval(…)`"), belief_of_type(ask.returns)
    return define(facts, ask.target, ask.id, again=again, label=label, belief=belief)


def _let(let: Let, facts: Facts, again: bool) -> Facts:
    facts = _disturbed(facts, let.id, [let.value], again)
    if is_new(let.value.text):
        # Equal to what the same words give again, and yet not the same: it may be changed.
        belief = shape_of(let.value.text).belief
        return define(facts, let.target, let.id, again=again, belief=belief)
    atom = value_of(let.value, facts)
    if atom is not None:
        return bind(facts, let.target, atom)
    return define(facts, let.target, let.id, again=again)


def _defined(facts: Facts, names: frozenset[str], node: NodeId, again: bool) -> Facts:
    for name in sorted(names):
        facts = define(facts, name, node, again=again)
    return facts


def _disturbed(facts: Facts, node: NodeId, exprs: Sequence[Expr], again: bool) -> Facts:
    """Facts after evaluating expressions, which may change values in place."""
    for expr in exprs:
        if heaps := changes(expr.text):
            facts = disturb(facts, heaps, node, again=again)
    return facts
