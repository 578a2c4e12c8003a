"""The step loop on small pages in a real browser, with a model that says what it is told to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from agentjit.errors import RunError
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.runtime.launch import open_browser
from agentjit.runtime.secrets import Secrets
from agentjit.stepping.loop import step
from agentjit.stepping.outcome import StepLimits
from tests.stepping.script import Script

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SHOP: Final = "http://shop.test"
PAGES: Final = {
    "/": """<title>Shop</title><main>
      <a href="/tea">Tea</a> <a href="http://rival.test/">Elsewhere</a>
      <input aria-label="Search"> <input aria-label="Town">
      <select aria-label="Size"><option value="s">Small<option value="l">Large one</select>
      <button onclick="document.body.append(document.querySelector('select').value)">Tell</button>
      <button onclick="this.remove()">Go away</button>
      <p id="typed"></p></main>
      <script>for (const each of document.querySelectorAll("input"))
        each.oninput = () => typed.textContent = [...document.querySelectorAll("input")]
          .map(each => each.value).join("+")</script>""",
    "/tea": "<title>Tea</title><h1>Tea</h1><button>Buy</button>",
    "/long": "<title>Long</title>" + "".join(f"<p>Paragraph {n}</p>" for n in range(400)),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ, headless=True, hosts=["shop.test"])
        page = await browser.new_page()
        await page.route("**/*", answer)
        yield page
        await browser.close()


async def answer(route: Route) -> None:
    path = route.request.url.removeprefix(SHOP)
    body = PAGES.get(path.partition("?")[0])
    await route.fulfill(status=200 if body else 404, body=body or "", content_type="text/html")


async def play(page: Page, *answers: str, start: str = "/", **options: Any) -> tuple[Any, Script]:
    await page.goto(SHOP + start)
    model = Script(list(answers))
    return await step(page, "look for tea", model, **options), model


async def test_several_actions_at_once_stop_where_the_page_is_another(page: Page) -> None:
    first = (
        '[{"type": "<Search>", "text": "tea"}, {"type": "<Town>", "text": "York"}, '
        '{"click": "<Tea>"}, {"click": "<Tell>"}]'
    )
    outcome, model = await play(page, first, '{"done": "found"}')
    assert (outcome.status, outcome.answer) == ("done", "found")
    assert (outcome.model_calls, outcome.actions, outcome.calls) == (2, 3, 0)
    assert outcome.usage == Usage(2, 200, 40)
    assert outcome.thinking == 1.0
    assert 0 <= outcome.first_action <= outcome.seconds
    assert "clicked; the page is now http://shop.test/tea" in model.seen[1]
    assert "(1 more actions of that answer were not done)" in model.seen[1]
    assert 'heading "Tea"' in model.seen[1]


async def test_fields_lists_and_keys(page: Page) -> None:
    outcome, model = await play(
        page,
        '[{"type": "<Search>", "text": "green tea"}, {"type": "<Town>", "text": "York"}, '
        '{"select": "<Size>", "option": "large ONE"}, {"click": "<Tell>"}, {"press": "Tab"}, '
        '{"scroll": "down"}]',
        '{"select": "<Size>", "option": "Huge"}',
        '{"give_up": "there is nothing huge"}',
    )
    assert (outcome.status, outcome.reason) == ("gave-up", "there is nothing huge")
    assert "green tea+York" in model.seen[1]
    assert "text: l" in model.seen[1]
    assert "there is no option 'Huge'; there are: 'Small', 'Large one'" in model.seen[2]


@pytest.mark.parametrize("url", ["http://rival.test/", "//rival.test", "file:///etc/passwd"])
async def test_it_goes_nowhere_else(page: Page, url: str) -> None:
    outcome, model = await play(page, f'{{"goto": "{url}"}}', '{"goto": "/tea"}', '{"done": null}')
    assert outcome.status == "done"
    assert "is not an address of this site: nothing was done" in model.seen[1]
    assert page.url == f"{SHOP}/tea"


async def test_what_cannot_be_done_is_told_with_what_to_do(page: Page) -> None:
    outcome, model = await play(
        page,
        "I would click on tea.",
        '[{"click": "<Go away>"}, {"click": "<Go away>"}]',
        '{"click": "e999"}',
        '{"call": "order", "with": {}}',
        '{"done": null}',
    )
    assert outcome.status == "done"
    assert "your answer could not be read: there is no JSON object" in model.seen[1]
    assert "is not on the page any more" in model.seen[2]
    assert "e999 is not on the page any more" in model.seen[3]
    assert "there are no tools here" in model.seen[4]
    assert '"call"' not in model.system


async def test_a_long_page_is_shown_in_parts(page: Page) -> None:
    outcome, model = await play(
        page,
        '{"more": true}',
        '{"more": true}',
        '{"done": null}',
        start="/long",
        limits=StepLimits(page_chars=2_000),
    )
    assert outcome.status == "done"
    assert all(len(told) < 3_000 for told in model.seen)
    assert "Paragraph 1\n" in model.seen[0]
    assert "Paragraph 60\n" in model.seen[1]
    assert "Paragraph 60\n" not in model.seen[2]


@pytest.mark.parametrize(
    ("limits", "reason", "asked"),
    [
        (StepLimits(steps=2), "2 steps were made", 2),
        (StepLimits(model_calls=3), "the model was asked 3 times", 3),
        (StepLimits(output_tokens=50), "the model wrote 60 tokens", 3),
    ],
)
async def test_it_ends(page: Page, limits: StepLimits, reason: str, asked: int) -> None:
    outcome, model = await play(page, *['{"scroll": "down"}'] * 9, limits=limits)
    assert (outcome.status, outcome.reason) == ("limit", reason)
    assert len(model.seen) == asked


async def test_a_model_that_never_answers_is_not_waited_for(page: Page) -> None:
    class Silent(Script):
        async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
            await asyncio.Event().wait()
            raise AssertionError("it never answers")

    await page.goto(SHOP)
    outcome = await step(page, "wait", Silent([]), limits=StepLimits(seconds=1.5))
    assert (outcome.status, outcome.reason) == ("limit", "1.5 s were over")
    assert outcome.first_action is None


async def test_the_sites_own_tools_are_actions_too(page: Page) -> None:
    class Tools:
        def describe(self) -> str:
            return "def open_tea() -> None\ndef count() -> int"

        async def call(self, tool: str, arguments: Any) -> Any:
            if tool == "open_tea":
                await page.goto(f"{SHOP}/tea")
                return None
            if tool == "count":
                return 7
            raise RunError(f"there is no tool {tool!r}", "there are open_tea and count")

    outcome, model = await play(
        page,
        '[{"call": "open_tea"}, {"call": "count"}]',
        '{"call": "buy", "with": {"n": 1}}',
        '{"done": 7}',
        tools=Tools(),
    )
    assert (outcome.answer, outcome.calls, outcome.actions) == (7, 3, 0)
    assert "def open_tea() -> None" in model.system
    assert "→ 7" in model.seen[1]
    assert "it failed: there is no tool 'buy'; there are open_tea and count" in model.seen[2]


async def test_no_model_is_told_a_secret(page: Page) -> None:
    secrets = Secrets(known={"CODE": "hunter-2222"})
    outcome, model = await play(
        page,
        '[{"type": "<Search>", "text": "hunter-2222"}, {"read": "e2"}]',
        '{"goto": "/tea?code=hunter-2222"}',
        '{"done": null}',
        secrets=secrets,
    )
    assert outcome.status == "done"
    assert "secret:CODE" in model.seen[1].partition("<page>")[2]
    assert all("hunter-2222" not in told for told in model.seen)


async def test_each_step_is_told_when_it_is_over(page: Page) -> None:
    told: list[int] = []
    watch: Callable[[Any], None] = lambda made: told.append(made.number)  # noqa: E731
    await play(page, '{"click": "<Tea>"}', '{"done": null}', watch=watch)
    assert told == [1, 2]
