"""The dependence graph for networkx: for questions that are asked of graphs in general."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentjit.scheduler.graph import Graph, Region, nodes_in, regions_of

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]


def to_networkx(graph: Graph) -> nx.DiGraph:
    """All nodes by their ids, `node` on each; edges with their `reasons`.

    A region's node is linked to every node inside it, as `inside`: these begin after it has.
    """
    import networkx as nx  # noqa: PLC0415 - heavy, and asked for by few

    drawn = nx.DiGraph()
    for node in nodes_in(graph.root):
        drawn.add_node(node.stmt.id, node=node)
    _add(graph.root, drawn)
    return drawn


def _add(region: Region, drawn: nx.DiGraph) -> None:
    for edge in region.edges:
        drawn.add_edge(edge.before, edge.after, reasons=edge.reasons)
    for node in region.nodes:
        for inner in regions_of(node):
            for each in inner.nodes:
                drawn.add_edge(node.stmt.id, each.stmt.id, reasons=(), inside=True)
            _add(inner, drawn)
