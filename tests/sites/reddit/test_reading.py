"""What the reading tools tell is what the site has; what the others did is what was asked for."""

from __future__ import annotations

from datetime import datetime

import pytest

from agentjit.errors import NotDone, ToolError
from agentjit.sites.reddit.board import board
from agentjit.sites.reddit.naming import path_of
from agentjit.sites.reddit.pages import PAGE
from tests.sites.reddit.test_tools import BOOKS, DRAFT, FILLED_POST, MANAGER, MINE, POST, USES
from tests.sites.reddit.visitor import TOOLSET, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

TODAY = datetime.now().astimezone().date()


async def test_a_forum_is_read_over_all_its_pages(visitor: Visitor) -> None:
    content = board(0, TODAY)
    truth = sorted(
        (content.submissions[number] for number in content.in_forum["books"]),
        key=lambda each: each.posted,
        reverse=True,
    )
    assert len(truth) > PAGE
    await visitor.walk([*BOOKS, ("change_submission_order", {"order": "new"})])
    seen = await visitor.call("list_submissions")
    assert [(s["id"], s["title"], s["author"], s["score"]) for s in seen] == [
        (each.id, each.title, each.author, each.score) for each in truth
    ]
    assert [s["url"] for s in seen] == [path_of(s.forum, s.id, s.title) for s in truth]
    assert [s["comments"] for s in seen] == [
        len(content.on_submission.get(each.id, ())) for each in truth
    ]
    assert await visitor.call("list_submissions", limit=3) == seen[:3]
    # No order loses anything, and the best is the best.
    for order in ("hot", "active", "top", "controversial", "most commented"):
        await visitor.call("change_submission_order", order=order)
        again = await visitor.call("list_submissions")
        assert {s["id"] for s in again} == {s["id"] for s in seen}
        if order == "top":
            assert [s["score"] for s in again] == sorted((s["score"] for s in seen), reverse=True)
    await visitor.call("change_submission_order", order="top", period="week")
    assert len(await visitor.call("list_submissions")) < len(seen)


async def test_links_and_pictures_are_told_apart(visitor: Visitor) -> None:
    content = board(0, TODAY)
    for name in ("pics", "technology"):
        await visitor.call("goto_forum", forum_name=name)
        for each in await visitor.call("list_submissions"):
            truth = content.submissions[each["id"]]
            assert (each["picture_url"] is not None) is truth.picture
            assert (each["link"] is not None) is (bool(truth.url) and not truth.picture)
            if truth.picture:
                assert each["picture_url"] == visitor.address + truth.url
            elif truth.url:
                assert each["link"] in truth.url


async def test_all_forums_are_listed_though_a_page_shows_few(visitor: Visitor) -> None:
    content = board(0, TODAY)
    forums = {each["name"]: each for each in await visitor.call("list_forums")}
    assert set(forums) == {forum.name for forum in content.forums.values()}
    for forum in content.forums.values():
        told = forums[forum.name]
        assert (told["title"], told["description"]) == (forum.title, forum.description)
        assert told["submissions"] == len(content.in_forum[forum.name])
    subscribed = {name for name, told in forums.items() if told["subscribed"]}
    assert subscribed == set((await visitor.record())["subscriptions"])


