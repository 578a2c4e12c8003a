"""Orders of 6, 10 and 20 browser actions: by agentjit, and by a script that a person wrote.

Both have a browser that is up, an account, and a new tab for each order, and take turns. The script
clicks what a customer would and checks nothing but that there is a confirmation; agentjit checks
the plan, observes the contracts of all calls, keeps a journal, and reads the terms and the order.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from agentjit.bench.measuring import Spread, show_spreads
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import SiteSettings

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

STORE: Final = "Taco Bell"


@dataclass(frozen=True, slots=True)
class Rung:
    """An order: how many different items, and what is chosen at checkout, by field and value."""

    items: int
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def actions(self) -> int:
        """Clicks: the store, two for an item, the choices, the cart, the checkout, the order."""
        return 1 + 2 * self.items + len(self.choices) + 3

    def plan(self, names: Sequence[str]) -> str:
        """The order as a plan."""
        calls = [f"goto_store({STORE!r})"]
        calls += [f"add_to_cart({name!r})" for name in names[: self.items]]
        calls.append("goto_checkout()")
        calls += [_CALLS[field].format(value) for field, value in self.choices]
        return "\n".join([*calls, 'result = place_order()["order_id"]\n'])


_CALLS: Final = {"tip": "set_tip({})", "drop_off": "choose_drop_off({!r})"}

RUNGS: Final = (
    Rung(1),
    Rung(3),
    Rung(7, (("tip", "3.00"), ("drop_off", "Hand it to me"))),
)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Seconds of each rung, in pairs, and of agentjit's those that observed contracts."""

    by_hand: Mapping[int, tuple[float, ...]]
    by_plan: Mapping[int, tuple[float, ...]]
    checking: Mapping[int, tuple[float, ...]]

    def ratio(self, actions: int) -> float:
        """By plan to by hand: the median over the pairs."""
        pairs = zip(self.by_plan[actions], self.by_hand[actions], strict=True)
        return median(plan / hand for plan, hand in pairs)

    def show(self) -> str:
        """A table."""
        spreads = []
        for actions in self.by_hand:
            spreads += [
                Spread(f"{actions} actions, by hand", self.by_hand[actions]),
                Spread(f"{actions} actions, by plan", self.by_plan[actions]),
                Spread("  of it observing contracts", self.checking[actions]),
            ]
        ratios = ", ".join(f"{self.ratio(n):.2f} ({n} actions)" for n in self.by_hand)
        title = "an order, from a new tab to its confirmation, browser warm"
        return f"{show_spreads(title, spreads, 's')}\n  by plan / by hand: {ratios}"

    def to_json(self) -> dict[str, Any]:
        """As data, in seconds."""
        return {
            str(actions): {
                "by_hand": list(self.by_hand[actions]),
                "by_plan": list(self.by_plan[actions]),
                "checking": list(self.checking[actions]),
                "ratio": round(self.ratio(actions), 4),
            }
            for actions in self.by_hand
        }


async def measure_ladder(repeats: int, rungs: Sequence[Rung] = RUNGS) -> Ladder:
    """Every rung so many times, by hand and by plan in turn. Raises RunError."""
    from playwright.async_api import async_playwright

    by_hand: dict[int, list[float]] = {rung.actions: [] for rung in rungs}
    by_plan: dict[int, list[float]] = {rung.actions: [] for rung in rungs}
    checking: dict[int, list[float]] = {rung.actions: [] for rung in rungs}
    with tempfile.TemporaryDirectory() as runs:
        site = load_site("dashdish")
        async with serving([site], SiteSettings()) as urls, async_playwright() as playwright:
            url = urls[site.name]
            _, browser = await open_browser(playwright, os.environ)
            context = await browser.new_context()
            async with _engine(url, runs) as jit:
                names = await _menu(jit)
                # Once without the clock: caches fill, on both sides.
                for number in range(repeats + 1):
                    for rung in rungs:
                        hand = await _time_by_hand(context, url, rung, names)
                        plan, checks = await _time_by_plan(jit, rung, names)
                        if number:
                            by_hand[rung.actions].append(hand)
                            by_plan[rung.actions].append(plan)
                            checking[rung.actions].append(checks)
            await browser.close()
    return Ladder(_frozen(by_hand), _frozen(by_plan), _frozen(checking))


def _engine(url: str, runs: str) -> AgentJIT:
    # A replica without latency must not teach the user's own profiles.
    return AgentJIT(
        "dashdish",
        url=url,
        approve=True,
        cache=False,
        strategy="serial",
        env={**os.environ, "AGENTJIT_CACHE": runs},
        runs_dir=runs,
    )


async def _menu(jit: AgentJIT) -> list[str]:
    plan = f"goto_store({STORE!r})\nresult = list_menu_items()\n"
    result = await jit.run("list the menu", plan=plan)
    if not result.ok:
        raise RunError(f"the menu could not be read: {result.error}")
    return [str(item["name"]) for item in result.value if item["available"]]


async def _time_by_plan(jit: AgentJIT, rung: Rung, names: Sequence[str]) -> tuple[float, float]:
    result = await jit.run("order these", plan=rung.plan(names))
    if not result.ok:
        raise RunError(f"the order of {rung.actions} actions failed: {result.error}")
    timing = result.timing
    seconds = timing["opening the site"] + timing["planning"] + timing["running"]
    return seconds, timing["checking contracts"]


async def _time_by_hand(
    context: BrowserContext, url: str, rung: Rung, names: Sequence[str]
) -> float:
    begun = perf_counter()
    page = await context.new_page()
    await page.goto(url)
    await order_by_hand(page, rung, names)
    seconds = perf_counter() - begun
    await page.close()
    return seconds


async def order_by_hand(page: Page, rung: Rung, names: Sequence[str]) -> str:
    """Order the first of these items from the home page; gives what the confirmation says."""
    card = page.locator(".card").filter(has=page.get_by_text(STORE, exact=True))
    await card.first.click()
    for name in names[: rung.items]:
        dish = page.locator(".dish").filter(has=page.get_by_text(name, exact=True))
        await dish.first.click()
        # A message about the item before lies over the button for seconds: no click waits for it.
        await page.locator("[data-add]").dispatch_event("click")
        await page.locator("[data-add]").wait_for(state="hidden")
    await page.locator(".bag").click()
    await page.get_by_role("link", name="Go to checkout").click()
    for field, value in rung.choices:
        await page.locator(f"label:has(input[name='{field}'][value='{value}'])").click()
    await page.get_by_role("button", name="Place order").click()
    return await page.locator(".placed__id").inner_text()


def _frozen(seconds: Mapping[int, Sequence[float]]) -> dict[int, tuple[float, ...]]:
    return {actions: tuple(times) for actions, times in seconds.items()}
