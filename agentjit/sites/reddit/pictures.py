"""Pictures of submissions, drawn from the hash in their address: a sky, a sun, and some hills."""

from __future__ import annotations

from random import Random
from typing import Final

_SKIES: Final = (
    ("#f6d7b0", "#f2a65a"),
    ("#cfe6f5", "#7fb2d9"),
    ("#2c3350", "#6d6a9c"),
    ("#fbe3e4", "#d98a9b"),
    ("#dff0e4", "#8cc4a4"),
)
_GROUNDS: Final = ("#3d5a4c", "#5b4a3f", "#2f4858", "#7a6a45", "#4a4460")

WIDTH: Final = 640
HEIGHT: Final = 400


def draw_picture(key: str) -> str:
    """The picture of a hash as SVG; the same every time."""
    random = Random(f"picture/{key}")
    top, bottom = random.choice(_SKIES)
    ground = random.choice(_GROUNDS)
    x, y, radius = random.randint(80, 560), random.randint(60, 200), random.randint(18, 52)
    hills = "".join(_draw_hills(random, ground, layer) for layer in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<linearGradient id="s" x2="0" y2="1"><stop stop-color="{bottom}"/>'
        f'<stop offset="1" stop-color="{top}"/></linearGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#s)"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#fffaf0" opacity=".85"/>{hills}</svg>'
    )


def _draw_hills(random: Random, fill: str, layer: int) -> str:
    base = 220 + 55 * layer
    points = [(0, base + random.randint(-30, 30))]
    while points[-1][0] < WIDTH:
        points.append((points[-1][0] + random.randint(60, 140), base + random.randint(-45, 45)))
    curve = " ".join(f"T{px},{py}" for px, py in points[1:])
    outline = f"M0,{HEIGHT} L0,{points[0][1]} {curve} V{HEIGHT} Z"
    return f'<path d="{outline}" fill="{fill}" opacity="{0.45 + 0.25 * layer:.2f}"/>'
