"""Names that a plan may bind, as terminals without look-around: no tool, keyword or built-in."""

from __future__ import annotations

import keyword
import string
from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeAlias

from agentjit.compiler.decoding.rules import (
    Characters,
    Choice,
    Expression,
    Reference,
    Repeat,
    Sequence,
    Terminal,
    choice,
    optional,
    sequence,
)
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import PLAN_BUILTINS

_LETTERS: Final = string.ascii_lowercase
_REST: Final = f"0123456789{_LETTERS}"

#: What else would mean something: `next` is rewritten, the others are `ai_eval`'s own parameters.
_OTHERS: Final = frozenset({"next", "question", "returns"})

#: What may follow, once a name can no longer become a reserved word. Two underscores never meet.
_TAIL: Final = Repeat(sequence(optional("_"), Characters("0-9a-z")))

NAME: Final = Reference("NAME")

_Trie: TypeAlias = Mapping[str, "_Trie"]


def reserved_words(toolset: Toolset) -> frozenset[str]:
    """The words that no name of a derived plan is."""
    return frozenset({*keyword.kwlist, *PLAN_BUILTINS, *toolset.by_name}) | _OTHERS


def name_by_letter(letter: str) -> Reference:
    """Names that begin with the letter."""
    return Reference(f"NAME_{letter.upper()}")


def name_terminals(toolset: Toolset) -> Iterator[Terminal]:
    """`NAME`, and for each letter the names that begin with it.

    The language of names is smaller than Python's: lower case, single underscores within.
    """
    words = reserved_words(toolset)
    yield Terminal(NAME.name, Choice(tuple(name_by_letter(c) for c in _LETTERS)))
    for letter in _LETTERS:
        body = _names_below(letter, {w for w in words if w[0] == letter})
        yield Terminal(name_by_letter(letter).name, body)


def _names_below(letter: str, words: Collection[str]) -> Expression:
    """Names that begin with the letter and are none of the words.

    Such a name leaves the trie of the words at some letter, or ends within it.
    """
    trie = _trie({word[1:] for word in words})
    leaving = sequence(letter, _leaving(trie, ""), _TAIL)
    staying = _staying(trie, letter, words)
    return leaving if staying is None else Choice((leaving, staying))


def _trie(words: Collection[str]) -> _Trie:
    heads = sorted({word[0] for word in words if word})
    return {head: _trie({w[1:] for w in words if w[:1] == head}) for head in heads}


def _leaving(trie: _Trie, before: str) -> Expression:
    """What leads out of the trie, the first character that does it included."""
    here = "".join(c for c in _REST if c not in trie)
    ways: list[Expression] = [Characters(_ranges(here))] if here else []
    if before != "_" and "_" not in trie:
        ways.append(sequence("_", Characters("0-9a-z")))
    ways += [
        sequence(c, _leaving(below, c))
        for c, below in trie.items()
        if c in _REST or (c == "_" and before != "_")
    ]
    return choice(*ways)


def _staying(trie: _Trie, prefix: str, words: Collection[str]) -> Expression | None:
    """The names that words begin with, `prefix` taken off; None where there are none."""
    longer = []
    for c, below in trie.items():
        if c not in _REST + "_" or (c == "_" and prefix.endswith("_")):
            continue
        found = _staying(below, prefix + c, words)
        longer += [sequence(c, found)] if found is not None else []
    ends = prefix not in words and not prefix.endswith("_")
    # The first letter stands before the rest once, at the top.
    rest = choice(*longer, *([Sequence(())] if ends else [])) if longer or ends else None
    return sequence(prefix, rest) if rest is not None and len(prefix) == 1 else rest


def _ranges(characters: str) -> str:
    """The characters as a set's inside, neighbours as ranges: `abcx` as `a-cx`."""
    runs: list[str] = []
    for c in characters:
        if runs and ord(c) == ord(runs[-1][-1]) + 1:
            runs[-1] = runs[-1][0] + c
        else:
            runs.append(c)
    return "".join(f"{r[0]}-{r[1]}" if len(r) == 2 else r for r in runs)
