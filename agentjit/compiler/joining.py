"""Where two paths meet: what holds whichever of them was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from agentjit.compiler.atoms import (
    Atom,
    Definition,
    Derived,
    Literal,
    Origin,
    Something,
    Symbol,
    belief_of,
    in_turn,
)
from agentjit.compiler.defining import retire
from agentjit.compiler.facts import Fact, Facts, normal_fact
from agentjit.compiler.names import label_of

_T = TypeVar("_T")

#: What identifies a value; a literal is its own identity.
_Key: TypeAlias = Origin | Literal
#: What a name holds on the left and on the right, and the symbol that stands for both.
_Pairs: TypeAlias = Mapping[tuple[_Key, _Key], Symbol]


def join_facts(left: Facts, right: Facts, point: int, *, again: bool) -> Facts:
    """What holds when either path was taken. Names that differ become a symbol of `point`.

    `again`: paths have met here before, so that the facts may hold earlier symbols of the point.
    Gives `left` itself where `right` says nothing new.
    """
    env, differing = _join_names(left, right)
    fresh: dict[str, Symbol] = {}
    pairs: dict[tuple[_Key, _Key], Symbol] = {}
    for name in sorted(differing):
        one, other = left.env[name], right.env[name]
        fresh[name] = _phi(name, point, one, other)
        pairs.setdefault((_key(one), _key(other)), fresh[name])
    if again and fresh:
        # A symbol of this point that comes around a loop, where its name means something else by
        # now, stands for an earlier round's value. Each side is put right for itself: the other's
        # facts still speak of the name's present value.
        sides = _renewed(left, fresh, ~point), _renewed(right, fresh, ~point)
        if sides[0] is not left or sides[1] is not right:
            left, right = sides
            env, _ = _join_names(left, right)
    for name, symbol in fresh.items():
        env[name] = symbol
    state = {name: _join(fact, right.state[name], pairs) for name, fact in left.state.items()}
    if _same(env, left.env) and _same(state, left.state):
        return left
    return Facts(state, env)


def _join_names(left: Facts, right: Facts) -> tuple[dict[str | Derived, Atom], list[str]]:
    """What both sides know; and the names that hold different values on the two."""
    env: dict[str | Derived, Atom] = {}
    differing: list[str] = []
    theirs = right.env
    for key, atom in left.env.items():
        twin = theirs.get(key)
        if twin is atom:
            env[key] = atom
        elif twin is None:
            continue
        elif _key(atom) == _key(twin):
            env[key] = _either(atom, twin)
        elif isinstance(key, str):
            differing.append(key)
    return env, differing


def _phi(name: str, point: int, one: Atom, other: Atom) -> Symbol:
    """The symbol for what a name holds, whichever way was taken."""
    # Points and nodes are counted apart; the sign keeps their symbols apart.
    origin = Definition(~point, name)
    belief = belief_of(one).either(belief_of(other))
    if isinstance(one, Symbol) and one.origin == origin and one.belief == belief:
        return one
    return Symbol(origin, label_of(name), belief)


def _same(new: Mapping[_T, object], old: Mapping[_T, object]) -> bool:
    return len(new) == len(old) and all(new[key] is value for key, value in old.items())


def _renewed(side: Facts, fresh: Mapping[str, Symbol], point: int) -> Facts:
    stale = frozenset(s.origin for n, s in fresh.items() if _key(side.env[n]) != s.origin)
    return retire(side, stale, point)


def _key(atom: Atom) -> _Key:
    if type(atom) is Symbol:
        return atom.origin
    assert not isinstance(atom, Symbol | Something)
    return atom


def _either(one: Atom, other: Atom) -> Atom:
    """Two atoms of one value, with what is known of both."""
    if not isinstance(one, Symbol) or (isinstance(other, Symbol) and one.belief == other.belief):
        return one
    return replace(one, belief=one.belief.either(belief_of(other)))


def _join(left: Fact, right: Fact, pairs: _Pairs) -> Fact:
    if left is right or left.atoms == right.atoms:
        return left
    paths = {**right.paths, **left.paths}
    if left.atoms is None:
        return left
    if right.atoms is None:
        return Fact(None, paths)
    shared = _same_expression(left, right, pairs)
    if shared is not None:
        return shared
    merged: dict[object, Atom] = {}
    for atom in (*in_turn(left.atoms), *in_turn(right.atoms)):
        key = atom.origin if isinstance(atom, Symbol) else atom
        before = merged.get(key)
        merged[key] = atom if before is None else _either(before, atom)
        paths.setdefault(merged[key], paths[atom])
    joined = normal_fact(frozenset(merged.values()), paths)
    return left if joined == left else joined


def _same_expression(left: Fact, right: Fact, pairs: _Pairs) -> Fact | None:
    """The fact of a variable that on both sides holds the same expression of the plan's names."""
    match [*(left.atoms or ())], [*(right.atoms or ())]:
        case [(Symbol() | Literal()) as one], [(Symbol() | Literal()) as other]:
            key = _unify(_key(one), _key(other), pairs)
            if key is None or isinstance(key, Literal):
                return None
            belief = belief_of(one).either(belief_of(other))
            label = next((s.label for s in pairs.values() if s.origin == key), None)
            named = one if isinstance(one, Symbol) else other
            assert isinstance(named, Symbol) or label
            atom = Symbol(key, label or str(named).removeprefix("the value of "), belief)
            return left if atom == one else Fact(frozenset((atom,)), {atom: left.path_of(one)})
        case _:
            return None


def _unify(one: _Key, other: _Key, pairs: _Pairs) -> _Key | None:
    """The value that is `one` on the left and `other` on the right, if there is a word for it."""
    if (one, other) in pairs:
        return pairs[one, other].origin
    if one == other:
        return one
    match one, other:
        case Derived(template, operands), Derived(twin, others) if template == twin:
            inner = [_unify(a, b, pairs) for a, b in zip(operands, others, strict=True)]
            known = [key for key in inner if key is not None]
            return Derived(template, tuple(known)) if len(known) == len(inner) else None
        case _:
            return None
