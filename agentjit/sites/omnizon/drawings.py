"""How each kind of product is drawn, on a sheet of 200 by 200; BODY and DARK are its colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LIGHT: Final = "#ffffff66"
_INK: Final = "#2b2f36"


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A box whose corners are as round as its size lets them be."""
    round_ = min(width, height) * 0.16
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round_:g}" fill="{fill}"/>'
    )


def _disc(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"/>'


def _shape(outline: str, fill: str) -> str:
    return f'<path d="{outline}" fill="{fill}"/>'


def _line(outline: str, stroke: str, width: float) -> str:
    return (
        f'<path d="{outline}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        f'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _row(draw: str, steps: tuple[int, ...]) -> str:
    return "".join(f'<g transform="translate({step} 0)">{draw}</g>' for step in steps)


_SCREEN: Final = _box(30, 40, 140, 92, "DARK") + _box(37, 47, 126, 78, "#cfe3f5")

DRAWINGS: Final[Mapping[str, str]] = {
    "headphones": _line("M48 116 V96 A52 52 0 0 1 152 96 V116", "DARK", 11)
    + _box(34, 102, 34, 58, "BODY")
    + _box(132, 102, 34, 58, "BODY")
    + _box(56, 108, 12, 46, "DARK")
    + _box(132, 108, 12, 46, "DARK"),
    "earbuds": _box(48, 104, 104, 62, "BODY")
    + _line("M48 128 H152", "DARK", 2)
    + _disc(74, 70, 20, "BODY")
    + _box(66, 72, 14, 44, "BODY")
    + _disc(126, 70, 20, "BODY")
    + _box(120, 72, 14, 44, "BODY")
    + _disc(70, 70, 8, "DARK")
    + _disc(130, 70, 8, "DARK"),
    "speaker": _box(40, 56, 120, 108, "BODY")
    + _disc(84, 112, 32, "DARK")
    + _disc(84, 112, 14, "BODY")
    + _disc(136, 92, 13, "DARK")
    + _disc(136, 134, 7, _LIGHT)
    + _line("M70 56 Q100 36 130 56", "DARK", 6),
    "phone": _box(62, 26, 76, 146, "DARK")
    + _box(67, 31, 66, 136, "BODY")
    + _box(74, 40, 26, 44, "DARK")
    + _disc(87, 52, 8, _INK)
    + _disc(87, 72, 8, _INK)
    + _disc(112, 48, 4, _LIGHT),
    "laptop": _box(42, 50, 116, 80, "DARK")
    + _box(49, 57, 102, 66, "#cfe3f5")
    + _shape("M26 134 H174 L184 158 H16 Z", "BODY")
    + _box(82, 138, 36, 8, "DARK"),
    "monitor": _SCREEN
    + _shape("M92 132 H108 V156 H92 Z", "BODY")
    + _box(66, 154, 68, 10, "BODY")
    + _line("M50 110 L80 80 L104 98 L146 62", "#7fa8cc", 4),
    "keyboard": _box(18, 82, 164, 66, "DARK")
    + "".join(_row(_box(26, y, 14, 13, "BODY"), tuple(range(0, 140, 17))) for y in (89, 107))
    + _box(58, 126, 84, 13, "BODY"),
    "mouse": _shape("M60 108 C60 50 140 50 140 108 V124 C140 176 60 176 60 124 Z", "BODY")
    + _line("M100 66 V104", "DARK", 4)
    + _box(94, 76, 12, 26, "DARK")
    + _line("M100 66 C100 46 116 40 128 30", "DARK", 4),
    "headset": _line("M48 116 V98 A52 52 0 0 1 152 98 V116", "DARK", 12)
    + _box(34, 100, 34, 54, "BODY")
    + _box(132, 100, 34, 54, "BODY")
    + _line("M50 152 Q54 174 92 172", "DARK", 5)
    + _disc(98, 172, 8, "BODY"),
    "controller": _shape(
        "M58 68 H142 C170 68 184 118 180 150 C177 170 156 168 148 148 L136 126 H64 L52 148 "
        "C44 168 23 170 20 150 C16 118 30 68 58 68 Z",
        "BODY",
    )
    + _line("M62 84 V108 M50 96 H74", "DARK", 7)
    + _disc(138, 84, 5.5, "DARK")
    + _disc(138, 108, 5.5, "DARK")
    + _disc(126, 96, 5.5, "DARK")
    + _disc(150, 96, 5.5, "DARK")
    + _disc(82, 118, 10, "DARK")
    + _disc(118, 118, 10, "DARK"),
    "handheld": _box(52, 30, 96, 140, "BODY")
    + _box(62, 42, 76, 58, _INK)
    + _box(70, 50, 60, 42, "#b9d7a8")
    + _line("M76 118 V140 M65 129 H87", "DARK", 7)
    + _disc(116, 136, 7, "DARK")
    + _disc(132, 122, 7, "DARK"),
    "arcade": _shape("M30 118 H170 L180 164 H20 Z", "BODY")
    + _line("M66 126 V78", "DARK", 7)
    + _disc(66, 66, 17, "#d1443f")
    + _row(_disc(106, 132, 8, "DARK"), (0, 24, 48))
    + _row(_disc(112, 150, 8, _LIGHT), (0, 24)),
    "console": _box(26, 92, 148, 52, "BODY")
    + _box(26, 114, 148, 9, "DARK")
    + _disc(152, 106, 4, "#58c3ff")
    + _box(42, 132, 44, 4, _INK),
    "boardgame": _shape("M24 84 L100 46 L176 84 L100 122 Z", "#f5e6c4")
    + _line("M62 65 L138 103 M138 65 L62 103", "#c9a969", 3)
    + _shape("M24 84 L100 122 V150 L24 112 Z", "BODY")
    + _shape("M176 84 L100 122 V150 L176 112 Z", "DARK")
    + _disc(86, 78, 8, "#d1443f")
    + _disc(118, 88, 8, "#2f9a98"),
    "blocks": _box(34, 112, 52, 52, "#d1443f")
    + _box(92, 112, 72, 52, "#4b83d6")
    + _box(60, 56, 56, 50, "#f2cb45")
    + _row(_box(66, 46, 14, 12, "#f2cb45"), (0, 28))
    + _row(_box(102, 102, 14, 12, "#4b83d6"), (0, 20, 40)),
    "plush": _disc(66, 52, 18, "DARK")
    + _disc(134, 52, 18, "DARK")
    + _disc(100, 76, 42, "BODY")
    + '<ellipse cx="100" cy="138" rx="46" ry="36" fill="BODY"/>'
    + _disc(100, 90, 16, _LIGHT)
    + _disc(84, 70, 5, _INK)
    + _disc(116, 70, 5, _INK)
    + _disc(100, 84, 5, _INK),
    "puzzle": _box(34, 42, 132, 118, "#8fc1d8")
    + _shape(
        "M34 110 L80 82 L112 104 L166 74 V150 Q166 160 156 160 H44 Q34 160 34 150 Z", "#7fae6a"
    )
    + _disc(136, 66, 12, "#f2cb45")
    + _line("M78 42 V160 M122 42 V160 M34 82 H166 M34 122 H166", "#ffffffaa", 2.5),
    "car": _shape("M20 122 L44 118 L66 88 H126 L152 116 L178 122 V148 H20 Z", "BODY")
    + _shape("M72 94 H96 V116 H56 Z M102 94 H122 L140 116 H102 Z", "#cfe3f5")
    + _disc(58, 150, 21, _INK)
    + _disc(142, 150, 21, _INK)
    + _disc(58, 150, 9, "#c9ced6")
    + _disc(142, 150, 9, "#c9ced6"),
    "basket": _line("M46 106 C46 20 154 20 154 106", "#a5753c", 8)
    + _disc(74, 92, 20, "#d1443f")
    + _disc(116, 90, 22, "#f2cb45")
    + _box(88, 58, 22, 48, "#56a468")
    + _shape("M30 102 H170 L156 166 H44 Z", "#cf9c5b")
    + _line("M36 122 H164 M40 142 H160", "#a5753c", 4)
    + _shape("M100 114 L78 100 V130 Z M100 114 L122 100 V130 Z", "BODY"),
    "candle": _box(58, 88, 84, 78, "BODY")
    + _box(70, 110, 60, 32, "#fffdf5")
    + _line("M100 88 V74", _INK, 4)
    + _shape("M100 36 C116 56 112 74 100 74 C88 74 84 56 100 36 Z", "#f4a63c"),
    "frame": _box(44, 34, 112, 132, "DARK")
    + _box(53, 43, 94, 114, "#fffdf8")
    + _box(64, 56, 72, 88, "#a9cbe0")
    + _shape("M64 130 L92 96 L112 118 L124 106 L136 124 V144 H64 Z", "#6a8f5c"),
    "lipstick": _box(76, 108, 48, 60, _INK)
    + _box(80, 88, 40, 24, "#d9b967")
    + _shape("M84 88 V54 Q86 38 116 30 V88 Z", "BODY"),
    "jar": _box(46, 92, 108, 72, "BODY")
    + _box(42, 62, 116, 32, "DARK")
    + _box(64, 110, 72, 32, "#fffdf8")
    + _line("M76 126 H124", "#b5b8bd", 4),
    "palette": _box(34, 40, 132, 60, "#cfe3f5")
    + _box(30, 100, 140, 64, _INK)
    + _row(_disc(52, 120, 11, "#c98a72"), (0,))
    + _row(_disc(84, 120, 11, "#e2b89d"), (0,))
    + _row(_disc(116, 120, 11, "BODY"), (0,))
    + _row(_disc(148, 120, 11, "DARK"), (0,))
    + _row(_disc(52, 146, 11, "#a5655c"), (0, 64))
    + _row(_disc(84, 146, 11, "#7a4a63"), (0, 64)),
    "perfume": _box(56, 84, 88, 82, "BODY")
    + _box(84, 60, 32, 26, "#d9b967")
    + _box(88, 38, 24, 24, _INK)
    + _box(74, 108, 52, 34, "#ffffffaa"),
    "espresso": _box(44, 34, 112, 36, "DARK")
    + _box(44, 60, 40, 92, "BODY")
    + _box(36, 148, 128, 18, "DARK")
    + _box(104, 70, 30, 14, _INK)
    + _line("M114 86 V100 M124 86 V100", "#7b4a25", 3)
    + _shape("M100 112 H138 L132 146 H106 Z", "#fffdf8")
    + _disc(66, 52, 7, "#58c3ff")
    + _disc(134, 52, 7, _LIGHT),
    "coffee": _box(44, 34, 112, 34, "DARK")
    + _box(44, 60, 30, 104, "BODY")
    + _box(44, 150, 112, 16, "DARK")
    + _shape("M88 84 H146 L150 146 H84 Z", "#dfeaf2")
    + _shape("M86 112 H148 L150 146 H84 Z", "#6b4226")
    + _line("M148 96 Q168 100 150 132", _INK, 6),
    "kettle": _shape("M58 66 H132 L146 160 H44 Z", "BODY")
    + _shape("M134 82 L168 70 L160 96 L139 116 Z", "BODY")
    + _line("M54 82 C20 76 22 132 48 138", "DARK", 9)
    + _box(78, 50, 36, 16, "DARK"),
    "pan": _disc(82, 104, 56, "DARK") + _disc(82, 104, 46, "BODY") + _box(132, 96, 58, 15, _INK),
    "pot": _box(40, 84, 120, 78, "BODY")
    + _box(34, 72, 132, 15, "DARK")
    + _disc(100, 62, 11, _INK)
    + _line("M40 108 H22 V122 H40 M160 108 H178 V122 H160", "DARK", 7),
    "knives": _shape("M54 92 L146 80 V160 L54 168 Z", "BODY")
    + _row(_box(66, 38, 14, 54, _INK), (0, 22, 44, 64))
    + _line("M54 112 L146 100", "DARK", 4),
    "blender": _shape("M60 30 H140 L128 114 H72 Z", "#dcebf3")
    + _shape("M65 66 H135 L128 114 H72 Z", "#a8d24a")
    + _shape("M64 114 H136 L146 166 H54 Z", "BODY")
    + _disc(100, 142, 12, "DARK"),
    "vacuum": _disc(100, 106, 62, "DARK")
    + _disc(100, 106, 55, "BODY")
    + _disc(100, 84, 16, "DARK")
    + _box(78, 122, 44, 10, "DARK")
    + _disc(100, 84, 6, "#58c3ff"),
    "purifier": _box(58, 34, 84, 132, "BODY")
    + "".join(_line(f"M72 {y} H128", "DARK", 3.5) for y in range(82, 152, 12))
    + _disc(100, 56, 10, "#58c3ff"),
    "lamp": _shape("M70 40 H130 L154 100 H46 Z", "BODY")
    + _line("M100 100 V156", "DARK", 7)
    + _box(66, 152, 68, 13, "DARK"),
    "desk": _box(20, 76, 160, 15, "BODY")
    + _line("M34 92 V166 M166 92 V166", "DARK", 8)
    + _box(112, 92, 50, 44, "DARK")
    + _line("M128 108 H146 M128 124 H146", _LIGHT, 3),
    "chair": _box(62, 28, 76, 76, "BODY")
    + _box(54, 106, 92, 20, "DARK")
    + _line("M100 126 V152 M100 150 L64 166 M100 150 L136 166 M100 150 V166", _INK, 6)
    + _line("M50 84 V112 M150 84 V112", "DARK", 7),
    "bed": _box(24, 56, 152, 62, "DARK")
    + _box(34, 94, 60, 28, "#fffdf8")
    + _box(106, 94, 60, 28, "#fffdf8")
    + _box(22, 112, 156, 40, "BODY")
    + _line("M34 152 V166 M166 152 V166", _INK, 8),
    "pillow": _shape(
        "M100 40 C150 40 172 84 166 132 C163 160 136 162 132 138 C128 108 118 98 100 98 "
        "C82 98 72 108 68 138 C64 162 37 160 34 132 C28 84 50 40 100 40 Z",
        "BODY",
    )
    + _line("M56 108 C60 78 80 66 100 66 C120 66 140 78 144 108", _LIGHT, 5),
    "blanket": _shape("M40 60 H150 Q168 60 168 78 V156 H58 Q40 156 40 138 Z", "BODY")
    + _line("M48 82 H160 M50 104 H162 M52 126 H162", "DARK", 4)
    + _row(_line("M64 156 V168", "DARK", 4), (0, 24, 48, 72, 96)),
    "topper": _shape("M30 96 L110 66 L176 92 L96 126 Z", "BODY")
    + _shape("M30 96 L96 126 V148 L30 116 Z", "DARK")
    + _shape("M176 92 L96 126 V148 L176 114 Z", "#dfe6ee"),
    "watch": _box(82, 20, 36, 48, "DARK")
    + _box(82, 128, 36, 46, "DARK")
    + _disc(100, 98, 42, "BODY")
    + _disc(100, 98, 34, "#fffdf8")
    + _line("M100 98 V76 M100 98 L116 106", _INK, 4),
    "tracker": _box(80, 18, 40, 154, "DARK")
    + _box(72, 66, 56, 64, _INK)
    + _line("M80 100 H90 L97 84 L106 112 L112 100 H120", "#7fe08a", 4),
    "mat": _disc(56, 122, 38, "DARK")
    + _disc(56, 122, 26, "BODY")
    + _disc(56, 122, 12, "DARK")
    + _shape("M56 160 H180 L170 132 H92 Z", "BODY"),
    "dumbbell": _box(60, 100, 80, 15, "#8d939c")
    + _box(28, 74, 22, 66, "DARK")
    + _box(50, 82, 16, 50, "BODY")
    + _box(150, 74, 22, 66, "DARK")
    + _box(134, 82, 16, 50, "BODY"),
    "bottle": _box(68, 62, 64, 106, "BODY")
    + _box(80, 34, 40, 30, "DARK")
    + _line("M82 92 V142", _LIGHT, 7),
    "backpack": _line("M78 48 C78 20 122 20 122 48", "DARK", 8)
    + _shape("M48 84 C48 44 152 44 152 84 V166 H48 Z", "BODY")
    + _box(62, 110, 76, 46, "DARK")
    + _line("M74 126 H126", _LIGHT, 4),
    "balls": _disc(70, 120, 42, "#d9772f")
    + _line("M28 120 H112 M70 78 V162", _INK, 3)
    + _disc(136, 128, 36, "#fffdf8")
    + _shape("M136 112 L150 123 L145 140 H127 L122 123 Z", _INK)
    + '<ellipse cx="116" cy="66" rx="40" ry="24" fill="#8a4b2a"/>'
    + _line("M98 66 H134", "#fffdf8", 4),
    "cutlery": _line("M66 34 V92 M54 34 V70 M78 34 V70 M54 70 Q66 96 78 70", "DARK", 6)
    + _line("M66 92 V164", "BODY", 10)
    + '<ellipse cx="104" cy="60" rx="17" ry="27" fill="DARK"/>'
    + _line("M104 86 V164", "BODY", 10)
    + _shape("M134 32 Q158 40 150 104 H134 Z", "DARK")
    + _line("M140 104 V164", "BODY", 10),
    "apron": _line("M72 50 C72 20 128 20 128 50", "DARK", 6)
    + _shape("M70 46 H130 C132 82 142 90 160 94 V166 H40 V94 C58 90 68 82 70 46 Z", "BODY")
    + _box(66, 114, 68, 34, "DARK")
    + _line("M100 116 V146", "BODY", 3),
    "book": _shape("M52 34 H142 Q150 34 150 42 V166 H60 Q52 166 52 158 Z", "BODY")
    + _box(52, 150, 98, 13, "#fffdf5")
    + _line("M66 34 V150", "DARK", 5)
    + _box(80, 58, 56, 34, "#fffdf5cc"),
    "dogbed": '<ellipse cx="100" cy="128" rx="78" ry="38" fill="DARK"/>'
    '<ellipse cx="100" cy="116" rx="60" ry="24" fill="BODY"/>'
    + _line("M84 112 H116", "#fffdf8", 9),
    "cattree": _line("M64 70 V160 M136 46 V160", "#c9a06b", 14)
    + _box(36, 60, 64, 14, "BODY")
    + _box(104, 36, 66, 14, "BODY")
    + _box(30, 152, 140, 14, "DARK")
    + _box(84, 104, 62, 48, "BODY")
    + _disc(115, 130, 15, _INK),
}
