"""GitLab's tools for issues: the list, a new one, and each of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, cast
from urllib.parse import quote, urlencode

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act, act_and_leave, current_project, sent
from agentjit.sites.gitlab.contracts import IN_PROJECT, NO_ITEM
from agentjit.sites.gitlab.results import (
    CommentEntry,
    IssueDetails,
    IssueDraft,
    IssueEntry,
    Opened,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

_AT_THREAD = "page in {'issue_detail', 'merge_request'}"

#: A field of the form for a new issue: it can be filled again, and the last time counts.
_in_draft = tool(
    requires="page == 'new_issue'",
    ensures="page == 'new_issue'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
)


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'project_issues', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"issues"},
    writes=(),
)
async def goto_project_issues(page: Page) -> None:
    """Open the list of the project's open issues."""
    await act_and_leave(page, "inProject", "issues")


@tool(
    requires="page == 'project_issues'",
    ensures="page == 'project_issues'",
    effect=Effect.NAVIGATE,
    reads={"issues"},
    writes=(),
    examples=("filter_issues(state='closed', label='bug')",),
)
async def filter_issues(
    page: Page,
    state: Literal["opened", "closed", "all"] = "opened",
    label: str | None = None,
    query: str | None = None,
    sort: Literal["created_date", "created_asc", "updated_desc", "due_date", "title"] = (
        "created_date"
    ),
) -> None:
    """Show only issues in a state, with a label, with words in them; and sort the list."""
    wanted = {"state": state, "sort": sort, "search": query or "", "label_name[]": label or ""}
    names = await act(page, "labelNames")
    if label is not None and label.casefold() not in [name.casefold() for name in names]:
        raise no_such("label", label, names)
    project = await current_project(page)
    asked = urlencode({key: value for key, value in wanted.items() if value})
    await open_path(page, f"/{quote(project)}/-/issues?{asked}")


@tool(
    requires="page == 'project_issues'",
    effect=Effect.READ,
    reads={"issues"},
    writes=(),
    timeout=20.0,
)
async def list_issues(page: Page) -> list[IssueEntry]:
    """List all issues of the page's list: the open ones, or those that filter_issues chose."""
    return cast("list[IssueEntry]", await act(page, "listThreads", "issues"))


@tool(
    requires=IN_PROJECT,
    ensures="page == 'issue_detail', number == $number, profile == None, draft == None, "
    "license_template == None",
    effect=Effect.NAVIGATE,
    reads={"issues"},
    writes=(),
    examples=("goto_issue(7)",),
)
async def goto_issue(page: Page, number: Annotated[int, From("list_issues[].number")]) -> None:
    """Open one issue of the project by its number."""
    await open_thread(page, "issues", number)


@tool(requires="page == 'issue_detail'", effect=Effect.READ, reads={"issues"}, writes=())
async def get_issue_details(page: Page) -> IssueDetails:
    """Read the issue: title, description, state, author, assignees, labels, due date."""
    return cast("IssueDetails", await act(page, "threadDetails"))


@tool(requires=_AT_THREAD, effect=Effect.READ, reads={"comments"}, writes=())
async def list_comments(page: Page) -> list[CommentEntry]:
    """List the comments (notes) of the issue or merge request, the oldest first."""
    return cast("list[CommentEntry]", await act(page, "listComments"))


@tool(
    requires=_AT_THREAD,
    effect=Effect.COMMIT,
    reads={"comments", "activity"},
    writes={"comments", "activity"},
    verify="list_my_activity",
    timeout=20.0,
    examples=("add_comment('Looks good to me')",),
)
async def add_comment(page: Page, text: str) -> None:
    """Post a comment (note, reply) on the issue or merge request; everybody in it is told."""
    if not text.strip():
        raise NotDone("a comment needs words")
    complaint = await act(page, "addComment", text)
    if complaint.startswith(("There was no answer", "Something went wrong")):
        raise ToolError(f"the site said: {complaint}")
    if complaint:
        raise NotDone(f"the comment was not posted: {complaint}")


@tool(
    requires=_AT_THREAD,
    effect=Effect.WRITE,
    reads={"issues", "merge_requests"},
    writes={"issues", "merge_requests", "activity"},
)
async def close_thread(page: Page) -> None:
    """Close the issue or merge request that is open on the page. It can be reopened."""
    await act(page, "setState", "Close")


