"""A site that is built anew in mid-life: its tools are found out, and a model clicks instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentjit.runtime.result import RunResult
from tests.e2e.hire import events_of
from tests.e2e.outgrown import (
    DASHDISH,
    GOMAIL,
    PATIENCE_MS,
    changes,
    living,
    other_layout_from,
    outgrown,
)

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.browser

ORDER = """\
goto_store("Taco Bell")
add_to_cart(min(list_menu_items(), key=lambda item: item["price"])["name"])
goto_checkout()
result = place_order()
"""
TO_STORE = '[{"click": "{link "Taco Bell"}"}]'
TO_CHECKOUT = ['{"click": "{button "Cart (1)"}"}', '{"click": "{button "Go to checkout"}"}']
DONE = '{"done": null}'


def kinds(result: RunResult) -> list[str]:
    return [event["kind"] for event in events_of(result.run_dir)]


async def test_a_change_of_layout_between_two_calls_is_clicked_over(tmp_path: Path) -> None:
    async with living(
        DASHDISH,
        tmp_path,
        answers=[*TO_CHECKOUT, DONE],
        faults=other_layout_from(2),
        approve=True,
    ) as (jit, clicker, _):
        result = await jit.run("order the cheapest item from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert result.status == "done", result.error
    assert [commit.outcome for commit in result.commits] == ["done"]
    assert changed == {"foodOrders": 1}
    told = kinds(result)
    assert told.count("stepping") == 1
    assert told.count("stepped") == 3
    assert "replanning" not in told, "the account was changed by then"
    (ended,) = [e for e in events_of(result.run_dir) if e["kind"] == "stepping-ended"]
    assert (ended["tool"], ended["outcome"], ended["steps"]) == ("goto_checkout", "done", 3)
    assert "Its name is goto_checkout" in clicker.steps[0]
    assert result.usage.calls == 3


async def test_without_a_model_it_is_a_typed_failure_with_evidence(tmp_path: Path) -> None:
    async with living(DASHDISH, tmp_path, faults=other_layout_from(1), approve=True) as (jit, _, _):
        result = await jit.run("order the cheapest item from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert (result.status, result.exit_code, result.line) == ("failed", 1, 1)
    assert result.error is not None
    assert result.error.code == "tool-failed"
    assert changed == {}, "nothing was changed before it was found out"
    (stop,) = [e for e in events_of(result.run_dir) if e["kind"] == "stopped-at"]
    assert stop["state"]["page"] == "home"
    assert result.run_dir is not None
    assert (result.run_dir / "stopped.png").read_bytes().startswith(b"\x89PNG")
    assert (result.run_dir / "stopped.png").stat().st_mode & 0o777 == 0o600


async def test_it_comes_after_another_plan(tmp_path: Path) -> None:
    async with living(
        DASHDISH,
        tmp_path,
        answers=[TO_STORE, DONE, *TO_CHECKOUT, DONE],
        plan=ORDER,
        faults=other_layout_from(1),
        approve=True,
    ) as (jit, _, _):
        result = await jit.run("order the cheapest item from Taco Bell")
        changed = await changes(jit)
    assert result.status == "done", result.error
    told = kinds(result)
    order = ["replanning", "not-replanned", "begun-anew", "stepping"]
    assert [kind for kind in told if kind in order] == [*order, "stepping"]
    assert changed == {"foodOrders": 1}


async def test_a_mail_is_found_in_the_new_layout(tmp_path: Path) -> None:
    plan = """\
