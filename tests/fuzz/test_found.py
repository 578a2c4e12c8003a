"""Texts that fuzz runs have found something with; each must be quiet from then on."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import load_target
from tests.fuzz.verdict import try_text

FOUND = (
    # cut at ends of lines that are none to Python
    ("replies", "```\nx\x0c= f()\nprint(x)\n"),
    ("replies", "```\nx = '\u2028'\nprint(x)\n"),
    # seconds for the longest task that is read
    ("tasks", "order " * 1_600),
    ("tasks", "Order an item from them then buy anything.omelette " * 190),
    ("tasks", "order the taco from Taco Bell and " * 290),
)


@pytest.mark.parametrize(("name", "text"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_is_mended(name: str, text: str) -> None:
    finding = try_text(load_target(name), text).finding
    assert finding is None, f"{finding.key}\n{finding.story}"
