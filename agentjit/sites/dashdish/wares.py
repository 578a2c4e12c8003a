"""How drinks, sweets and the wares of shops are drawn, on a sheet of 160 by 120."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final, TypeAlias

from agentjit.sites.dashdish.strokes import circle, dots, ellipse, line, path, rect, shadow

Drawing: TypeAlias = Callable[[Random], str]

_BRIGHT: Final = ("#d9482b", "#2f7f79", "#e8a13a", "#6a4c93", "#3a6ea5", "#c2577a")


def _cup(liquids: tuple[str, ...], *, straw: bool) -> Drawing:
    def draw(random: Random) -> str:
        tone = random.choice(liquids)
        body = shadow(80, 106, 28)
        if straw:
            body += line("M92 6 L84 40", random.choice(_BRIGHT), 5)
        body += path("M54 30 H106 L98 108 H62 Z", "#ffffffb0")
        body += path("M57 46 H103 L97 105 H63 Z", tone)
        body += dots(random, "#ffffff88", 9, (62, 50, 98, 90), (3, 6))
        return body + rect(50, 24, 60, 9, 4, "#fffdf8" if straw else "#f4efe4")

    return draw


def _coffee(random: Random) -> str:
    sleeve = random.choice(("#8a5a3a", "#c2577a", "#394867"))
    return (
        shadow(80, 106, 26)
        + path("M54 30 H106 L99 108 H61 Z", "#fffdf8")
        + path("M57 54 H103 L100 84 H60 Z", sleeve)
        + rect(48, 20, 64, 12, 5, "#4a352a")
        + circle(80, 69, 8, "#ffffff55")
        + line("M70 12 q-5 -6 0 -10 M84 12 q-5 -6 0 -10", "#ffffffaa", 3)
    )


def _cake(random: Random) -> str:
    cream = random.choice(("#fff3d6", "#f6c9cf", "#e9d4f2", "#d9b38c"))
    return (
        shadow(80, 98, 50)
        + path("M30 64 L118 44 L130 64 V94 H30 Z", "#c98a4a")
        + rect(30, 74, 100, 7, 0, cream)
        + path("M30 64 L118 44 L130 64 Z", cream)
        + rect(30, 64, 100, 6, 0, cream)
        + circle(104, 46, 8, "#d9342b")
        + dots(random, "#d9482b #f6dc4b #6a4c93", 9, (58, 52, 112, 64), (1, 2))
    )


def _cookie(random: Random) -> str:
    return (
        shadow(80, 94, 48)
        + circle(66, 66, 30, "#c98a4a")
        + circle(98, 70, 26, "#d9a05c")
        + dots(random, "#4a2c1a", 14, (46, 46, 118, 88), (3, 5))
    )


def _croissant(random: Random) -> str:
    cream = random.choice(("#8dbb5c", "#f6deb0", "#3b2a20"))
    return (
        shadow(80, 92, 54)
        + path(
            "M24 84 Q34 34 80 32 Q126 34 136 84 Q116 70 104 70 Q80 62 56 70 Q44 70 24 84 Z",
            "#cf8c40",
        )
        + line(
            "M52 42 Q54 58 46 72 M70 34 Q72 52 66 68 M90 34 Q88 52 94 68 M108 42 Q106 58 114 72",
            "#e9b871",
            5,
        )
        + dots(random, cream, 10, (46, 40, 114, 62), (1, 3))
    )


def _donut(random: Random) -> str:
    icing = random.choice(("#f08cab", "#8a4f2d", "#fff3d6", "#a98bd6"))
    return (
        shadow(80, 98, 46)
        + circle(80, 60, 42, "#d9a05c")
        + circle(80, 57, 37, icing)
        + dots(random, "#d9482b #f6dc4b #3a6ea5 #ffffff #7fae4a", 26, (50, 28, 110, 86), (1, 3))
        + circle(80, 58, 13, "#b5773a")
        + circle(80, 60, 11, "#f2eadb")
    )


def _icecream(random: Random) -> str:
    scoops = random.sample(("#f6c9cf", "#fff3d6", "#8a5a3a", "#a8d5b0", "#f4b860", "#c9b3e6"), 3)
    return (
        shadow(80, 110, 18)
        + path("M56 58 H104 L80 112 Z", "#d9a05c")
        + line("M64 62 L88 96 M78 60 L94 82 M96 62 L72 96 M82 60 L66 82", "#b5773a", 2)
        + circle(64, 48, 19, scoops[0])
        + circle(96, 48, 19, scoops[1])
        + circle(80, 28, 20, scoops[2])
        + circle(80, 8, 6, "#d9342b")
    )


def _dessert(random: Random) -> str:
    tone = random.choice(("#e8b565", "#8a4f2d", "#f6dc9a"))
    return (
        shadow(80, 96, 54)
        + ellipse(80, 84, 58, 18, "#fffdf8")
        + path("M50 82 L58 40 H102 L110 82 Q80 92 50 82 Z", tone)
        + ellipse(80, 40, 22, 8, "#7a3f1c")
        + path("M58 40 Q60 62 66 52 Q72 70 80 54 Q88 68 94 50 Q100 60 102 40 Z", "#7a3f1c")
        + dots(random, "#4f8a3f #d9342b #fffdf8", 8, (44, 78, 118, 92), (2, 4))
    )


def _mochi(random: Random) -> str:
    body = shadow(80, 96, 56) + rect(24, 74, 112, 16, 6, "#7a5230")
    for x, y in ((48, 64), (80, 64), (112, 64), (64, 44), (96, 44)):
        body += ellipse(x, y, 17, 14, random.choice(("#f6c9cf", "#c9e0b0", "#fdf5e3", "#e9d4f2")))
        body += ellipse(x - 4, y - 5, 7, 3, "#ffffff88")
    return body


def _fruit(random: Random) -> str:
    return (
        shadow(80, 94, 50)
        + circle(62, 62, 28, "#d9342b")
        + circle(100, 66, 25, "#8dbb5c")
        + line("M62 36 q2 -12 10 -16 M100 42 q0 -8 6 -12", "#5d3a22", 4)
        + dots(random, "#ffffff66", 6, (48, 48, 112, 66), (2, 4))
    )


def _bag(marks: str, icon: str) -> Drawing:
    def draw(random: Random) -> str:
        tone = random.choice(_BRIGHT)
        return (
            shadow(80, 108, 38)
            + path("M46 26 H114 L122 108 H38 Z", tone)
            + path(
                "M46 26 l7 -10 l7 10 l7 -10 l7 10 l7 -10 l7 10 l7 -10 l7 10 l6 -10 l6 10 Z", tone
            )
            + rect(52, 46, 56, 40, 8, "#fffdf8")
            + icon
            + dots(random, marks, 6, (46, 90, 114, 104), (1, 2))
        )

    return draw


_PAW: Final = (
    ellipse(80, 72, 11, 9, "#5d3a22")
    + circle(66, 62, 5, "#5d3a22")
    + circle(75, 55, 5, "#5d3a22")
    + circle(86, 55, 5, "#5d3a22")
    + circle(95, 62, 5, "#5d3a22")
)
_LEAF: Final = path("M64 78 Q62 52 96 52 Q98 78 64 78 Z", "#7fae4a") + line(
    "M64 78 L88 58", "#4f8a3f", 2
)


def _toy(random: Random) -> str:
    tone = random.choice(_BRIGHT)
    return (
        shadow(80, 98, 44)
        + circle(80, 58, 40, tone)
        + path("M44 42 Q80 66 116 42", "none", "#fffdf8", 6)
        + path("M44 76 Q80 50 116 76", "none", "#fffdf8", 6)
        + ellipse(66, 34, 12, 6, "#ffffff55")
    )


def _bottle(random: Random) -> str:
    tone = random.choice((*_BRIGHT, "#fffdf8"))
    return (
        shadow(80, 110, 26)
        + rect(70, 8, 20, 14, 3, "#394867")
        + path(
            "M70 22 H90 Q90 34 104 42 V102 Q104 110 96 110 H64 Q56 110 56 102 V42 Q70 34 70 22 Z",
            tone,
        )
        + rect(56, 56, 48, 34, 0, "#ffffffcc")
        + dots(random, "#394867", 5, (64, 62, 96, 84), (2, 3))
    )


def _candy(random: Random) -> str:
    body = shadow(80, 98, 50)
    for x, y in ((56, 46), (96, 54), (70, 80)):
        tone = random.choice(_BRIGHT)
        body += path(f"M{x - 30} {y - 10} L{x - 14} {y} L{x - 30} {y + 10} Z", tone)
        body += path(f"M{x + 30} {y - 10} L{x + 14} {y} L{x + 30} {y + 10} Z", tone)
        body += circle(x, y, 16, tone) + path(
            f"M{x - 8} {y - 9} Q{x} {y} {x + 8} {y + 9}", "none", "#ffffffaa", 4
        )
    return body


def _party(random: Random) -> str:
    body = ""
    for x, y in ((52, 40), (84, 30), (112, 46)):
        tone = random.choice(_BRIGHT)
        body += line(f"M{x} {y + 24} Q{x + 6} {y + 44} 82 108", "#8a8072", 1.5)
        body += ellipse(x, y, 19, 24, tone) + ellipse(x - 6, y - 9, 5, 8, "#ffffff66")
    return body + dots(random, " ".join(_BRIGHT), 16, (20, 70, 140, 112), (1, 3))


def _costume(random: Random) -> str:
    tone, lining = random.sample(_BRIGHT, 2)
    return (
        shadow(80, 108, 46)
        + path("M62 22 H98 L128 106 Q104 96 80 108 Q56 96 32 106 Z", tone)
        + path("M70 24 H90 L102 100 Q80 92 58 100 Z", lining)
        + path("M58 18 L80 32 L102 18 L104 30 L80 44 L56 30 Z", tone)
        + circle(80, 34, 5, "#f6dc4b")
    )


def _hat(random: Random) -> str:
    tone, band = random.sample(_BRIGHT, 2)
    return (
        shadow(80, 98, 54)
        + ellipse(80, 90, 58, 13, tone)
        + path("M52 88 L60 28 Q80 18 100 28 L108 88 Q80 98 52 88 Z", tone)
        + path("M54 74 Q80 84 106 74 L108 86 Q80 96 52 86 Z", band)
        + ellipse(80, 28, 20, 6, "#00000022")
    )


def _mask(random: Random) -> str:
    tone, trim = random.sample(_BRIGHT, 2)
    return (
        line("M26 56 Q10 70 20 96 M134 56 Q150 70 140 96", trim, 3)
        + path(
            "M24 48 Q50 26 80 46 Q110 26 136 48 Q134 86 104 84 Q88 82 80 70 "
            "Q72 82 56 84 Q26 86 24 48 Z",
            tone,
        )
        + ellipse(56, 60, 13, 8, "#fffdf8")
        + ellipse(104, 60, 13, 8, "#fffdf8")
        + dots(random, f"{trim} #f6dc4b", 18, (34, 38, 126, 48), (1, 3))
    )


def _wig(random: Random) -> str:
    tone = random.choice(_BRIGHT)
    curls = "".join(
        circle(80 + dx, 52 + dy, random.randint(13, 18), tone)
        for dx, dy in (
            (-36, 20),
            (-34, -4),
            (-20, -24),
            (4, -30),
            (26, -20),
            (36, 2),
            (38, 24),
            (-38, 40),
            (40, 42),
        )
    )
    return (
        shadow(80, 108, 34)
        + ellipse(80, 66, 30, 36, "#f2dcc4")
        + curls
        + path("M50 58 Q80 34 110 58 Q80 50 50 58 Z", tone)
    )


def _craft(random: Random) -> str:
    body = shadow(80, 104, 44)
    for index in range(5):
        tone = _BRIGHT[index]
        body += f'<g transform="rotate({-16 + index * 8} 80 130)">' + rect(74, 18, 12, 62, 2, tone)
        body += path("M74 18 L80 4 L86 18 Z", "#f6deb0") + "</g>"
    return (
        body
        + path("M50 62 H110 L104 106 H56 Z", "#fffdf8")
        + dots(random, " ".join(_BRIGHT), 12, (58, 68, 102, 100), (2, 4))
    )


WARES: Final[Mapping[str, Drawing]] = {
    "bottle": _bottle,
    "cake": _cake,
    "candy": _candy,
    "coffee": _coffee,
    "cookie": _cookie,
    "costume": _costume,
    "craft": _craft,
    "croissant": _croissant,
    "dessert": _dessert,
    "donut": _donut,
    "drink": _cup(("#d9482b", "#f2a93c", "#8dbb5c", "#7a3f1c", "#f08cab"), straw=True),
    "fruit": _fruit,
    "grocery": _bag("#ffffff", _LEAF),
    "hat": _hat,
    "icecream": _icecream,
    "mask": _mask,
    "matcha": _cup(("#8dbb5c", "#7fae4a", "#a8cf78"), straw=False),
    "mochi": _mochi,
    "party": _party,
    "pet": _bag("#ffffff", _PAW),
    "toy": _toy,
    "wig": _wig,
}