mail = list_emails(visible_only=True)[0]
goto_email_detail(mail["id"])
result = get_email_details()["subject"]
"""
    async with living(
        GOMAIL,
        tmp_path,
        answers=['{"click": "{link "Invoice 21"}"}', DONE],
        faults=other_layout_from(1),
    ) as (jit, clicker, _):
        result = await jit.run("what is the first mail about?", plan=plan)
        changed = await changes(jit)
    assert result.status == "done", (result.error, clicker.steps)
    assert changed == {}


async def test_the_models_word_is_not_believed(tmp_path: Path) -> None:
    async with living(
        DASHDISH, tmp_path, answers=[DONE], faults=other_layout_from(1), approve=True
    ) as (jit, _, _):
        result = await jit.run("order the cheapest item from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.code == "tool-failed"
    (ended,) = [e for e in events_of(result.run_dir) if e["kind"] == "stepping-ended"]
    assert ended["outcome"] == "failed"
    assert "page == 'store'" in ended["reason"]
    assert changed == {}


async def test_a_result_of_another_store_is_not_believed(tmp_path: Path) -> None:
    async def list_menu_items(page: Page) -> list[dict[str, Any]]:
        await page.get_by_role("heading", name="DragonEats").first.wait_for(timeout=PATIENCE_MS)
        return []

    stale = outgrown("dashdish", list_menu_items=list_menu_items)
    answers = ['{"goto": "/"}', '{"click": "{link "DragonEats"}"}', DONE]
    layout = other_layout_from(2)
    async with living(stale, tmp_path, answers=answers, faults=layout) as (jit, _, _):
        plan = 'goto_store("Taco Bell")\nresult = list_menu_items()\n'
        result = await jit.run("what does Taco Bell have?", plan=plan)
    assert result.status == "failed", result.value
    (ended,) = [e for e in events_of(result.run_dir) if e["kind"] == "stepping-ended"]
    assert "leaves selected_store as it was, 'Taco Bell'" in ended["reason"]


async def test_clicks_for_a_harmless_call_change_nothing(tmp_path: Path) -> None:
    # It does what the goal did not ask for: an article is put into the cart on the way.
    answers = [
        TO_STORE,
        *(f'{{"click": "{{button "{b}}}"}}' for b in ('Add"', "Add to cart")),
        DONE,
    ]
    async with living(DASHDISH, tmp_path, answers=answers, faults=other_layout_from(1)) as (
        jit,
        clicker,
        _,
    ):
        result = await jit.run("go to Taco Bell", plan='goto_store("Taco Bell")\n')
        changed = await changes(jit)
    assert changed == {}
    assert result.status == "done", (result.error, clicker.steps)
    assert "which is not allowed here" in clicker.steps[-1]


async def test_a_change_is_made_where_its_contract_tells_that_it_was(tmp_path: Path) -> None:
    plan = """\
goto_store("Taco Bell")
add_to_cart("Cinnamon Bites")
empty_cart()
"""
    answers = ['{"click": "{button "Cart (1)"}"}', '{"click": "{button "Remove"}"}', DONE]
    async with living(DASHDISH, tmp_path, answers=answers, faults=other_layout_from(2)) as (
        jit,
        clicker,
        _,
    ):
        result = await jit.run("order nothing", plan=plan)
        changed = await changes(jit)
    assert result.status == "done", (result.error, clicker.steps)
    assert changed == {}
    assert "stepping-ended" in kinds(result)


async def test_nothing_is_changed_from_where_an_order_could_be_placed(tmp_path: Path) -> None:
    """At the checkout a click could be the order itself, so that no change is left to clicks."""
    plan = """\
goto_store("Taco Bell")
add_to_cart("Cinnamon Bites")
empty_cart()
"""
    # The model does what a page has talked it into.
    answers = [
        '[{"goto": "/checkout"}]',
        '{"click": "{button "Place order"}"}',
        '{"click": "{button "Place order"}"}',
        DONE,
    ]
    async with living(DASHDISH, tmp_path, answers=answers, faults=other_layout_from(2)) as (
        jit,
        clicker,
        _,
    ):
        result = await jit.run("order nothing", plan=plan)
        changed = await changes(jit)
    assert "which is not allowed here" in "".join(clicker.steps), clicker.steps
    assert "foodOrders" not in changed
    assert result.status == "failed"
    (ended,) = [e for e in events_of(result.run_dir) if e["kind"] == "stepping-ended"]
    assert ended["outcome"] == "failed"


async def test_an_irreversible_call_is_left_to_its_own_tool(tmp_path: Path) -> None:
    async def place_order(page: Page) -> None:
        await page.locator("button.btn--buy").click(timeout=PATIENCE_MS)

    stale = outgrown("dashdish", place_order=place_order)
    async with living(stale, tmp_path, answers=[DONE], approve=True) as (jit, clicker, _):
        result = await jit.run("order the cheapest item from Taco Bell", plan=ORDER)
        changed = await changes(jit)
    assert clicker.steps == []
    assert "foodOrders" not in changed
    assert result.status in ("failed", "unknown")
    told = kinds(result)
    assert told.count("commit-attempted") == 1
    assert "stepping" not in told


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with living(
        DASHDISH, tmp_path, answers=[TO_STORE], faults=other_layout_from(1), steps=False
    ) as (jit, clicker, _):
        result = await jit.run("go to Taco Bell", plan='goto_store("Taco Bell")\n')
    assert result.status == "failed"
    assert clicker.steps == []
    assert "stepping" not in kinds(result)
