"""What a test says where it was true, and where it was false; and whether it can be so at all."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from agentjit.compiler.atoms import (
    ANYTHING,
    FALSY,
    TRUTHY,
    Atom,
    Belief,
    Literal,
    Symbol,
    belief_of,
    literal,
)
from agentjit.compiler.changing import VIEWS, changes
from agentjit.compiler.defining import learn
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Expr
from agentjit.compiler.numbering import value_of
from agentjit.compiler.tree import parsed
from agentjit.source import Span

_NOWHERE: Final = Span(1, 1, 1, 1)

_COMPARED: Final[dict[type[ast.cmpop], Callable[[int, int], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

#: A length that is written in a plan and larger than this says no more than this one.
_LONGEST: Final = 1_000

#: `and` and `or` one in another: each level is followed both ways.
_MAX_DEPTH: Final = 5

#: Functions and methods that give something empty where they are given something empty.
_AS_FULL: Final = frozenset("dict enumerate frozenset list reversed set sorted tuple".split())


def suppose(facts: Facts, test: Expr, *, holds: bool) -> Facts | None:
    """The facts where the test came out true (or false); None where it never does."""
    if changes(test.text):
        # It is evaluated once, and what it read is not what is there now.
        return facts
    return _suppose(facts, parsed(test.text), holds=holds)


def _suppose(facts: Facts, test: ast.expr, *, holds: bool, depth: int = 0) -> Facts | None:
    match test:
        case ast.Starred():
            return facts
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _suppose(facts, operand, holds=not holds, depth=depth)
        case ast.BoolOp() if depth < _MAX_DEPTH:
            return _both(facts, test, holds=holds, depth=depth + 1)
        case ast.BoolOp():
            return facts
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[counted]),
            ops=[op],
            comparators=[ast.Constant(value=int(limit))],
        ):
            return _suppose_length(facts, counted, _of_length(op, limit, holds=holds))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(facts, left, op, right, holds=holds)
        case _:
            return _full(facts, test, holds=holds)


def _full(facts: Facts, test: ast.expr, *, holds: bool) -> Facts | None:
    """Where something has elements (or not): often another thing has them then, too."""
    match test:
        case ast.Call(func=ast.Name(id=name), args=[ast.expr() as inner]) if name in _AS_FULL:
            return _suppose(facts, inner, holds=holds)
        case ast.Call(func=ast.Name(id="zip"), args=args) if holds:
            return _all_full(facts, args)
        case ast.Call(func=ast.Name(id="zip"), args=[_, *_] as args):
            full = all(_suppose(facts, arg, holds=False) is None for arg in args)
            return None if full else facts
        case ast.Call(func=ast.Name(id="range"), args=[ast.expr() as count]):
            return _counted(facts, count, holds=holds)
        case ast.Call(func=ast.Attribute(attr=view, value=inner), args=[]) if view in VIEWS:
            return _suppose(facts, inner, holds=holds)
        case ast.Subscript(
            value=inner, slice=ast.Slice(lower=None, upper=ast.Constant(value=int(end)), step=None)
        ) if end > 0:
            return _suppose(facts, inner, holds=holds)
        case _:
            return _believed(facts, test, TRUTHY if holds else FALSY)


def _both(facts: Facts, test: ast.BoolOp, *, holds: bool, depth: int) -> Facts | None:
    """`or` is true by one of its operands and false by all; `and` is the other way round."""
    if holds is not isinstance(test.op, ast.Or):
        after: Facts | None = facts
        for value in test.values:
            after = _suppose(after, value, holds=holds, depth=depth) if after else None
        return after
    ways: list[Facts] = []
    so_far: Facts | None = facts
    for value in test.values:
        if so_far is None:
            break
        here = _suppose(so_far, value, holds=holds, depth=depth)
        ways += [here] if here is not None else []
        so_far = _suppose(so_far, value, holds=not holds, depth=depth)
    if len(ways) == 1:
        return ways[0]
    return facts if ways else None


def _all_full(facts: Facts, args: list[ast.expr]) -> Facts | None:
    """Where `zip(…)` gives something: each of its lists has elements."""
    after: Facts | None = facts
    for arg in args:
        if after is not None:
            after = _suppose(after, arg, holds=True)
    return after


def _counted(facts: Facts, count: ast.expr, *, holds: bool) -> Facts | None:
    """Where `range(count)` gives something, or nothing."""
    only = _literal(count, facts)
    if only is None or only.kind not in (int, bool):
        return facts
    assert isinstance(only.value, int)
    return facts if (only.value > 0) is holds else None


def _suppose_length(facts: Facts, counted: ast.expr, belief: Belief) -> Facts | None:
    if belief.truth is None:
        return facts
    return _suppose(facts, counted, holds=belief.truth)


def _compared(
    facts: Facts, left: ast.expr, op: ast.cmpop, right: ast.expr, *, holds: bool
) -> Facts | None:
    match op:
        case ast.NotEq() | ast.IsNot() | ast.NotIn():
            positive = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In}[type(op)]()
            return _compared(facts, left, positive, right, holds=not holds)
        case ast.Eq() | ast.Is():
            for side, other in ((left, right), (right, left)):
                value = _literal(other, facts)
                if value is not None:
                    return _believed(facts, side, _equal(value, op, holds=holds))
            return facts
        case ast.In():
            values = [_literal(e, facts) for e in getattr(right, "elts", ())]
            plain = [v for v in values if v is not None and _plain(v)]
            if not values or len(plain) != len(values):
                return facts
            among = frozenset(plain)
            return _believed(facts, left, Belief(among) if holds else Belief(None, among))
        case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
            return _ordered(facts, left, op, right, holds=holds)
        case _:
            return facts


def _ordered(
    facts: Facts, left: ast.expr, op: ast.cmpop, right: ast.expr, *, holds: bool
) -> Facts | None:
    """A comparison of two whole numbers that are both known comes out one way only."""
    one, other = _literal(left, facts), _literal(right, facts)
    if one is None or other is None or not {one.kind, other.kind} <= {int, bool}:
        return facts
    assert isinstance(one.value, int)
    assert isinstance(other.value, int)
    return facts if _COMPARED[type(op)](one.value, other.value) is holds else None


def _equal(value: Literal, op: ast.cmpop, *, holds: bool) -> Belief:
    """What `==` or `is` says: Python takes 1, 1.0 and True as equal, contracts do not."""
    exact = _plain(value) or (isinstance(op, ast.Is) and value.kind is bool)
    if not holds:
        # What is not equal to 1 is not 1. (`is` says nothing of two equal texts.)
        said = isinstance(op, ast.Eq) or value.kind in (bool, type(None))
        return Belief(None, frozenset((value,))) if said else ANYTHING
    return Belief(frozenset((value,))) if exact else ANYTHING


def _of_length(op: ast.cmpop, limit: int, *, holds: bool) -> Belief:
    """What a comparison of a length says of the value: whether it is empty."""
    compare = _COMPARED.get(type(op))
    if compare is None:
        return ANYTHING
    # Past the limit all lengths compare alike.
    limit = min(limit, _LONGEST)
    lengths = [n for n in range(max(limit, 0) + 3) if compare(n, limit) is holds]
    if lengths == [0]:
        return FALSY
    return ANYTHING if 0 in lengths else TRUTHY


def _plain(value: Literal) -> bool:
    """Whether only this value is equal to it."""
    return value.kind in (str, type(None))


def _literal(node: ast.expr, facts: Facts) -> Literal | None:
    atom = _atom(node, facts)
    only = belief_of(atom).among if atom is not None else None
    return next(iter(only)) if only is not None and len(only) == 1 else None


def _atom(node: ast.expr, facts: Facts) -> Atom | None:
    match node:
        case ast.Constant(value=None | bool() | int() | str() as value):
            return literal(value)
        case ast.Starred():
            return None
        case _:
            return value_of(Expr(_unparsed(node), frozenset(), _NOWHERE), facts)


@lru_cache(maxsize=4096)
def _unparsed(node: ast.expr) -> str:
    return ast.unparse(node)


def _believed(facts: Facts, node: ast.expr, belief: Belief) -> Facts | None:
    match node:
        case ast.Constant(value=value) if not isinstance(value, None | bool | int | str):
            # A float, or what no contract speaks of: only its truth is known.
            return facts if belief.truth in (None, bool(value)) else None
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict() if belief.truth is not None:
            elements = node.keys if isinstance(node, ast.Dict) else node.elts
            unsure = any(e is None or isinstance(e, ast.Starred) for e in elements)
            return facts if unsure or belief.truth is bool(elements) else None
        case _:
            atom = _atom(node, facts)
    match atom:
        case Literal():
            return facts if belief_of(atom).both(belief) is not None else None
        case Symbol():
            return learn(facts, atom, belief)
        case _:
            return facts
