"""How samples of one task differ: seed, temperature, and a last sentence of the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: What is said after the task, where all that comes before stays the same for endpoints to cache.
VARIANTS: Final = {
    "plain": "",
    "terse": "Write as few lines as do it.",
    "computing": "Let code decide all that code can decide, and ask no model.",
    "careful": "Before each call, see that all it needs has been done.",
}
#: Temperatures as multiples of the one asked for. The first sample is the model's best guess.
_HEATS: Final = (0.0, 1.0, 1.0, 1.0, 1.6, 1.6, 0.6, 1.6)
_HOTTEST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to ask."""

    seed: int
    temperature: float
    #: A key of VARIANTS.
    variant: str


def vary(number: int, temperature: float) -> Variation:
    """The variation of sample 1, 2, …; `temperature` is the one around which samples vary."""
    place = number - 1
    heat = min(_HOTTEST, _HEATS[place % len(_HEATS)] * temperature)
    names = tuple(VARIANTS)
    return Variation(number, round(heat, 3), names[place % len(names)])
