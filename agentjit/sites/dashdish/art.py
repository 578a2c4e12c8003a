"""Pictures drawn from a kind and a key: flat SVG, the same key always the same picture."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Final

from agentjit.sites.dashdish.drawings import DRAWINGS

#: Ground and blob colours that food looks good on.
_GROUNDS: Final = (
    ("#fde8d3", "#fbd3ae"),
    ("#e3f1e4", "#c6e3c9"),
    ("#fdeec2", "#fbe09a"),
    ("#e4ecf7", "#c9d9ef"),
    ("#f8e1e4", "#f1c6cd"),
    ("#e9e4f5", "#d5cbeb"),
    ("#dff1f1", "#bfe2e2"),
    ("#f2eadb", "#e3d5b8"),
)


@lru_cache(maxsize=4096)
def draw_item(kind: str, key: str) -> str:
    """An item's picture, 160 by 120."""
    random = Random(key)
    return _frame(160, 120, _scene(random, 160, 120) + DRAWINGS[kind](random))


@lru_cache(maxsize=1024)
def draw_cover(kinds: tuple[str, ...], key: str) -> str:
    """A store's cover, 320 by 150: up to three of the things that it sells, side by side."""
    random = Random(key)
    body = _scene(random, 320, 150)
    places = {1: ((80, 14, 1.0),), 2: ((12, 18, 0.95), (158, 22, 0.9))}.get(
        len(kinds), ((-24, 34, 0.82), (86, 8, 1.05), (216, 36, 0.8))
    )
    for kind, (x, y, scale) in zip(kinds, places, strict=False):
        drawn = DRAWINGS[kind](random)
        body += f'<g transform="translate({x} {y}) scale({scale})">{drawn}</g>'
    return _frame(320, 150, body)


@lru_cache(maxsize=256)
def draw_logo(name: str) -> str:
    """A store's round mark: its initials on a colour."""
    random = Random(name)
    hue = random.randrange(0, 360, 12)
    words = [w for w in name.replace("&", " ").replace(".", "").split() if w[0].isalpha()]
    letters = "".join(w[0] for w in words[:2]).upper()
    return _frame(
        48,
        48,
        f'<circle cx="24" cy="24" r="24" fill="hsl({hue} 46% 34%)"/>'
        f'<circle cx="24" cy="24" r="20.5" fill="none" stroke="hsl({hue} 60% 82%)"/>'
        f'<text x="24" y="30.5" text-anchor="middle" font-size="17" font-weight="700" '
        f'fill="hsl({hue} 70% 94%)">{letters}</text>',
    )


def _frame(width: int, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="xMidYMid slice">{body}</svg>'
    )


def _scene(random: Random, width: int, height: int) -> str:
    ground, blob = random.choice(_GROUNDS)
    x, y = random.randint(0, width), random.randint(0, height)
    radius = random.randint(height // 2, height)
    return (
        f'<rect width="{width}" height="{height}" fill="{ground}"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{blob}"/>'
    )
