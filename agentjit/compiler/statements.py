"""What one statement does to the facts."""

from __future__ import annotations

from collections.abc import Iterable

from agentjit.compiler.believing import belief_of_type
from agentjit.compiler.cfg import Point
from agentjit.compiler.defining import bind, define, disturb
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Ask, Call, Compute, Expr, For, If, Let, NodeId, While
from agentjit.compiler.names import label_of
from agentjit.compiler.numbering import changes, value_of
from agentjit.compiler.transfer import apply, assume, enter
from agentjit.toolspecs.toolset import Toolset


def follow(point: Point, toolset: Toolset, facts: Facts) -> Facts | None:
    """The facts after a point's statement; None where it never gets so far."""
    match point.stmt:
        case Call() as call:
            return _call(call, toolset, facts)
        case Ask() as ask:
            return _ask(ask, facts)
        case Let() as let:
            return _let(let, facts)
        case For(iterable=test, id=node) if point.entry:
            return _disturbed(facts, node, [test])
        case If(test=test, id=node) | While(test=test, id=node):
            return _disturbed(facts, node, [test])
        case For(writes=names, target=target, id=node):
            return _defined(disturb(facts, changes(f"{target} = 0"), node), names, node)
        case Compute(writes=names, id=node, text=text):
            return _defined(disturb(facts, changes(text), node), names, node)
        case _:
            return facts


def _call(call: Call, toolset: Toolset, facts: Facts) -> Facts | None:
    tool = toolset.by_name[call.tool]
    entered = enter(call, tool, _disturbed(facts, call.id, (e for _, e in call.args)))
    if entered is None:
        return None
    return apply(tool, call, assume(tool, entered, toolset.state), entered.args)


def _ask(ask: Ask, facts: Facts) -> Facts:
    facts = _disturbed(facts, ask.id, (ask.question, *(e for _, e in ask.values)))
    if ask.target is None:
        return facts
    label, belief = label_of(ask.target, "`ai_eval(…)`"), belief_of_type(ask.returns)
    return define(facts, ask.target, ask.id, label=label, belief=belief)


def _let(let: Let, facts: Facts) -> Facts:
    facts = _disturbed(facts, let.id, [let.value])
    atom = value_of(let.value, facts)
    if atom is not None:
        return bind(facts, let.target, atom)
    return define(facts, let.target, let.id)


def _defined(facts: Facts, names: frozenset[str], node: NodeId) -> Facts:
    for name in sorted(names):
        facts = define(facts, name, node)
    return facts


def _disturbed(facts: Facts, node: NodeId, exprs: Iterable[Expr]) -> Facts:
    """Facts after evaluating expressions, which may change values in place."""
    return disturb(facts, frozenset[str]().union(*(changes(e.text) for e in exprs)), node)
