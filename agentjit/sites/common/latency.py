"""How long a site's answers take: from a short text to a distribution of seconds, and its draws.

0                            at once
0.25                         always a quarter of a second
uniform:0.1-0.4              anything between
exponential:0.3              memoryless, 0.3 s on average
lognormal:0.3                skewed to the right as real servers are, 0.3 s on average
lognormal:0.3:sigma=0.8      the same, more skewed (0.5 unless said)
lognormal:0.3:tail=0.05x10   besides, 5 of 100 answers take ten times as long
lognormal:0.3:draw=7         other draws of the same (an account's data and this number decide them)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from random import Random
from typing import Final

from agentjit.errors import UsageError

#: No answer is held back longer than this many seconds.
LONGEST: Final = 120.0

_KINDS: Final = ("constant", "uniform", "exponential", "lognormal")
_TAIL: Final = re.compile(r"(?P<share>[0-9.]+)x(?P<factor>[0-9.]+)")
_HINT: Final = (
    'write it like "0", "0.25", "uniform:0.1-0.4", "lognormal:0.3:tail=0.05x10" (seconds)'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """A distribution of seconds. `mean` is that of the body; a tail comes on top of it."""

    kind: str = "constant"
    mean: float = 0.0
    #: Half the width of a uniform distribution, in seconds.
    spread: float = 0.0
    #: The standard deviation of a lognormal's logarithm.
    sigma: float = 0.5
    tail_share: float = 0.0
    tail_factor: float = 1.0
    #: Which of the many series of draws an account gets.
    series: int = 0

    def of_answer(self, seed: int, asked: str, turn: int) -> float:
        """The delay in seconds of what an account asks for: always the same the first time, the
        second time, …, whatever else it asks for.
        """
        name = f"{seed}/{asked}/{turn}" + (f"/{self.series}" if self.series else "")
        return self.draw(Random(name))

    def draw(self, random: Random) -> float:
        """One answer's delay in seconds."""
        seconds = self._draw_body(random)
        if self.tail_share and random.random() < self.tail_share:
            seconds *= self.tail_factor
        return min(seconds, LONGEST)

    def _draw_body(self, random: Random) -> float:
        if not self.mean:
            return 0.0
        match self.kind:
            case "uniform":
                return random.uniform(self.mean - self.spread, self.mean + self.spread)
            case "exponential":
                return random.expovariate(1 / self.mean)
            case "lognormal":
                # The mean of a lognormal is exp(mu + sigma²/2); mu is chosen so that it is `mean`.
                return random.lognormvariate(math.log(self.mean) - self.sigma**2 / 2, self.sigma)
            case _:
                return self.mean

    def __str__(self) -> str:
        """The text that parses back to this distribution."""
        match self.kind:
            case "uniform":
                text = f"uniform:{self.mean - self.spread:g}-{self.mean + self.spread:g}"
            case "lognormal":
                text = f"lognormal:{self.mean:g}" + (
                    "" if self.sigma == 0.5 else f":sigma={self.sigma:g}"
                )
            case "exponential":
                text = f"exponential:{self.mean:g}"
            case _:
                text = f"{self.mean:g}"
        options = ""
        if self.tail_share:
            options += f":tail={self.tail_share:g}x{self.tail_factor:g}"
        if self.series:
            options += f":draw={self.series}"
        return f"constant:{text}{options}" if options and ":" not in text else text + options


def parse_latency(text: str) -> Latency:
    """The distribution that `text` describes; UsageError where it describes none."""
    head, *rest = text.strip().split(":")
    if not rest and head not in _KINDS:
        return Latency(mean=_seconds(head, text))
    if head not in _KINDS:
        raise UsageError(f"latency {text!r}: there is no distribution {head!r}", _HINT)
    if not rest:
        raise UsageError(f"latency {text!r} lacks its seconds", _HINT)
    amount, *options = rest
    mean, spread = _mean_and_spread(head, amount, text)
    sigma, share, factor, series = 0.5, 0.0, 1.0, 0
    for option in options:
        name, _, value = option.partition("=")
        if name == "sigma" and head == "lognormal":
            sigma = _seconds(value, text)
        elif name == "tail" and (found := _TAIL.fullmatch(value)):
            share, factor = _seconds(found["share"], text), _seconds(found["factor"], text)
        elif name == "draw" and value.isdecimal():
            series = int(value)
        else:
            raise UsageError(f"latency {text!r}: {option!r} is not understood", _HINT)
    if share > 1:
        raise UsageError(f"latency {text!r}: the tail's share is above 1", _HINT)
    return Latency(
        kind=head,
        mean=mean,
        spread=spread,
        sigma=sigma,
        tail_share=share,
        tail_factor=factor,
        series=series,
    )


def _mean_and_spread(kind: str, amount: str, text: str) -> tuple[float, float]:
    if kind != "uniform":
        return _seconds(amount, text), 0.0
    low_text, dash, high_text = amount.partition("-")
    low, high = _seconds(low_text, text), _seconds(high_text if dash else low_text, text)
    if high < low:
        raise UsageError(f"latency {text!r}: the range ends before it begins", _HINT)
    return (low + high) / 2, (high - low) / 2


def _seconds(number: str, text: str) -> float:
    try:
        value = float(number)
    except ValueError:
        raise UsageError(f"latency {text!r}: {number!r} is not a number", _HINT) from None
    if not 0 <= value <= LONGEST:
        raise UsageError(f"latency {text!r}: {number} is not between 0 and {LONGEST:g}", _HINT)
    return value
