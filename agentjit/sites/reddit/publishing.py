"""Reddit's tools that publish: forums, submissions, comments; and the biography."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, cast

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such
from agentjit.sites.reddit.acting import PATIENT, act, send, visit
from agentjit.sites.reddit.results import FormField, NewComment, NewForum, NewSubmission, Profile
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

_FORMS: Final = "page in {'create_forum', 'create_submission', 'edit_submission', 'edit_biography'}"

#: Whoever posts something likes it.
_POSTS: Final = frozenset({"comments", "votes"})


@tool(
    requires="page == 'forums'",
    ensures="page == 'create_forum', form == 'empty'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    timeout=PATIENT,
)
async def goto_create_forum(page: Page) -> None:
    """Open the form for a new forum, from the list of forums."""
    async with page.expect_event("domcontentloaded"):
        if not await act(page, "clickLink", {"page": "forums", "name": "Create new forum"}):
            raise ToolError("there is no link to create a forum", "goto_forums_list() has it")


@tool(
    requires="page == 'create_forum'",
    ensures="form == 'filled'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("fill_forum_info('sci_fi', 'Sci-fi', 'For enthusiasts', '**New**, Classic')",),
    timeout=PATIENT,
)
async def fill_forum_info(  # noqa: PLR0917 - the fields of the form, in its order
    page: Page, name: str, title: str, description: str, sidebar: str, tags: str = ""
) -> None:
    """Fill in the form for a new forum: name, title (display name), description and sidebar text.

    Nothing is published before submit_forum. A name has 3 to 25 letters, digits and underscores.
    """
    _need(name=name, title=title, description=description, sidebar=sidebar)
    values = {"Name": name, "Title": title, "Description": description, "Sidebar": sidebar}
    await act(page, "fillForm", {"page": "create_forum", "values": {**values, "Tags": tags}})


@tool(
    requires="page == 'create_forum', form == 'filled'",
    ensures="page == 'forum', forum == result.name, order == 'hot'",
    effect=Effect.COMMIT,
    reads={"forums"},
    writes={"forums", "subscriptions"},
    verify="list_forums",
    terms="get_form",
    timeout=PATIENT,
)
async def submit_forum(page: Page) -> NewForum:
    """Create the forum that the form describes. It cannot be undone."""
    await send(page, "submitForm", "create_forum", to="forum")
    seen = await act(page, "observe")
    return {"name": seen["forum"] or ""}


@tool(
    requires=_FORMS,
    effect=Effect.READ,
    reads=(),
    writes=(),
    timeout=PATIENT,
)
async def get_form(page: Page) -> list[FormField]:
    """Read what is filled in to the form on the page, field by field."""
    return cast("list[FormField]", await act(page, "readForm"))


@tool(
    ensures="page == 'create_submission', form == 'empty', forum == None, user == None, "
    "submission == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
    timeout=PATIENT,
)
async def goto_create_submission(page: Page) -> None:
    """Open the form for a new submission (post), for whichever forum."""
    await visit(page, "/submit", ToolError("the site has no form for submissions"))


@tool(
    requires="page == 'create_submission'",
    ensures="form == 'filled'",
    effect=Effect.NAVIGATE,
    reads={"forums"},
    writes=(),
    examples=("fill_submission('A question', 'books', body='Please help')",),
    timeout=PATIENT,
)
async def fill_submission(
    page: Page,
    title: str,
    forum_name: Annotated[str, From("list_forums[].name")],
    body: str = "",
    url: str = "",
) -> None:
    """Fill in the form for a new submission: title, forum, text (body), and a link to share.

    Nothing is published before submit_submission.
    """
    _need(title=title)
    # The forum comes first: where there is none of that name, nothing is filled in.
    values = {"Forum": forum_name.strip(), "Title": title, "Body": body, "URL": url}
    answer = await act(page, "fillForm", {"page": "create_submission", "values": values})
    if "names" in answer:
        raise no_such("forum", forum_name, answer["names"])


@tool(
    requires="page == 'create_submission', form == 'filled'",
    ensures="page == 'submission', submission == result.url, vote == 'up'",
    effect=Effect.COMMIT,
    reads={"submissions"},
    writes={"submissions", "votes"},
    verify="list_my_submissions",
    terms="get_form",
    timeout=PATIENT,
)
async def submit_submission(page: Page) -> NewSubmission:
    """Publish (post) the submission that the form describes."""
    await send(page, "submitForm", "create_submission", to="submission")
    seen = await act(page, "getSubmission")
    return _told(seen)


@tool(
    requires="page == 'submission'",
    ensures="page == 'edit_submission', submission == None",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    timeout=PATIENT,
)
async def goto_edit_submission(page: Page) -> None:
    """Open the form that edits the submission whose page it is, which must be your own."""
    if not (await act(page, "canEdit")):
        raise ToolError("this submission cannot be edited", "only your own submissions can")
    async with page.expect_event("domcontentloaded"):
        await act(page, "clickLink", {"page": "submission", "name": "Edit"})


@tool(
    requires="page == 'edit_submission'",
    ensures="page == 'submission', submission == result.url, forgets vote",
    effect=Effect.WRITE,
    reads={"submissions"},
    writes={"submissions"},
    examples=("edit_submission(body='EDIT: this aged well')",),
    timeout=PATIENT,
)
async def edit_submission(
    page: Page, title: str | None = None, body: str | None = None
) -> NewSubmission:
    """Give your submission another title or body (text); what is left out stays as it is.

    get_form has what the body is now, for adding a line to it.
    """
    values = {"Title": title, "Body": body}
    await act(page, "fillForm", {"page": "edit_submission", "values": values})
    await send(page, "submitForm", "edit_submission", to="submission")
    seen = await act(page, "getSubmission")
    return _told(seen)


@tool(
    requires="page == 'submission'",
    ensures="page == 'forum', forgets forum, order == 'hot', submission == None",
    effect=Effect.COMMIT,
    reads={"submissions"},
    writes={"submissions"},
    verify="list_my_submissions",
    terms="get_submission",
    timeout=PATIENT,
)
async def delete_submission(page: Page) -> None:
    """Delete the submission whose page it is, which must be your own. It cannot be undone."""
    if not await act(page, "canEdit"):
        raise ToolError("this submission cannot be deleted", "only your own submissions can")
    await send(page, "deleteSubmission", None, to="forum")


@tool(
    requires="page == 'submission'",
    effect=Effect.COMMIT,
    reads=_POSTS,
    writes=_POSTS,
    verify="list_my_comments",
    terms="get_submission",
    examples=("write_comment('Thank you!')",),
    timeout=PATIENT,
)
async def write_comment(page: Page, text: str) -> NewComment:
    """Publish a comment on (a reply to) the submission whose page it is."""
    _need(text=text)
    await send(page, "writeComment", text, to="submission")
    return {"id": await act(page, "newComment"), "text": text}


@tool(
    requires="page == 'submission'",
    effect=Effect.COMMIT,
    reads=_POSTS,
    writes=_POSTS,
    verify="list_my_comments",
    terms="list_comments",
    examples=("reply_to_comment(1235250, 'Thank you!')",),
    timeout=PATIENT,
)
async def reply_to_comment(
    page: Page, comment_id: Annotated[int, From("list_comments[].id")], text: str
) -> NewComment:
    """Publish a reply to one comment on the submission whose page it is."""
    _need(text=text)
    await _check_comment(page, comment_id)
    asked = {"id": comment_id, "opener": "Reply", "kind": "", "words": text}
    await send(page, "sendCommentForm", asked, to="submission")
    return {"id": await act(page, "newComment"), "text": text}


@tool(
    requires="page == 'submission'",
    effect=Effect.WRITE,
    reads={"comments"},
    writes={"comments"},
    idempotent=True,
    timeout=PATIENT,
)
async def edit_comment(
    page: Page, comment_id: Annotated[int, From("list_my_comments[].id")], text: str
) -> None:
    """Give your own comment on the submission whose page it is another text."""
    _need(text=text)
    await _check_comment(page, comment_id, own=True)
    asked = {"id": comment_id, "opener": "Edit", "kind": "/edit", "words": text}
    await send(page, "sendCommentForm", asked, to="submission")


@tool(
    requires="page == 'submission'",
    effect=Effect.COMMIT,
    reads={"comments"},
    writes={"comments"},
    verify="list_my_comments",
    terms="list_comments",
    timeout=PATIENT,
)
async def delete_comment(
    page: Page, comment_id: Annotated[int, From("list_my_comments[].id")]
) -> None:
    """Delete your own comment on the submission whose page it is. It cannot be undone."""
    await _check_comment(page, comment_id, own=True)
    asked = {"id": comment_id, "opener": "Delete", "kind": "/delete", "words": None}
    await send(page, "sendCommentForm", asked, to="submission")


@tool(
    ensures="page == 'edit_biography', forum == None, user == None, submission == None",
    effect=Effect.NAVIGATE,
    reads={"biography"},
    writes=(),
    resets_tab=True,
    timeout=PATIENT,
)
async def goto_edit_biography(page: Page) -> None:
    """Open the form that edits your own biography (bio)."""
    name = await act(page, "me")
    missing = ToolError("nobody is signed in", "open the site's home page first")
    if not name:
        raise missing
    await visit(page, f"/user/{name}/edit_biography", missing)


@tool(
    requires="page == 'edit_biography'",
    ensures="page == 'user', user == result.username",
    effect=Effect.WRITE,
    reads={"biography"},
    writes={"biography"},
    examples=("edit_biography('I am a robot')",),
    timeout=PATIENT,
)
async def edit_biography(page: Page, bio: str) -> Profile:
    """Change your biography (bio) to this text, and save it."""
    await act(page, "fillForm", {"page": "edit_biography", "values": {"Biography": bio}})
    await send(page, "submitForm", "edit_biography", to="user")
    return cast("Profile", await act(page, "getProfile"))


async def _check_comment(page: Page, comment_id: int, *, own: bool = False) -> None:
    answer = await act(page, "commentState", comment_id)
    if "names" in answer:
        raise no_such("comment", str(comment_id), answer["names"])
    if own and not answer["own"]:
        raise ToolError(f"comment {comment_id} is not yours", "list_my_comments() has yours")


def _need(**texts: str) -> None:
    for name, text in texts.items():
        if not text.strip():
            raise ToolError(f"{name} is blank", "the site does not take it")


def _told(seen: dict[str, Any]) -> NewSubmission:
    return {
        "id": seen["id"],
        "title": seen["title"],
        "url": seen["url"],
        "forum": seen["forum"],
    }
