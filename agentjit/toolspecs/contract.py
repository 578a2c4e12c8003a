"""Contracts as data: what a tool requires before, and ensures after, and their text form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agentjit.source import Span
from agentjit.toolspecs.state import StateValue


def show_literal(value: StateValue) -> str:
    """The value as contracts write it: as in Python, with the grammar's few escapes."""
    if not isinstance(value, str):
        return repr(value)
    quote = '"' if "'" in value and '"' not in value else "'"
    text = value.replace("\\", r"\\").replace("\n", r"\n").replace(quote, f"\\{quote}")
    return f"{quote}{text}{quote}"


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value."""

    value: StateValue

    def __str__(self) -> str:
        return show_literal(self.value)


@dataclass(frozen=True, slots=True)
class ParamRef:
    """`$name`: the value of an argument."""

    name: str

    def __str__(self) -> str:
        return f"${self.name}"


@dataclass(frozen=True, slots=True)
class ResultRef:
    """`result.a.b`: a field of what the tool returned; no path is the whole result."""

    path: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(("result", *self.path))


Value: TypeAlias = Constant | ParamRef | ResultRef


@dataclass(frozen=True, slots=True)
class Equals:
    """`var == value`. After a call it assigns."""

    var: str
    value: Value
    span: Span

    def __str__(self) -> str:
        return f"{self.var} == {self.value}"


@dataclass(frozen=True, slots=True)
class Differs:
    """`var != value`; only a requirement, for it does not say what the variable is."""

    var: str
    value: Value
    span: Span

    def __str__(self) -> str:
        return f"{self.var} != {self.value}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """`var in {a, b}`."""

    var: str
    values: tuple[StateValue, ...]
    span: Span

    def __str__(self) -> str:
        return f"{self.var} in {{{', '.join(show_literal(v) for v in self.values)}}}"


@dataclass(frozen=True, slots=True)
class Known:
    """`var known`: it has some value, whichever."""

    var: str
    span: Span

    def __str__(self) -> str:
        return f"{self.var} known"


@dataclass(frozen=True, slots=True)
class Forgets:
    """`forgets var`: after the call nothing is known of it."""

    var: str
    span: Span

    def __str__(self) -> str:
        return f"forgets {self.var}"


Clause: TypeAlias = Equals | Differs | OneOf | Known | Forgets


@dataclass(frozen=True, slots=True)
class Contract:
    """Both sides. A clause list is a conjunction; an empty one is true, or changes nothing."""

    requires: tuple[Clause, ...] = ()
    ensures: tuple[Clause, ...] = ()

    def show_requires(self) -> str:
        """The requirement in canonical text; it parses back to itself."""
        return ", ".join(str(c) for c in self.requires)

    def show_ensures(self) -> str:
        """The postcondition in canonical text; it parses back to itself."""
        return ", ".join(str(c) for c in self.ensures)
