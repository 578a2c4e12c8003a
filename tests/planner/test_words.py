"""Tokens, stems and names in a task's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.planner.tasktext import TaskText
from agentjit.planner.words import name_words, singular, stem, tokenize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("order", "ordered"),
        ("order", "orders"),
        ("order", "ordering"),
        ("purchase", "purchased"),
        ("purchase", "purchasing"),
        ("reserve", "reserving"),
        ("taco", "tacos"),
        ("category", "categories"),
        ("box", "boxes"),
        ("rating", "ratings"),
        ("review", "reviewed"),
    ],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("order", "border"), ("bus", "bu"), ("less", "les")])
def test_different_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_words_of_identifiers() -> None:
    assert name_words("list_menu_items") == ("list", "menu", "items")
    assert name_words("MenuItem") == ("menu", "item")
    assert name_words("HTMLPage2") == ("html", "page", "2")


@pytest.mark.parametrize(
    ("plural", "one"), [("tacos", "taco"), ("fries", "fries"[:-3] + "y"), ("glass", "glass")]
)
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text


@pytest.mark.parametrize(
    ("task", "name", "exact"),
    [
        ("order from Taco Bell please", "Taco Bell", True),
        ("order from taco bell", "Taco Bell", True),
        ("Taco Bell's cheapest item", "Taco Bell", True),
        ("two crunchy tacos", "Crunchy Taco", False),
        ("the fries of mcdonalds", "McDonald's", True),
        ("man vs fries", "Man vs. Fries", True),
        ("a mac and cheese", "Mac & Cheese", False),
        ("light & fresh places", "Light & fresh", True),
    ],
)
def test_names_are_found(task: str, name: str, exact: bool) -> None:
    found = TaskText(task).find_name(name)
    assert found is not None
    assert found[1] is exact


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("order a taco at the bell", "Taco Bell"),
        ("order a bell taco", "Taco Bell"),
        ("order a crunchy one and a taco", "Crunchy Taco"),
        ("tacobell", "Taco Bell"),
        ("", "Taco Bell"),
    ],
)
def test_names_are_not_made_up(task: str, name: str) -> None:
    assert TaskText(task).find_name(name) is None


def test_taken_words_name_nothing_again() -> None:
    text = TaskText("the Badger 3 and the Badger")
    place = text.find_name("Badger 3")
    assert place is not None
    text.take(place[0])
    again = text.find_name("Badger")
    assert again is not None
    assert again[0].start > place[0].stop
