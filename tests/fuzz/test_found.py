"""Texts that fuzz runs have found something with; each must be quiet from then on."""

from __future__ import annotations

import pytest

from tests.fuzz import verdict
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
    ("tasks", "Who takes longest to deliver? " + "t longest " * 990),
    # a finding for each two of the clauses
    ("contracts", "page in {'home'}, page in {'store'}, " * 120),
    # repair looked at what the front end refuses
    ("plans", "break\n"),
    ("plans", "if x:\n    continue\n"),
    # repair cut lines elsewhere than Python does
    ("plans", "goto_store('a')\n" * 2 + "x = '''a\u2028b'''\n"),
    ("plans", "goto_store('a')\n" * 2 + "x = '''a\x0cb'''\n"),
    # nothing bounded repair's search
    ("plans", "reopen()\nget_details()\n" * 500),
    # the paths of all broken preconditions were told in full
    ("plans", "leave()\n" * 8_000),
    # Python 3.11 cannot write these braces again
    ("plans", "x = {'a': 1}\ny = f\"{x['\u2028']}\"\n"),
)


@pytest.mark.parametrize(("name", "text"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_is_mended(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Measuring coverage slows the tests down several times.
    monkeypatch.setattr(verdict, "CPU_LIMIT", 8.0)
    finding = try_text(load_target(name), text).finding
    assert finding is None, f"{finding.key}\n{finding.story}"
