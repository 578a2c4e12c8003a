"""The grader of the Fossil tasks: just what was asked for passes, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from examples.fossil.facts import FIELDS, Facts, Post
from examples.fossil.seeding import USER
from examples.fossil.tasks import Task, grade


def a_ticket(title: str, **fields: str) -> Mapping[str, str]:
    return {**dict.fromkeys((*FIELDS, "remarks"), ""), "status": "Open", "title": title, **fields}


def a_task(**wanted: Any) -> Task:
    return Task(id="t", text="", wanted=wanted, plan="", damaged="", noticed="grader")


BEFORE = Facts(
    tickets=(a_ticket("one"), a_ticket("two")),
    wiki={"Plan": "in March, not in May"},
    posts=(Post("Hello", USER, "hi"),),
    changes=4,
)
REPLY = Post("Hello", USER, "hi yourself", "hi")
TASK = a_task(
    changed=[{"title": "one", "status": "Fixed"}],
    opened=[{"title": "three"}],
    rewritten=[{"name": "Plan", "passage": "March", "by": "April"}],
    written={"New": "text"},
    posted=[{"thread": "Hello", "text": "hi yourself", "answers": "hi"}],
    answer=["one"],
)
DONE = Facts(
    tickets=(a_ticket("one", status="Fixed"), a_ticket("two"), a_ticket("three")),
    wiki={"Plan": "in April, not in May", "New": "text"},
    posts=(*BEFORE.posts, REPLY),
    changes=9,
)

SLIPS: Mapping[str, Callable[[Facts], Facts]] = {
    "nothing done": lambda _: BEFORE,
    "a ticket too few": lambda f: replace(f, tickets=f.tickets[:2]),
    "a ticket twice": lambda f: replace(f, tickets=(*f.tickets, f.tickets[2])),
    "another ticket changed": lambda f: replace(
        f, tickets=(f.tickets[0], a_ticket("two", priority="High"), f.tickets[2])
    ),
    "a page gone": lambda f: replace(f, wiki={"New": "text"}),
    "a page too many": lambda f: replace(f, wiki={**f.wiki, "More": ""}),
    "another text": lambda f: replace(f, wiki={**f.wiki, "New": "texts"}),
    "a post twice": lambda f: replace(f, posts=(*f.posts, REPLY)),
    "a post by another": lambda f: replace(
        f, posts=(*BEFORE.posts, replace(REPLY, author="keeper"))
    ),
    "a reply to another post": lambda f: replace(
        f, posts=(*BEFORE.posts, replace(REPLY, answers="hi yourself"))
    ),
    "made and taken back": lambda f: replace(f, changes=f.changes + 2),
}


def test_what_was_asked_for_passes_in_any_order() -> None:
    assert grade(TASK, BEFORE, DONE, ["one"]) == ()
    turned = replace(DONE, tickets=DONE.tickets[::-1], posts=DONE.posts[::-1])
    assert grade(TASK, BEFORE, turned, ["one"]) == ()


@pytest.mark.parametrize("name", SLIPS)
def test_anything_else_does_not(name: str) -> None:
    assert grade(TASK, BEFORE, SLIPS[name](DONE), ["one"])


@pytest.mark.parametrize("answer", [None, [], ["two"], "one", ["one", "one"]])
def test_another_answer_does_not(answer: Any) -> None:
    (problem,) = grade(TASK, BEFORE, DONE, answer)
    assert problem == f"the answer is {answer!r}, not ['one']"


def test_a_question_is_answered_without_touching_anything() -> None:
    question = a_task(answer="one")
    assert grade(question, BEFORE, BEFORE, "one") == ()
    assert grade(question, BEFORE, DONE, "one")
