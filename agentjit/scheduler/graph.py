"""The dependence graph of a checked program: which nodes there are, and which wait for which.

A region is a block of the program: nodes in program order and the edges among them. Branches and
loops are nodes with regions inside. Every node of a region may run as soon as all nodes that its
edges come from are done; a region is done when all its nodes are. Within a region, all share their
variables, except that independent iterations of a loop have variables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TypeAlias

from agentjit.compiler.ir import (
    Ask,
    Break,
    Call,
    Compute,
    Continue,
    For,
    If,
    Let,
    NodeId,
    Program,
    While,
)
from agentjit.scheduler.independence import Verdict
from agentjit.scheduler.reasons import Reason
from agentjit.toolspecs.effects import Effect

#: Numbers the episodes of a graph, from 1 in program order.
EpisodeId: TypeAlias = int


class Start(Enum):
    """Whether a call may be the first of a tab."""

    #: It needs what the calls before it left in the tab.
    NO = "no"
    #: A fresh tab has exactly the facts that hold here. It must have one where calls before it
    #: were dropped or went to tabs of their own.
    FRESH = "fresh"
    #: It loads a whole page: any tab will do, a fresh one as well.
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class ToolNode:
    """A tool call."""

    stmt: Call
    effect: Effect
    episode: EpisodeId
    start: Start
    #: A navigation whose effect nobody sees where every episode has a tab of its own: not done.
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class ModelNode:
    """A model call. It needs no tab."""

    stmt: Ask


@dataclass(frozen=True, slots=True)
class CodeNode:
    """Pure code."""

    stmt: Let | Compute


@dataclass(frozen=True, slots=True)
class JumpNode:
    """`break` or `continue`."""

    stmt: Break | Continue


@dataclass(frozen=True, slots=True)
class BranchNode:
    """An `if` with calls or jumps inside. `episode` None: its tabs are its own."""

    stmt: If
    body: Region
    orelse: Region
    episode: EpisodeId | None


@dataclass(frozen=True, slots=True)
class LoopNode:
    """A `for` or `while` with calls inside. `episode` None: its tabs are its own."""

    stmt: For | While
    #: What a `while` computes before each test; empty for a `for`.
    prelude: Region
    body: Region
    orelse: Region
    episode: EpisodeId | None
    #: Whether its iterations may run at the same time.
    verdict: Verdict


Node: TypeAlias = ToolNode | ModelNode | CodeNode | JumpNode | BranchNode | LoopNode


@dataclass(frozen=True, slots=True)
class Edge:
    """`after` waits for `before`; both are nodes of one region."""

    before: NodeId
    after: NodeId
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Region:
    """A block: its nodes in program order, and its edges without those that follow from others."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @cached_property
    def needs(self) -> dict[NodeId, frozenset[NodeId]]:
        """For each node, those that it waits for; dropped navigations wait for nobody."""
        found: dict[NodeId, set[NodeId]] = {node.stmt.id: set() for node in self.nodes}
        for edge in self.edges:
            found[edge.after].add(edge.before)
        return {node: frozenset(before) for node, before in found.items()}

    @cached_property
    def endings(self) -> dict[int, list[EpisodeId]]:
        """After which of its nodes, by their places, which episodes are over."""
        last: dict[EpisodeId, int] = {}
        for place, node in enumerate(self.nodes):
            for inner in nodes_in(Region((node,))):
                if isinstance(inner, ToolNode):
                    last[inner.episode] = place
        found: dict[int, list[EpisodeId]] = {}
        for episode, place in last.items():
            found.setdefault(place, []).append(episode)
        return found


@dataclass(frozen=True, slots=True)
class Episode:
    """Calls that share a tab, in program order."""

    id: EpisodeId
    calls: tuple[NodeId, ...]
    #: Whether it may have a tab of its own; else it goes on in the tab that the run begins with.
    fresh: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is left of a program's order. `program` is the one to run: its names are told apart."""

    program: Program
    toolset: str
    version: str
    root: Region
    episodes: tuple[Episode, ...]

    def loops(self) -> Iterator[LoopNode]:
        """Every loop with calls inside, outer ones first."""
        return (node for node in nodes_in(self.root) if isinstance(node, LoopNode))


def regions_of(node: Node) -> tuple[Region, ...]:
    """The regions inside a node, in the order of the text."""
    match node:
        case BranchNode(body=body, orelse=orelse):
            return (body, orelse)
        case LoopNode(prelude=prelude, body=body, orelse=orelse):
            return (prelude, body, orelse)
        case _:
            return ()


def nodes_in(region: Region) -> Iterator[Node]:
    """Every node of a region and of the regions inside it, in program order."""
    for node in region.nodes:
        yield node
        for inner in regions_of(node):
            yield from nodes_in(inner)
