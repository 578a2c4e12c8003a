"""The variables and tabs that strands share: the program's, and those of each iteration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agentjit.compiler.ir import NodeId
from agentjit.scheduler.graph import EpisodeId
from agentjit.scheduler.independence import Kept
from agentjit.scheduler.tabs import TabId
from agentjit.scheduler.walk import ScopeId
from agentjit.source import Span
from agentjit.toolspecs.effects import Effect


@dataclass(frozen=True, slots=True)
class Past:
    """A call that was done: enough to do it once more in another tab."""

    tool: str
    arguments: Mapping[str, Any]
    span: Span
    effect: Effect


@dataclass(eq=False, slots=True)
class TabUse:
    """A tab in use, and what was done in it since it was fresh; None once that is unrepeatable."""

    tab: TabId
    past: list[Past] | None = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Scope:
    """Variables and tabs of the program, or of one iteration; and what that puts aside."""

    id: ScopeId
    #: In which rounds of the parallel loops around it, the outermost first.
    rounds: tuple[int, ...] = ()
    kept: Mapping[NodeId, Kept] = field(default_factory=dict)
    log: list[tuple[Kept, Mapping[str, Any]]] = field(default_factory=list)
    episodes: dict[EpisodeId, TabUse] = field(default_factory=dict)
    #: How many iterations of a loop in it may run at the same time.
    width: int = 1
