"""What a task asks for, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from agentjit.planner.domain import Kind
from agentjit.toolspecs.jsontypes import Field
from agentjit.toolspecs.tool import Param, Tool


@dataclass(frozen=True, slots=True)
class Filter:
    """Only records whose field holds a text, or is true."""

    field: Field
    #: A lower-case text that the field must contain; None for a boolean that must be `value`.
    text: str | None
    value: bool = True

    def admits(self, row: dict[str, Any]) -> bool:
        """Whether a record passes."""
        held = row.get(self.field.name)
        if self.text is None:
            return bool(held) is self.value
        return self.text in str(held).casefold()


@dataclass(frozen=True, slots=True)
class Best:
    """The record with the largest or smallest value of a numeric field."""

    field: Field
    largest: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing of a kind that the task speaks of: by name, or as the best of its list."""

    kind: Kind
    #: The site's spelling of its name.
    name: str | None = None
    #: Whether the task spells it in the very same words, so that a literal is no invention.
    literal: bool = False
    best: Best | None = None
    filters: tuple[Filter, ...] = ()

    def resolve(self, rows: list[dict[str, Any]]) -> str | None:
        """The key of the record that is meant, among these."""
        if self.name is not None:
            return self.name
        admitted = [r for r in rows if all(f.admits(r) for f in self.filters)]
        assert self.best is not None
        field = self.best.field.name
        ranked = [r for r in admitted if r.get(field) is not None]
        if not ranked:
            return None
        pick = max if self.best.largest else min
        return str(pick(ranked, key=lambda r: r[field])[self.kind.key.name])


@dataclass(frozen=True, slots=True)
class Act:
    """Do something: call `tool`, with these things, `counts` being plain numbers for parameters."""

    tool: Tool
    references: tuple[Reference, ...]
    counts: tuple[tuple[Param, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AskField:
    """What is this field of that thing?"""

    subject: Reference
    field: Field
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class AskBest:
    """Which one is the best? The answer is its key and the field it is best by."""

    subject: Reference
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class AskCount:
    """How many are there?"""

    kind: Kind
    filters: tuple[Filter, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class AskList:
    """Which ones are there?"""

    kind: Kind
    references: tuple[Reference, ...]


Request: TypeAlias = Act | AskField | AskBest | AskCount | AskList
