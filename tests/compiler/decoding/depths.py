"""Derivations as deep as a grammar has any: one path goes down, the rest stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

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
from tests.compiler.decoding.derivations import members_of

#: Where a part stands: on the path, beside it, or inside what is beside it.
_DEEP, _BESIDE, _SHORT = "deep", "beside", "short"


@dataclass(frozen=True)
class Digger:
    """Derives deep texts. The grammar must not refer to itself: then every path has an end."""

    grammar: Grammar
    chance: Random

    @cached_property
    def heights(self) -> dict[str, int]:
        """How far down each name leads at most."""
        known: dict[str, int] = {}
        for name in self.grammar.bodies:
            self._measure(name, known)
        return known

    def plan(self) -> str:
        """One deep text."""
        return "".join(self._derive(Reference(self.grammar.rules[0].name), _DEEP))

    def _measure(self, name: str, known: dict[str, int]) -> int:
        if name not in known:
            known[name] = 1 + self._height(self.grammar.bodies[name], known)
        return known[name]

    def _height(self, expression: Expression, known: dict[str, int]) -> int:
        match expression:
            case Literal() | Characters():
                return 0
            case Reference(name):
                return self._measure(name, known)
            case Sequence(parts) | Choice(parts):
                return max((self._height(p, known) for p in parts), default=0)
            case Optional(part) | Repeat(part):
                return self._height(part, known)

    def _derive(self, expression: Expression, way: str) -> Iterator[str]:
        match expression:
            case Literal(text):
                yield text
            case Characters():
                yield self.chance.choice(members_of(expression))
            case Reference(name):
                # What stands beside the path is there, and as short as it can be.
                inside = way if way == _DEEP else _SHORT
                yield from self._derive(self.grammar.bodies[name], inside)
            case Sequence(parts):
                down = self._pick(parts, highest=True) if way == _DEEP and parts else None
                for part in parts:
                    yield from self._derive(part, way if part is down or way != _DEEP else _BESIDE)
            case Choice(options):
                yield from self._derive(self._pick(options, highest=way == _DEEP), way)
            case Optional(part):
                if way != _SHORT:
                    yield from self._derive(part, way)
            case Repeat(part, least):
                if way != _SHORT or least:
                    yield from self._derive(part, way)

    def _pick(self, options: tuple[Expression, ...], *, highest: bool) -> Expression:
        """One of the options that lead furthest down, or least far."""
        heights = [self._height(o, self.heights) for o in options]
        # Nearly as high may be deeper as a tree.
        wanted = max(heights) - 2 if highest else min(heights)
        fits = [h >= wanted if highest else h == wanted for h in heights]
        return self.chance.choice([o for o, fit in zip(options, fits, strict=True) if fit])
