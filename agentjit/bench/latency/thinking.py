"""Think time: how long a model takes to answer, modelled from the length of what it reads, writes.

A call takes `first` seconds, one more second for every `prompt_rate` tokens of its prompt, and one
for every `rate` tokens of its answer. Calls that are under way at the same time are one turn of
thinking: they do not slow each other down, as with an endpoint that serves many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from agentjit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Think:
    """The pace of a model. A rate of None takes no time for what it is the rate of."""

    #: Seconds until the first token.
    first: float = 0.5
    #: Tokens of the answer a second, and of the prompt.
    rate: float | None = 80.0
    prompt_rate: float | None = None
    #: Where the figures are from.
    source: str = ""

    def __post_init__(self) -> None:
        rates = [rate for rate in (self.rate, self.prompt_rate) if rate is not None]
        if self.first < 0 or any(rate <= 0 for rate in rates):
            raise UsageError("a pace is of positive numbers", "write it like 0.5+80")

    def seconds(self, prompt_tokens: int, output_tokens: int) -> float:
        """How long one call takes."""
        return (
            self.first
            + (prompt_tokens / self.prompt_rate if self.prompt_rate else 0.0)
            + (output_tokens / self.rate if self.rate else 0.0)
        )

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thought:
    """One call of a model: when it was begun, in seconds of the trial, and what it was."""

    began: float
    seconds: float
    prompt_tokens: int
    output_tokens: int

    @property
    def ended(self) -> float:
        """When its answer was there, or nobody waited for it any more."""
        return self.began + self.seconds


#: The paces that have a name. No product's name stands here: none of the sources that this project
#: has tells time to first token and rate of one, so all but the fits are examples.
PRESETS: Final = {
    "yardstick": Think(
        0.5, 80.0, source="the project's own yardstick: 0.5 s, then 80 tokens a second"
    ),
    "example-fast": Think(0.3, 200.0, source="an example of a small hosted model"),
    "example-slow": Think(1.5, 30.0, 5_000.0, source="an example of a large model under load"),
    "example-thinking": Think(
        6.0, 60.0, source="an example of a model that thinks before it answers"
    ),
    "flat-2s": Think(
        2.0,
        None,
        source="2 s a call whatever its length: it flatters whoever makes one long call",
    ),
    "none": Think(0.0, None, source="a model that takes no time: what is left is the harness"),
}

#: The curve: each of these seconds to the first token, with each of these rates.
CURVE_FIRST: Final = (0.3, 0.5, 1.0, 2.0, 3.0, 6.0)
CURVE_RATE: Final = (20.0, 40.0, 80.0, 120.0, 200.0)


def parse_think(text: str) -> Think:
    """A preset's name, or `FIRST+RATE` or `FIRST+RATE+PROMPT_RATE`. Raises UsageError."""
    if text in PRESETS:
        return PRESETS[text]
    try:
        first, *rates = (float(part) for part in text.split("+"))
        if len(rates) > 2:
            raise ValueError(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no pace of thinking",
            f"give {', '.join(PRESETS)}, or seconds and tokens a second: 0.5+80",
        ) from None
    rate, prompt_rate = (*rates, None, None)[:2]
    return Think(first, rate, prompt_rate, source="given on the command line")


def turns(thoughts: Sequence[Thought]) -> Iterator[tuple[Thought, ...]]:
    """Calls that overlap, together, in order of time."""
    group: list[Thought] = []
    for thought in sorted(thoughts, key=lambda each: each.began):
        if group and thought.began >= max(each.ended for each in group):
            yield tuple(group)
            group = []
        group.append(thought)
    if group:
        yield tuple(group)


def think_seconds(thoughts: Sequence[Thought]) -> float:
    """Seconds in which at least one call was under way."""
    return sum(
        max(each.ended for each in group) - min(each.began for each in group)
        for group in turns(thoughts)
    )


def modelled(thoughts: Sequence[Thought], think: Think) -> float:
    """Seconds that the same calls would take at another pace: each turn as long as its longest."""
    return sum(
        max(think.seconds(each.prompt_tokens, each.output_tokens) for each in group)
        for group in turns(thoughts)
    )
