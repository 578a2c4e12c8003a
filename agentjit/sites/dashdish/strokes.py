"""The few SVG elements that all pictures are made of."""

from __future__ import annotations

import math
from random import Random


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """A disc."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """An oval."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"/>'


def rect(x: float, y: float, width: float, height: float, round_: float, fill: str) -> str:  # noqa: PLR0917 - as in SVG
    """A box with round corners."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'rx="{round_:g}" fill="{fill}"/>'
    )


def path(outline: str, fill: str, stroke: str = "none", width: float = 0) -> str:
    """Any shape."""
    border = f' stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round"' if width else ""
    return f'<path d="{outline}" fill="{fill}"{border}/>'


def line(outline: str, stroke: str, width: float) -> str:
    """A line along an outline."""
    return path(outline, "none", stroke, width)


def shadow(x: float, y: float, reach: float) -> str:
    """What a thing throws on its ground."""
    return ellipse(x, y + 4, reach, reach / 7, "#00000018")


def dots(
    random: Random,
    fills: str,
    count: int,
    area: tuple[int, int, int, int],
    size: tuple[int, int],
) -> str:
    """Ovals of several colours strewn over the oval in an area (left, top, right, bottom)."""
    left, top, right, bottom = area
    colours = fills.split()
    body = ""
    for _ in range(count):
        turn, reach = random.uniform(0, 2 * math.pi), math.sqrt(random.random()) / 2
        x = (left + right) / 2 + (right - left) * reach * math.cos(turn)
        y = (top + bottom) / 2 + (bottom - top) * reach * math.sin(turn)
        radius = random.uniform(*size)
        flat = radius * random.uniform(0.6, 1)
        body += ellipse(
            round(x, 1), round(y, 1), round(radius, 1), round(flat, 1), random.choice(colours)
        )
    return body
