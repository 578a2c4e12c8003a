"""What a definition, a change in place and a test do to the facts.

A symbol that is defined anew (in a loop's next round) means its new value from there on. Whatever
still holds the old one gets another symbol, or is told apart no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from agentjit.compiler.atoms import (
    ANYTHING,
    NOT_NONE,
    Atom,
    Belief,
    Definition,
    Derived,
    Origin,
    Something,
    Symbol,
    in_turn,
    may_be_none,
    mentions,
    narrow,
)
from agentjit.compiler.facts import Fact, Facts, Step, normal_fact, unknown
from agentjit.compiler.names import is_temporary, label_of


def define(
    facts: Facts,
    name: str,
    node: int,
    *,
    again: bool,
    label: str = "",
    belief: Belief = ANYTHING,
) -> Facts:
    """Facts after the definition of `name` at `node`: a new value, equal to nothing known.

    `again`: the node has been followed before, so that the facts may hold its earlier values.
    """
    symbol = Symbol(Definition(node, name), label or label_of(name), belief)
    if again:
        facts = retire(unbind(facts, name), frozenset((symbol.origin,)), node)
    return bind(facts, name, symbol)


def bind(facts: Facts, name: str, atom: Atom) -> Facts:
    """Facts after `name` was given a value that is known to be `atom`."""
    return Facts(facts.state, {**facts.env, name: atom})


def unbind(facts: Facts, name: str) -> Facts:
    """Facts in which nothing is known of what `name` holds."""
    return Facts(facts.state, {n: a for n, a in facts.env.items() if n != name})


def retire(facts: Facts, changed: frozenset[Origin], point: int) -> Facts:
    """Facts in which these origins, which are about to mean new values, are not used.

    A name that holds an old value keeps it, under a symbol of `point`; and so do the state
    variables that hold the same. An old value without a name is only some value.
    """
    if not _holds_any(facts, changed):
        return facts
    changed, kept = _kept_names(facts, changed, point)
    env: dict[str | Derived, Atom] = {}
    for name, atom in facts.env.items():
        if not _is_of(atom, changed):
            env[name] = atom
        elif isinstance(name, str) and isinstance(atom, Symbol) and atom.origin in kept:
            env[name] = replace(
                atom, origin=kept[atom.origin], label=label_of(kept[atom.origin].name)
            )
    state = {n: _without(fact, changed, kept) for n, fact in facts.state.items()}
    return Facts(state, env)


def _kept_names(
    facts: Facts, changed: frozenset[Origin], point: int
) -> tuple[frozenset[Origin], dict[Origin, Definition]]:
    """All origins that change, for the new symbols had meanings too; and what old ones become."""
    while True:
        kept: dict[Origin, Definition] = {}
        # A name of the plan's own tells people more than one of lowering's.
        for name in sorted(facts.names(), key=lambda n: (is_temporary(n), n)):
            atom = facts.env[name]
            if isinstance(atom, Symbol) and mentions(atom.origin, changed):
                kept.setdefault(atom.origin, Definition(point, name))
        more = changed | frozenset(kept.values())
        if more == changed:
            return changed, kept
        changed = more


def _holds_any(facts: Facts, changed: frozenset[Origin]) -> bool:
    for atom in facts.env.values():
        if type(atom) is Symbol and mentions(atom.origin, changed):
            return True
    for fact in facts.state.values():
        for atom in fact.atoms or ():
            if type(atom) is Symbol and mentions(atom.origin, changed):
                return True
    return False


def _is_of(atom: Atom, changed: frozenset[Origin]) -> bool:
    return type(atom) is Symbol and mentions(atom.origin, changed)


def _without(fact: Fact, changed: frozenset[Origin], kept: dict[Origin, Definition]) -> Fact:
    if not any(_is_of(a, changed) for a in fact.atoms or ()):
        return fact
    paths: dict[Atom | None, Step | None] = {}
    for atom in in_turn(fact.atoms or ()):
        new: Atom = atom
        if isinstance(atom, Symbol) and _is_of(atom, changed):
            heir = kept.get(atom.origin)
            if heir is None and may_be_none(atom):
                return unknown(fact.path_of(atom))
            new = replace(atom, origin=heir, label=label_of(heir.name)) if heir else Something()
        paths.setdefault(new, fact.path_of(atom))
    return normal_fact(frozenset(a for a in paths if a is not None), paths)


def disturb(facts: Facts, heaps: Collection[str], node: int, *, again: bool) -> Facts:
    """Facts after some values of these kinds may have been changed in place."""
    if not heaps:
        return facts
    for heap in sorted(heaps):
        facts = define(facts, heap, node, again=again)
    # What a list has been seen to be (empty or not) it need not be any more.
    return Facts(facts.state, {name: _doubted(atom) for name, atom in facts.env.items()})


def _doubted(atom: Atom) -> Atom:
    if not isinstance(atom, Symbol) or atom.belief.truth is None:
        return atom
    kept = atom.belief.differs | (NOT_NONE.differs if atom.belief.truth else frozenset())
    return replace(atom, belief=Belief(None, kept))


def learn(facts: Facts, symbol: Symbol, belief: Belief) -> Facts | None:
    """Facts where the symbol's value is also this; None where it cannot be."""
    narrowed = narrow(symbol, belief)
    if narrowed is None or narrowed == symbol:
        return facts if narrowed else None
    env: dict[str | Derived, Atom] = {}
    for name, atom in facts.env.items():
        same = isinstance(atom, Symbol) and atom.origin == symbol.origin
        better = narrow(atom, belief) if same else atom
        if better is None:
            return None
        env[name] = better
    if isinstance(symbol.origin, Derived):
        env.setdefault(symbol.origin, narrowed)
    state: dict[str, Fact] = {}
    for name, fact in facts.state.items():
        better_fact = _learned(fact, symbol.origin, belief)
        if better_fact is None:
            return None
        state[name] = better_fact
    return Facts(state, env)


def _learned(fact: Fact, origin: Origin, belief: Belief) -> Fact | None:
    if not any(isinstance(a, Symbol) and a.origin == origin for a in fact.atoms or ()):
        return fact
    paths: dict[Atom | None, Step | None] = {}
    for atom in in_turn(fact.atoms or ()):
        same = isinstance(atom, Symbol) and atom.origin == origin
        better = narrow(atom, belief) if same else atom
        if better is not None:
            paths[better] = fact.path_of(atom)
    return Fact(frozenset(a for a in paths if a is not None), paths) if paths else None
