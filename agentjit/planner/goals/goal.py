"""A goal: things of lists, inside of things of other lists, and what is done or told of them.

A goal names tools and values only. How its lists are reached, what is opened and in which order is
left to the search (`composing.py`), so a goal can be read off a task's words, or asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agentjit.toolspecs.jsontypes import JsonValue, ListOf, Record, Scalar
from agentjit.toolspecs.tool import Param, Tool


@dataclass(frozen=True, slots=True)
class Found:
    """A value that a READ tool knows: a field of the first thing that it lists, or of one by name.

    `text` must be in the thing, in whatever case; a tool that searches is given it as an argument.
    """

    reader: Tool
    key: str | None
    text: str
    searched: bool = False


#: What a task gives for a parameter: a value of its own, or one to be found, or several.
Given: TypeAlias = "JsonValue | Found | tuple[Found, ...]"

#: Arguments by the names of parameters.
Arguments: TypeAlias = tuple[tuple[str, Given], ...]

#: How a condition compares; `has` is a text inside of a text, in whatever case, or in a list.
OPERATORS = ("==", "!=", "has", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Condition:
    """Only things whose field compares so with one of the values; no field is the thing itself."""

    field: str | None
    operator: str
    values: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Those first whose field is the largest or the smallest."""

    field: str
    largest: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A call with values that the task gives."""

    tool: Tool
    arguments: Arguments = ()


@dataclass(frozen=True, slots=True)
class Things:
    """Some of what a READ tool lists, in its order."""

    reader: Tool
    #: The field that other calls take, and by which one is named; None where the list has texts.
    key: str | None
    arguments: Arguments = ()
    conditions: tuple[Condition, ...] = ()
    ranking: Ranking | None = None
    #: How many of them, from the first on; None for all.
    count: int | None = None
    #: Keys that the task spells out: nothing needs to be read for them.
    names: tuple[str, ...] = ()
    #: Calls that make the list what it is, and hold when it is read: a search, an order, a tab.
    after: tuple[Step, ...] = ()
    #: Whether the task speaks of one thing; else each of them is meant.
    single: bool = False
    #: Whether they are counted off before the conditions are looked at: «of the first five …».
    early: bool = False

    @property
    def record(self) -> Record | None:
        """What is listed; None where it is texts."""
        item = self.reader.returns.item if isinstance(self.reader.returns, ListOf) else None
        return item if isinstance(item, Record) else None


@dataclass(frozen=True, slots=True)
class Act:
    """Call a tool: once, or for each of the innermost things."""

    tool: Tool
    arguments: Arguments = ()
    #: Calls that fill in what the tool then does: a form's fields, choices at checkout.
    settings: tuple[Step, ...] = ()
    #: Outermost first; each level is opened before the next one is listed.
    levels: tuple[Things, ...] = ()
    #: A parameter that takes each of these values in turn.
    each: tuple[str, tuple[JsonValue, ...]] | None = None
    #: Only if what the tool's `terms` say is below this: (field, limit).
    below: tuple[str, float] | None = None
    #: The things are those that the act before was about.
    same: bool = False


@dataclass(frozen=True, slots=True)
class Tell:
    """The answer: fields of the innermost things; none stands for how they are called."""

    levels: tuple[Things, ...]
    fields: tuple[str, ...] = ()
    #: A READ tool that tells more of an opened thing, where the list does not have the fields.
    detail: Tool | None = None
    #: The best of all that are listed, with what it is inside of.
    best: Ranking | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The answer: how many there are."""

    levels: tuple[Things, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The answer: what a READ tool gives, or fields of it."""

    tool: Tool
    arguments: Arguments = ()
    fields: tuple[str, ...] = ()
    levels: tuple[Things, ...] = ()


Part: TypeAlias = Act | Tell | Count | Read


@dataclass(frozen=True, slots=True)
class Goal:
    """What a task asks for, part after part."""

    parts: tuple[Part, ...]


def takes_list(param: Param) -> bool:
    """Whether a parameter takes many keys at once."""
    return isinstance(param.type, ListOf)


def is_text(param: Param) -> bool:
    """Whether a parameter takes a text."""
    members = getattr(param.type, "members", (param.type,))
    return Scalar("str") in members
