"""Every tool on the live site: what it ensures holds, nothing else changes, and it fails clean."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.errors import ContractBroken, NotDone, ToolError
from tests.sites.guests import Slip, Steps, by_place
from tests.sites.reddit.visitor import TOOLSET, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

REMINDER = "/f/books/59421/friendly-reminder-bookshop-org-exists"
OWN = "/f/MachineLearning/1/nvidia-rtx-4090"
MANAGER = 1235250

#: From the home page to where a tool can be used.
BOOKS: Steps = [("open", {"path": "/f/books"})]
POST: Steps = [("open", {"path": REMINDER})]
MINE: Steps = [("open", {"path": OWN})]
FORUMS: Steps = [("goto_forums_list", {})]
FORUM_FORM: Steps = [("open", {"path": "/create_forum"})]
INFO = {
    "name": "sci_fi",
    "title": "Science fiction",
    "description": "Robots & rockets",
    "sidebar": "**New**, *Classic*",
}
FILLED_FORUM: Steps = [*FORUM_FORM, ("fill_forum_info", INFO)]
DRAFT = {"title": "A question", "forum_name": "books", "body": "Which one?\n\nAny of them?"}
FILLED_POST: Steps = [("goto_create_submission", {}), ("fill_submission", DRAFT)]
COMMENTED: Steps = [*MINE, ("write_comment", {"text": "First!"})]
#: The id of the first comment that a visitor writes.
OWN_COMMENT = 2_400_001

USES: dict[str, tuple[Steps, dict[str, Any]]] = {
    "goto_home": (BOOKS, {}),
    "goto_forums_list": (BOOKS, {}),
    "list_forums": (BOOKS, {}),
    "goto_forum": ([], {"forum_name": "worcester"}),
    "change_submission_order": (BOOKS, {"order": "most commented", "period": "year"}),
    "list_submissions": (BOOKS, {}),
    "list_comments": (POST, {}),
    "goto_user": (BOOKS, {"username": "Don_Gato1"}),
    "get_profile": ([("open", {"path": "/user/MarvelsGrantMan136"})], {}),
    "goto_submission": (BOOKS, {"submission_url": REMINDER}),
    "get_submission": (POST, {}),
    "search": (BOOKS, {"query": "library books"}),
    "list_my_submissions": (BOOKS, {}),
    "list_my_comments": (BOOKS, {}),
    "upvote": (POST, {}),
    "downvote": (POST, {}),
    "retract_vote": (MINE, {}),
    "upvote_comment": (POST, {"comment_id": MANAGER}),
    "downvote_comment": (POST, {"comment_id": MANAGER}),
    "retract_comment_vote": (COMMENTED, {"comment_id": OWN_COMMENT}),
    "subscribe": (POST, {}),
    "unsubscribe": ([*BOOKS, ("subscribe", {})], {}),
    "goto_create_forum": (FORUMS, {}),
    "fill_forum_info": (FORUM_FORM, INFO),
    "submit_forum": (FILLED_FORUM, {}),
    "get_form": (FILLED_FORUM, {}),
    "goto_create_submission": (BOOKS, {}),
    "fill_submission": ([("goto_create_submission", {})], DRAFT),
    "submit_submission": (FILLED_POST, {}),
    "goto_edit_submission": (MINE, {}),
    "edit_submission": ([*MINE, ("goto_edit_submission", {})], {"body": "It is\n\nloud."}),
    "delete_submission": (MINE, {}),
    "write_comment": (POST, {"text": "thanks!"}),
    "reply_to_comment": (POST, {"comment_id": MANAGER, "text": "thanks!"}),
    "edit_comment": (COMMENTED, {"comment_id": OWN_COMMENT, "text": "Second!"}),
    "delete_comment": (COMMENTED, {"comment_id": OWN_COMMENT}),
    "goto_edit_biography": (BOOKS, {}),
    "edit_biography": ([("goto_edit_biography", {})], {"bio": "I am a robot"}),
}

#: Calls that must be refused.
SLIPS: list[Slip] = [
    (BOOKS, "goto_forum", {"forum_name": "bookz"}, "no forum 'bookz'"),
    (BOOKS, "goto_forum", {"forum_name": "books/new"}, "no forum 'books/new'"),
    (BOOKS, "goto_user", {"username": "nobody_at_all"}, "no user 'nobody_at_all'"),
    (BOOKS, "goto_user", {"username": "a/../b"}, "no user"),
    (BOOKS, "goto_submission", {"submission_url": "/f/books"}, "not the address"),
    (BOOKS, "goto_submission", {"submission_url": "/f/books/7/gone"}, "no submission"),
    (BOOKS, "goto_submission", {"submission_url": "http://127.0.0.1/f/books/7"}, "not the address"),
    (BOOKS, "list_submissions", {"limit": 0}, "nothing at all"),
    (POST, "list_comments", {"limit": -1}, "nothing at all"),
    (BOOKS, "search", {"query": " "}, "needs words"),
    (POST, "upvote_comment", {"comment_id": 7}, "no comment '7'"),
    (POST, "reply_to_comment", {"comment_id": 7, "text": "hi"}, "no comment '7'"),
    (POST, "reply_to_comment", {"comment_id": MANAGER, "text": " "}, "blank"),
    (POST, "write_comment", {"text": "\n"}, "blank"),
    (POST, "edit_comment", {"comment_id": MANAGER, "text": "hi"}, "not yours"),
    (POST, "delete_comment", {"comment_id": MANAGER}, "not yours"),
    (POST, "goto_edit_submission", {}, "cannot be edited"),
    (POST, "delete_submission", {}, "cannot be deleted"),
    (FORUM_FORM, "fill_forum_info", {**INFO, "title": ""}, "title is blank"),
    ([("goto_create_submission", {})], "fill_submission", {**DRAFT, "title": ""}, "title is blank"),
    (
        [("goto_create_submission", {})],
        "fill_submission",
        {**DRAFT, "forum_name": "book"},
        "no forum 'book'",
    ),
]

#: Calls on pages that the tools are not for.
WRONG_PLACES: list[tuple[Steps, str, dict[str, Any]]] = [
    ([], "upvote", {}),
    (BOOKS, "write_comment", {"text": "hi"}),
    (POST, "change_submission_order", {"order": "new"}),
    (POST, "list_submissions", {}),
    (BOOKS, "goto_create_forum", {}),
    (BOOKS, "submit_forum", {}),
    (FILLED_FORUM, "submit_submission", {}),
    (BOOKS, "fill_forum_info", INFO),
    (BOOKS, "upvote_comment", {"comment_id": MANAGER}),
    (BOOKS, "get_submission", {}),
    (FORUM_FORM, "list_comments", {}),
    (BOOKS, "edit_biography", {"bio": "x"}),
    (FORUMS, "subscribe", {}),
    (BOOKS, "get_form", {}),
    (FORUMS, "downvote", {}),
    (BOOKS, "retract_vote", {}),
    (BOOKS, "downvote_comment", {"comment_id": MANAGER}),
    ([], "retract_comment_vote", {"comment_id": OWN_COMMENT}),
    (FORUM_FORM, "unsubscribe", {}),
    (POST, "get_profile", {}),
    (FILLED_FORUM, "fill_submission", DRAFT),
    (BOOKS, "goto_edit_submission", {}),
    (FILLED_POST, "edit_submission", {"title": "Another"}),
    ([*MINE, ("goto_edit_submission", {})], "delete_submission", {}),
    (BOOKS, "reply_to_comment", {"comment_id": MANAGER, "text": "hi"}),
    (BOOKS, "edit_comment", {"comment_id": OWN_COMMENT, "text": "hi"}),
    (FORUMS, "delete_comment", {"comment_id": OWN_COMMENT}),
]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)
    particular = {name for name, tool in TOOLSET.by_name.items() if tool.requires}
    assert {name for _, name, _ in WRONG_PLACES} == particular


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(visitor: Visitor, name: str) -> None:
    steps, arguments = USES[name]
    await visitor.walk(steps)
    await visitor.try_out(name, **arguments)


@pytest.mark.parametrize("slips", by_place(SLIPS))
async def test_tools_that_cannot_say_why_and_change_nothing(
    visitor: Visitor, slips: list[Slip]
) -> None:
    await visitor.walk(slips[0][0])
    await visitor.slip(slips)


@pytest.mark.parametrize(
    "slips", by_place((*misplaced, "this is the page") for misplaced in WRONG_PLACES)
)
async def test_bodies_in_the_wrong_place_do_nothing(visitor: Visitor, slips: list[Slip]) -> None:
    await visitor.walk(slips[0][0])
    record, seen = await visitor.record(), await visitor.observe()
    for _, name, arguments, complaint in slips:
        with pytest.raises(ContractBroken, match=name):
            await visitor.hurried().call(name, **arguments)
        # The precondition was looked at by nobody: the page changed since, say.
        with pytest.raises(ToolError, match=complaint):
            await visitor.caller.act(TOOLSET.by_name[name], visitor.page, arguments)
        assert await visitor.record() == record, name
        assert await visitor.observe() == seen, name


@pytest.mark.parametrize("name", ["sci fi", "BOOKS", "x"])
async def test_a_forum_that_the_site_refuses_is_not_made(visitor: Visitor, name: str) -> None:
    await visitor.walk([*FORUM_FORM, ("fill_forum_info", {**INFO, "name": name})])
    record = await visitor.record()
    with pytest.raises(NotDone, match="refused"):
        await visitor.call("submit_forum")
    assert await visitor.record() == record
    # The form still has what was typed.
    fields = {field["label"]: field["value"] for field in await visitor.call("get_form")}
    assert fields["Name"] == name
    assert fields["Sidebar"] == INFO["sidebar"]
