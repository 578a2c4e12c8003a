"""The dependence graph as SVG, and its edges with their reasons as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agentjit.reporting.dependences import Dependences, Edge, Node, Region
from agentjit.reporting.layout import LINE, PAD, VERDICT, Box, Drawing, Wire, lay_out
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.values import table
from agentjit.reporting.words import count, shorten

#: Pixels around the drawing.
MARGIN: Final = 8.0
#: Kinds of reasons, the strongest first: an edge is drawn as the first that it has.
_KINDS: Final = {
    "commit-order": "commits keep their order",
    "sure": "all before must have gone well",
    "account": "both use the account",
    "control": "may end the round",
    "data": "reads what the other made",
    "tab": "same tab",
}


def render_graph(graph: Dependences) -> Markup:
    """The drawing, what its lines mean, and all edges with their reasons."""
    if not graph.root.nodes:
        return element("p", "No dependences were kept with this run.", class_="note")
    drawing = lay_out(graph.root)
    edges = list(_edges(graph.root))
    hidden = sum(region.implied(edge) for region, edge in edges)
    note = f"Left out of the drawing: {count(hidden, 'edge')} that others imply. " if hidden else ""
    return join(
        element("div", _svg(drawing, len(edges)), class_="scroll graph", tabindex="0"),
        _legend({_class(edge) for _, edge in edges}),
        element(
            "p",
            note,
            "Numbers are lines of the plan; letters are effects, as in the timeline.",
            class_="note",
        ),
        _table(edges),
    )


def _svg(drawing: Drawing, edges: int) -> Markup:
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    return element(
        "svg",
        element("title", "Dependence graph of the plan"),
        element(
            "desc",
            f"{count(len(drawing.boxes), 'node')}, {count(edges, 'edge')}. "
            "The table below lists every edge with its reasons.",
        ),
        element("defs", *(_head(kind) for kind in _KINDS)),
        *(_box(box) for box in drawing.boxes),
        *(element("text", name, x=x, y=y, class_="verdict") for name, x, y in drawing.captions),
        *(_wire(wire) for wire in drawing.wires),
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        viewbox=f"{-MARGIN:g} {-MARGIN:g} {width:.0f} {height:.0f}",
        role="img",
    )


def _head(kind: str) -> Markup:
    path = element("path", d="M0 0L7 3.5L0 7z")
    size = {"markerWidth": 7, "markerHeight": 7, "refX": 7, "refY": 3.5}
    return element("marker", path, id=f"head-{kind}", class_=kind, orient="auto", **size)


def _box(box: Box) -> Markup:
    node = box.node
    told = f"{f'line {node.line}: ' if node.line else ''}{node.text}"
    if node.effect:
        told += f" ({node.effect})"
    if node.dropped:
        told += "; left out: nobody reads what it changes"
    verdict = None
    if node.verdict:
        verdict = element(
            "text",
            shorten(node.verdict, VERDICT),
            x=box.x + PAD,
            y=box.y + LINE + 8,
            class_="verdict",
        )
    return element(
        "g",
        element("title", f"{told}. {node.verdict}" if node.verdict else told),
        element(
            "rect",
            x=f"{box.x:g}",
            y=f"{box.y:g}",
            width=f"{box.width:.0f}",
            height=f"{box.height:g}",
            rx=4,
        ),
        element("text", box.label, x=f"{box.x + PAD:g}", y=f"{box.y + 17:g}"),
        verdict,
        class_=f"node {_node_class(node)}",
    )


def _node_class(node: Node) -> str:
    kind = node.effect or node.kind
    return f"{kind} dropped" if node.dropped else kind


def _wire(wire: Wire) -> Markup:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in wire.points)
    kind = _class(wire.edge)
    return element(
        "g",
        element("title", "; ".join(wire.edge.reasons)),
        # A wide line that is not seen: one of a pixel is hard to point at.
        element("path", d=path, class_="reach"),
        element("path", d=path, class_=f"wire {kind}", marker_end=f"url(#head-{kind})"),
    )


def _class(edge: Edge) -> str:
    return next((kind for kind in _KINDS if kind in edge.kinds), "data")


def _legend(kinds: set[str]) -> Markup:
    items = [
        element(
            "li",
            element(
                "svg",
                element("path", d="M0 5H30", class_=f"wire {kind}"),
                width=30,
                height=10,
                aria_hidden="true",
            ),
            " ",
            told,
        )
        for kind, told in _KINDS.items()
        if kind in kinds
    ]
    return element("ul", *items, class_="legend")


def _edges(region: Region) -> Iterator[tuple[Region, Edge]]:
    for edge in region.edges:
        yield region, edge
    for node in region.nodes:
        for _, inner in node.regions:
            yield from _edges(inner)


def _table(edges: list[tuple[Region, Edge]]) -> Markup | None:
    if not edges:
        return None
    rows = []
    for region, edge in edges:
        nodes = {node.id: node for node in region.nodes}
        rows.append([_name(nodes[edge.after]), _name(nodes[edge.before]), "; ".join(edge.reasons)])
    inner = table(("this", "waits for", "because"), rows)
    return element("details", element("summary", f"All {count(len(rows), 'edge')}"), inner)


def _name(node: Node) -> Markup:
    line = f"{node.line}: " if node.line else ""
    return element("code", f"{line}{shorten(node.text, 60)}")
