"""A toolset: the tools of one site with its state model. What loads is consistent."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from agentjit.diagnostics import has_errors
from agentjit.errors import ToolsetError
from agentjit.toolspecs.jsontypes import Field, JsonType, ListOf, Record
from agentjit.toolspecs.obstacle import Obstacle
from agentjit.toolspecs.state import StateModel, StateValue
from agentjit.toolspecs.tool import Tool

#: Reads the state variables that can be seen on a page; leaves out those that cannot.
Observe: TypeAlias = Callable[[Any], Awaitable[Mapping[str, StateValue]]]


@dataclass(frozen=True)
class Toolset:
    """The tools of one site. Raises ToolsetError, with every diagnostic, if it is inconsistent."""

    name: str
    title: str
    state: StateModel
    observe: Observe = field(repr=False)
    tools: tuple[Tool, ...] = ()
    #: Where a fresh tab opens, relative to the site's address.
    start_path: str = "/"
    #: Origins beside the site's own that its pages may load from.
    origins: tuple[str, ...] = ()
    #: What the site may put in the way, and how it is put away.
    obstacles: tuple[Obstacle, ...] = ()
    #: What a page shows that asks to sign in again, as Playwright's selector; empty for nothing.
    signed_out: str = ""

    def __post_init__(self) -> None:
        from agentjit.toolspecs.lint import lint  # noqa: PLC0415 - lint reads toolsets

        found = lint(self)
        if has_errors(found):
            raise ToolsetError(f"the toolset {self.name!r} is broken", found)

    @cached_property
    def by_name(self) -> Mapping[str, Tool]:
        """The tools by their names."""
        return {t.name: t for t in self.tools}

    def get(self, name: str) -> Tool | None:
        """The tool called `name`."""
        return self.by_name.get(name)

    @cached_property
    def version(self) -> str:
        """A digest of everything that a plan can depend on; it changes when any of it does."""
        parts = [self.name, self.start_path, repr(self.state)]
        for each in self.tools:
            parts += [each.signature(), each.doc, each.effect.value, each.touches.show()]
            parts += [each.contract.show_requires(), each.contract.show_ensures()]
            parts += [repr(p) for p in each.params]
            parts += [repr(each.returns), repr((each.verify, each.terms))]
            parts += [repr((each.idempotent, each.resets_tab))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Origin:
    """A resolved `From(…)`: the field `field` of each record that `tool` lists (or returns)."""

    tool: Tool
    field: Field | None
    type: JsonType


def resolve_origin(path: str, tools: Mapping[str, Tool]) -> Origin | str:
    """What `From(path)` points at, or what is wrong with it, in words."""
    head, *rest = path.split(".")
    name, listed = head.removesuffix("[]"), head.endswith("[]")
    source = tools.get(name)
    if source is None:
        return f"names no tool `{name}`"
    kind = source.returns
    if listed:
        if not isinstance(kind, ListOf):
            return f"takes elements of {name}(), which returns no list"
        kind = kind.item
    last: Field | None = None
    for key in rest:
        if not isinstance(kind, Record) or kind.field(key) is None:
            return f"names no field `{key}` of what {name}() returns"
        last = kind.field(key)
        assert last is not None
        kind = last.type
    return Origin(source, last, kind)
