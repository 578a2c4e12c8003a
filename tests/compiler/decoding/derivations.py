"""Random derivations of a grammar: all chance comes from one `random.Random`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from agentjit.compiler.decoding.rules import (
    Characters,
    Choice,
    Expression,
    Grammar,
    Literal,
    Optional,
    Reference,
    Repeat,
    Sequence,
)

#: What characters are drawn from: all that plans are made of, and some that are odd in texts.
POOL: Final = [chr(c) for c in range(32, 127)] + ["é", "ß", "日", "🌮", "\u2028", "\xa0", "\x85"]

#: Higher than any derivation of a grammar.
_NEVER: Final = 10**6


@dataclass(slots=True)
class Deriver:
    """Derives texts; once `steps` choices are made, it takes the shortest way to the end."""

    grammar: Grammar
    chance: Random
    steps: int = 400
    _left: int = 0
    _heights: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.grammar.bodies
        self._heights = dict.fromkeys(names, _NEVER)
        while True:
            found = {name: 1 + self._height(body) for name, body in names.items()}
            if found == self._heights:
                return
            self._heights = found

    def plan(self) -> str:
        """One text of the language."""
        self._left = self.chance.randint(1, self.steps)
        return "".join(self._derive(self.grammar.bodies[self.grammar.rules[0].name]))

    def _derive(self, expression: Expression) -> Iterator[str]:
        match expression:
            case Literal(text):
                yield text
            case Characters():
                yield self.chance.choice(members_of(expression))
            case Reference(name):
                yield from self._derive(self.grammar.bodies[name])
            case Sequence(parts):
                for part in parts:
                    yield from self._derive(part)
            case Choice(options):
                yield from self._derive(self._choose(options))
            case Optional(part):
                if self._more(0.4):
                    yield from self._derive(part)
            case Repeat(part, least):
                times = least
                while self._more(0.6):
                    times += 1
                for _ in range(times):
                    yield from self._derive(part)

    def _choose(self, options: tuple[Expression, ...]) -> Expression:
        self._left -= 1
        if self._left > 0:
            return self.chance.choice(options)
        least = min(map(self._height, options))
        return self.chance.choice([o for o in options if self._height(o) == least])

    def _more(self, chance: float) -> bool:
        self._left -= 1
        return self._left > 0 and self.chance.random() < chance

    def _height(self, expression: Expression) -> int:
        match expression:
            case Literal() | Characters() | Optional():
                return 0
            case Reference(name):
                return self._heights[name]
            case Sequence(parts):
                return max(map(self._height, parts), default=0)
            case Choice(options):
                return min(map(self._height, options))
            case Repeat(part, least):
                return self._height(part) if least else 0


def members_of(characters: Characters) -> list[str]:
    """Those of the pool that are in the set."""
    wanted = re.compile(f"[{'^' if characters.negated else ''}{characters.inside}]")
    return [c for c in POOL if wanted.fullmatch(c)]
