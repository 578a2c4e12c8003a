"""Whole runs on a pretended shop: the plan's code in the real sandbox, everything written down."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.compiler.check import check_or_raise
from agentjit.errors import (
    ApprovalRefused,
    ContractBroken,
    EvaluationError,
    ModelError,
    OutcomeUnknown,
    RunError,
    ToolError,
    ValueRejected,
)
from agentjit.ports import Completion, Model, Prompt, Usage, Watch
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.sandbox import open_sandbox
from agentjit.runtime.tabkeeping import Whereabouts
from agentjit.scheduler.profile import Profile
from agentjit.source import Source
from tests.runtime.pretend import (
    PRICE,
    TOOLSET,
    Diary,
    Person,
    PretendPage,
    VirtualClock,
    caller,
    fixed_tab,
    paying,
    pricing,
)
from tests.runtime.test_asking import Parrot

PLAN = """\
goto_shop()
pick("tea")
shown = show_price()
if shown["price"] < 5:
    result = pay(tip=shown["price"] / 10)
else:
    result = "too dear"
"""


WAYS = """\
goto_shop()
for name in ["tea", "milk", "salt"]:
    shown = show_price()
    if name == "milk":
        break
turns = 0
while turns < 3:
    show_price()
    turns += 1
"""


def ways_of(diary: Diary) -> list[tuple[str, Any]]:
    """Which way a run went, as it was told."""
    told = {"branched": "taken", "loop-left": "rounds"}
    return [(e.kind, e.data[told[e.kind]]) for e in diary.events if e.kind in told]


async def going(page: PretendPage) -> None:
    page.state["screen"] = "shop"


async def picking(page: PretendPage, name: str, count: int) -> None:
    page.state |= {"item": name, "cart": "full"}


def open_page(**acts: Any) -> PretendPage:
    state = {"screen": "home", "item": None, "cart": "empty"}
    usual: dict[str, Any] = {"goto_shop": going, "pick": picking, "show_price": pricing}
    return PretendPage(state, {**usual, "pay": paying, **acts})


async def perform(
    plan: str,
    page: PretendPage,
    *,
    grant: bool = True,
    model: Model | None = None,
    diary: Diary | None = None,
    person: Person | None = None,
) -> Outcome:
    clock = VirtualClock()
    recorder = Recorder(clock, diary or Diary())
    gate = CommitGate(caller(clock), person or Person(grant), recorder, account="shop", commits=[])
    checked = check_or_raise(Source("plan.py", plan), TOOLSET)
    async with open_sandbox() as sandbox, fixed_tab(page) as tab:
        where = Whereabouts(gate.caller, recorder, dict(page.state))
        calls = Calls(gate, gate.journal, recorder, where, tab)
        return await Driver(checked, calls, sandbox, recorder, model).run()


async def test_a_run_tells_which_way_it_went() -> None:
    diary = Diary()
    await perform(WAYS, open_page(), diary=diary)
    assert ways_of(diary) == [
        ("branched", 0),
        ("branched", 1),
        ("loop-left", 2),
        ("loop-left", 3),
    ]
    profile = Profile(site="shop", version="1").learn(diary.events)
    assert profile.taken["if name == 'milk'"].values == (0.0, 1.0)
    assert profile.rounds["for ['tea', 'milk', 'salt']"].values == (2.0,)
    assert profile.rounds["while turns < 3"].values == (3.0,)


async def test_a_run_ends_with_the_plans_value_and_its_commits() -> None:
    page, diary = open_page(), Diary()
    outcome = await perform(PLAN, page, diary=diary)
    assert outcome.value == "T-1"
    assert outcome.error is None
    assert outcome.calls == 4
    assert [(c.tool, dict(c.arguments), c.outcome) for c in outcome.commits] == [
        ("pay", {"tip": 0.35}, "done")
    ]
    assert page.done == ["goto_shop", "pick", *["show_price"] * 3, "pay"]
    calls = [(e.kind, e.data["tool"], e.data["line"]) for e in diary.events if "line" in e.data]
    assert calls == [
        (kind, tool, line)
        for tool, line in (("goto_shop", 1), ("pick", 2), ("show_price", 3), ("pay", 5))
        for kind in ("call-started", "call-done")
    ]
    assert diary.kinds()[-6:] == [
        "call-started",
        "approval-asked",
        "commit-intent",
        "commit-attempted",
        "commit-done",
        "call-done",
    ]


async def test_a_plan_that_does_not_commit_has_no_commits() -> None:
    async def dear(page: PretendPage) -> Any:
        return {"item": "tea", "price": 500}

    outcome = await perform(PLAN, open_page(show_price=dear))
    assert (outcome.value, outcome.commits) == ("too dear", ())


async def test_a_refusal_ends_the_run_where_it_stood() -> None:
    page = open_page()
    outcome = await perform(PLAN, page, grant=False)
    assert isinstance(outcome.error, ApprovalRefused)
    assert outcome.span is not None
    assert outcome.span.line == 5
    assert outcome.commits == ()
    assert "pay" not in page.done


async def refusing(page: PretendPage, **_: Any) -> None:
    raise ToolError("sold out", "take coffee")


async def doing_nothing(page: PretendPage, **_: Any) -> None:
    """Nothing."""


async def pricing_in_words(page: PretendPage) -> Any:
    return {**PRICE, "price": "three"}


@pytest.mark.parametrize(
    ("acts", "error", "line"),
    [
        ({"pick": refusing}, ToolError, 2),
        ({"pick": doing_nothing}, ContractBroken, 2),
        ({"show_price": pricing_in_words}, ValueRejected, 3),
    ],
)
async def test_a_failing_call_ends_the_run_at_its_line(
    acts: dict[str, Any], error: type[Exception], line: int
) -> None:
    diary = Diary()
    outcome = await perform(PLAN, open_page(**acts), diary=diary)
    assert isinstance(outcome.error, error)
    assert outcome.span is not None
    assert outcome.span.line == line
    assert outcome.commits == ()
    assert diary.kinds()[-1] == "call-failed"
    assert diary.data("call-failed")["line"] == line
    assert diary.data("call-failed")["message"] == outcome.error.message


async def test_a_lost_commit_is_in_the_outcome() -> None:
    async def lose(page: PretendPage, tip: float) -> str:
        raise LookupError("receipt")

    outcome = await perform(PLAN, open_page(pay=lose))
    assert isinstance(outcome.error, OutcomeUnknown)
    assert [(c.outcome, c.terms) for c in outcome.commits] == [("unknown", PRICE)]


async def test_the_plans_own_error_is_told_with_the_plans_line() -> None:
    page = open_page()
    plan = "goto_shop()\nprices = [1]\nmore = prices + [2]\nlast = prices[2]\nresult = last\n"
    outcome = await perform(plan, page)
    assert isinstance(outcome.error, EvaluationError)
    assert "IndexError" in outcome.error.message
    assert outcome.span is not None
    assert outcome.span.line == 4


ASKING = """\
goto_shop()
shown = show_price()
result = ai_eval("Is it dear?", returns=bool, shown=shown)
"""


async def test_a_question_is_answered_by_the_model_and_paid_for() -> None:
    diary, model = Diary(), Parrot(('{"answer": false}',))
    outcome = await perform(ASKING, open_page(), model=model, diary=diary)
    assert outcome.value is False
    assert outcome.usage == Usage(1, 10, 5)
    assert diary.data("model-answered")["tokens"] == 15
    assert '"price": 3.5' in model.heard[0].messages[1]["content"]


async def test_an_answer_of_another_type_ends_the_run_and_is_paid_for() -> None:
    outcome = await perform(ASKING, open_page(), model=Parrot(('{"answer": "no"}',)))
    assert isinstance(outcome.error, ValueRejected)
    assert outcome.span is not None
    assert outcome.span.line == 3
    assert outcome.usage == Usage(2, 20, 10)


@pytest.mark.parametrize(
    "plan",
    [
        ASKING,
        "goto_shop()\nfor n in [1, 2]:\n    if n > 1:\n        ai_eval('?', returns=int)\n",
        "goto_shop()\nwhile ai_eval('more?', returns=bool):\n    show_price()\n",
    ],
)
async def test_a_plan_that_asks_does_nothing_where_there_is_no_model(plan: str) -> None:
    page = open_page()
    outcome = await perform(plan, page)
    assert isinstance(outcome.error, ModelError)
    assert outcome.span is not None
    assert page.done == []


async def test_a_model_that_fails_midway_fails_the_run_not_the_planning() -> None:
    class Broken(Parrot):
        async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
            raise ModelError("the endpoint answers 500", "try again")

    outcome = await perform(ASKING, open_page(), model=Broken(("",)))
    assert isinstance(outcome.error, RunError)
    assert outcome.error.exit_code == 1
    assert "the endpoint answers 500" in outcome.error.message
    assert outcome.error.hint == "try again"


async def test_who_is_asked_sees_which_arguments_a_page_gave() -> None:
    person = Person(True)
    await perform(PLAN, open_page(), person=person)
    assert person.asked[-1].untrusted == {"tip": ("show_price",)}
    await perform(PLAN.replace('shown["price"] / 10', "0.5"), open_page(), person=person)
    assert person.asked[-1].untrusted == {}
