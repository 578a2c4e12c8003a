"""Texts, numbers, f-strings and operators of derived plans, as terminals and rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from agentjit.compiler.decoding.names import NAME
from agentjit.compiler.decoding.rules import (
    EMPTY,
    Characters,
    Expression,
    Reference,
    Repeat,
    Rule,
    Terminal,
    at_most,
    choice,
    optional,
    sequence,
)

STRING: Final = Reference("STRING")
FSTRING: Final = Reference("fstring")
INT: Final = Reference("INT")
NUMBER: Final = Reference("NUMBER")
OPERATOR: Final = Reference("OPERATOR")
ARITHMETIC: Final = Reference("ARITHMETIC")
LOGIC: Final = Reference("LOGIC")

_OPENING: Final = "([{"
_CLOSING: Final = ")]}"

#: Control characters end or spoil a line of Python; surrogates are no text at all.
_CONTROL: Final = r"\x00-\x1F\x7F"

_PLAIN: Final = Characters(rf'"\\{_CONTROL}(\[{{', negated=True)
_INSIDE: Final = Characters(rf'"\\{_CONTROL}(\[{{)\]}}', negated=True)
_ESCAPE: Final = sequence("\\", choice('"', "\\", "n"))

_ARITHMETIC: Final = (" + ", " - ", " * ", " / ", " // ", " % ")
_COMPARISON: Final = (" == ", " != ", " < ", " <= ", " > ", " >= ", " in ", " not in ")

#: Digits after the first one of a whole number, and after the point of another.
_DIGITS: Final = 8
_DECIMALS: Final = 6


def literal_terminals() -> Iterator[Terminal]:
    """The terminals of texts, numbers and operators."""
    digit, positive = Characters("0-9"), Characters("1-9")
    whole = sequence(optional("-"), choice("0", sequence(positive, at_most(_DIGITS, digit))))
    point = sequence(".", digit, at_most(_DECIMALS - 1, digit))
    yield Terminal(INT.name, whole)
    yield Terminal(NUMBER.name, sequence(whole, choice(point, EMPTY)))
    yield Terminal(STRING.name, _text())
    yield Terminal("FTEXT", Repeat(Characters(rf'"\\{_CONTROL}()\[\]{{}}', negated=True), 1))
    yield Terminal("KEY", Repeat(Characters("0-9A-Za-z_ "), 1))
    yield Terminal(ARITHMETIC.name, choice(*_ARITHMETIC))
    yield Terminal(OPERATOR.name, choice(*_ARITHMETIC, *_COMPARISON))
    yield Terminal(LOGIC.name, choice(" and ", " or "))


def _text() -> Expression:
    """A text between double quotes.

    A bracket that it opens it closes too, and none inside another: the limit on nested brackets
    counts those in texts.
    """
    closed = sequence(Characters(r"(\[{"), Repeat(choice(_INSIDE, _ESCAPE)), Characters(r")\]}"))
    return sequence('"', Repeat(choice(_PLAIN, _ESCAPE, closed)), '"')


def fstring_rules() -> Iterator[Rule]:
    """F-strings whose fields are names, their keys and their lengths.

    Whatever a field holds is valid in every Python, and can be printed again: no double quotes, no
    backslashes, plain keys.
    """
    text, inserted = Reference("FTEXT"), Reference("inserted")
    step = sequence("[", choice(sequence("'", Reference("KEY"), "'"), INT), "]")
    value = sequence(NAME, at_most(2, step))
    shown = choice(
        sequence("len(", NAME, ")"), sequence(value, optional(":.", Characters("0-6"), "f"))
    )
    yield Rule(inserted.name, sequence("{", shown, "}"))
    part = Reference("fstring_part")
    inner = sequence(optional(text), Repeat(sequence(inserted, optional(text))))
    yield Rule(part.name, choice(inserted, sequence("(", inner, ")")))
    yield Rule(
        FSTRING.name, sequence('f"', optional(text), Repeat(sequence(part, optional(text))), '"')
    )


def text_literal(text: str) -> Expression | None:
    """The text as a plan writes it; None where it opens brackets that it does not close."""
    depth = 0
    for character in text:
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        if depth > 1 or "\ud800" <= character <= "\udfff":
            return None
    return None if depth else sequence(json.dumps(text, ensure_ascii=False))
