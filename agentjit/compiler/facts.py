"""The abstract state: what is known of each state variable at one point of a plan.

A value is a small set of atoms (see atoms.py), or nothing is known. Joining is union; a set that
grows past MAX_ATOMS is forgotten, so chains are finite and the analysis ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from agentjit.compiler.atoms import (
    Atom,
    Definition,
    Derived,
    Something,
    Symbol,
    in_turn,
    literal,
    may_be_none,
)
from agentjit.source import Span
from agentjit.toolspecs.state import StateModel, StateValue

#: Atoms that one variable's value may have before it is forgotten.
MAX_ATOMS: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """A call on the path that led here; a linked list towards the start."""

    text: str
    span: Span
    before: Step | None = None
    #: How many calls the path has.
    length: int = 1

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
        # Two values of one expression, before a change and after, have one text.
        return " | ".join(dict.fromkeys(str(a) for a in in_turn(self.atoms)))


def known(atom: Atom, path: Step | None) -> Fact:
    """Exactly this atom."""
    return Fact(frozenset((atom,)), {atom: path})


def one_of(values: tuple[StateValue, ...], path: Step | None) -> Fact:
    """One of these literals."""
    atoms = [literal(v) for v in values]
    return Fact(frozenset(atoms), dict.fromkeys(atoms, path))


def unknown(path: Step | None) -> Fact:
    """Nothing is known."""
    return Fact(None, {None: path})


def normal_fact(atoms: frozenset[Atom], paths: Mapping[Atom | None, Step | None]) -> Fact:
    """The fact in normal form: «something» stands for every atom that is not None."""
    if Something() not in atoms and len(atoms) <= MAX_ATOMS:
        return Fact(atoms, {a: paths[a] for a in atoms})
    some_path = next((paths[a] for a in (Something(), *in_turn(atoms)) if a in paths), None)
    nullable = frozenset(a for a in atoms if may_be_none(a))
    if len(nullable) > MAX_ATOMS:
        return unknown(some_path)
    kept: dict[Atom | None, Step | None] = {a: paths[a] for a in in_turn(nullable)}
    return Fact(nullable | {Something()}, {**kept, Something(): some_path})


#: Names of the three kinds of value that are changed in place. They stand beside the plan's own
#: names and get a new symbol when one of their kind may have changed; no plan can bind them.
LISTS, DICTS, SETS = HEAPS = ("*lists", "*dicts", "*sets")

#: What the plan's own names hold; and, by their origin, expressions of which something was found
#: out. What is not there is not known at all.
Env: TypeAlias = Mapping[str | Derived, Atom]


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

    def names(self) -> list[str]:
        """The plan's own names of which something is known."""
        return [n for n in self.env if isinstance(n, str) and n not in HEAPS]


def start_facts(model: StateModel, start: Mapping[str, StateValue] | None = None) -> Facts:
    """The facts of a fresh tab; `start` overrides what was observed to be otherwise."""
    values = {**model.start(), **(start or {})}
    return Facts(
        {name: known(literal(value), None) for name, value in values.items()},
        {heap: Symbol(Definition(0, heap), heap) for heap in HEAPS},
    )


def extend_paths(facts: Facts, text: str, span: Span) -> Facts:
    """Facts whose every path goes one call further."""
    longer: dict[int, Step] = {}

    def extended(path: Step | None) -> Step:
        return longer.setdefault(id(path), Step(text, span, path, 1 + (path.length if path else 0)))

    return Facts(
        {
            name: Fact(fact.atoms, {atom: extended(path) for atom, path in fact.paths.items()})
            for name, fact in facts.state.items()
        },
        facts.env,
    )
