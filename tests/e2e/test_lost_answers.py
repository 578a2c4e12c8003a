"""An order whose answer is lost, and prices that are none: what the run says is what is true."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Route

from agentjit.engine import AgentJIT
from agentjit.errors import ToolError
from tests.e2e.hire import CHEAPEST_DRILL, PATIENCE, PLAN, events_of, open_hire, truth, with_body
from tests.fixtures.toolhire.tools import TOOLSET

pytestmark = pytest.mark.browser

ORDER = """\
goto_store("Taco Bell")
item = min(list_menu_items(), key=lambda m: m["price"])
add_to_cart(item["name"])
goto_checkout()
order = place_order()
"""


@pytest_asyncio.fixture
async def jit(tmp_path: Path) -> AsyncIterator[AgentJIT]:
    async with (
        asyncio.timeout(PATIENCE),
        AgentJIT("dashdish", runs_dir=tmp_path, approve=True, env={}) as jit,
    ):
        yield jit


def context_of(jit: AgentJIT) -> Any:
    return jit._live.context


async def orders(jit: AgentJIT) -> int:
    """How many orders the site's own record has."""
    answer = await context_of(jit).request.get(f"{jit._live.url}/finish")
    return len((await answer.json())["finalstate"]["cart"]["foodOrders"])


async def take_and_fail(route: Route) -> None:
    await route.fetch(max_redirects=0)
    await route.fulfill(status=502, body="Bad gateway")


async def fail(route: Route) -> None:
    await route.fulfill(status=502, body="Bad gateway")


async def take_and_hang_up(route: Route) -> None:
    await route.fetch(max_redirects=0)
    await route.abort("connectionreset")


def commit_events(run_dir: Path | None) -> list[str]:
    return [e["kind"] for e in events_of(run_dir) if e["kind"].startswith("commit-")]


async def test_an_order_that_was_taken_behind_an_error_page_is_done(jit: AgentJIT) -> None:
    await context_of(jit).route("**/checkout/place", take_and_fail)
    result = await jit.run("order", plan=ORDER)
    assert result.status == "done", result.error
    assert await orders(jit) == 1
    (commit,) = result.commits
    assert commit.outcome == "done"
    assert commit.value["total"] == commit.terms["total"]
    assert commit_events(result.run_dir) == [
        "commit-intent",
        "commit-attempted",
        "commit-settled",
        "commit-done",
    ]


async def test_an_order_that_was_not_taken_behind_an_error_page_is_not_done(jit: AgentJIT) -> None:
    await context_of(jit).route("**/checkout/place", fail)
    result = await jit.run("order", plan=ORDER)
    assert (result.status, result.exit_code) == ("failed", 1)
    assert result.error is not None
    assert result.error.code == "not-done"
    assert "did not take effect" in result.error.message
    assert "try again" not in f"{result.error.message} {result.error.hint}"
    assert await orders(jit) == 0
    assert result.commits == ()
    assert commit_events(result.run_dir) == [
        "commit-intent",
        "commit-attempted",
        "commit-settled",
        "commit-not-done",
    ]


async def test_an_order_whose_connection_is_lost_is_unknown(jit: AgentJIT) -> None:
    await context_of(jit).route("**/checkout/place", take_and_hang_up)
    result = await jit.run("order", plan=ORDER)
    assert (result.status, result.exit_code) == ("unknown", 5), result.error
    assert await orders(jit) == 1
    assert [c.outcome for c in result.commits] == ["unknown"]


async def test_a_booking_whose_receipt_cannot_be_read_is_done(tmp_path: Path) -> None:
    honest = TOOLSET.by_name["confirm_booking"].body

    async def lose(page: Any) -> Any:
        receipt = await honest(page)
        raise ToolError(f"the receipt of {receipt['booking_number']} cannot be read")

    tools = with_body("confirm_booking", lose)
    async with open_hire(tmp_path, tools=tools, approve=True) as hire:
        result = await hire.run(plan=PLAN)
        assert result.status == "done", result.error
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
        (commit,) = result.commits
        assert commit.outcome == "done"
        assert commit.value["total_cost"] == commit.terms["total_cost"]
        assert set(commit.value) == {"booking_number", "total_cost"}


@pytest.mark.parametrize("words", ["Market price", "from $2", "$1.2.3", "$3.00 or $4.00", ""])
async def test_a_price_in_words_is_not_the_cheapest(jit: AgentJIT, words: str) -> None:
    async def reword(route: Route) -> None:
        answer = await route.fetch()
        menu = await answer.text()
        start = menu.index('<div class="dish__pr">')
        first = menu.index("<span>", start) + len("<span>")
        end = menu.index("</span>", first)
        await route.fulfill(response=answer, body=menu[:first] + words + menu[end:])

    await context_of(jit).route("**/store/*/menu", reword)
    result = await jit.run("order", plan=ORDER)
    assert (result.status, result.exit_code) == ("failed", 1)
    assert result.error is not None
    assert f'"{words}" is not an amount of money' in result.error.message
    assert result.line == 2
    assert await orders(jit) == 0


async def test_a_rate_in_words_is_not_the_cheapest(tmp_path: Path) -> None:
    async def reword(route: Route) -> None:
        answer = await route.fetch()
        script = (await answer.text()).replace("`${pounds(machine.rate)} a day`", '"call us"')
        await route.fulfill(response=answer, body=script)

    async with open_hire(tmp_path, approve=True) as hire:
        await context_of(hire.jit).route("**/hire.js", reword)
        result = await hire.run(plan=PLAN)
        assert (result.status, result.exit_code) == ("failed", 1)
        assert result.error is not None
        assert '"call us" is not a sum of money' in result.error.message
        assert (await truth(hire.url))["bookings"] == []
