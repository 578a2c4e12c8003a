from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal, NotRequired, TypedDict

import pytest

from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.prompt import Messages, build_messages, describe_toolset, refine_messages
from agentjit.planner.prompt_examples import EXAMPLE_PLANS, EXAMPLE_TOOLSET
from agentjit.planner.select import judge
from agentjit.planner.variation import VARIANTS, vary
from agentjit.toolspecs import Effect, From, Scope, StateModel, StateVar, Toolset, tool
from agentjit.toolspecs.state import StateValue
from tests.conftest import Golden

if TYPE_CHECKING:
    from playwright.async_api import Page


class Size(TypedDict):
    width: int
    height: int


class Kite(TypedDict):
    name: str
    size: Size
    colour: Literal["red", "blue"]
    wind: NotRequired[float]


async def observe(page: Page) -> dict[str, StateValue]:
    return {"place": await page.evaluate("place")}


@tool(requires="place == 'shed'", effect=Effect.READ, reads=(), writes=())
async def list_kites(page: Page) -> list[Kite]:
    """List the kites in the shed. Kites that are out are left out."""
    kites: list[Kite] = await page.evaluate("kites")
    return kites


@tool(
    requires="place == 'shed', flying != True",
    ensures="place == 'field', kite == $name, flying == True",
    effect=Effect.WRITE,
    reads=(),
    writes={"kites"},
)
async def fly_kite(
    page: Page, name: Annotated[str, From("list_kites[].name")], metres: int = 30
) -> None:
    """Fly one kite."""
    await page.evaluate("fly", [name, metres])


@tool(requires="place in {'field'}, kite known", effect=Effect.READ, reads=(), writes=())
async def read_height(page: Page) -> float | None:
    """Read how high the kite is, in metres."""
    height: float | None = await page.evaluate("height")
    return height


@tool(ensures="place == 'shed', forgets kite", effect=Effect.NAVIGATE)
async def go_back(page: Page) -> None:
    """Go back to the shed"""
    await page.evaluate("back()")


KITES: Final = Toolset(
    name="kites",
    title="a shed full of kites",
    state=StateModel(
        (
            StateVar("place", values=("shed", "field"), start="shed"),
            StateVar("kite", doc="the kite in the hand"),
            StateVar("flying", type=bool, scope=Scope.ACCOUNT, start=False),
        )
    ),
    observe=observe,
    tools=(list_kites, fly_kite, read_height, go_back),
)
TASK: Final = Task("fly the largest\n  red kite", KITES)


def show(messages: Messages) -> str:
    return "\n".join(f"#### {m['role']}\n{m['content']}\n" for m in messages)


def test_prompt(golden: Golden) -> None:
    golden("prompt/with_protocol.txt", show(build_messages(TASK)))


def test_prompt_without_protocol(golden: Golden) -> None:
    golden("prompt/without_protocol.txt", show(build_messages(TASK, protocol=False)))


@pytest.mark.parametrize("protocol", [True, False])
def test_the_variants_of_the_prompt(protocol: bool, golden: Golden) -> None:
    plain = build_messages(TASK, protocol=protocol)
    ends = []
    for variant in VARIANTS:
        messages = build_messages(TASK, protocol=protocol, variant=variant)
        assert messages[:-1] == plain[:-1]
        before, _, end = messages[-1]["content"].partition("\nTask: ")
        assert before == plain[-1]["content"].partition("\nTask: ")[0]
        ends.append(f"#### {variant}\nTask: {end}\n")
    golden("prompt/variants.txt", "\n".join(ends))


def test_prompt_of_a_refinement(golden: Golden) -> None:
    verdict = judge(Candidate(plan='go_back()\nfly_kite("Fred")\nfly_kite()\n', origin="m"), TASK)
    messages = refine_messages(build_messages(TASK), verdict)
    golden("prompt/refinement.txt", show(messages[-2:]))


def test_what_comes_before_the_start_and_the_task_is_the_same_for_every_task() -> None:
    one, other = (
        show(build_messages(Task(text, KITES, start)))
        for text, start in (("fly one", ()), ("bring it back", (("place", "field"),)))
    )
    end = "Start: place == 'field', kite == None, flying == False\nTask: bring it back\n"
    assert other.endswith(end)
    assert one.startswith(other.removesuffix(end))


def test_without_the_protocol_no_contract_is_shown() -> None:
    text = show(build_messages(TASK, protocol=False))
    for word in ("requires", "ensures", "navigate;", "Start:", "from list_kites", "state:"):
        assert word not in text
    for each in KITES.tools:
        assert each.signature() in text


def test_every_tool_is_described_by_its_first_sentence_alone() -> None:
    text = describe_toolset(KITES)
    assert "List the kites in the shed." in text
    assert "left out" not in text


@pytest.mark.parametrize(("text", "plan"), EXAMPLE_PLANS)
def test_the_examples_check(text: str, plan: str) -> None:
    verdict = judge(Candidate(plan=plan, origin="example"), Task(text, EXAMPLE_TOOLSET))
    assert verdict.diagnostics == ()
    assert verdict.cost


def test_the_examples_obey_the_rules_that_stand_above_them() -> None:
    for _, plan in EXAMPLE_PLANS:
        assert "#" not in plan
        assert not re.search(r"\b(import|class|try|print|assert|await)\b", plan)


def test_the_part_that_every_toolset_pays_for_stays_short() -> None:
    text = show(build_messages(TASK)).replace(describe_toolset(KITES), "")
    assert len(text) < 5000


def test_a_tool_names_the_calls_that_it_needs_first_but_not_what_those_need() -> None:
    text = describe_toolset(EXAMPLE_TOOLSET)
    described = {part.split("(")[0]: part for part in text.split("def ")[1:]}
    assert "only after go_to_desk()\n" in described["borrow_bag"]
    assert "only after open_branch()\n" in described["list_books"]
    assert "only after" not in described["list_branches"]


def test_the_first_sample_is_the_models_best_guess_and_all_variants_come() -> None:
    first, *others = (vary(number, 0.5) for number in range(1, 9))
    assert (first.temperature, first.variant) == (0.0, "plain")
    assert {v.variant for v in others} == set(VARIANTS)
    assert all(0 < v.temperature <= 1.5 for v in others)
    assert len({(v.temperature, v.variant) for v in others}) > 4


def test_examples_are_as_short_as_plans_should_be() -> None:
    for _, plan in EXAMPLE_PLANS:
        assert len(plan.splitlines()) <= 6
        assert "\n\n" not in plan