@tool(
    requires=_AT_THREAD,
    effect=Effect.WRITE,
    reads={"issues", "merge_requests"},
    writes={"issues", "merge_requests", "activity"},
)
async def reopen_thread(page: Page) -> None:
    """Open the issue or merge request again that is closed."""
    await act(page, "setState", "Reopen")


@tool(
    requires=_AT_THREAD,
    effect=Effect.WRITE,
    reads={"issues", "merge_requests", "members"},
    writes={"issues", "merge_requests"},
    idempotent=True,
    examples=("assign_to('byteblaze')",),
)
async def assign_to(page: Page, username: str) -> None:
    """Assign the issue or merge request to a member of the project, in place of anybody before.

    Your own username is 'byteblaze'; 'Unassigned' makes it nobody's.
    """
    answer = await act(page, "assignThread", username)
    if "missing" in answer:
        raise no_such("member of the project", username, answer["names"])


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'new_issue', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
)
async def goto_new_issue(page: Page) -> None:
    """Open the form for a new issue of the project."""
    project = await current_project(page)
    await open_path(page, f"/{quote(project)}/-/issues/new")


@tool(
    requires="page == 'new_issue'",
    ensures="page == 'new_issue', draft == $title",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("set_issue_title('Connection refused')",),
)
async def set_issue_title(page: Page, title: str) -> None:
    """Give the new issue its title."""
    if not title.strip() or title != title.strip():
        raise ToolError("a title needs words, without blanks around them")
    await act(page, "fill", {"name": "issue[title]", "value": title})


@_in_draft
async def set_issue_description(page: Page, description: str) -> None:
    """Give the new issue its description."""
    await act(page, "fill", {"name": "issue[description]", "value": description})


@_in_draft
async def set_issue_assignee(
    page: Page, username: Annotated[str, From("find_users[].username")] = "byteblaze"
) -> None:
    """Assign the new issue to a member of the project, by username; to yourself unless given."""
    answer = await act(page, "setAssignee", username)
    if "missing" in answer:
        error = no_such("member of the project", username, answer["names"])
        raise ToolError(error.message, f"{error.hint}; invite_project_members() adds somebody")


@_in_draft
async def set_issue_labels(page: Page, labels: list[str]) -> None:
    """Give the new issue these labels of the project, and no others."""
    answer = await act(page, "setLabels", labels)
    if "missing" in answer:
        raise no_such("label", answer["missing"], answer["names"])


@_in_draft
async def set_issue_due_date(page: Page, due_date: str) -> None:
    """Give the new issue a due date, as an ISO date such as '2030-12-31'."""
    try:
        day = dt.date.fromisoformat(due_date)
    except ValueError:
        raise ToolError(f"{due_date!r} is not a date", "write it like '2030-12-31'") from None
    await act(page, "fill", {"name": "issue[due_date]", "value": day.isoformat()})


@tool(requires="page == 'new_issue'", effect=Effect.READ, reads=(), writes=())
async def get_issue_draft(page: Page) -> IssueDraft:
    """Read what the new issue will say: project, title, description, assignee, labels, due date."""
    return cast("IssueDraft", await act(page, "issueDraft"))


@tool(
    requires="page == 'new_issue', draft known",
    ensures="page == 'issue_detail', project_path == result.project_path, number == result.number, "
    "profile == None, draft == None, license_template == None",
    effect=Effect.COMMIT,
    reads={"issues", "members", "activity"},
    writes={"issues", "activity"},
    verify="list_my_activity",
    terms="get_issue_draft",
    timeout=20.0,
)
async def submit_issue(page: Page) -> Opened:
    """Create (open, submit) the issue as the form describes it; others are told."""
    async with page.expect_event("domcontentloaded"):
        await act(page, "submitField", "issue[title]")
    await sent(page)
    seen = await act(page, "observe")
    return {"project_path": seen["project_path"], "number": seen["number"]}


async def open_thread(page: Page, word: str, number: int) -> None:
    """Open an issue or merge request of the project that the tab is in; ToolError without one."""
    project = await current_project(page)
    address = f"/{quote(project)}/-/{word}/{number}"
    if not await act(page, "exists", address):
        raise ToolError(f"{project} has no {word.rstrip('s')} {number}")
    await open_path(page, address)
