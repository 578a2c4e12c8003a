"""Reddit's tools for looking around: lists of forums and submissions, comments, people, search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast
from urllib.parse import quote

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such
from agentjit.sites.reddit.acting import LONG, PATIENT, act, visit
from agentjit.sites.reddit.results import (
    CommentEntry,
    ForumEntry,
    Profile,
    SubmissionDetails,
    SubmissionEntry,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

_SUBMISSION: Final = re.compile(r"/f/[^/?#]+/\d+(/[^/?#]+)?")

_LISTS: Final = frozenset({"submissions", "comments", "votes"})


@tool(
    ensures="page == 'home', order == 'hot', forum == None, user == None, submission == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    timeout=PATIENT,
)
async def goto_home(page: Page) -> None:
    """Open the home page, which lists the hottest submissions of the featured forums."""
    await visit(page, "/", ToolError("the site has no home page"))


@tool(
    ensures="page == 'forums', forum == None, user == None, submission == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    timeout=PATIENT,
)
async def goto_forums_list(page: Page) -> None:
    """Open the list of all forums, from where a new one can be created."""
    await visit(page, "/forums", ToolError("the site has no list of forums"))


@tool(
    effect=Effect.READ,
    reads={"forums", "subscriptions", "submissions"},
    writes=(),
    timeout=LONG,
)
async def list_forums(page: Page) -> list[ForumEntry]:
    """List all forums (subreddits) of the site with name, title and description, from any page."""
    return cast("list[ForumEntry]", await act(page, "listForums"))


@tool(
    ensures="page == 'forum', forum == $forum_name, order == 'hot', user == None, "
    "submission == None",
    effect=Effect.NAVIGATE,
    reads={"forums"},
    writes=(),
    resets_tab=True,
    examples=("goto_forum('books')",),
    timeout=PATIENT,
)
async def goto_forum(page: Page, forum_name: Annotated[str, From("list_forums[].name")]) -> None:
    """Open a forum (subreddit) by its name; it lists its hottest submissions first."""
    name = forum_name.strip()
    missing = no_such("forum", forum_name, ())
    if not re.fullmatch(r"\w+", name, re.ASCII):
        raise await _no_forum(page, forum_name)
    try:
        await visit(page, f"/f/{name}", missing)
    except ToolError as error:
        if error is not missing:
            raise
        raise await _no_forum(page, forum_name) from None


@tool(
    requires="page in {'home', 'forum'}",
    ensures="order == $order",
    effect=Effect.NAVIGATE,
    reads={"submissions", "votes"},
    writes=(),
    examples=("change_submission_order('new')", "change_submission_order('top', period='week')"),
    timeout=PATIENT,
)
async def change_submission_order(
    page: Page,
    order: Literal["hot", "new", "active", "top", "controversial", "most commented"],
    period: Literal["day", "week", "month", "year", "all"] = "all",
) -> None:
    """Sort the submissions of the page: new has the newest (latest) first, top the best ever.

    `period` is how far top, controversial and most commented look back; the other orders have none.
    """
    key = order.replace(" ", "_")
    path = await act(page, "orderPath", key)
    looks_back = order in ("top", "controversial", "most commented")
    await visit(
        page, f"{path}?t={period}" if looks_back else path, ToolError("the list has no such order")
    )


@tool(
    requires="page in {'home', 'forum', 'user', 'search'}",
    effect=Effect.READ,
    reads=_LISTS,
    writes=(),
    timeout=LONG,
    examples=("list_submissions()", "list_submissions(limit=10)"),
)
async def list_submissions(page: Page, limit: int | None = None) -> list[SubmissionEntry]:
    """List the submissions (posts) of the home page, forum, user or search, in the order shown.

    All of them, over all pages of the list, or the first `limit`. On a user's page these are the
    submissions that the user wrote, in whichever forum, the newest first.
    """
    _check_limit(limit)
    seen = await act(page, "observe")
    asked = {"limit": limit, "person": seen["user"] if seen["page"] == "user" else None}
    return cast("list[SubmissionEntry]", await act(page, "listSubmissions", asked))


@tool(
    requires="page in {'home', 'forum', 'user', 'submission'}",
    effect=Effect.READ,
    reads=_LISTS,
    writes=(),
    timeout=LONG,
    examples=("list_comments()", "list_comments(limit=20)"),
)
async def list_comments(page: Page, limit: int | None = None) -> list[CommentEntry]:
    """List comments: all on the submission whose page it is, or all of the forum or user.

    Those of a submission come as its page shows them, answers below what they answer; those of a
    forum, a user or the home page the newest first.
    """
    _check_limit(limit)
    seen = await act(page, "observe")
    match seen["page"]:
        case "submission":
            path = None
        case "forum":
            path = f"/f/{seen['forum']}/comments"
        case "user":
            path = f"/user/{quote(seen['user'])}/comments"
        case _:
            path = "/comments"
    asked = {"limit": limit, "path": path}
    return cast("list[CommentEntry]", await act(page, "listComments", asked))


@tool(
    ensures="page == 'user', user == $username, forum == None, submission == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    examples=("goto_user('Don_Gato1')",),
    timeout=PATIENT,
)
async def goto_user(page: Page, username: str) -> None:
    """Open a user's profile: what they submitted and commented, and their biography."""
    missing = ToolError(f"there is no user {username!r}", "user names are given exactly")
    if not re.fullmatch(r"[\w-]+", username.strip(), re.ASCII):
        raise missing
    await visit(page, f"/user/{username.strip()}", missing)


