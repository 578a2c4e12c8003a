"""Tools that a site has outgrown: they know its first layout only; and a model that clicks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agentjit.engine import AgentJIT
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import make_settings
from agentjit.toolspecs import Toolset
from tests.fixtures.fake_endpoint import FakeEndpoint, Reply, Seen, fake_endpoint, says, writes

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Milliseconds after which a tool that does not find its element gives up.
PATIENCE_MS: Final = 700
DAY: Final = "2026-03-01"


def outgrown(site: str, **bodies: Callable[..., Awaitable[Any]]) -> Toolset:
    """A site's tools, of which some are as most people write them: for the page as it was."""
    toolset = load_site(site).toolset
    tools = tuple(replace(t, body=bodies.get(t.name, t.body)) for t in toolset.tools)
    return replace(toolset, tools=tools)


async def goto_store(page: Page, store_name: str) -> None:
    await page.locator(".card__nm", has_text=store_name).first.click(timeout=PATIENCE_MS)
    await page.locator("#store").wait_for(timeout=PATIENCE_MS)


async def goto_checkout(page: Page) -> None:
    await page.locator("button.bag").click(timeout=PATIENCE_MS)
    await page.locator(".drawer a.btn--full").click(timeout=PATIENCE_MS)
    await page.wait_for_url("**/checkout", timeout=PATIENCE_MS)


async def empty_cart(page: Page) -> None:
    await page.locator("button.bag").click(timeout=PATIENCE_MS)
    await page.locator(".drawer [data-to='0']").click(timeout=PATIENCE_MS)


async def goto_email_detail(page: Page, email_id: str) -> None:
    await page.locator(f"[data-go^='/mail/{email_id}?']").click(timeout=PATIENCE_MS)
    await page.wait_for_url(f"**/mail/{email_id}?*", timeout=PATIENCE_MS)


DASHDISH: Final = outgrown(
    "dashdish", goto_store=goto_store, goto_checkout=goto_checkout, empty_cart=empty_cart
)
GOMAIL: Final = outgrown("gomail", goto_email_detail=goto_email_detail)


def other_layout_from(page: int) -> str:
    """The fault of a site that is built anew while somebody is there: from the page on."""
    return ",".join(f"layout@{number}" for number in range(page, 40))


@dataclass
class Clicker:
    """A model that plans as it is told, and answers each step with the next of its answers.

    In an answer `{button "Go"}` stands for the ref of the first line that has `button "Go"` in it.
    """

    answers: Iterator[str]
    plan: str = ""
    #: What it was told in each step.
    steps: list[str] = field(default_factory=list)

    def __call__(self, _: int, seen: Seen) -> Reply:
        told = str(seen.body["messages"][-1]["content"])
        if "<page>" not in told:
            return writes(self.plan)
        self.steps.append(told)
        answer = next(self.answers, '{"give_up": "the script is over"}')
        return says(re.sub(r"\{(\w+ [^{}]+)\}", lambda m: ref_of(told, m[1]), answer))


def ref_of(told: str, what: str) -> str:
    """The ref of the first line of a page that has this in it."""
    line = next((line for line in told.splitlines() if f"- {what}" in line), None)
    assert line is not None, f"{what} is not on the page:\n{told}"
    found = re.search(r"\[ref=(\w+)\]", line)
    assert found is not None, line
    return found[1]


@asynccontextmanager
async def living(
    toolset: Toolset,
    runs_dir: Path,
    *,
    answers: list[str] | None = None,
    plan: str = "",
    faults: str = "none",
    **options: Any,
) -> AsyncIterator[tuple[AgentJIT, Clicker, FakeEndpoint]]:
    """An engine on a served site with these tools; a model only where it has answers."""
    clicker = Clicker(iter(answers or ()), plan)
    site = load_site(toolset.name)
    async with (
        fake_endpoint(script=clicker) as endpoint,
        serving([site], make_settings(faults=faults, today=DAY)) as addresses,
    ):
        model = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": endpoint.base_url}
        engine = AgentJIT(
            tools=toolset,
            url=addresses[site.name],
            runs_dir=runs_dir,
            cache=False,
            goals=False,
            env=model if answers is not None else {},
            **{"strategy": "serial", "retry": False, **options},
        )
        async with engine as jit:
            yield jit, clicker, endpoint


async def changes(jit: AgentJIT) -> dict[str, int]:
    """How many things of each kind have changed for the engine's account, by the site's record."""
    session = jit._live
    path = load_site(session.toolset.name).record_path
    answer = await session.context.request.get(f"{session.url}{path}")
    found: dict[str, dict[str, Any]] = (await answer.json())["differences"]
    counts = {name: sum(map(len, kind.values())) for name, kind in found.items()}
    return {name: count for name, count in counts.items() if count}
