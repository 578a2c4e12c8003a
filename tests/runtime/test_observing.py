"""Contracts held against what is seen: late content, the unseen, texts as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agentjit.errors import ContractBroken
from agentjit.runtime.observing import (
    LONGEST_PAUSE,
    RESULT,
    Observation,
    consistent,
    explain,
    same,
    wait_for,
)
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause
from agentjit.toolspecs.grammar import parse_clauses
from tests.runtime.pretend import VirtualClock


def clauses(text: str) -> tuple[Clause, ...]:
    found = parse_clauses(Source("test", text))
    assert isinstance(found, tuple), found
    return found


class Scene:
    """What is seen over time: the latest entry that is not later than now."""

    def __init__(self, clock: VirtualClock, views: Mapping[float, Any]) -> None:
        self.clock, self.views, self.looks = clock, views, 0

    async def look(self) -> Any:
        self.looks += 1
        return self.views[max(t for t in self.views if t <= self.clock.now())]


async def watch(
    text: str, views: Mapping[float, Any], values: Mapping[str, Any] | None = None
) -> tuple[Observation, Scene]:
    clock = VirtualClock()
    scene = Scene(clock, views)
    seen = await wait_for(clauses(text), scene.look, values or {}, seconds=5.0, clock=clock)
    return seen, scene


async def test_what_holds_at_once_is_looked_at_once() -> None:
    seen, scene = await watch("page == 'home'", {0: {"page": "home"}})
    assert seen == Observation({"page": "home"}, ())
    assert scene.looks == 1
    assert scene.clock.slept == []


async def test_late_content_is_waited_for() -> None:
    seen, scene = await watch("page == 'shop'", {0: {"page": "home"}, 1.7: {"page": "shop"}})
    assert seen == Observation({"page": "shop"}, ())
    assert 1.7 <= scene.clock.now() <= 1.7 + LONGEST_PAUSE


async def test_looks_come_quickly_first_and_then_slower_and_end_at_the_deadline() -> None:
    seen, scene = await watch("page == 'shop'", {0: {"page": "home"}})
    assert [str(c) for c in seen.broken] == ["page == 'shop'"]
    assert seen.state == {"page": "home"}
    slept = scene.clock.slept
    assert slept[0] < 0.02
    assert max(slept) <= LONGEST_PAUSE
    assert scene.clock.now() == pytest.approx(5.0, abs=0.02)


async def test_only_the_clauses_that_are_contradicted_are_told() -> None:
    seen, _ = await watch("page == 'shop', cart == 'full', store known", {0: {"cart": "empty"}})
    assert [str(c) for c in seen.broken] == ["cart == 'full'"]


async def test_a_page_that_is_being_replaced_proves_nothing() -> None:
    seen, scene = await watch("page == 'done'", {0: None, 1.0: {"page": "declined"}})
    assert [str(c) for c in seen.broken] == ["page == 'done'"]
    assert scene.clock.now() >= 5.0
    seen, _ = await watch("page == 'done'", {0: None, 1.0: {"page": "done"}})
    assert seen.broken == ()


async def test_a_page_that_is_replaced_for_ever_is_an_error() -> None:
    with pytest.raises(ContractBroken, match="still being replaced after 5 s"):
        await watch("page == 'done'", {0: None})


async def test_without_clauses_one_look_is_enough() -> None:
    seen, scene = await watch("", {0: None})
    assert seen == Observation({}, ())
    assert scene.looks == 1


@pytest.mark.parametrize(
    ("text", "state", "values", "holds"),
    [
        ("page == 'home'", {"page": "home"}, {}, True),
        ("page == 'home'", {"page": "shop"}, {}, False),
        ("page == 'home'", {"page": None}, {}, False),
        ("page == None", {"page": None}, {}, True),
        ("page == None", {"page": "home"}, {}, False),
        ("page != 'home'", {"page": "shop"}, {}, True),
        ("page != 'home'", {"page": None}, {}, True),
        ("page != 'home'", {"page": "Home "}, {}, False),
        ("page in {'home', 'shop'}", {"page": "shop"}, {}, True),
        ("page in {'home', 'shop'}", {"page": "other"}, {}, False),
        ("page in {'home', 'shop'}", {"page": None}, {}, False),
        ("store known", {"store": "A"}, {}, True),
        ("store known", {"store": None}, {}, False),
        ("store known", {}, {}, True),
        ("page == 'home'", {}, {}, True),
        ("page != 'home'", {}, {}, True),
        ("forgets store", {"store": None}, {}, True),
        ("store == $name", {"store": "Taco Bell"}, {"name": "taco  bell "}, True),
        ("store == $name", {"store": "Taco Bell"}, {"name": "Taco"}, False),
        ("number == result.number", {"number": "7"}, {RESULT: {"number": "7"}}, True),
        ("number == result.number", {"number": "7"}, {RESULT: {"number": "8"}}, False),
        ("number == result.a.b", {"number": 3}, {RESULT: {"a": {"b": 3}}}, True),
        ("number == result", {"number": 3}, {RESULT: 3}, True),
        ("number == result.a.b", {"number": 3}, {RESULT: {"a": None}}, False),
        # A parameter may be called `result` as well.
        ("store == $result", {"store": "A"}, {"result": "A", RESULT: "B"}, True),
        ("count == 1", {"count": True}, {}, False),
        ("count == 1", {"count": 1}, {}, True),
    ],
)
def test_a_clause_agrees_with_what_is_seen(
    text: str, state: Mapping[str, Any], values: Mapping[str, Any], holds: bool
) -> None:
    (clause,) = clauses(text)
    assert consistent(clause, state, values) is holds


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("Taco Bell", "taco bell", True),
        ("Taco\u00a0Bell\n", " taco  bell", True),
        ("STRASSE", "straße", True),
        ("Taco Bell", "Taco-Bell", False),
        ("", None, False),
        ("1", 1, False),
        (True, 1, False),
        (None, None, True),
    ],
)
def test_texts_are_compared_as_people_do(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal
    assert same(right, left) is equal


def test_an_explanation_says_what_stands_behind_a_reference() -> None:
    values = {"name": "tea", RESULT: {"n": 3}}
    texts = ("a == $name", "a != $name", "a == result.n", "a == 'x'", "a known")
    assert [explain(clauses(text)[0], values) for text in texts] == [
        " ($name is 'tea')",
        " ($name is 'tea')",
        " (result.n is 3)",
        "",
        "",
    ]
