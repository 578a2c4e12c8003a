"""Where two paths meet: what holds whichever of them was taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from agentjit.compiler.atoms import (
    Atom,
    Definition,
    Derived,
    Literal,
    Origin,
    Symbol,
    belief_of,
    in_turn,
)
from agentjit.compiler.defining import retire
from agentjit.compiler.facts import Fact, Facts, Step, normal_fact
from agentjit.compiler.names import label_of

#: What identifies a value; a literal is its own identity.
_Key: TypeAlias = Origin | Literal
#: What a name holds on the left and on the right, and the symbol that stands for both.
_Pairs: TypeAlias = Mapping[tuple[_Key, _Key], Symbol]


def join_facts(left: Facts, right: Facts, point: int) -> Facts:
    """What holds when either path was taken. Names that differ become a symbol of `point`."""
    fresh: dict[str, Symbol] = {}
    pairs: dict[tuple[_Key, _Key], Symbol] = {}
    for name in _differing(left, right):
        one, other = left.env[name], right.env[name]
        # Points and nodes are counted apart; the sign keeps their symbols apart.
        belief = belief_of(one).either(belief_of(other))
        fresh[name] = Symbol(Definition(~point, name), label_of(name), belief)
        pairs.setdefault((_key(one), _key(other)), fresh[name])
    # A symbol of this point that comes around a loop, where its name means something else by now,
    # stands for an earlier round's value. Each side is put right for itself: the other's facts
    # still speak of the name's present value.
    left, right = (
        retire(
            side,
            frozenset(s.origin for n, s in fresh.items() if _key(side.env[n]) != s.origin),
            ~point,
        )
        for side in (left, right)
    )
    env: dict[str | Derived, Atom] = {}
    for key, atom in left.env.items():
        twin = right.env.get(key)
        if twin is atom:
            env[key] = atom
        elif isinstance(key, str) and key in fresh:
            env[key] = fresh[key]
        elif twin is not None and _key(atom) == _key(twin):
            env[key] = _either(atom, twin)
    state = {name: _join(left.state[name], right.state[name], pairs) for name in left.state}
    return Facts(state, env)


def _differing(left: Facts, right: Facts) -> list[str]:
    """The names that hold different values on the two sides."""
    found: list[str] = []
    for name, one in left.env.items():
        other = right.env.get(name)
        if one is other or other is None or not isinstance(name, str):
            continue
        if _key(one) != _key(other):
            found.append(name)
    return sorted(found)


def _key(atom: Atom) -> _Key:
    assert isinstance(atom, Symbol | Literal)
    return atom.origin if isinstance(atom, Symbol) else atom


def _either(one: Atom, other: Atom) -> Atom:
    """Two atoms of one value, with what is known of both."""
    if one == other or not isinstance(one, Symbol):
        return one
    return replace(one, belief=one.belief.either(belief_of(other)))


def _join(left: Fact, right: Fact, pairs: _Pairs) -> Fact:
    if left.atoms == right.atoms:
        return left
    paths = {**right.paths, **left.paths}
    if left.atoms is None or right.atoms is None:
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
    return normal_fact(frozenset(merged.values()), paths)


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
            paths: dict[Atom | None, Step | None] = {atom: left.path_of(one)}
            return Fact(frozenset((atom,)), paths)
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
