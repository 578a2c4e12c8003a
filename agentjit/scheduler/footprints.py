"""What calls do to the account: which resources they read and write, and when two conflict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import Scope
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Resources by name; None is undeclared: all of them.
Resources: TypeAlias = frozenset[str] | None

NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Access:
    """One call of a tool, and what it does to the account."""

    tool: str
    line: int
    effect: Effect
    reads: Resources
    writes: Resources


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two accesses of one resource (None: of any), the earlier one first; one of them writes."""

    first: Access
    second: Access
    resource: str | None
    #: Whether the first writes it, and whether the second does.
    first_writes: bool
    second_writes: bool

    def __str__(self) -> str:
        what = self.resource or "anything"
        did = "writes" if self.first_writes else "reads"
        does = "writes" if self.second_writes else "reads"
        if self.first.tool == self.second.tool and did == does:
            return f"{self.first.tool} {does} {what}"
        return f"{self.first.tool} {did} {what}, {self.second.tool} {does} it"


def access_of(tool: Tool, toolset: Toolset, line: int) -> Access:
    """The footprint of a call at this line, its contract's account variables included.

    A COMMIT shows its terms and may be verified: it reads what these two read.
    """
    account = {v.name for v in toolset.state.variables if v.scope is Scope.ACCOUNT}
    reads = _with(tool.touches.reads, account & {c.var for c in tool.requires})
    for other in filter(None, (tool.terms, tool.verify)):
        beside = toolset.by_name[other]
        reads = _with(_with(reads, beside.touches.reads), account & _required(beside))
    writes: Resources = NOTHING
    if not tool.effect.harmless:
        writes = _with(tool.touches.writes, account & {c.var for c in tool.ensures})
    return Access(tool.name, line, tool.effect, reads, writes)


def conflict(first: Access, second: Access) -> Conflict | None:
    """Why the two may not change places, if they may not; a write is told before a read."""
    both = _common(first.writes, second.writes)
    if both:
        return Conflict(first, second, _named(both), first_writes=True, second_writes=True)
    read = _common(first.writes, second.reads)
    if read:
        return Conflict(first, second, _named(read), first_writes=True, second_writes=False)
    written = _common(first.reads, second.writes)
    if written:
        return Conflict(first, second, _named(written), first_writes=False, second_writes=True)
    return None


def conflict_among(accesses: Iterable[Access]) -> Conflict | None:
    """A conflict between two rounds in each of which all of these happen."""
    accesses = tuple(accesses)
    found = [conflict(first, second) for second in accesses for first in accesses]
    told = sorted(
        (c for c in found if c is not None),
        key=lambda c: (not (c.first_writes and c.second_writes), c.second.line, c.first.line),
    )
    return told[0] if told else None


def _required(tool: Tool) -> set[str]:
    return {clause.var for clause in tool.requires}


def _with(some: Resources, more: Iterable[str] | None) -> Resources:
    return None if some is None or more is None else some | frozenset(more)


def _common(some: Resources, others: Resources) -> frozenset[str | None]:
    """The resources in both; where one side is everything, those of the other, or None."""
    if some is None and others is None:
        return frozenset((None,))
    if some is None or others is None:
        return frozenset(some or others or ())
    return frozenset(some & others)


def _named(resources: frozenset[str | None]) -> str | None:
    return min((r for r in resources if r is not None), default=None)
