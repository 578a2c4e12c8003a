"""See whether a site has signed the account out, where its toolset says how that looks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import SignedOut
from agentjit.toolspecs.toolset import Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds that one look may take: a page whose own script never ends answers nothing.
LOOK_SECONDS: Final = 2.0


async def is_signed_out(page: Page, toolset: Toolset) -> bool:
    """Whether the tab is seen to ask to sign in again."""
    if not toolset.signed_out:
        return False
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await page.locator(toolset.signed_out).first.is_visible()
    except (PlaywrightError, TimeoutError):
        return False


def signed_out(when: str) -> SignedOut:
    """What to say of it."""
    return SignedOut(
        f"the site has signed the account out, {when}",
        "sign in again (agentjit auth save NAME, then --account NAME); what was done before stays "
        "done, and agentjit resume does the rest",
    )
