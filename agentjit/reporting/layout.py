"""Where the nodes of a dependence graph are drawn: layers by longest path, regions inside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from agentjit.reporting.dependences import Edge, Node, NodeId, Region
from agentjit.reporting.words import shorten

#: Pixels: a character of a node's text, a line of it, and what is left free around.
CHARACTER: Final = 6.7
LINE: Final = 26.0
PAD: Final = 10.0
#: Between layers, between nodes of a layer, and between the tracks of edges that pass a layer by.
BETWEEN: Final = 26.0
ASIDE: Final = 18.0
TRACK: Final = 9.0
#: Characters of a node that are drawn; the rest is told where it is pointed at.
LONGEST: Final = 46
#: The same of what is said of a loop's iterations.
VERDICT: Final = 90

#: What regions beside a node's body are called.
_CAPTIONS: Final = {"prelude": "before each round", "orelse": "else"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node at its place, in pixels of the whole drawing."""

    node: Node
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge, as the points of a line with right angles."""

    edge: Edge
    points: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class Drawing:
    """What is to be drawn; containers stand before what is in them."""

    width: float = 0.0
    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    #: Names of regions beside the first, at their places.
    captions: list[tuple[str, float, float]] = field(default_factory=list)


def lay_out(region: Region) -> Drawing:
    """A drawing of a region, its left upper corner at 0, 0."""
    drawing = Drawing()
    inner = {node.id: _inside(node) for node in region.nodes}
    layers = find_layers(region)
    rows: defaultdict[int, list[Node]] = defaultdict(list)
    for node in region.nodes:
        rows[layers[node.id]].append(node)
    places: dict[NodeId, Box] = {}
    tops: list[tuple[float, float]] = []
    y = 0.0
    for layer in sorted(rows):
        x, height = 0.0, max(inner[node.id].height for node in rows[layer])
        for node in rows[layer]:
            own = inner[node.id]
            label = label_of(node)
            box = Box(node=node, label=label, x=x, y=y, width=own.width, height=own.height)
            places[node.id] = box
            drawing.boxes += [box, *(_moved(each, x, y) for each in own.boxes)]
            drawing.wires += [_shifted(each, x, y) for each in own.wires]
            drawing.captions += [(name, x + dx, y + dy) for name, dx, dy in own.captions]
            x += own.width + ASIDE
        drawing.width = max(drawing.width, x - ASIDE)
        tops.append((y, y + height))
        y += height + BETWEEN
    drawing.height = max(0.0, y - BETWEEN)
    _connect(region, layers, places, tops, drawing)
    return drawing


def find_layers(region: Region) -> dict[NodeId, int]:
    """For each node, how many nodes the longest chain before it has.

    One that waits for nothing stands just above the first that waits for it: its edge is short.
    """
    before: dict[NodeId, list[NodeId]] = {node.id: [] for node in region.nodes}
    for edge in region.edges:
        before[edge.after].append(edge.before)
    layers: dict[NodeId, int] = {}
    # A node stands in the plan after all that it waits for; what says otherwise is damaged.
    for node in region.nodes:
        known = [layers[each] for each in before[node.id] if each in layers]
        layers[node.id] = 1 + max(known, default=-1)
    for node in region.nodes:
        after = [layers[edge.after] for edge in region.edges if edge.before == node.id]
        if not before[node.id] and after:
            layers[node.id] = max(0, min(after) - 1)
    return layers


def label_of(node: Node) -> str:
    """What is written in a node."""
    letter = {"navigate": "N ", "read": "R ", "write": "W ", "commit": "C "}.get(node.effect, "")
    letter = {"model": "M ", "loop": "⟳ "}.get(node.kind, letter)
    line = f"{node.line}: " if node.line else ""
    return f"{letter}{line}{shorten(node.text, LONGEST)}{' (left out)' if node.dropped else ''}"


def _inside(node: Node) -> Drawing:
    """The drawing of a node by itself: its text, and its regions below each other."""
    drawing = Drawing(width=len(label_of(node)) * CHARACTER + 2 * PAD, height=LINE)
    verdict = 20.0 if node.verdict else 0.0
    y = LINE + verdict
    for part, region in node.regions:
        if part in _CAPTIONS:
            drawing.captions.append((_CAPTIONS[part], PAD, y + 10))
            y += 16
        inner = lay_out(region)
        drawing.boxes += [_moved(box, PAD, y) for box in inner.boxes]
        drawing.wires += [_shifted(wire, PAD, y) for wire in inner.wires]
        drawing.captions += [(name, dx + PAD, dy + y) for name, dx, dy in inner.captions]
        drawing.width = max(drawing.width, inner.width + 2 * PAD)
        y += inner.height + PAD
        drawing.height = y
    if node.verdict:
        drawing.width = max(
            drawing.width, len(shorten(node.verdict, VERDICT)) * CHARACTER + 2 * PAD
        )
        drawing.height = max(drawing.height, y)
    return drawing


def _connect(
    region: Region,
    layers: dict[NodeId, int],
    places: dict[NodeId, Box],
    tops: list[tuple[float, float]],
    drawing: Drawing,
) -> None:
    """Edges from one layer to the next go straight; the others pass on tracks at the right."""
    tracks: list[int] = []
    right = drawing.width
    for edge in region.edges:
        if region.implied(edge):
            continue
        one, other = places[edge.before], places[edge.after]
        start = (one.x + min(one.width, other.width) / 2, one.y + one.height)
        end = (other.x + min(one.width, other.width) / 2, other.y)
        upper, lower = layers[edge.before], layers[edge.after]
        if lower <= upper:
            continue
        points: tuple[tuple[float, float], ...]
        if lower == upper + 1:
            # A layer is as high as its highest node: below that, the way is free.
            bend = tops[upper][1] + BETWEEN / 2
            points = (start, (start[0], bend), (end[0], bend), end)
        else:
            track = next((n for n, taken in enumerate(tracks) if taken <= upper), len(tracks))
            tracks[track : track + 1] = [lower]
            x = right + TRACK * (track + 1)
            leave, enter = tops[upper][1] + BETWEEN / 3, tops[lower][0] - BETWEEN / 3
            points = (start, (start[0], leave), (x, leave), (x, enter), (end[0], enter), end)
        drawing.wires.append(Wire(edge, points))
    if tracks:
        drawing.width = right + TRACK * (len(tracks) + 1)


def _moved(box: Box, dx: float, dy: float) -> Box:
    return Box(
        node=box.node,
        label=box.label,
        x=box.x + dx,
        y=box.y + dy,
        width=box.width,
        height=box.height,
    )


def _shifted(wire: Wire, dx: float, dy: float) -> Wire:
    return Wire(wire.edge, tuple((x + dx, y + dy) for x, y in wire.points))