@pytest.mark.parametrize("visitor", [0, 2], indirect=True, ids=lambda seed: f"seed {seed}")
async def test_a_thread_is_read_with_who_answers_whom(
    visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    content = board(request.node.callspec.params["visitor"], TODAY)
    number = 132053
    await visitor.walk([("open", {"path": f"/f/pittsburgh/{number}"})])
    seen = {each["id"]: each for each in await visitor.call("list_comments")}
    truth = {n: content.comments[n] for n in content.on_submission[number]}
    assert len(truth) > 40
    assert {
        number: (c["author"], c["text"], c["score"], c["answers_to"]) for number, c in seen.items()
    } == {n: (c.author, c.body, c.score, c.parent) for n, c in truth.items()}
    post = await visitor.call("get_submission")
    assert (post["id"], post["comments"]) == (number, len(truth))
    # The first one is the best of those that answer the post itself.
    top = max(c.score for c in truth.values() if c.parent is None)
    assert next(iter(seen.values()))["score"] == top


async def test_a_user_s_own_lists_are_read_whichever_tab_is_open(visitor: Visitor) -> None:
    content = board(0, TODAY)
    for tab in ("", "/submissions", "/comments"):
        await visitor.walk([("open", {"path": f"/user/Hrekires{tab}"})])
        posts = await visitor.call("list_submissions")
        assert {post["id"] for post in posts} == set(content.by_author["Hrekires"])
        said = await visitor.call("list_comments")
        assert {each["id"] for each in said} == set(content.said_by.get("Hrekires", ()))
        assert all(each["author"] == "Hrekires" for each in (*posts, *said))


async def test_votes_go_up_down_and_back(visitor: Visitor) -> None:
    await visitor.walk(POST)
    score = (await visitor.call("get_submission"))["score"]
    for name, vote, difference in (
        ("upvote", "up", 1),
        ("upvote", "up", 1),
        ("downvote", "down", -1),
        ("upvote", "up", 1),
        ("retract_vote", "none", 0),
        ("retract_vote", "none", 0),
        ("downvote", "down", -1),
    ):
        await visitor.call(name)
        for _ in range(2):
            post = await visitor.call("get_submission")
            assert (post["my_vote"], post["score"]) == (vote, score + difference)
            await visitor.page.reload(wait_until="domcontentloaded")
    assert (await visitor.record())["votes"]["submissions"]["59421"] == -1
    for name, choice in (("downvote_comment", "down"), ("upvote_comment", "up")):
        await visitor.call(name, comment_id=MANAGER)
        comments = {each["id"]: each for each in await visitor.call("list_comments")}
        assert comments[MANAGER]["my_vote"] == choice


async def test_what_is_posted_is_there_as_it_was_written(visitor: Visitor) -> None:
    await visitor.walk(FILLED_POST)
    posted = await visitor.call("submit_submission")
    post = await visitor.call("get_submission")
    assert (post["title"], post["body"], post["forum"]) == (DRAFT["title"], DRAFT["body"], "books")
    assert (post["my_vote"], post["score"]) == ("up", 1)
    said = await visitor.call("write_comment", text="One\nTwo\n\nThree <b>*four*</b>")
    answer = await visitor.call("reply_to_comment", comment_id=said["id"], text="Yes & no")
    comments = {each["id"]: each for each in await visitor.call("list_comments")}
    assert comments[said["id"]]["text"] == "One\nTwo\n\nThree <b>four</b>"
    assert comments[answer["id"]]["answers_to"] == said["id"]
    await visitor.call("edit_comment", comment_id=said["id"], text="Edited")
    await visitor.call("delete_comment", comment_id=answer["id"])
    (left,) = await visitor.call("list_comments")
    assert (left["id"], left["text"]) == (said["id"], "Edited")
    await visitor.walk([("goto_forum", {"forum_name": "books"})])
    await visitor.call("change_submission_order", order="new")
    (newest,) = await visitor.call("list_submissions", limit=1)
    assert newest["url"] == posted["url"]
    assert (await visitor.call("list_my_submissions"))[0]["url"] == posted["url"]
    assert said["id"] in [each["id"] for each in await visitor.call("list_my_comments")]


async def test_a_line_is_added_to_a_post_of_one_s_own(visitor: Visitor) -> None:
    await visitor.walk([*MINE, ("goto_edit_submission", {})])
    fields = {field["label"]: field["value"] for field in await visitor.call("get_form")}
    await visitor.call("edit_submission", body=f"{fields['Body']}\n\nEDIT: This news aged well")
    edited = (await visitor.record())["submissions"]["1"]
    assert edited["title"] == "Nvidia RTX 4090"
    assert edited["body"] == "Crazy device for ML!\n\nEDIT: This news aged well"


async def test_a_subscription_comes_and_goes_once(visitor: Visitor) -> None:
    await visitor.walk(POST)
    for name, there in (
        ("subscribe", True),
        ("subscribe", True),
        ("unsubscribe", False),
        ("unsubscribe", False),
    ):
        await visitor.call(name)
        assert ("books" in (await visitor.record())["subscriptions"]) is there


async def test_a_part_that_fails_once_is_asked_for_again(visitor: Visitor) -> None:
    await visitor.page.route("**/-/comments", lambda route: route.abort(), times=1)
    await visitor.page.route("**/forums/by_name?page=2", lambda route: route.abort(), times=1)
    await visitor.walk(POST)
    assert await visitor.call("list_comments")
    assert len(await visitor.call("list_forums")) == len(board(0, TODAY).forums)


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("**/-/comments", "list_comments"),
        ("**/forums/by_name?page=2", "list_forums"),
        ("**/sv/*", "upvote"),
        ("**/subscribe.json", "subscribe"),
    ],
)
async def test_what_the_site_does_not_answer_is_an_error_and_soon(
    visitor: Visitor, broken: str, name: str
) -> None:
    await visitor.page.route(broken, lambda route: route.abort())
    await visitor.walk(POST)
    record = await visitor.record()
    with pytest.raises(ToolError):
        await visitor.call(name)
    assert await visitor.record() == record


async def test_a_vote_whose_answer_is_lost_is_an_error_and_there(visitor: Visitor) -> None:
    await visitor.walk([("open", {"path": "/?faults=lost@POST:1"}), *POST])
    with pytest.raises(ToolError):
        await visitor.call("upvote")
    await visitor.walk(POST)
    assert (await visitor.call("get_submission"))["my_vote"] == "up"


@pytest.mark.parametrize(
    ("fault", "done"), [("expire@POST:1", False), ("error@POST:1", False), ("lost@POST:1", True)]
)
@pytest.mark.parametrize("name", ["write_comment", "edit_biography", "submit_submission"])
async def test_no_tool_takes_a_wrong_answer_for_success(
    visitor: Visitor, fault: str, done: bool, name: str
) -> None:
    steps, arguments = USES[name]
    await visitor.walk(steps)
    await visitor.page.request.get(f"{visitor.address}/config?faults={fault}")
    record = await visitor.record()
    with pytest.raises(ToolError) as caught:
        await visitor.caller.act(TOOLSET.by_name[name], visitor.page, arguments)
    assert not isinstance(caught.value, NotDone)
    assert (await visitor.record() != record) is done


async def test_a_dialog_in_the_way_is_put_aside(visitor: Visitor) -> None:
    await visitor.walk([("open", {"path": "/?faults=modal"}), *POST])
    await visitor.call("upvote")
    await visitor.walk(POST)
    await visitor.call("write_comment", text="still here")
    assert (await visitor.call("get_submission"))["my_vote"] == "up"


async def test_a_page_in_the_other_layout_is_read_all_the_same(visitor: Visitor) -> None:
    await visitor.walk([("open", {"path": "/?faults=layout@0.5"}), *BOOKS])
    assert len(await visitor.call("list_submissions")) == len(board(0, TODAY).in_forum["books"])
    await visitor.walk(POST)
    assert MANAGER in [each["id"] for each in await visitor.call("list_comments")]
