"""The names of derived plans: every name but the reserved ones."""

from __future__ import annotations

import re

import pytest

from agentjit.compiler.decoding.lark import regular
from agentjit.compiler.decoding.names import name_terminals, reserved_words
from agentjit.compiler.decoding.rules import Choice
from tests.compiler.shop import SHOP

PATTERN = re.compile(
    "|".join(
        f"(?:{regular(t.body)})"
        for t in name_terminals(SHOP)
        if t.name != "NAME" or not isinstance(t.body, Choice)
    )
)
WORDS = sorted(reserved_words(SHOP))


@pytest.mark.parametrize("word", WORDS)
def test_a_reserved_word_is_no_name_and_what_is_near_is_one(word: str) -> None:
    assert not PATTERN.fullmatch(word)
    near = {word[:n] for n in range(1, len(word))} | {f"{word}s", f"{word}_2", f"x{word}"}
    near |= {f"{word[:-1]}{c}" for c in "az09"}
    for each in near:
        usable = re.fullmatch(r"[a-z](?:_?[a-z0-9])*", each) is not None and each not in WORDS
        assert bool(PATTERN.fullmatch(each)) is usable, each


@pytest.mark.parametrize("text", ["", "_", "_a", "a_", "a__b", "1a", "A", "aB", "é", "a b"])
def test_what_is_no_name_is_refused(text: str) -> None:
    assert not PATTERN.fullmatch(text)
