"""Pictures of products: a flat drawing of a kind, in the colour that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Final

from agentjit.sites.omnizon.drawings import DRAWINGS

#: Words in the names of colours: a body, and something darker.
_TINTS: Final[Mapping[str, tuple[str, str]]] = {
    "black": ("#33363d", "#17191d"),
    "graphite": ("#4a4e57", "#2a2d33"),
    "midnight": ("#2b3350", "#171d33"),
    "gray": ("#8d939c", "#5f656e"),
    "grey": ("#8d939c", "#5f656e"),
    "slate": ("#6b7684", "#465060"),
    "silver": ("#c9ced6", "#8f97a3"),
    "steel": ("#c3c9d1", "#858e9b"),
    "white": ("#dfe3e9", "#98a0ac"),
    "ivory": ("#f3ecd9", "#c8b98f"),
    "cream": ("#f4e8cf", "#cbb27f"),
    "clear": ("#d9e6ee", "#9bb4c4"),
    "beige": ("#e6d7bd", "#b89f75"),
    "sand": ("#dcc7a1", "#a98f63"),
    "champagne": ("#e8d3b0", "#b4935f"),
    "gold": ("#e4bf57", "#a5812a"),
    "brass": ("#d2a94d", "#8f6d24"),
    "amber": ("#e9a23b", "#a76a14"),
    "yellow": ("#f2cb45", "#b38d16"),
    "mustard": ("#d9a52f", "#92690f"),
    "copper": ("#c9794c", "#8a4726"),
    "terracotta": ("#c96f4d", "#8c4329"),
    "rust": ("#bb5b32", "#7c3518"),
    "peach": ("#f5b690", "#c07b4f"),
    "coral": ("#ef7f6b", "#b14a38"),
    "red": ("#d1443f", "#8f211f"),
    "berry": ("#a8325c", "#6c1837"),
    "plum": ("#7c3a6b", "#4d1c41"),
    "pink": ("#ec9ab8", "#b65c80"),
    "rose": ("#e2a6a0", "#a7655f"),
    "nude": ("#d9ae93", "#a0755a"),
    "lilac": ("#c3aee0", "#8468ad"),
    "lavender": ("#b9aee3", "#7a6bb0"),
    "violet": ("#8a6fd0", "#553a9c"),
    "purple": ("#7f57b8", "#4e2b84"),
    "navy": ("#31467c", "#182750"),
    "cobalt": ("#2f5fc4", "#173a86"),
    "blue": ("#4b83d6", "#23549c"),
    "teal": ("#2f9a98", "#14605f"),
    "mint": ("#9cd9be", "#559b7d"),
    "sage": ("#a3b899", "#6a8160"),
    "lime": ("#a8d24a", "#6a8f1c"),
    "green": ("#56a468", "#2a6a3a"),
    "forest": ("#2f6b48", "#163f27"),
    "olive": ("#84883f", "#525520"),
    "bamboo": ("#d8bd83", "#9b7f45"),
    "oak": ("#c99b62", "#8a6331"),
    "wood": ("#c08a55", "#7d5228"),
    "walnut": ("#87573a", "#532f1b"),
    "brown": ("#8d6144", "#563521"),
}
_USUAL: Final = ("#e08a3c", "#4b7fb8")
_GROUNDS: Final = ("#f4f6f8", "#f7f3ee", "#eef4f2", "#f5f1f6", "#f6f5ec")


@lru_cache(maxsize=2048)
def draw_product(kind: str, color: str) -> str:
    """A product's picture, 200 by 200. KeyError for a kind that nothing is drawn for."""
    body, dark = _tint(color)
    ground = Random(f"{kind} {color}").choice(_GROUNDS)
    drawing = DRAWINGS[kind].replace("BODY", body).replace("DARK", dark)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">'
        f'<rect width="200" height="200" fill="{ground}"/>'
        f'<ellipse cx="100" cy="172" rx="62" ry="7" fill="#00000014"/>{drawing}</svg>'
    )


def _tint(color: str) -> tuple[str, str]:
    words = color.casefold().split()
    return next((_TINTS[word] for word in reversed(words) if word in _TINTS), _USUAL)
