"""Context-free grammars as values: expressions, terminals and rules, for renderers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set, as between the brackets of a regular expression: `a-z0-9`.

    `negated`: one that is not in the set. The set is ASCII, and writes control characters and what
    has a meaning there with a backslash.
    """

    inside: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """What the rule or the terminal of this name derives."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; of nothing, the empty text."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of several."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """It, or nothing."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Repeat:
    """It, `least` times (0 or 1) or more."""

    part: Expression
    least: int = 0


Expression: TypeAlias = Literal | Characters | Reference | Sequence | Choice | Optional | Repeat

EMPTY = Sequence(())


@dataclass(frozen=True, slots=True)
class Rule:
    """A nonterminal, in lower case."""

    name: str
    body: Expression


@dataclass(frozen=True, slots=True)
class Terminal:
    """A token, in upper case: its body refers to terminals only, and derives a regular language."""

    name: str
    body: Expression


@dataclass(frozen=True)
class Grammar:
    """Rules and terminals; the first rule is where derivations start."""

    rules: tuple[Rule, ...]
    terminals: tuple[Terminal, ...]

    @property
    def definitions(self) -> Iterator[Rule | Terminal]:
        """The rules, then the terminals."""
        yield from self.rules
        yield from self.terminals

    @cached_property
    def bodies(self) -> dict[str, Expression]:
        """What each name stands for."""
        return {each.name: each.body for each in self.definitions}

    def trimmed(self) -> Grammar:
        """Without what cannot be reached from the first rule."""
        reached: set[str] = set()
        waiting = [self.rules[0].name]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += references_in(self.bodies[name])
        return Grammar(
            tuple(r for r in self.rules if r.name in reached),
            tuple(t for t in self.terminals if t.name in reached),
        )


def references_in(expression: Expression) -> Iterator[str]:
    """The names that an expression refers to."""
    match expression:
        case Reference(name):
            yield name
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from references_in(part)
        case Optional(part) | Repeat(part):
            yield from references_in(part)
        case Literal() | Characters():
            return


def sequence(*parts: Expression | str) -> Expression:
    """One after the other, flat; a text stands for itself, and texts side by side are one."""
    flat: list[Expression] = []
    for part in map(expression_of, parts):
        for each in part.parts if isinstance(part, Sequence) else (part,):
            match each, flat[-1:]:
                case Literal(after), [Literal(before)]:
                    flat[-1] = Literal(before + after)
                case _:
                    flat.append(each)
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def choice(*options: Expression | str) -> Expression:
    """Any one of several, flat; where one is empty, the others are optional."""
    flat: dict[Expression, None] = {}
    for option in map(expression_of, options):
        flat |= dict.fromkeys(option.options if isinstance(option, Choice) else (option,))
    empty = EMPTY in flat
    flat.pop(EMPTY, None)
    if not flat:
        return EMPTY
    body = next(iter(flat)) if len(flat) == 1 else Choice(tuple(flat))
    return Optional(body) if empty else body


def optional(*parts: Expression | str) -> Expression:
    """The sequence, or nothing."""
    return choice(sequence(*parts), EMPTY)


def at_most(times: int, *parts: Expression | str) -> Expression:
    """The sequence, up to so many times: optional parts within optional parts."""
    if times == 0:
        return EMPTY
    return optional(*parts, at_most(times - 1, *parts))


def expression_of(part: Expression | str) -> Expression:
    """A text as the literal that it is."""
    return Literal(part) if isinstance(part, str) else part
