"""The law of a head start: whatever was begun ahead, a run does and gives what it does without."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import event, given, settings
from hypothesis import strategies as st

from agentjit.compiler.check import check_or_raise
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.sandbox import open_sandbox
from agentjit.source import Source
from agentjit.toolspecs import Effect, Scope, StateModel, StateVar, Toolset, tool
from tests.laws import LAW
from tests.runtime.begun_shop import Shop
from tests.runtime.pretend import PretendPage, observe


@tool(ensures="screen == 'home'", effect=Effect.NAVIGATE, resets_tab=True)
async def home(page: Any) -> None:
    """Go to the start."""
    await page.act("home")


@tool(requires="screen == 'home'", ensures="screen == 'shop'", effect=Effect.NAVIGATE)
async def enter(page: Any) -> None:
    """Go to the first leaf of the shop's list."""
    await page.act("enter")


@tool(requires="screen == 'shop'", ensures="screen == 'shop'", effect=Effect.NAVIGATE)
async def turn(page: Any) -> None:
    """Go to the next leaf, of which nothing is observed."""
    await page.act("turn")


@tool(requires="screen == 'shop'", effect=Effect.READ, reads={"cart"})
async def show(page: Any) -> int:
    """Tell the leaf and how much was picked."""
    shown: int = await page.act("show")
    return shown


@tool(requires="screen == 'shop'", ensures="cart == 'full'", effect=Effect.WRITE, writes={"cart"})
async def pick(page: Any) -> None:
    """Pick what is on this leaf."""
    await page.act("pick")


STATE: Final = StateModel(
    (
        StateVar("screen", values=("home", "shop"), start="home"),
        StateVar("cart", values=("empty", "full"), start="empty", scope=Scope.ACCOUNT),
    )
)
LEAVES: Final = Toolset(
    "leaves", "A shop with leaves", STATE, observe, (home, enter, turn, show, pick)
)
#: What may be called where.
STEPS: Final = {"home": ("enter", "home"), "shop": ("show", "turn", "pick", "home", "show")}
WALKS: Final = st.lists(st.integers(0, 4), max_size=7)


@dataclass(slots=True)
class Leaves:
    """The site: what was picked is the account's, the leaf a tab's."""

    picked: list[int] = field(default_factory=list)
    leaf: dict[int, int] = field(default_factory=dict)
    pages: list[PretendPage] = field(default_factory=list)

    def open(self) -> PretendPage:
        """A tab at the start."""
        acts = {name: getattr(self, name) for name in ("home", "enter", "turn", "show", "pick")}
        page = PretendPage({"screen": "home", "cart": "full" if self.picked else "empty"}, acts)
        self.pages.append(page)
        return page

    async def home(self, page: PretendPage) -> None:
        page.state["screen"] = "home"

    async def enter(self, page: PretendPage) -> None:
        page.state["screen"], self.leaf[id(page)] = "shop", 1

    async def turn(self, page: PretendPage) -> None:
        self.leaf[id(page)] += 1

    async def show(self, page: PretendPage) -> int:
        return 100 * self.leaf[id(page)] + len(self.picked)

    async def pick(self, page: PretendPage) -> None:
        self.picked.append(self.leaf[id(page)])
        for each in self.pages:
            each.state["cart"] = "full"


def written(walk: Sequence[int]) -> str:
    """A plan that checks, and tells all that it was shown."""
    screen, lines, shown = "home", list[str](), list[str]()
    for number, choice in enumerate(walk):
        step = STEPS[screen][choice % len(STEPS[screen])]
        screen = {"home": "home", "enter": "shop"}.get(step, screen)
        name = f"shown{number} = " if step == "show" else ""
        shown += [f"shown{number}"] if name else []
        lines.append(f"{name}{step}()\n")
    return "".join([*lines, f"result = [{', '.join(shown)}]\n"])


async def perform(plan: str, *heard: str) -> tuple[Outcome, list[int], int]:
    """A run, what it picked, and how many calls it took over from what was begun."""
    site = Leaves()
    shop = Shop(own=site.open(), other=site.open(), toolset=LEAVES, renewed=site.open)
    checked = check_or_raise(Source("plan.py", plan), LEAVES)
    async with AsyncExitStack() as stack:
        head, calls = await stack.enter_async_context(shop.started(*heard))
        sandbox = await stack.enter_async_context(open_sandbox())
        outcome = await Driver(
            checked=checked, calls=calls, sandbox=sandbox, recorder=calls.recorder
        ).run()
        return outcome, site.picked, head.taken


@settings(LAW, max_examples=60)
@given(WALKS, st.integers(0, 7), WALKS)
def test_a_run_gives_the_same_whatever_was_begun(
    walk: list[int], cut: int, other: list[int]
) -> None:
    plan, heard = written(walk), written([*walk[:cut], *other])
    # What is heard comes a line at a time; here in two parts.
    lines = heard.splitlines(keepends=True)
    parts = ["".join(lines[: len(lines) // 2]), heard] if len(lines) > 1 else [heard]
    plain, picked, _ = asyncio.run(perform(plan))
    begun, picked_begun, taken = asyncio.run(perform(plan, *parts))
    event(f"calls taken over: {min(taken, 3)}")
    assert (plain.error, begun.error) == (None, None)
    assert (begun.value, picked_begun) == (plain.value, picked)
