"""How long a language model takes: a time until its first token, then tokens at a rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.compiler.ir import Ask
from agentjit.scheduler.samples import MOST, Distribution, Prior, blend, decayed
from agentjit.toolspecs.jsontypes import Choice, DictOf, Either, ListOf, Record, Scalar

#: Until it is measured: seconds to the first token, and seconds for each token.
FIRST_TOKEN: Final = 0.5
EACH_TOKEN: Final = 1 / 80
#: What these weigh, in answers.
TRUST: Final = 1.0
#: How far an answer is from that line, as a factor.
_SPREAD: Final = Prior(1.0, 0.35)
#: Tokens of an answer by its type, until answers were seen: the JSON around it included.
_TOKENS: Final = {"bool": 8.0, "int": 8.0, "float": 9.0, "None": 7.0, "str": 30.0}


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds of an answer: `first + each * tokens`, times `spread`."""

    first: float
    each: float
    spread: Distribution

    def seconds(self, tokens: float) -> float:
        """The expected time of an answer of so many tokens."""
        return (self.first + self.each * tokens) * self.spread.mean


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers in the order of time: output tokens (None: not told) and seconds."""

    seen: tuple[tuple[float | None, float], ...] = ()

    def add(self, seconds: float, tokens: float | None) -> Answers:
        """With one more."""
        return Answers((*self.seen, (tokens, float(seconds)))[-MOST:])

    def line(self) -> Line:
        """The line nearest to what was seen, and how far answers are from it.

        Least squares, with the prior as `TRUST` answers: half of none and half of 100 tokens.
        """
        weights = decayed(len(self.seen))
        points = [
            (tokens, seconds, weight)
            for (tokens, seconds), weight in zip(self.seen, weights, strict=True)
            if tokens is not None
        ]
        half = TRUST / 2
        points += [(0.0, FIRST_TOKEN, half), (100.0, FIRST_TOKEN + 100 * EACH_TOKEN, half)]
        mass = sum(w for _, _, w in points)
        middle = sum(x * w for x, _, w in points) / mass
        level = sum(y * w for _, y, w in points) / mass
        across = sum(w * (x - middle) ** 2 for x, _, w in points)
        each = max(0.0, sum(w * (x - middle) * (y - level) for x, y, w in points) / across)
        first = max(0.0, level - each * middle)
        usual = _TOKENS["str"]
        off = [s / max(1e-3, first + each * (usual if t is None else t)) for t, s in self.seen]
        return Line(first, each, blend(off, weights, _SPREAD))


def expected_tokens(ask: Ask) -> float:
    """Tokens of an answer of the type that is asked for."""
    match ask.returns:
        case Scalar(name=name):
            return _TOKENS[name]
        case Choice():
            return 10.0
        case ListOf() | DictOf():
            return 80.0
        case Record(fields=fields):
            return 10.0 + 12.0 * len(fields)
        case Either():
            return 30.0
        case _:
            return 60.0
