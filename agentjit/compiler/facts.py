"""The abstract state: what is known of each state variable at one point of a plan.

A value is a small set of atoms (literals, SSA symbols, «something»), or nothing is known. Joining
is union; a set that grows past MAX_ATOMS is forgotten, so chains are finite and the analysis ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from agentjit.source import Span
from agentjit.toolspecs.state import StateModel, StateValue

#: Atoms that one variable's value may have before it is forgotten.
MAX_ATOMS: Final = 8


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly this value; None is unset."""

    value: StateValue

    def __str__(self) -> str:
        return repr(self.value)

    def __eq__(self, other: object) -> bool:
        # 1 == True in Python, but not in a contract.
        return (
            isinstance(other, Literal)
            and self.value == other.value
            and type(self.value) is type(other.value)
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Symbol:
    """The value that one definition of the plan gives; equal symbols are equal values.

    `origin` identifies the definition, `label` names it for people; `nullable` says that it may be
    None.
    """

    origin: tuple[int, str]
    label: str
    nullable: bool = False

    def __str__(self) -> str:
        return f"the value of {self.label}"


@dataclass(frozen=True, slots=True)
class Something:
    """Some value, not None."""

    def __str__(self) -> str:
        return "some value"


Atom: TypeAlias = Literal | Symbol | Something


def in_turn(atoms: Iterable[Atom]) -> list[Atom]:
    """In the order of their texts: messages and paths must not depend on how a set is laid out."""
    return sorted(atoms, key=str)


@dataclass(frozen=True, slots=True)
class Step:
    """A call on the path that led here; a linked list towards the start."""

    text: str
    span: Span
    before: Step | None = None

    def path(self) -> tuple[Step, ...]:
        """The steps from the first to this one."""
        found: list[Step] = []
        step: Step | None = self
        while step is not None:
            found.append(step)
            step = step.before
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one variable: one of `atoms`, or (None) nothing at all.

    Each atom carries a path to here on which the variable has it, None being the start of the plan;
    so does «nothing», under None. Paths are evidence for people: they take no part in equality.
    """

    atoms: frozenset[Atom] | None
    paths: Mapping[Atom | None, Step | None] = field(default_factory=dict, compare=False)

    def path_of(self, atom: Atom | None) -> Step | None:
        """A path on which the variable has this value."""
        return self.paths.get(atom)

    def __str__(self) -> str:
        if self.atoms is None:
            return "unknown"
        return " | ".join(str(a) for a in in_turn(self.atoms))


def known(atom: Atom, path: Step | None) -> Fact:
    """Exactly this atom."""
    return Fact(frozenset((atom,)), {atom: path})


def one_of(values: tuple[StateValue, ...], path: Step | None) -> Fact:
    """One of these literals."""
    atoms = [Literal(v) for v in values]
    return Fact(frozenset(atoms), dict.fromkeys(atoms, path))


def unknown(path: Step | None) -> Fact:
    """Nothing is known."""
    return Fact(None, {None: path})


#: What the plan's own names hold: an atom where it is known to be one, else None.
Env: TypeAlias = Mapping[str, Atom]


@dataclass(frozen=True, slots=True)
class Facts:
    """The abstract state at one point: state variables, and the plan's names."""

    state: Mapping[str, Fact]
    env: Env = field(default_factory=dict)

    def with_state(self, name: str, fact: Fact) -> Facts:
        """With another value of one state variable."""
        return Facts({**self.state, name: fact}, self.env)

    def show(self) -> str:
        """The facts as text, in the order of declaration."""
        return ", ".join(f"{name} = {fact}" for name, fact in self.state.items())


def start_facts(model: StateModel, start: Mapping[str, StateValue] | None = None) -> Facts:
    """The facts of a fresh tab; `start` overrides what was observed to be otherwise."""
    values = {**model.start(), **(start or {})}
    return Facts({name: known(Literal(value), None) for name, value in values.items()})


def join_facts(left: Facts, right: Facts, point: int) -> Facts:
    """What holds when either path was taken. Names that differ become a symbol of `point`."""
    fresh: dict[str, Symbol] = {}
    for name in left.env.keys() & right.env.keys():
        one, other = left.env[name], right.env[name]
        if one != other:
            nullable = may_be_none(one) or may_be_none(other)
            # Points and nodes are counted apart; the sign keeps their symbols apart.
            fresh[name] = Symbol((~point, name), f"`{name}`", nullable)
    # A symbol of this point that comes around a loop, where its name means something else by now,
    # stands for an earlier round's value. Each side is put right for itself: the other's facts
    # still speak of the name's present value.
    left, right = (
        _retire(side, {s.origin for n, s in fresh.items() if not _same_origin(side.env[n], s)})
        for side in (left, right)
    )
    shared = left.env.keys() & right.env.keys()
    env = {name: fresh.get(name, left.env[name]) for name in shared}
    state = {name: _join(left.state[name], right.state[name]) for name in left.state}
    return Facts(state, env)


def _join(left: Fact, right: Fact) -> Fact:
    paths = {**right.paths, **left.paths}
    if left.atoms is None or right.atoms is None:
        return Fact(None, paths)
    return _fact(left.atoms | right.atoms, paths)


def _fact(atoms: frozenset[Atom], paths: Mapping[Atom | None, Step | None]) -> Fact:
    """The fact in normal form: «something» stands for every atom that is not None."""
    if Something() not in atoms and len(atoms) <= MAX_ATOMS:
        return Fact(atoms, paths)
    some_path = next((paths[a] for a in (Something(), *in_turn(atoms)) if a in paths), None)
    nullable = frozenset(a for a in atoms if may_be_none(a))
    if len(nullable) > MAX_ATOMS:
        return unknown(some_path)
    return Fact(nullable | {Something()}, {**paths, Something(): some_path})


def may_be_none(atom: Atom) -> bool:
    """Whether the value may be None."""
    match atom:
        case Literal(value):
            return value is None
        case Symbol():
            return atom.nullable
        case Something():
            return False


def retire(facts: Facts, symbol: Symbol) -> Facts:
    """Forget what was known by a symbol that is about to be defined anew.

    Its old value may live on in the state, but no name but its own still stands for it.
    """
    return _retire(facts, {symbol.origin})


def _retire(facts: Facts, origins: Collection[tuple[int, str]]) -> Facts:
    if not origins:
        return facts
    state: dict[str, Fact] = {}
    for name, fact in facts.state.items():
        stale = [a for a in in_turn(fact.atoms or ()) if _origin_of(a) in origins]
        if not stale:
            state[name] = fact
        elif any(may_be_none(a) for a in stale):
            state[name] = unknown(fact.path_of(stale[0]))
        else:
            paths: dict[Atom | None, Step | None] = {Something(): fact.path_of(stale[0])}
            paths |= {a: fact.path_of(a) for a in in_turn(fact.atoms or ()) if a not in stale}
            state[name] = _fact(frozenset(a for a in paths if a is not None), paths)
    env = {}
    for name, atom in facts.env.items():
        origin = _origin_of(atom)
        if origin is None or origin[1] == name or origin not in origins:
            env[name] = atom
    return Facts(state, env)


def define(facts: Facts, name: str, node: int, label: str = "") -> Facts:
    """Facts after the definition of `name` at `node`: a new value, equal to nothing known."""
    symbol = Symbol((node, name), label or f"`{name}`", nullable=True)
    rest = retire(facts, symbol)
    return Facts(rest.state, {**rest.env, name: symbol})


def extend_paths(facts: Facts, text: str, span: Span) -> Facts:
    """Facts whose every path goes one call further."""
    longer: dict[int, Step] = {}

    def extended(path: Step | None) -> Step:
        return longer.setdefault(id(path), Step(text, span, path))

    return Facts(
        {
            name: Fact(fact.atoms, {atom: extended(path) for atom, path in fact.paths.items()})
            for name, fact in facts.state.items()
        },
        facts.env,
    )


def bind(facts: Facts, name: str, atom: Atom) -> Facts:
    """Facts after `name` was given a value that is known to be `atom`."""
    return Facts(facts.state, {**facts.env, name: atom})


def not_none(facts: Facts, symbol: Symbol) -> Facts:
    """Facts after the symbol's value was seen not to be None."""
    seen = Symbol(symbol.origin, symbol.label)

    def swap(atom: Atom) -> Atom:
        return seen if atom == symbol else atom

    state = {}
    for name, fact in facts.state.items():
        if fact.atoms is None or symbol not in fact.atoms:
            state[name] = fact
        else:
            atoms = frozenset(swap(a) for a in fact.atoms)
            state[name] = Fact(atoms, {swap(a): fact.path_of(a) for a in fact.atoms})
    return Facts(state, {n: swap(a) for n, a in facts.env.items()})


def _origin_of(atom: Atom) -> tuple[int, str] | None:
    return atom.origin if isinstance(atom, Symbol) else None


def _same_origin(atom: Atom, symbol: Symbol) -> bool:
    return _origin_of(atom) == symbol.origin
