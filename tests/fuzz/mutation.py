"""Change a text by chance: its characters, words, lines, or the expressions of its syntax tree."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias

from tests.fuzz.target import Target

Change: TypeAlias = Callable[[Target, str, Random], str]

#: Characters that readers of text stumble over.
ODD: Final[tuple[str, ...]] = (
    *"\0\t\f\r\v\x1b\x85\xa0\xad\u200b\u2028\u202e\ufeff\ud800\uffff\n",
    "\r\n",
    "ﬁ",
    "٣",
    "²",
    "ß",
    "İ",
    "e\u0301",
    "\U0001d431",
    "🌮",
)
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")

#: Characters of a text that is made by repeating a part of another.
_REPEATED: Final = 6_000

#: What an expression is never put in place of: the tree could not be written as text again.
_KEPT: Final = (ast.Slice, ast.Starred, ast.JoinedStr, ast.FormattedValue)


def mutate(target: Target, text: str, chance: Random) -> str:
    """The text with one to four changes."""
    for _ in range(chance.randint(1, 4)):
        change: Change = chance.choice(_CHANGES)
        text = change(target, text, chance)
    return text


def _move_parts(target: Target, text: str, chance: Random) -> str:
    cut: Callable[[str], list[str]] = chance.choice((list, _WORDS.findall, _lines))
    parts = cut(text)
    if not parts:
        return chance.choice(target.tokens)
    at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    size = chance.choice((1, 1, 1, 2, 5))
    match chance.randrange(4):
        case 0:
            del parts[at : at + size]
        case 1:
            parts[other:other] = parts[at : at + size]
        case 2:
            parts[at], parts[other] = parts[other], parts[at]
        case _:
            parts[at] = parts[other]
    return "".join(parts)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _put_word(target: Target, text: str, chance: Random) -> str:
    """In place of a word or beside one."""
    parts: list[str] = _WORDS.findall(text) or [""]
    at, word = chance.randrange(len(parts)), chance.choice(target.tokens)
    parts[at] = chance.choice((word, f"{parts[at]} {word}", f"{word}{parts[at]}"))
    return "".join(parts)


def _put_odd(_: Target, text: str, chance: Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(ODD) + text[at + chance.randint(0, 1) :]


def _splice(target: Target, text: str, chance: Random) -> str:
    """The head of one text, the tail of another."""
    other = chance.choice(target.seeds)
    cut: Callable[[str], list[str]] = chance.choice((list, _WORDS.findall, _lines))
    head, tail = cut(text), cut(other)
    return "".join([*head[: chance.randint(0, len(head))], *tail[chance.randint(0, len(tail)) :]])


def _repeat(_: Target, text: str, chance: Random) -> str:
    """A short part of it, many times."""
    if chance.random() < 0.8 or not text:
        return text
    cut: Callable[[str], list[str]] = chance.choice((_WORDS.findall, _lines))
    parts = cut(text)
    at = chance.randrange(len(parts))
    part = "".join(parts[at : at + chance.randint(1, 4)])
    times = min(2 ** chance.randint(1, 11), _REPEATED // len(part))
    return "".join([*parts[:at], part * times, *parts[at:]])


def _graft(target: Target, text: str, chance: Random) -> str:
    """An expression or a statement of another text, or of its own, in place of one of its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            other = ast.parse(chance.choice((text, *chance.sample(target.seeds, 2))))
            _replace(tree, other, chance)
            return ast.unparse(tree) + "\n"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _move_parts(target, text, chance)


def _replace(tree: ast.Module, other: ast.Module, chance: Random) -> None:
    kind = chance.choice((ast.expr, ast.stmt))
    donors = [n for n in ast.walk(other) if isinstance(n, kind) and not isinstance(n, _KEPT)]
    places = [
        (node, name, at)
        for node in ast.walk(tree)
        for name, value in ast.iter_fields(node)
        for at, child in enumerate(value if isinstance(value, list) else [value])
        if isinstance(child, kind) and not isinstance(node, (ast.JoinedStr, ast.FormattedValue))
    ]
    if not donors or not places:
        return
    node, name, at = chance.choice(places)
    donor = chance.choice(donors)
    if isinstance(getattr(node, name), list):
        getattr(node, name)[at] = donor
    else:
        setattr(node, name, donor)


_CHANGES: Final = (
    _move_parts,
    _move_parts,
    _put_word,
    _put_word,
    _put_odd,
    _splice,
    _repeat,
    _graft,
    _graft,
)
