"""How Reddit's tools reach the site: scripts that they run in a page, and addresses they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import PageScripts

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Seconds that a call may take: a few answers, of which one may be very late.
PATIENT: Final = 30.0
#: Seconds for lists that may have many pages.
LONG: Final = 60.0

SCRIPTS: Final = PageScripts("agentjit.sites.reddit", ("in_page.js", "in_forms.js"))

#: Run one function of them, see PageScripts.act.
act = SCRIPTS.act


async def visit(page: Page, path: str, otherwise: ToolError) -> None:
    """Go to a path of the site that the tab is on.

    Where the site has nothing there the tab goes back to where it was, and `otherwise` is raised.
    """
    here = urlsplit(page.url)
    if here.scheme not in ("http", "https"):
        raise ToolError("this tab is on no site", "open the site's address first")
    answer = await page.goto(f"{here.scheme}://{here.netloc}{path}", wait_until="domcontentloaded")
    if answer is not None and answer.status == 404:
        await page.go_back(wait_until="domcontentloaded")
        raise otherwise


async def send(page: Page, function: str, argument: Any, *, to: str) -> None:
    """Run a function that sends a form and thereby leaves the page; wait for the page `to`.

    Raises NotDone where the site refused what was sent, ToolError where it did not answer, or with
    a page that nobody expects: an error, or one that asks to sign in.
    """
    async with page.expect_event("domcontentloaded"):
        await act(page, function, argument)
    if urlsplit(page.url).scheme not in ("http", "https"):
        raise ToolError("the site did not answer", "look whether it was done before repeating it")
    refused = await act(page, "refusal")
    if refused is not None:
        raise NotDone(f"the site refused: {refused}")
    if (await act(page, "observe"))["page"] != to:
        raise ToolError(
            f"the site answered with the page {await page.title()!r}",
            "look whether it was done before repeating it",
        )