@tool(
    requires="page == 'user'",
    effect=Effect.READ,
    reads={"biography"},
    writes=(),
    timeout=PATIENT,
)
async def get_profile(page: Page) -> Profile:
    """Read the user's name and biography."""
    return cast("Profile", await act(page, "getProfile"))


@tool(
    ensures="page == 'submission', submission == $submission_url, forum == None, "
    "user == None, forgets vote",
    effect=Effect.NAVIGATE,
    reads={"submissions"},
    writes=(),
    resets_tab=True,
    examples=("goto_submission('/f/books/59421/friendly-reminder-bookshop-org-exists')",),
    timeout=PATIENT,
)
async def goto_submission(
    page: Page, submission_url: Annotated[str, From("list_submissions[].url")]
) -> None:
    """Open the page of a submission (post, thread), with its text and its comments."""
    if not _SUBMISSION.fullmatch(submission_url):
        raise ToolError(
            f"{submission_url!r} is not the address of a submission",
            "list_submissions() gives them: '/f/forum/number/title'",
        )
    missing = ToolError(f"there is no submission at {submission_url!r}", "it may have been deleted")
    await visit(page, quote(submission_url), missing)


@tool(
    requires="page == 'submission'",
    effect=Effect.READ,
    reads=_LISTS,
    writes=(),
    timeout=PATIENT,
)
async def get_submission(page: Page) -> SubmissionDetails:
    """Read the submission whose page it is: title, author, text, score, number of comments."""
    return cast("SubmissionDetails", await act(page, "getSubmission"))


@tool(
    ensures="page == 'search', forum == None, user == None, submission == None",
    effect=Effect.NAVIGATE,
    reads={"submissions"},
    writes=(),
    resets_tab=True,
    examples=("search('telescope')",),
    timeout=PATIENT,
)
async def search(page: Page, query: str) -> None:
    """Search all forums for submissions that have all words of the query, the newest first."""
    if not query.strip():
        raise ToolError("a search needs words")
    await visit(page, f"/search?q={quote(query)}", ToolError("the site has no search"))


@tool(
    effect=Effect.READ,
    reads=_LISTS,
    writes=(),
    timeout=LONG,
)
async def list_my_submissions(page: Page) -> list[SubmissionEntry]:
    """List your own submissions, the newest first, from any page."""
    return cast("list[SubmissionEntry]", await act(page, "listMine", "submissions"))


@tool(
    effect=Effect.READ,
    reads=_LISTS,
    writes=(),
    timeout=LONG,
)
async def list_my_comments(page: Page) -> list[CommentEntry]:
    """List your own comments, the newest first, from any page."""
    return cast("list[CommentEntry]", await act(page, "listMine", "comments"))


async def _no_forum(page: Page, name: str) -> ToolError:
    names = [each["name"] for each in await act(page, "listForums")]
    return no_such("forum", name, names)


def _check_limit(limit: int | None) -> None:
    if limit is not None and limit < 1:
        raise ToolError(f"limit {limit} asks for nothing at all")
