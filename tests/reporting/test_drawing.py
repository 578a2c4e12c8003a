"""Where the graph's nodes are drawn: nothing covers anything else, and every edge leads down."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentjit.reporting.dependences import NodeId, Region, read_graph
from agentjit.reporting.layout import Box, find_layers, lay_out
from tests.laws import LAW
from tests.reporting.folders import Json, edge, shelves_graph


@st.composite
def regions(draw: st.DrawFn, depth: int = 2) -> Json:
    """Nodes with numbers that are made unique after, and edges forward."""
    size = draw(st.integers(1, 5))
    nodes: list[Json] = []
    for place in range(size):
        node: Json = {"id": place, "line": place, "text": draw(st.text("ab", max_size=60))}
        node["kind"] = draw(st.sampled_from(("code", "tool", "loop" if depth else "code")))
        if node["kind"] == "loop":
            node["body"] = draw(regions(depth=depth - 1))
            node["verdict"] = {"text": draw(st.sampled_from(("", "iterations are serial")))}
            if draw(st.booleans()):
                node["orelse"] = draw(regions(depth=0))
        nodes.append(node)
    pairs = [pair for pair in combinations(range(size), 2) if draw(st.booleans())]
    return {"nodes": nodes, "edges": [edge(a, b, "data", "reads `x`") for a, b in pairs]}


def number(region: Json, first: int = 1) -> int:
    """Give every node a number of its own; the first one that is free then."""
    for node in region["nodes"]:
        node["id"] = first
        first += 1
        for part in ("body", "orelse"):
            if part in node:
                first = number(node[part], first)
    own = [node["id"] for node in region["nodes"]]
    for each in region["edges"]:
        each["before"], each["after"] = own[each["before"]], own[each["after"]]
    return first


def covers(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def check_region(region: Region, boxes: dict[NodeId, Box]) -> None:
    for one, other in combinations(region.nodes, 2):
        assert apart(boxes[one.id], boxes[other.id])
    for node in region.nodes:
        for _, inner in node.regions:
            assert all(covers(boxes[node.id], boxes[each.id]) for each in inner.nodes)
            check_region(inner, boxes)


@LAW
@given(regions())
def test_nothing_covers_anything_else_and_edges_lead_down(data: dict[str, Any]) -> None:
    number(data)
    graph = read_graph({"root": data})
    drawing = lay_out(graph.root)
    boxes = {box.node.id: box for box in drawing.boxes}
    assert len(boxes) == len(drawing.boxes) == len(list(graph.nodes()))
    check_region(graph.root, boxes)
    for wire in drawing.wires:
        one, other = boxes[wire.edge.before], boxes[wire.edge.after]
        (_, begin), (_, end) = wire.points[0], wire.points[-1]
        assert (begin, end) == (one.y + one.height, other.y)
        assert begin < end
    points = [point for wire in drawing.wires for point in wire.points]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


def test_a_node_stands_below_the_longest_chain_before_it() -> None:
    nodes = [{"id": n, "text": "", "kind": "code"} for n in (1, 2, 3, 4)]
    edges = [edge(1, 2, "data", ""), edge(2, 3, "data", ""), edge(1, 4, "data", "")]
    region = read_graph({"root": {"nodes": nodes, "edges": edges}}).root
    assert find_layers(region) == {1: 0, 2: 1, 3: 2, 4: 1}


def test_a_node_that_waits_for_nothing_stands_above_the_first_that_waits_for_it() -> None:
    nodes = [{"id": n, "text": "", "kind": "code"} for n in (1, 2, 3, 4)]
    edges = [edge(1, 2, "data", ""), edge(2, 4, "data", ""), edge(3, 4, "data", "")]
    region = read_graph({"root": {"nodes": nodes, "edges": edges}}).root
    assert find_layers(region) == {1: 0, 2: 1, 3: 1, 4: 2}


def test_a_loop_holds_its_body() -> None:
    drawing = lay_out(read_graph(shelves_graph()).root)
    loop, *inner = drawing.boxes[:4]
    assert loop.label == "⟳ 1: for name in ['Fiction', 'Poetry']"
    assert all(covers(loop, box) for box in inner)
    assert [box.label for box in inner if box.node.dropped] == ["N 3: open_home() (left out)"]
