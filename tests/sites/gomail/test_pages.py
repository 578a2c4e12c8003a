"""The pages over HTTP, and what the record tells of what was done there."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import LAYOUTS, make_settings

PAGES = ["/", "/?in=Sent", "/?in=Travel", "/?in=Nowhere", "/?q=support", "/?page=3", "/mail/11"]
PARTS = [
    "/parts/mails",
    "/parts/mails?in=Drafts&page=1",
    "/parts/side",
    "/parts/compose",
    "/parts/compose?reply=11",
    "/parts/compose?forward=11",
    "/parts/compose?draft=243",
    "/parts/people?q=jane",
    "/mail/11/thread",
    "/mail/244/thread",
]


@pytest.fixture(params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def client(request: pytest.FixtureRequest) -> TestClient:
    settings = make_settings(layout=request.param, today="2026-03-02")
    return TestClient(load_site("gomail").create_app(settings))


def _do(client: TestClient, name: str, /, **sent: Any) -> Any:
    return client.post(f"/do/{name}", json=sent)


def _emails(client: TestClient) -> Any:
    return client.get("/finish").json()["differences"]["emails"]


@pytest.mark.parametrize("path", PAGES + PARTS)
def test_every_page_and_part_answers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert re.findall(r"https?://(?!www\.w3\.org/)", answer.text) == []


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/mail/4711",
        "/mail/4711/thread",
        "/parts/compose?reply=4711",
        "/parts/compose?reply=243",
        "/parts/compose?draft=11",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_inbox_is_paged_without_gaps_or_repeats(client: TestClient) -> None:
    ids: list[str] = []
    path: str | None = "/parts/mails?page=1"
    while path is not None:
        text = unescape(client.get(path).text)
        ids += re.findall(r'name="mail" value="(\d+)"', text)
        older = re.search(
            r'(?:title="Older"[^>]*)data-page="([^"]+)"|data-page="([^"]+)">Older', text
        )
        path = older and (older[1] or older[2])
    assert len(ids) == len(set(ids)) == 218


def test_beyond_the_last_page_is_the_last_page(client: TestClient) -> None:
    text = client.get("/parts/mails?page=40").text
    assert "201–218 of 218" in text
    assert "page=5" in text


def test_what_a_visitor_types_is_never_markup(client: TestClient) -> None:
    mean = '"><script>alert(1)</script>'
    _do(client, "label", name=mean)
    _do(client, "send", to=["a@b.cd"], subject=mean, text=mean)
    for path in (f"/?q={mean}", "/", "/parts/mails?in=Sent", "/mail/245", "/mail/245/thread"):
        assert "<script>alert" not in client.get(path).text


def test_a_sent_mail_is_told_as_evaluators_read_it(client: TestClient) -> None:
    text = "Please find the meeting notes attached."
    to = ["jonathan.smith@example.com", "Jane Doe", "Kevin <kevin.moore@example.com>"]
    assert _do(client, "send", to=to, subject="Meeting Notes", text=text).json() == {
        "message": "Message sent",
        "undo": False,
    }
    (mail,) = _emails(client)["added"]
    assert mail["to"] == [
        "jonathan.smith@example.com",
        "jane.doe@example.com",
        "kevin.moore@example.com",
    ]
    assert (mail["subject"], mail["content"]) == ("Meeting Notes", f"<p>{text}</p>")
    assert (mail["sent"], mail["draft"], mail["isReply"]) == (True, False, False)
    tree = client.get("/finish").json()["initialfinaldiff"]
    assert tree["added"]["email"]["emails"] == {mail["id"]: mail}


def test_changed_mails_are_told_by_what_changed(client: TestClient) -> None:
    _do(client, "mails", action="read", ids=["46", "47"])
    _do(client, "mails", action="trash", ids=["46", "1"])
    told = {each["id"]: each for each in _emails(client)["updated"]}
    assert told["1"] == {"id": "1", "trash": True}
    assert told["46"]["trash"] is True
    record = client.get("/finish").json()
    assert record["initialfinaldiff"]["updated"]["ui"]["snackbar"] == {
        "message": "2 conversations moved to Trash"
    }
    _do(client, "undo")
    _do(client, "label", name="Support Emails")
    tree = client.get("/finish").json()["initialfinaldiff"]
    labels = tree["added"]["settings"]["customLabels"]
    assert [label["label"] for label in labels.values()] == ["Support Emails"]


def test_a_snoozed_mail_is_gone_until_it_comes_back(client: TestClient) -> None:
    _do(client, "mails", action="snooze", ids=["7", "22"], value="2026-03-09")
    emails = _emails(client)
    assert {mail["id"] for mail in emails["deleted"]} == {"7", "22"}
    assert emails["updated"] == []
    tree = client.get("/finish").json()["initialfinaldiff"]
    assert tree["added"]["email"]["emails"]["7"] == {"snoozeUntil": "2026-03-09T08:00:00"}


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("mails", {}),
        ("mails", {"action": "trash", "ids": "46"}),
        ("mails", {"action": "trash", "ids": [46]}),
        ("mails", {"action": ["trash"], "ids": ["46"]}),
        ("label", {"name": 3}),
        ("unlabel", {"name": "Nowhere"}),
        ("send", {}),
        ("send", {"to": "a@b.cd"}),
        ("later", {"to": ["a@b.cd"], "send_at": "later"}),
        ("draft", {}),
        ("discard", {"draft": "46"}),
        ("undo", {}),
    ],
)
def test_a_request_that_makes_no_sense_changes_nothing(
    client: TestClient, name: str, sent: dict[str, Any]
) -> None:
    answer = _do(client, name, **sent)
    assert answer.status_code == 422
    assert answer.json()["message"]
    record = client.get("/finish").json()
    assert record["initialstate"] == record["finalstate"]


def test_what_is_no_object_is_refused(client: TestClient) -> None:
    assert client.post("/do/send", content="nonsense").status_code == 422
