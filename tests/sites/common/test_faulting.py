"""Faults as a browser meets them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, async_playwright

from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.sites.common.acting import PageScripts
from agentjit.sites.common.serve import serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SCRIPTS = PageScripts("agentjit.sites.common", ())
SOUP = '{"store": "rt-rotisserie", "item": "112"}'


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async with serving([load_site("dashdish")]) as addresses:
        yield addresses["dashdish"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=address)
    page = await context.new_page()
    page.set_default_timeout(5_000)
    yield page
    await context.close()


async def _count(page: Page) -> int:
    """How many pieces the site's own record has in the cart."""
    record = await (await page.request.get("/finish")).json()
    return sum(line["quantity"] for line in record["finalstate"]["cart"]["cartItems"])


async def _add(page: Page) -> int:
    """Add a soup from the page's scripts; the answer's status, or 0 where there is none."""
    status: int = await page.evaluate(
        "body => fetch('/cart/add', {method: 'POST', body}).then(a => a.status, () => 0)", SOUP
    )
    return status


async def test_what_a_lost_answer_stood_for_was_done_once(page: Page) -> None:
    # The connections are used ones by then: a browser would send again by itself what it lost.
    await page.goto("/orders")
    await page.goto("/orders?faults=lost@POST:1,lost@/checkout/place:1")
    assert await _add(page) == 0
    assert await _count(page) == 1
    assert await _add(page) == 200
    await page.goto("/checkout")
    with pytest.raises(Error, match=r"ERR_|interrupted"):
        async with page.expect_navigation():
            await page.get_by_role("button", name="Place order").click()
    record = await (await page.request.get("/finish")).json()
    assert len(record["finalstate"]["cart"]["foodOrders"]) == 1


async def test_an_error_page_says_that_nothing_was_done(page: Page) -> None:
    await page.goto("/orders?faults=error@POST:1")
    assert await _add(page) == 500
    assert await _count(page) == 0
    answer = await page.goto("/?fault=error")
    assert answer is not None
    assert answer.status == 500
    assert await page.get_by_role("heading").inner_text() == "Something went wrong on our side"


async def test_signing_in_again_goes_on_where_one_was(page: Page) -> None:
    await page.goto("/orders")
    assert await _add(page) == 200
    await page.goto("/cart?fault=expire")
    assert await page.get_by_role("heading").inner_text() == "Your session has expired"
    assert await _add(page) == 401
    await page.get_by_role("button", name="Sign in again").click()
    await page.wait_for_url("**/cart")
    assert await _add(page) == 200
    assert await _count(page) == 2


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_behind_a_dialog_can_be_used(page: Page, seed: int) -> None:
    await page.goto(f"/orders?seed={seed}&fault=modal")
    link = page.locator("a[href='/cart']").first
    await link.evaluate("link => link.click()")
    with pytest.raises(Error, match="intercepts pointer events"):
        await link.click(timeout=300)
    assert page.url.endswith("fault=modal")
    await page.get_by_role("dialog").get_by_role("button").first.click()
    await link.click()
    await page.wait_for_url("**/cart")


@pytest.mark.parametrize("seed", range(4))
async def test_a_tool_says_no_to_a_dialog_first(page: Page, seed: int) -> None:
    await page.goto(f"/orders?seed={seed}&fault=modal")
    assert await SCRIPTS.act(page, "(() => all('dialog').filter(shown).length)") == 0
    assert await page.get_by_role("dialog").count() == 0
