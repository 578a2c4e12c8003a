"""What a call saw at its end stands for the next one's beginning, for a moment."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.errors import ContractBroken
from agentjit.toolspecs import Effect, Toolset, tool
from tests.runtime.pretend import (
    NAVIGATED,
    STATE,
    TOOLSET,
    PretendPage,
    VirtualClock,
    observe,
    paying,
)
from tests.runtime.test_driver import open_page
from tests.runtime.test_performing import GO, PAY, PICK, SHOW, Shopping


async def test_what_a_call_saw_a_moment_ago_is_not_looked_at_again() -> None:
    shop = Shopping(open_page())
    await shop.do(GO)
    once = shop.page.looks
    shop = Shopping(open_page())
    await shop.do(GO, PICK, SHOW)
    # A look for each end; the beginnings are the ends before.
    assert shop.page.looks == once + 2


class TickingClock(VirtualClock):
    """A tenth of a second passes each time that somebody looks at it."""

    def now(self) -> float:
        self.time += 0.1
        return self.time


async def test_what_was_seen_longer_ago_is_looked_at_again() -> None:
    shop = Shopping(open_page(), clock=TickingClock())
    await shop.do(GO, PICK)
    assert shop.page.looks == 4


async def test_before_what_cannot_be_undone_the_page_is_looked_at() -> None:
    seen: list[int] = []

    async def pay_late(page: PretendPage, **arguments: Any) -> Any:
        seen.append(page.looks)
        return await paying(page, **arguments)

    shop = Shopping(open_page(pay=pay_late))
    await shop.do(GO, PICK)
    before = shop.page.looks
    shop = Shopping(open_page(pay=pay_late))
    await shop.do(GO, PICK, PAY)
    assert seen[0] > before


@tool(effect=Effect.NAVIGATE)
async def wander(page: Any) -> None:
    """Go somewhere."""
    await page.act("wander")


async def wandering(page: PretendPage) -> None:
    """The page is being replaced when the call is over."""
    page.state["screen"] = "other"
    page.blinks.append(NAVIGATED)


async def test_a_page_of_which_nothing_was_seen_is_looked_at_before_a_change() -> None:
    toolset = Toolset("shop", "A shop", STATE, observe, (*TOOLSET.tools, wander))
    shop = Shopping(open_page(wander=wandering), toolset=toolset, retry=False)
    with pytest.raises(ContractBroken, match="screen is 'other'"):
        await shop.do(GO, ("wander", {}), PICK)
    assert "pick" not in shop.page.done
