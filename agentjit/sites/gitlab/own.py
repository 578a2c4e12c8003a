"""GitLab's tools for what is one's own: the status, the profile, and whom one follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act, act_and_leave, sent
from agentjit.sites.gitlab.contracts import NOWHERE
from agentjit.sites.gitlab.results import StatusDetails
from agentjit.toolspecs import Effect, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    ensures=f"page == 'status_modal', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads={"status"},
    writes=(),
    resets_tab=True,
)
async def goto_edit_status(page: Page) -> None:
    """Open the dialog in which your status is set."""
    await open_path(page, "/dashboard/projects")
    await act(page, "openStatus")


@tool(
    requires="page == 'status_modal'",
    ensures=f"page == 'home', {NOWHERE}",
    effect=Effect.WRITE,
    reads={"status"},
    writes={"status"},
    examples=("set_status_details('Out of office')", "set_status_details('', busy=True)"),
)
async def set_status_details(
    page: Page, message: str, emoji: str | None = None, busy: bool | None = None
) -> None:
    """Set your status: its message, an emoji by name such as 'palm_tree', and whether you are busy.

    What is not given stays as it is.
    """
    wanted = {"message": message, "emoji": emoji, "busy": busy}
    answer = await act(page, "fillStatus", wanted)
    if "missing" in answer:
        raise no_such("emoji", answer["missing"], answer["names"])
    if complaint := await act(page, "saveStatus"):
        raise ToolError(f"the status was not set: {complaint}")


@tool(effect=Effect.READ, reads={"status"}, writes=())
async def get_status(page: Page) -> StatusDetails:
    """Read your status as it is now, from any page."""
    return cast("StatusDetails", await act(page, "getStatus"))


@tool(
    ensures=f"page == 'edit_profile', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads={"profile"},
    writes=(),
    resets_tab=True,
)
async def goto_edit_profile(page: Page) -> None:
    """Open the form with your profile."""
    await open_path(page, "/-/profile")


@tool(
    requires="page == 'edit_profile'",
    ensures="page == 'edit_profile'",
    effect=Effect.WRITE,
    reads={"profile"},
    writes={"profile"},
    idempotent=True,
    examples=("set_profile_website('https://example.org')",),
)
async def set_profile_website(page: Page, url: str) -> None:
    """Set the homepage (website) of your profile."""
    async with page.expect_event("domcontentloaded"):
        await act(page, "fillWebsite", url)
    await sent(page)


@tool(
    requires="page == 'user_profile'",
    ensures="page == 'user_profile'",
    effect=Effect.WRITE,
    reads={"following"},
    writes={"following"},
    idempotent=True,
)
async def follow_user(page: Page) -> None:
    """Follow the person whose profile it is; whom you follow already you still follow."""
    if await act(page, "follows"):
        return
    await act_and_leave(page, "follow")
