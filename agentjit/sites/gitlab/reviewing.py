"""GitLab's tools for merge requests, and for milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast
from urllib.parse import quote, urlencode

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act, act_and_leave, current_project, sent
from agentjit.sites.gitlab.contracts import IN_PROJECT, NO_ITEM
from agentjit.sites.gitlab.planning import open_thread
from agentjit.sites.gitlab.results import IssueEntry, Opened, RequestDetails
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'merge_requests', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"merge_requests"},
    writes=(),
    examples=("goto_project_merge_requests(state='all')",),
)
async def goto_project_merge_requests(
    page: Page, state: Literal["opened", "merged", "closed", "all"] = "opened"
) -> None:
    """Open the list of the project's merge requests: the open ones, unless told otherwise."""
    project = await current_project(page)
    asked = urlencode({"state": state})
    await open_path(page, f"/{quote(project)}/-/merge_requests?{asked}")


@tool(
    requires="page == 'merge_requests'",
    effect=Effect.READ,
    reads={"merge_requests"},
    writes=(),
    timeout=20.0,
)
async def list_merge_requests(page: Page) -> list[IssueEntry]:
    """List all merge requests that the page's list has, the latest first."""
    return cast("list[IssueEntry]", await act(page, "listThreads", "merge_requests"))


@tool(
    requires=IN_PROJECT,
    ensures="page == 'merge_request', number == $number, profile == None, draft == None, "
    "license_template == None",
    effect=Effect.NAVIGATE,
    reads={"merge_requests"},
    writes=(),
    examples=("goto_merge_request(22)",),
)
async def goto_merge_request(
    page: Page, number: Annotated[int, From("list_merge_requests[].number")]
) -> None:
    """Open one merge request of the project by its number."""
    await open_thread(page, "merge_requests", number)


@tool(requires="page == 'merge_request'", effect=Effect.READ, reads={"merge_requests"}, writes=())
async def get_merge_request_details(page: Page) -> RequestDetails:
    """Read the merge request: title, state, author, assignees, reviewers, branches."""
    return cast("RequestDetails", await act(page, "threadDetails"))


@tool(
    requires=IN_PROJECT,
    ensures="page == 'merge_request', project_path == result.project_path, "
    "number == result.number, profile == None, draft == None, license_template == None",
    effect=Effect.COMMIT,
    reads={"merge_requests", "members", "activity"},
    writes={"merge_requests", "activity"},
    verify="list_my_activity",
    timeout=20.0,
    examples=("create_merge_request('redesign', 'main', reviewer='primer')",),
)
async def create_merge_request(
    page: Page,
    source_branch: str,
    target_branch: str,
    *,
    title: str | None = None,
    description: str = "",
    assignee: str | None = None,
    reviewer: str | None = None,
) -> Opened:
    """Submit a merge request of one branch into another; its reviewer and others are told.

    The title is made of the branch's name unless it is given. People are given by username.
    """
    people = {"assignee": assignee, "reviewer": reviewer}
    try:
        await _fill_branches(page, source_branch, target_branch)
        wanted = {"title": title, "description": description, **people}
        answer = await act(page, "fillRequest", wanted)
        if "missing" in answer:
            raise no_such("member of the project", answer["missing"], answer["names"])
    except ToolError as error:
        # Nothing has been sent so far.
        raise NotDone(error.message, error.hint) from error
    async with page.expect_event("domcontentloaded"):
        await act(page, "submitField", "merge_request[title]")
    await sent(page)
    there = await act(page, "observe")
    return {"project_path": there["project_path"], "number": there["number"]}


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'milestones', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"milestones"},
    writes=(),
)
async def goto_project_milestones(page: Page) -> None:
    """Open the list of the project's milestones."""
    await act_and_leave(page, "inProject", "milestones")


@tool(requires="page == 'milestones'", effect=Effect.READ, reads={"milestones"}, writes=())
async def list_milestones(page: Page) -> list[str]:
    """List the titles of the project's milestones."""
    return cast("list[str]", await act(page, "listMilestones"))


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'milestones', {NO_ITEM}",
    effect=Effect.WRITE,
    reads={"milestones"},
    writes={"milestones", "activity"},
    examples=("create_milestone('code review', '2026-03-02', '2026-03-21')",),
)
async def create_milestone(
    page: Page, title: str, start_date: str | None = None, due_date: str | None = None
) -> None:
    """Create a milestone of the project; dates are ISO dates. It can be deleted again."""
    if not title.strip():
        raise ToolError("a milestone needs a title")
    project = await current_project(page)
    await open_path(page, f"/{quote(project)}/-/milestones/new")
    wanted = {"title": title, "start_date": start_date, "due_date": due_date}
    async with page.expect_event("domcontentloaded"):
        await act(page, "fillMilestone", wanted)
    await sent(page)


async def _fill_branches(page: Page, source: str, target: str) -> None:
    project = await current_project(page)
    await open_path(page, f"/{quote(project)}/-/merge_requests/new")
    await act_and_leave(page, "pickBranches", {"source": source, "target": target})
