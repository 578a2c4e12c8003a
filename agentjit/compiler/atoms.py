"""Atoms of the abstract state: a literal, a symbol for a value that the run will give, «something».

A symbol stands for one value of the plan; two symbols of one origin are the same value. What the
plan has found out about it (not None, truthy, one of these literals) travels with it as a belief.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

from agentjit.toolspecs.state import StateValue


class Literal(NamedTuple):
    """Exactly this value; None is unset. The kind keeps 1 and True apart, which Python does not."""

    value: StateValue
    kind: type[object]

    def __str__(self) -> str:
        return repr(self.value)


def literal(value: StateValue) -> Literal:
    """The atom of a value that is written down."""
    return Literal(value, type(value))


#: Values that a belief lists before it forgets which they are.
MAX_AMONG: Final = 8

NONE: Final = literal(None)
TRUE: Final = literal(True)
FALSE: Final = literal(False)


class Definition(NamedTuple):
    """Where a value comes from: what the node binds to the name."""

    node: int
    name: str


class Derived(NamedTuple):
    """Where a value comes from: a pure expression over other values.

    Two equal ones are equal values, for `operands` include the state of all that the expression
    looks into and that may be changed in place.
    """

    template: str
    operands: tuple[Origin | Literal, ...]

    def depth(self) -> int:
        """How many expressions lie one in another."""
        inner = (o.depth() for o in self.operands if isinstance(o, Derived))
        return 1 + max(inner, default=0)


Origin: TypeAlias = Definition | Derived


@dataclass(frozen=True, slots=True)
class Belief:
    """What is known of a value that is not known itself."""

    #: It is one of these; None: it may be anything.
    among: frozenset[Literal] | None = None
    #: It is none of these.
    differs: frozenset[Literal] = frozenset()
    #: Whether Python takes it as true, if that is known.
    truth: bool | None = None

    @property
    def nullable(self) -> bool:
        """Whether the value may be None."""
        return self.admits(NONE)

    @property
    def taken_as(self) -> bool | None:
        """Whether Python takes the value as true, if that follows from what is known."""
        if self.truth is None and self.among is not None:
            truths = {bool(v.value) for v in self.among}
            return truths.pop() if len(truths) == 1 else None
        return self.truth

    def admits(self, value: Literal) -> bool:
        """Whether the value may be this one."""
        if value in self.differs or (self.among is not None and value not in self.among):
            return False
        return self.truth is None or self.truth is bool(value.value)

    def both(self, other: Belief) -> Belief | None:
        """What holds where both do; None where they contradict each other."""
        if None not in (self.taken_as, other.taken_as) and self.taken_as is not other.taken_as:
            return None
        truth = other.truth if self.truth is None else self.truth
        sets = [b.among for b in (self, other) if b.among is not None]
        differs = self.differs | other.differs
        if not sets:
            return Belief(None, differs, truth)
        # One set says it all: what else is known only makes it smaller.
        rest = Belief(None, differs, truth)
        among = frozenset(v for v in frozenset.intersection(*sets) if rest.admits(v))
        return Belief(among) if among else None

    def either(self, other: Belief) -> Belief:
        """What holds where one of the two does."""
        if self == other:
            return self
        if self.among is not None and other.among is not None:
            values = self.among | other.among
            if len(values) <= MAX_AMONG:
                return Belief(values)
        named = self.differs | other.differs | {NONE}
        return Belief(
            None,
            frozenset(v for v in named if not self.admits(v) and not other.admits(v)),
            self.taken_as if self.taken_as is other.taken_as else None,
        )


ANYTHING: Final = Belief()
NOT_NONE: Final = Belief(differs=frozenset((NONE,)))
TRUTHY: Final = Belief(truth=True)
FALSY: Final = Belief(truth=False)


def among(*values: StateValue) -> Belief:
    """One of these values."""
    return Belief(frozenset(literal(v) for v in values))


@dataclass(frozen=True, slots=True)
class Symbol:
    """The value of one origin. `label` names it for people."""

    origin: Origin
    label: str
    belief: Belief = ANYTHING

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


def may_be_none(atom: Atom) -> bool:
    """Whether the value may be None."""
    match atom:
        case Literal():
            return atom.value is None
        case Symbol():
            return atom.belief.nullable
        case Something():
            return False


def belief_of(atom: Atom) -> Belief:
    """What is known of an atom's value."""
    match atom:
        case Literal():
            return Belief(frozenset((atom,)))
        case Symbol():
            return atom.belief
        case Something():
            return NOT_NONE


def narrow(atom: Atom, belief: Belief) -> Atom | None:
    """The atom where the belief holds too; None where it cannot."""
    more = belief_of(atom).both(belief)
    if more is None:
        return None
    return replace(atom, belief=more) if isinstance(atom, Symbol) else atom


def same_value(one: Atom, other: Atom) -> bool:
    """Whether the two are certain to be the same value."""
    if isinstance(one, Symbol) and isinstance(other, Symbol) and one.origin == other.origin:
        return True
    only = belief_of(one).among
    return only is not None and len(only) == 1 and only == belief_of(other).among


def mentions(origin: Origin, changed: frozenset[Origin]) -> bool:
    """Whether a value comes of one of these."""
    if isinstance(origin, Definition):
        return origin in changed
    return any(not isinstance(o, Literal) and mentions(o, changed) for o in origin.operands)
