"""What is sent as evaluators look for it: addresses, fields, answers, and the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.sites.reddit.pages import TODAY, make_visitor

ME = "MarvelsGrantMan136"
BOOKS = "10037"
REMINDER = "/f/books/59421"
MANAGER = 1235250
OWN = "/f/MachineLearning/1/-/edit"
FORUM = {
    "forum[name]": "sci_fi",
    "forum[title]": "sci_fi",
    "forum[description]": "A wild place",
    "forum[sidebar]": "**New**, Classic",
    "forum[tags]": "stars, robots",
}
NOTHING: dict[str, Any] = {"added": {}, "deleted": {}, "updated": {}}


@pytest.fixture
def visitor() -> Iterator[TestClient]:
    with make_visitor() as visitor:
        visitor.follow_redirects = False
        yield visitor


def _differences(visitor: TestClient) -> Any:
    """What has changed, without the collections in which nothing has."""
    record = visitor.get("/finish").json()
    return {name: each for name, each in record["differences"].items() if each != NOTHING}


@pytest.mark.parametrize(("choice", "score"), [("1", 13), ("-1", 11), ("0", 12)])
def test_a_vote_is_answered_with_the_score_and_can_be_taken_back(
    visitor: TestClient, choice: str, score: int
) -> None:
    answer = visitor.post("/sv/124260.json", data={"choice": choice, "token": "x"})
    assert (answer.status_code, answer.json()) == (200, {"netScore": score})
    added = {"124260": int(choice)} if choice != "0" else {}
    assert _differences(visitor).get("votes", NOTHING)["added"] == added
    assert visitor.post("/sv/124260.json", data={"choice": "0"}).json() == {"netScore": 12}
    assert _differences(visitor) == {}


def test_votes_without_scripts_lead_back(visitor: TestClient) -> None:
    answer = visitor.post("/sv/59421", data={"choice": "1"})
    assert answer.status_code == 302
    assert answer.headers["location"] == f"{REMINDER}/friendly-reminder-bookshop-org-exists"
    assert visitor.post(f"/cv/{MANAGER}", data={"choice": "-1"}).status_code == 302
    differences = _differences(visitor)
    assert differences["commentVotes"]["added"] == {str(MANAGER): -1}
    assert differences["votes"]["added"] == {"59421": 1}


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/sv/124260.json", {"choice": "2"}, 400),
        ("/sv/124260.json", {"choice": "up"}, 400),
        ("/sv/124260.json", {}, 400),
        ("/sv/124260", {"choice": "7"}, 400),
        ("/sv/7.json", {"choice": "1"}, 404),
        ("/cv/7.json", {"choice": "1"}, 404),
        ("/f/nowhere/subscribe.json", {}, 404),
        (f"/user/{ME}/edit_biography", {}, 422),
        (f"/user/{ME}/edit_biography", {"user_biography[biography]": "x" * 10_001}, 422),
        ("/user/Hrekires/edit_biography", {"user_biography[biography]": "x"}, 404),
        ("/create_forum", {}, 422),
        ("/create_forum", {**FORUM, "forum[name]": "a b"}, 422),
        ("/create_forum", {**FORUM, "forum[name]": "Books"}, 422),
        ("/create_forum", {**FORUM, "forum[description]": ""}, 422),
        ("/submit", {"submission[title]": "x"}, 422),
        ("/submit", {"submission[title]": "", "submission[forum]": BOOKS}, 422),
        ("/submit", {"submission[title]": "x", "submission[forum]": "7"}, 422),
        ("/submit/nowhere", {"submission[title]": "x", "submission[forum]": BOOKS}, 404),
        (
            "/submit",
            {
                "submission[title]": "x",
                "submission[forum]": BOOKS,
                "submission[url]": "javascript:1",
            },
            422,
        ),
        (
            "/submit",
            {
                "submission[title]": "x",
                "submission[forum]": BOOKS,
                "submission[mediaType]": "image",
            },
            422,
        ),
        (OWN, {"submission[title]": "", "submission[body]": "x"}, 422),
        (f"{REMINDER}/-/edit", {"submission[title]": "x", "submission[body]": "x"}, 404),
        (f"{REMINDER}/-/delete", {}, 404),
        (f"{REMINDER}/-/comment", {"reply_to_submission_59421[comment]": " "}, 422),
        (f"{REMINDER}/-/comment", {"reply_to_submission_7[comment]": "hi"}, 422),
        (f"{REMINDER}/-/comment/7", {"reply_to_comment_7[comment]": "hi"}, 404),
        (f"/f/DIY/59421/-/comment/{MANAGER}", {f"reply_to_comment_{MANAGER}[comment]": "hi"}, 404),
        (f"{REMINDER}/-/comment/{MANAGER}/edit", {f"edit_comment_{MANAGER}[comment]": "x"}, 422),
        (f"{REMINDER}/-/comment/{MANAGER}/delete", {}, 422),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    visitor: TestClient, path: str, fields: dict[str, str], status: int
) -> None:
    assert visitor.post(path, data=fields).status_code == status
    assert _differences(visitor) == {}
    assert visitor.get("/finish").json()["initialfinaldiff"] == NOTHING


def test_a_subscription_is_answered_with_what_it_is_now(visitor: TestClient) -> None:
    assert visitor.post("/f/space/subscribe.json").json() == {"subscribed": True}
    assert _differences(visitor) == {"subscriptions": {**NOTHING, "added": {"space": True}}}
    assert visitor.post("/f/space/unsubscribe.json").json() == {"subscribed": False}
    assert visitor.post("/f/space/unsubscribe").headers["location"] == "/f/space"
    assert _differences(visitor) == {}


def test_a_biography_is_saved_and_shown(visitor: TestClient) -> None:
    fields = {"user_biography[biography]": "I am a robot", "user_biography[_token]": "x"}
    answer = visitor.post(f"/user/{ME}/edit_biography", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/user/{ME}")
    assert "<p>I am a robot</p>" in visitor.get(f"/user/{ME}").text
    record = visitor.get("/finish").json()
    assert record["initialfinaldiff"]["updated"] == {"user": {"biography": "I am a robot"}}
    assert _differences(visitor) == {}


def test_a_forum_is_made_once(visitor: TestClient) -> None:
    answer = visitor.post("/create_forum", data=FORUM)
    assert (answer.status_code, answer.headers["location"]) == (302, "/f/sci_fi")
    (forum,) = _differences(visitor)["forums"]["added"].values()
    assert forum["title"] == "sci_fi"
    assert forum["sidebar"] == "**New**, Classic"
    assert forum["tags"] == ["stars", "robots"]
    assert "<strong>New</strong>" in visitor.get("/f/sci_fi").text
    assert visitor.post("/create_forum", data=FORUM).status_code == 422


@pytest.mark.parametrize("path", ["/submit", "/submit/books", "/submit/DIY"])
def test_a_submission_goes_where_its_form_says(visitor: TestClient, path: str) -> None:
    fields = {
        "submission[title]": "To Kill a Mockingbird",
        "submission[body]": "good book!",
        "submission[forum]": BOOKS,
        "submission[mediaType]": "url",
        "submission[url]": "",
    }
    answer = visitor.post(path, data=fields)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/f/books/140001/to-kill-a-mockingbird"
    again = visitor.post(path, data=fields)
    assert again.headers["location"] == "/f/books/140002/to-kill-a-mockingbird"
    differences = _differences(visitor)
    assert differences["votes"]["added"] == {"140001": 1, "140002": 1}
    first = differences["submissions"]["added"]["140001"]
    assert (first["forum"], first["body"], first["author"]) == ("books", "good book!", ME)
    assert first["posted"].startswith(TODAY.isoformat())
    assert 'href="/f/books/140002/' in visitor.get("/f/books/new").text


def test_links_and_pictures_are_submitted(visitor: TestClient) -> None:
    fields = {"submission[title]": "x", "submission[forum]": BOOKS}
    visitor.post("/submit", data={**fields, "submission[url]": "http://elsewhere.example/a.jpg"})
    picture = {"submission[image]": ("a.png", b"pixels", "image/png")}
    visitor.post("/submit", data={**fields, "submission[mediaType]": "image"}, files=picture)
    link, shown = _differences(visitor)["submissions"]["added"].values()
    assert (link["url"], link["picture"]) == ("http://elsewhere.example/a.jpg", False)
    assert shown["picture"]
    assert visitor.get(shown["url"]).headers["content-type"] == "image/svg+xml"
    page = visitor.get("/f/books/140001/x").text
    assert "(elsewhere.example)" in page
    assert 'href="/out/140001"' in page


def test_a_submission_of_one_s_own_is_edited_and_deleted(visitor: TestClient) -> None:
    fields = {
        "submission[title]": "Nvidia RTX 4090",
        "submission[body]": "Crazy!\r\n\r\nEDIT: aged",
    }
    answer = visitor.post(OWN, data=fields)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/f/MachineLearning/1/nvidia-rtx-4090"
    assert _differences(visitor)["submissions"]["added"]["1"]["body"] == "Crazy!\n\nEDIT: aged"
    assert visitor.post("/f/MachineLearning/1/-/delete").status_code == 302
    assert visitor.get("/f/MachineLearning/1").status_code == 404
    assert 'action="/sv/1"' not in visitor.get(f"/user/{ME}/submissions").text
    assert _differences(visitor)["submissions"]["added"]["1"] == {"id": 1, "deleted": True}
    assert visitor.post("/sv/1.json", data={"choice": "1"}).status_code == 404


def test_comments_are_written_answered_edited_and_deleted(visitor: TestClient) -> None:
    thread = f"{REMINDER}/-/comments"
    visitor.post(f"{REMINDER}/-/comment", data={"reply_to_submission_59421[comment]": "one"})
    answer = visitor.post(
        f"{REMINDER}/-/comment/2400001", data={"reply_to_comment_2400001[comment]": "two"}
    )
    assert answer.status_code == 302
    assert answer.headers["location"].endswith("bookshop-org-exists#comment_2400002")
    visitor.post(
        f"{REMINDER}/-/comment/2400002/edit", data={"edit_comment_2400002[comment]": "three"}
    )
    added = _differences(visitor)["comments"]["added"]
    assert [(each["parent"], each["body"]) for each in added.values()] == [
        (None, "one"),
        (2400001, "three"),
    ]
    # What others answer to stays as a stump; what nobody answers to goes.
    assert visitor.post(f"{REMINDER}/-/comment/2400001/delete").status_code == 302
    assert "[deleted]" in visitor.get(thread).text
    reply = {"reply_to_comment_2400001[comment]": "too late"}
    assert visitor.post(f"{REMINDER}/-/comment/2400001", data=reply).status_code == 422
    visitor.post(f"{REMINDER}/-/comment/2400002/delete")
    assert "[deleted]" not in visitor.get(thread).text
    assert visitor.post("/cv/2400002.json", data={"choice": "-1"}).status_code == 404


def test_visitors_do_not_see_each_other_s_changes() -> None:
    ann, bob = make_visitor(), make_visitor()
    ann.post("/create_forum", data=FORUM)
    assert ann.get("/f/sci_fi").status_code == 200
    assert bob.get("/f/sci_fi").status_code == 404
    ann.post("/reset")
    assert ann.get("/f/sci_fi").status_code == 404
