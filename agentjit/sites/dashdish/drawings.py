"""How each kind of food is drawn, on a sheet of 160 by 120; everything else is in wares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final, TypeAlias

from agentjit.sites.dashdish.strokes import (
    circle,
    dots,
    ellipse,
    line,
    path,
    rect,
    shadow,
)
from agentjit.sites.dashdish.wares import WARES

Drawing: TypeAlias = Callable[[Random], str]

_GREENS: Final = ("#6fa04a", "#8dbb5c", "#4f8a3f")
_WARM: Final = ("#d9482b", "#e8862e", "#f2b63c", "#7fae4a", "#fff3d6")


def _taco(random: Random) -> str:
    return (
        shadow(80, 92, 46)
        + dots(random, "#7fae4a #d9482b #f7d25c #5d3a22", 26, (44, 40, 116, 66), (4, 8))
        + path("M34 90 A46 46 0 0 1 126 90 Z", "#eab54f")
        + path("M34 90 A46 46 0 0 1 126 90 L119 90 A39 39 0 0 0 41 90 Z", "#f6cf78")
        + dots(random, "#d29a36", 12, (50, 66, 110, 86), (1, 2))
    )


def _roll(skin: str, inside: str) -> Drawing:
    def draw(random: Random) -> str:
        return (
            shadow(80, 88, 52)
            + f'<g transform="rotate({random.randint(-16, -6)} 80 62)">'
            + rect(28, 42, 104, 40, 20, skin)
            + rect(28, 42, 104, 12, 6, "#ffffff55")
            + ellipse(130, 62, 11, 19, inside)
            + dots(random, "#7fae4a #d9482b #fff3d6 #5d3a22", 12, (124, 50, 136, 74), (2, 4))
            + rect(28, 42, 46, 40, 18, "#f4f1ea")
            + line("M40 46 L66 78 M54 44 L74 68", "#d9d2c4", 2)
            + "</g>"
        )

    return draw


def _burger(random: Random) -> str:
    return (
        shadow(80, 98, 46)
        + rect(38, 80, 84, 16, 8, "#d08b3e")
        + rect(36, 68, 88, 13, 6, "#5d3421")
        + path("M36 66 H124 L112 76 L98 67 L84 77 L70 67 L54 76 Z", "#f4c542")
        + path("M34 62 Q46 72 58 62 T82 62 T106 62 T126 62 V56 H34 Z", "#7fae4a")
        + rect(40, 52, 80, 7, 3, "#d9482b")
        + path("M38 54 A42 34 0 0 1 122 54 Z", "#e0a04a")
        + dots(random, "#fbe6bd", 12, (52, 28, 108, 46), (1, 2))
    )


def _sandwich(random: Random) -> str:
    return (
        shadow(80, 94, 50)
        + path("M30 86 L80 34 L130 86 Z", "#e9b769")
        + path("M36 82 L80 38 L124 82 Z", "#fbe3b4")
        + rect(30, 84, 100, 6, 3, "#7fae4a")
        + rect(32, 78, 96, 6, 3, "#d9482b")
        + rect(30, 72, 100, 6, 3, "#f4c542")
        + path("M30 72 L80 20 L130 72 Z", "#d99a4a")
        + path("M38 69 L80 26 L122 69 Z", "#f7d99f")
        + dots(random, "#e0b877", 9, (62, 46, 98, 66), (1, 2))
    )


def _sub(random: Random) -> str:
    return (
        shadow(80, 88, 56)
        + rect(22, 66, 116, 20, 10, "#cf8c40")
        + rect(24, 60, 112, 8, 4, "#d9482b")
        + path("M22 62 Q36 72 50 62 T78 62 T106 62 T138 62 V54 H22 Z", "#7fae4a")
        + rect(24, 52, 112, 6, 3, "#fff0c4")
        + rect(20, 34, 120, 22, 11, "#e2a558")
        + line("M44 38 l8 10 M72 38 l8 10 M100 38 l8 10", "#c27c34", 3)
        + dots(random, "#fbe6bd", 8, (30, 38, 128, 44), (1, 2))
    )


def _pizza(random: Random) -> str:
    tops = random.choice(("#c9352b", "#c9352b", "#8a5a3a", "#4f8a3f"))
    return (
        shadow(80, 96, 50)
        + circle(80, 60, 46, "#d99a4a")
        + circle(80, 60, 40, "#f6c95c")
        + dots(random, f"{tops} {tops} #4f8a3f", 13, (52, 32, 108, 88), (4, 7))
        + dots(random, "#fff3d6", 12, (52, 32, 108, 88), (2, 3))
        + line("M80 14 V106 M34 60 H126 M48 27 L112 93 M112 27 L48 93", "#e0a94f", 1.5)
    )


def _fries(random: Random) -> str:
    sticks = ""
    for index in range(11):
        x = 46 + index * 6.4
        top = random.randint(14, 34)
        tone = random.choice(("#f4c542", "#eab32f", "#f9d566"))
        sticks += (
            f'<g transform="rotate({random.randint(-9, 9)} {x} 70)">'
            + rect(x, top, 7, 62, 2, tone)
            + "</g>"
        )
    return (
        shadow(80, 104, 36)
        + sticks
        + path("M44 52 Q80 68 116 52 L108 104 H52 Z", "#d9482b")
        + path("M44 52 Q80 68 116 52 L114 62 Q80 78 46 62 Z", "#f6ead2")
    )


def _wings(random: Random) -> str:
    glaze = random.choice(("#b5521f", "#c96a22", "#d98a2b"))
    body = shadow(80, 94, 56) + ellipse(80, 82, 58, 18, "#fffaf0")
    for x, y, turn in ((56, 66, -20), (82, 58, 8), (106, 68, 30), (78, 76, -4)):
        body += (
            f'<g transform="rotate({turn + random.randint(-8, 8)} {x} {y})">'
            + ellipse(x, y, 19, 12, glaze)
            + ellipse(x - 3, y - 4, 12, 5, "#ffffff33")
            + rect(x + 14, y - 3, 14, 6, 3, "#fbe6bd")
            + "</g>"
        )
    return body + dots(random, "#4f8a3f #fbe6bd", 10, (44, 54, 116, 80), (1, 2))


def _chicken(random: Random) -> str:
    return (
        shadow(80, 98, 50)
        + ellipse(80, 88, 56, 16, "#fffaf0")
        + path("M44 78 Q40 40 80 38 Q122 38 118 78 Q80 94 44 78 Z", "#c9772e")
        + ellipse(72, 56, 22, 10, "#ffffff30")
        + path("M112 70 Q132 56 130 44", "none", "#c9772e", 14)
        + circle(131, 40, 7, "#fbe6bd")
        + dots(random, "#8e4c17", 12, (56, 50, 108, 78), (1, 2))
        + dots(random, "#4f8a3f", 6, (40, 84, 120, 94), (2, 4))
    )


def _bowl(filling: str, count: int = 26, *, noodles: str = "", broth: str = "") -> Drawing:
    def draw(random: Random) -> str:
        rim = random.choice(("#2f5d62", "#a6492f", "#394867", "#6b4e3d", "#f2f2ee"))
        body = shadow(80, 104, 40) + ellipse(80, 54, 52, 18, rim)
        body += ellipse(80, 54, 47, 14, broth or "#fff6e3")
        if noodles:
            for index in range(7):
                y = 46 + index * 2.6
                body += line(f"M40 {y} Q60 {y - 9} 80 {y} T120 {y}", noodles, 2.4)
        body += dots(random, filling, count, (44, 44, 116, 64), (3, 6))
        return body + path("M28 54 A52 50 0 0 0 132 54 Q80 82 28 54 Z", rim)

    return draw


def _plate(filling: str, count: int, size: tuple[int, int]) -> Drawing:
    def draw(random: Random) -> str:
        return (
            shadow(80, 96, 56)
            + ellipse(80, 70, 60, 32, "#fffdf8")
            + ellipse(80, 70, 46, 23, "#f2ece0")
            + dots(random, filling, count, (52, 56, 108, 82), size)
        )

    return draw


def _dumpling(random: Random) -> str:
    body = (
        shadow(80, 94, 56) + ellipse(80, 80, 58, 20, "#7a5230") + ellipse(80, 78, 52, 16, "#a87748")
    )
    for x, y in ((52, 70), (80, 62), (108, 70), (66, 82), (96, 82)):
        tone = random.choice(("#fbeed2", "#f6deb0", "#fdf5e3"))
        body += path(f"M{x - 17} {y + 8} Q{x} {y - 24} {x + 17} {y + 8} Z", tone)
        body += line(
            f"M{x - 6} {y - 2} l4 7 M{x} {y - 5} v9 M{x + 6} {y - 2} l-4 7", "#d8b985", 1.5
        )
    return body


def _sushi(random: Random) -> str:
    body = shadow(80, 96, 60) + rect(20, 76, 120, 14, 4, "#3b2a20")
    for index in range(4):
        x = 38 + index * 28
        tone = random.choice(("#f08a5d", "#e85d4a", "#f6b042", "#7fae4a"))
        body += rect(x - 12, 48, 24, 30, 6, "#23302a") + ellipse(x, 49, 12, 7, "#fbfaf5")
        body += ellipse(x, 49, 6, 3.5, tone)
    return body


def _skewer(random: Random) -> str:
    body = shadow(80, 92, 58) + ellipse(80, 78, 60, 20, "#fffaf0")
    for row, y in enumerate((58, 76)):
        body += line(f"M18 {y + 6} L146 {y - 6}", "#b98b52", 3)
        for index in range(5):
            x = 42 + index * 19 + row * 3
            tone = random.choice(("#8e4c2a", "#a85a30", "#d9482b", "#7fae4a"))
            body += rect(x - 8, y - 8 - index, 15, 15, 5, tone)
    return body


def _meat(random: Random) -> str:
    body = (
        shadow(80, 94, 58)
        + rect(22, 66, 116, 24, 8, "#9a6a3c")
        + rect(22, 66, 116, 8, 4, "#b98450")
    )
    for index in range(5):
        x = 40 + index * 19
        body += ellipse(x, 60, 13, 20, "#6b2f22") + ellipse(x - 2, 58, 9, 15, "#a3503c")
    return body + dots(random, "#f6deb0", 8, (34, 48, 124, 72), (1, 2))


def _fish(random: Random) -> str:
    tone = random.choice(("#e0a04a", "#d98a3a", "#e8b565"))
    return (
        shadow(80, 96, 54)
        + ellipse(80, 82, 58, 18, "#fffaf0")
        + path("M36 70 Q70 38 112 62 L132 48 V86 L112 74 Q70 98 36 70 Z", tone)
        + ellipse(68, 62, 20, 6, "#ffffff40")
        + dots(random, "#b8782c", 14, (52, 58, 104, 80), (1, 2))
        + circle(124, 92, 9, "#f6dc4b")
        + circle(124, 92, 6, "#fbeea0")
    )


def _bread(random: Random) -> str:
    return (
        shadow(80, 94, 52)
        + path("M28 82 Q24 44 80 42 Q136 44 132 82 Q80 98 28 82 Z", "#d3924a")
        + path("M36 76 Q36 50 80 48 Q124 50 124 76", "none", "#e9b871", 5)
        + line("M58 52 l10 24 M80 49 l8 28 M102 52 l6 22", "#b5732f", 3)
        + dots(random, "#fbe6bd", 8, (44, 52, 116, 78), (1, 2))
    )


def _box(random: Random) -> str:
    return (
        shadow(80, 100, 48)
        + path("M32 52 L128 52 L120 100 H40 Z", "#f4efe4")
        + path("M32 52 L80 62 L128 52 L116 34 H44 Z", "#fffdf8")
        + dots(random, " ".join(_WARM) + " #8e4c2a", 22, (46, 34, 114, 52), (4, 8))
        + path("M32 52 L80 62 L128 52 L120 100 H40 Z", "#efe5d0")
        + circle(80, 80, 10, "#0f6b50")
        + path("M75 80 l4 4 l7 -8", "none", "#ffffff", 2.5)
    )


DRAWINGS: Final[Mapping[str, Drawing]] = {
    "bowl": _bowl(f"{' '.join(_GREENS)} #e8862e #f6dc4b #8e4c2a"),
    "box": _box,
    "bread": _bread,
    "breakfast": _plate("#fffdf5 #f6b93c #f6b93c #a3503c #e9b871", 12, (7, 12)),
    "burger": _burger,
    "burrito": _roll("#e9c893", "#c98f4a"),
    "chicken": _chicken,
    "curry": _bowl("#8e4c2a #f6deb0 #4f8a3f #c9352b", 16, broth="#e08a2e"),
    "dumpling": _dumpling,
    "fish": _fish,
    "fries": _fries,
    "kebab": _skewer,
    "meat": _meat,
    "nachos": _plate("#f4c542 #eab32f #f9d566 #d9482b #7fae4a #5d3a22", 34, (5, 9)),
    "noodles": _bowl("#4f8a3f #d9482b #f6deb0", 10, noodles="#eab54f"),
    "pizza": _pizza,
    "poke": _bowl("#e85d4a #f08a5d #7fae4a #f6dc4b #3b2a20", 30),
    "ramen": _bowl("#4f8a3f #f6deb0 #c9352b", 8, noodles="#f6d98a", broth="#b9783a"),
    "rice": _bowl("#fffdf5 #fffdf5 #f7edd0 #e8862e #4f8a3f", 34),
    "salad": _bowl(" ".join(_GREENS) + " #d9482b #fff3d6", 34),
    "sandwich": _sandwich,
    "soup": _bowl("#4f8a3f #fff3d6", 8, broth="#d9602b"),
    "sub": _sub,
    "sushi": _sushi,
    "taco": _taco,
    "wings": _wings,
    "wrap": _roll("#dcb27a", "#a86f3a"),
    **WARES,
}
