"""Answers of any shape are compared with the truth by what they say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.sites.common.judging import (
    fold,
    told_names,
    told_numbers,
    wrong_fields,
    wrong_names,
    wrong_number,
)

STORES = ["Wingstop", "Taco Bell", "Taco Bell Express", "Ike's", "Man vs. Fries"]


@pytest.mark.parametrize(
    "answer",
    [
        ["Wingstop", "Ike's"],
        ["WINGSTOP", "ike’s "],
        "Wingstop and Ike's",
        [{"name": "Wingstop", "rating": 4.5}, {"name": "Ike's", "cuisine": "near Taco Bell"}],
        {"Wingstop": 3, "Ike's": 4},
        {"first": "Wingstop", "second": {"name": "Ike's"}},
    ],
)
def test_the_same_names_are_read_in_every_shape(answer: Any) -> None:
    assert wrong_names(answer, ["Wingstop", "Ike's"], STORES) == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        ["Wingstop"],
        ["Ike's", "Wingstop"],
        ["Wingstop", "Ike's", "Taco Bell"],
        ["Wingstop", "Wingstop", "Ike's"],
        "Wingstop, Ike's or Taco Bell",
        ["Wingstop", "Ike"],
    ],
)
def test_other_names_are_wrong(answer: Any) -> None:
    assert wrong_names(answer, ["Wingstop", "Ike's"], STORES) != []


def test_order_may_not_matter() -> None:
    assert wrong_names(["Ike's", "Wingstop"], ["Wingstop", "Ike's"], STORES, ordered=False) == []


def test_the_longer_name_is_read() -> None:
    assert told_names("Taco Bell Express", STORES) == ["Taco Bell Express"]
    assert told_names("Taco Bells", STORES) == []
    assert told_names("anything", []) == []


@given(st.lists(st.sampled_from(STORES)))
def test_a_list_of_names_says_just_these(names: list[str]) -> None:
    assert told_names(list(names), STORES) == names


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        (5, [5]),
        ("5 of them", [5]),
        ("$1,250.50, or -3", [1250.5, -3]),
        ({"price": 4.25, "left": True}, [4.25]),
        ([1, [2, "3"]], [1, 2, 3]),
        (None, []),
    ],
)
def test_numbers_are_read_in_every_shape(answer: Any, numbers: list[float]) -> None:
    assert told_numbers(answer) == numbers


def test_one_number_is_the_answer() -> None:
    assert wrong_number("2 of the first 5 have fewer than 20", 2, besides="5 20") == []
    assert wrong_number(5, 2, besides="5 20") != []
    assert wrong_number(5, 5, besides="5 20") == []
    assert wrong_number([2, 3], 2) != []
    assert wrong_number(None, 0) != []


def test_fields_that_differ_are_told() -> None:
    assert wrong_fields({"size": "Small", "tip": 2}, {"size": "Small"}, "it") == []
    (text,) = wrong_fields({"size": "Small"}, {"size": "Large"}, "the order")
    assert text == "the order has size 'Small', and not 'Large'"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
