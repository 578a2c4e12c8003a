"""Sentences that must not become an order, though they hold the words of one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agentjit.compiler.ir import calls_in
from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Task
from agentjit.planner.select import judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.toolspecs import Effect
from tests.fixtures.toolhire.tools import TOOLSET
from tests.planner.lookups import toolhire_lists

REFUSED: Sequence[str] = (
    # questions, statements, the past, wishes about the past
    "Should I book the cheapest drill at Millbrook?",
    "Have you booked the cheapest drill at Millbrook?",
    "Was the cheapest drill at Millbrook booked?",
    "I booked the cheapest drill at Millbrook",
    "I have already booked the cheapest drill at Millbrook",
    "I should have booked the cheapest drill at Millbrook",
    "we book the cheapest drill at Millbrook",
    "my book is about the cheapest drill at Millbrook",
    "the book on the cheapest drill at Millbrook",
    "who will book the cheapest drill at Millbrook",
    "did I book the cheapest drill at Millbrook",
    "when can I book the cheapest drill at Millbrook?",
    "I wonder whether to book the cheapest drill at Millbrook",
    # negations, conditions, alternatives, second things
    "do not book the cheapest drill at Millbrook",
    "never book the cheapest drill at Millbrook",
    "book nothing but the cheapest drill at Millbrook",
    "book the cheapest drill at Millbrook unless it rains",
    "book the cheapest drill at Millbrook, not the hammer drill",
    "book the cheapest drill at Millbrook with a generator",
    "book the cheapest drill at Millbrook and a generator",
    "book the cheapest drill at Millbrook, and an excavator",
    "book the cheapest drill without a cable at Millbrook",
    "book the cheapest or the lightest drill at Millbrook",
    # numbers that count nothing, or several things
    "book the two cheapest drills at Millbrook",
    "book the cheapest 3 drills at Millbrook",
    "book the cheapest drills at Millbrook",
    "book the cheapest drill at Millbrook at 5",
    "book the cheapest drill at Millbrook by 6",
    "book the cheapest drill at Millbrook for 2",
    "book up to 5 of the cheapest drill at Millbrook",
    "book -2 of the cheapest drill at Millbrook",
    "book 0 of the cheapest drill at Millbrook",
    "book the cheapest drill at Millbrook for -3 days",
    "book the cheapest drill at Millbrook under $20",
    "book 2/3 of the cheapest drill at Millbrook",
)


@pytest.mark.parametrize("text", REFUSED)
async def test_it_does_not_become_a_booking(text: str) -> None:
    task = Task(text, TOOLSET)
    try:
        candidate = await plan_symbolically(task, toolhire_lists())
    except Abstained:
        return
    checked = judge(candidate, task).checked
    assert checked is not None
    effects = {TOOLSET.by_name[c.tool].effect for c in calls_in(checked.program.body)}
    assert effects <= {Effect.READ, Effect.NAVIGATE}, candidate.plan


async def test_words_that_narrow_belong_to_their_own_noun() -> None:
    task = Task("book the cheapest drill at the nearest depot", TOOLSET)
    plan = (await plan_symbolically(task, toolhire_lists())).plan
    assert "min(depots, key" in plan
    assert '"drill" in machine["machine_name"]' in plan
