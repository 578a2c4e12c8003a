"""The symbolic planner on a site that it was not written for: plans, and reasons to abstain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Task
from agentjit.planner.select import judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.sites import load_site
from agentjit.toolspecs import StateValue
from tests.conftest import Golden
from tests.fixtures.toolhire.tools import TOOLSET
from tests.planner.lookups import ListedSite, toolhire_lists

TASKS = (
    # orders
    "book the cheapest machine from Millbrook",
    "Please book the heaviest excavator at the Millbrook depot for 3 days.",
    "could you book the Badger 3 excavator from the nearest depot",
    "book Millbrook's cheapest drill",
    "At Harrow Vale, book the mole and sons hammer drill for 2 days",
    "reserve the lightest drill at Millbrook",
    "BOOK THE MOST POWERFUL MACHINE AT MILLBROOK",
    "of everything Millbrook has, book whatever costs the least",
    # questions
    "how much is the mole drill at Millbrook?",
    "what is the daily rate of the Mole drill at Millbrook",
    "which depot is nearest",
    "Which depot has the most machines?",
    "how many machines does Millbrook have?",
    "how many excavators are there at Harrow Vale",
    "what's the distance of Harrow Vale?",
    "list the machines at Harrow Vale",
    "what is the cheapest excavator I can book at Millbrook?",
    # abstentions
    "book a drill",
    "book a drill at Millbrook",
    "book the crane at Millbrook",
    "book something nice at Millbrook",
    "book the cheapest machine",
    "book two mole drills at Millbrook",
    "book the cheapest and the most expensive machine at Millbrook",
    "don't book the cheapest drill at Millbrook",
    "book the cheapest drill at Millbrook if it is under 20",
    "book the cheapest drill at Millbrook or Harrow Vale",
    "get me the cheapest drill at Millbrook",
    "order the cheapest drill at Millbrook",
    "hire the cheapest drill at Millbrook",
    "book the cheapest drill at Oakhanger",
    "the cheapest drill at Millbrook",
    "book",
    "?!",
)


async def test_plans_and_abstentions(golden: Golden) -> None:
    golden("planner/toolhire.txt", "\n".join([await _story(task) for task in TASKS]))


async def _story(text: str) -> str:
    site = toolhire_lists()
    task = Task(text, TOOLSET)
    try:
        candidate = await plan_symbolically(task, site)
    except Abstained as reason:
        said = f"abstains: {reason.message}" + (f"\n    hint: {reason.hint}" if reason.hint else "")
    else:
        verdict = judge(candidate, task)
        assert verdict.checked is not None, (text, candidate.plan, verdict.diagnostics)
        said = "".join(f"{line}\n    " for line in candidate.plan.splitlines()).rstrip()
    return f"# {text}\n    {said}\n"


async def test_only_harmless_lists_are_looked_up() -> None:
    site = toolhire_lists()
    await plan_symbolically(Task("book the cheapest drill at Millbrook", TOOLSET), site)
    assert site.asked == [("show_depots",), ("open_depot", "show_machines")]


@pytest.mark.parametrize(("text", "asked"), [("vote for nothing", False), ("vote on 7", True)])
async def test_what_only_a_number_names_is_looked_up_where_there_is_one(
    text: str, asked: bool
) -> None:
    reddit = load_site("reddit").toolset
    site = ListedSite({tool.name: [] for tool in reddit.tools})
    with pytest.raises(Abstained):
        await plan_symbolically(Task(text, reddit), site)
    assert ("list_forums",) in site.asked
    assert (("list_comments",) in site.asked) is asked


async def test_a_list_that_cannot_be_read_is_a_reason_to_abstain() -> None:
    with pytest.raises(Abstained, match="could not look it up"):
        await plan_symbolically(Task("book the mole drill at Millbrook", TOOLSET), ListedSite({}))


async def test_what_is_left_over_in_the_account_is_not_bought_along() -> None:
    task = Task("book the cheapest drill at Millbrook", TOOLSET, (("booking", "draft"),))
    with pytest.raises(Abstained, match="already 'draft'"):
        await plan_symbolically(task, toolhire_lists())


@pytest.mark.parametrize(
    ("start", "opens"),
    [({}, True), ({"screen": "depot_floor", "depot": "Harrow Vale"}, False)],
)
async def test_a_question_starts_from_where_the_site_stands(
    start: Mapping[str, StateValue], opens: bool
) -> None:
    task = Task("which depot is nearest", TOOLSET, tuple(start.items()))
    candidate = await plan_symbolically(task, toolhire_lists())
    assert candidate.plan.startswith("depots = ") is opens
    assert judge(candidate, task).checked is not None


async def test_a_stray_word_is_never_passed_over() -> None:
    renamed = replace(TOOLSET, name="other")
    task = Task("book, yes book the cheapest drill at Millbrook", renamed)
    with pytest.raises(Abstained):
        await plan_symbolically(task, toolhire_lists())
