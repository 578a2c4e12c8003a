from __future__ import annotations

from typing import Any

import pytest

from agentjit.cli.values import align_numbers, inline, render_value
from tests.cli.conftest import text_of
from tests.conftest import Golden

ORDER: dict[str, Any] = {
    "store": "Taco Bell",
    "items": [
        {"name": "Soft Taco", "quantity": 2, "options": ["no onions", "extra sauce"], "price": 2.5},
        {"name": "Nachos", "quantity": 10, "options": [], "price": 11},
    ],
    "total": 16.0,
    "express": False,
    "address": {"street": "1 Main Street", "zip": "12345"},
    "note": None,
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", ORDER),
        ("list_of_texts", ["one", "two"]),
        ("number", 3.5),
        ("nothing", []),
        ("uneven_records", [{"a": 1}, {"b": "x"}, {"a": 2.25, "b": None}]),
    ],
)
def test_any_value_reads_well(name: str, value: Any, golden: Golden) -> None:
    golden(f"cli/values/{name}.txt", text_of(render_value(value)))


def test_long_lists_say_what_was_left_out() -> None:
    shown = text_of(render_value([{"n": n} for n in range(130)]))
    assert "… and 30 more" in shown
    assert len(shown.splitlines()) == 102


def test_nothing_is_left_out_where_nothing_may_be() -> None:
    shown = text_of(render_value([{"n": n} for n in range(130)], max_rows=None))
    assert len(shown.splitlines()) == 131


def test_numbers_of_a_column_are_never_rounded() -> None:
    assert align_numbers([1, 2.5, 10.25, None]) == ["1.00", "2.50", "10.25", "–"]
    assert align_numbers([0.1234567, 1]) == ["0.1234567", "1"]
    assert align_numbers([1, 20]) == ["1", "20"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (1234567.0, "1234567"), (1e300, "1e+300"), (True, "yes"), ("", "–"), ([], "–")],
)
def test_scalars_are_plain(value: Any, text: str) -> None:
    assert inline(value) == text
