"""Await what a toolset's author or the browser does; whatever goes wrong becomes a RunError."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    AgentjitError,
    BrowserError,
    OriginRefused,
    RunError,
    SiteUnreachable,
    ToolError,
)

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

T = TypeVar("T")

#: What Chromium says when nobody answers at an address.
_UNREACHABLE: Final = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_CONNECTION_CLOSED",
    "ERR_EMPTY_RESPONSE",
    "ERR_INVALID_HTTP_RESPONSE",
    "ERR_NAME_NOT_RESOLVED",
    "ERR_ADDRESS_UNREACHABLE",
    "ERR_CONNECTION_TIMED_OUT",
    "ERR_TIMED_OUT",
    "ERR_INTERNET_DISCONNECTED",
)
#: What it says where the fence refused to lead on to another origin.
_REFUSED: Final = "ERR_TUNNEL_CONNECTION_FAILED"


class Interrupted(ToolError):
    """A tool's code was cut off: by its time, by the browser, or by a mistake of its own.

    Unlike a ToolError that a body raises by itself, it is no answer of the site's.
    """


async def guarded(
    work: Callable[[], Awaitable[T]], context: BrowserContext, doing: str, *, seconds: float
) -> T:
    """What `work` comes to, within its time.

    Raises Interrupted, BrowserError or SiteUnreachable; an AgentjitError of the work's own passes.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work()
    except AgentjitError:
        raise
    except PlaywrightError as error:
        raise browser_failure(error, context, doing) from error
    except TimeoutError as error:
        raise Interrupted(
            f"{doing} took longer than {seconds:g} s",
            "the site is slow, or something that the tool waits for does not come",
        ) from error
    except Exception as error:
        raise Interrupted(
            f"{doing} raised {type(error).__name__}: {error}",
            "its code has a mistake: mend the tools",
        ) from error


def is_gone(context: BrowserContext) -> bool:
    """Whether there is no browser any more."""
    return not (context.browser and context.browser.is_connected())


def browser_failure(error: PlaywrightError, context: BrowserContext, doing: str) -> RunError:
    """What a Playwright error means to a user: no browser, no site, or a tool that failed."""
    text = error.message.split("\n")[0]
    if is_gone(context):
        return BrowserError(
            f"the browser went away during {doing}",
            "run it again; if it happens often, `agentjit doctor` tells what is wrong",
        )
    if "has been closed" in text or "crashed" in text:
        how = "crashed" if "crashed" in text else "was closed"
        return BrowserError(f"the tab {how} during {doing}", "run it again")
    if _REFUSED in text:
        return origin_refused(doing)
    if any(sign in text for sign in _UNREACHABLE):
        return SiteUnreachable(
            f"the site does not answer: {text}", "start it, or give its address with --url"
        )
    return Interrupted(
        f"{doing} failed in the browser: {text}", "the page is not as the tool expects it to be"
    )


def origin_refused(doing: str) -> OriginRefused:
    """What to say where the fence stood in the way."""
    return OriginRefused(
        f"{doing} led outside the site's origins, and was refused",
        "if the site needs that origin: --allow-origin https://…, or `origins` of the toolset",
    )
