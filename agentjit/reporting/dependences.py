"""The dependence graph as it was kept with a run: its regions, and what must come before what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from agentjit.reporting.fields import Data, record_of, records_of, text_of, whole_of

#: The regions of a node, in the order in which they are run.
PARTS: Final = ("prelude", "body", "orelse")

#: What a node of the graph is called.
NodeId: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Edge:
    """One node waits for another, and why."""

    before: NodeId
    after: NodeId
    #: Kinds of reasons, and their words.
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node; those of loops and branches have regions."""

    id: NodeId
    kind: str
    text: str
    line: int | None
    tool: str = ""
    effect: str = ""
    #: Its calls are left out where nobody reads what they would change.
    dropped: bool = False
    #: What is said of a loop's iterations, and whether they may run side by side.
    verdict: str = ""
    independent: bool = False
    #: The regions that hold something, by their name.
    regions: tuple[tuple[str, Region], ...] = ()


@dataclass(frozen=True)
class Region:
    """Nodes that are run once each, and the order that they keep."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @cached_property
    def after(self) -> dict[NodeId, frozenset[NodeId]]:
        """All that waits for a node, directly or not."""
        following: dict[NodeId, set[NodeId]] = {node.id: set() for node in self.nodes}
        for edge in self.edges:
            following[edge.before].add(edge.after)
        found: dict[NodeId, frozenset[NodeId]] = {}
        for node in self.nodes:
            seen, todo = set[NodeId](), list(following[node.id])
            while todo:
                each = todo.pop()
                if each not in seen:
                    seen.add(each)
                    todo += following[each]
            found[node.id] = frozenset(seen)
        return found

    def implied(self, edge: Edge) -> bool:
        """Whether other edges alone make the same order."""
        return any(
            other.before == edge.before
            and other.after != edge.after
            and edge.after in self.after[other.after]
            for other in self.edges
        )


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the way to a node: the region, and the element of it that holds the node."""

    region: Region
    node: Node
    #: In which of the element's regions it goes on; "" where it is the node itself.
    part: str


@dataclass(frozen=True, slots=True)
class Dependences:
    """The whole graph."""

    root: Region = field(default_factory=Region)
    _ways: dict[NodeId, tuple[_Step, ...]] = field(default_factory=dict)

    def nodes(self) -> Iterator[Node]:
        """Every node, in the order of the plan."""
        return (way[-1].node for way in self._ways.values())

    def effect_of(self, tool: str) -> str:
        """The effect of a tool that the plan calls; nothing for another."""
        return next((node.effect for node in self.nodes() if node.tool == tool), "")

    def orders(
        self,
        first: tuple[NodeId, tuple[int, ...] | None],
        second: tuple[NodeId, tuple[int, ...] | None],
    ) -> bool:
        """Whether the first has to come before the second: nodes, each in rounds of its loops.

        Rounds that are not known count as the same ones.
        """
        one, other = self._ways.get(first[0]), self._ways.get(second[0])
        if one is None or other is None:
            return False
        depth = 0
        for here, there in zip(one, other, strict=False):
            if here.node.id != there.node.id:
                return there.node.id in here.region.after[here.node.id]
            if not (here.part and there.part):
                return False
            if here.node.kind == "loop":
                mine, its = _round(first[1], depth), _round(second[1], depth)
                depth += 1
                if mine is not None and its is not None and mine != its:
                    return not here.node.independent and mine < its
            if here.part != there.part:
                return PARTS.index(here.part) < PARTS.index(there.part)
        return False


def read_graph(data: Data) -> Dependences:
    """The graph of a `graph.json`; what is damaged in it is left out."""
    root = _region(record_of(data, "root"))
    ways: dict[NodeId, tuple[_Step, ...]] = {}
    _find_ways(root, (), ways)
    return Dependences(root, ways)


def _find_ways(
    region: Region, way: tuple[_Step, ...], ways: dict[NodeId, tuple[_Step, ...]]
) -> None:
    for node in region.nodes:
        ways[node.id] = (*way, _Step(region, node, ""))
        for part, inner in node.regions:
            _find_ways(inner, (*way, _Step(region, node, part)), ways)


def _region(data: Data) -> Region:
    found = [_node(each) for each in records_of(data, "nodes")]
    nodes = {node.id: node for node in found if node is not None}
    edges = []
    for each in records_of(data, "edges"):
        before, after = whole_of(each, "before"), whole_of(each, "after")
        if before is not None and after is not None and {before, after} <= nodes.keys():
            reasons = records_of(each, "reasons")
            kinds = dict.fromkeys(text_of(reason, "kind") for reason in reasons)
            told = dict.fromkeys(text_of(reason, "text") for reason in reasons)
            edges.append(Edge(before, after, tuple(kinds), tuple(told)))
    return Region(tuple(nodes.values()), tuple(edges))


def _node(data: Data) -> Node | None:
    identity = whole_of(data, "id")
    if identity is None:
        return None
    regions = [(part, _region(record_of(data, part))) for part in PARTS]
    verdict = record_of(data, "verdict")
    return Node(
        id=identity,
        kind=text_of(data, "kind", "code"),
        text=text_of(data, "text"),
        line=whole_of(data, "line"),
        tool=text_of(data, "tool"),
        effect=text_of(data, "effect"),
        dropped=data.get("dropped") is True,
        verdict=text_of(verdict, "text"),
        independent=verdict.get("independent") is True,
        regions=tuple((part, region) for part, region in regions if region.nodes),
    )


def _round(rounds: tuple[int, ...] | None, depth: int) -> int | None:
    return rounds[depth] if rounds is not None and depth < len(rounds) else None
