from __future__ import annotations

import json

import pytest
from rich.table import Table

from agentjit.cli.consoles import print_json, printable, to_plain
from tests.cli.conftest import text_of


def test_json_is_one_strict_object_whatever_a_plan_gave(
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = {("a", 1): {3, 1, 2}, "nan": float("nan"), "pair": (1, "é"), "object": ...}
    print_json(value)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "('a', 1)": [1, 2, 3],
        "nan": "nan",
        "pair": [1, "é"],
        "object": "Ellipsis",
    }


def test_plain_data_stays_what_it_is() -> None:
    value = {"a": [1, 2.5, None, True, "text"], "b": {}}
    assert to_plain(value) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Taco Bell", "Taco Bell"),
        ("Café → 東京", "Café → 東京"),
        ("\x1b[2J\x1b[1;1Htotal 0.00", "\\x1b[2J\\x1b[1;1Htotal 0.00"),
        ("pay\u202e00.1$", "pay\\u202e00.1$"),
        ("two\nlines", "two\\nlines"),
    ],
)
def test_text_from_a_page_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_pipe_gets_no_padding() -> None:
    table = Table(box=None)
    table.add_column("a", width=20)
    table.add_row("x")
    assert all(line == line.rstrip() for line in text_of(table).splitlines())
