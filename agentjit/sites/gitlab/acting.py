"""The scripts that GitLab's tools run in its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import PageScripts, no_such

if TYPE_CHECKING:
    from playwright.async_api import Page

SCRIPTS: Final = PageScripts(
    "agentjit.sites.gitlab", ("in_page.js", "in_lists.js", "in_forms.js", "in_threads.js")
)

#: Run one function of them, see PageScripts.act.
act = SCRIPTS.act


async def act_and_leave(page: Page, function: str, argument: Any = None) -> Any:
    """Run a function that leaves the page, and wait until the next one is there.

    Where the function says what is wrong, in `missing` with the `names` that there are, or in
    `refused`, nothing is left, and that is raised.
    """
    answer = await act(page, function, argument)
    if isinstance(answer, dict) and "missing" in answer:
        raise no_such(answer["kind"], answer["missing"], answer["names"])
    if isinstance(answer, dict) and "refused" in answer:
        raise ToolError(answer["refused"])
    async with page.expect_event("domcontentloaded"):
        await act(page, "goOn")
    return answer


async def sent(page: Page) -> None:
    """After a form was sent for good: NotDone where the site says no, ToolError where it fails."""
    answer = await act(page, "outcome")
    if answer["complaint"]:
        raise NotDone(f"the site refused: {answer['complaint']}")
    if not answer["site"]:
        raise ToolError(
            "the site did not answer with a page of its own", "look before you repeat it"
        )


async def current_project(page: Page) -> str:
    """The path of the project whose page the tab shows; ToolError where it shows none."""
    project: str | None = (await act(page, "observe"))["project_path"]
    if project is None:
        raise ToolError("this page belongs to no project", "open one with goto_project()")
    return project
