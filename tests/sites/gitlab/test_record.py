"""What changes the account answers as WebArena's evaluators expect, and stands in the record."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import make_settings

DOTS = "/byteblaze/dotfiles"
A11Y = "/a11yproject/a11yproject.com"


@pytest.fixture
def visitor() -> TestClient:
    settings = make_settings(today="2026-03-02")
    return TestClient(load_site("gitlab").create_app(settings), follow_redirects=False)


def _record(visitor: TestClient) -> Any:
    return visitor.get("/finish").json()["finalstate"]


def test_nothing_done_is_no_difference(visitor: TestClient) -> None:
    record = visitor.get("/finish").json()
    assert record["initialstate"] == record["finalstate"]
    assert record["initialfinaldiff"] == {"added": {}, "deleted": {}, "updated": {}}
    assert (record["finalstate"]["files"], record["finalstate"]["commits"]) == ({}, {})


def test_a_new_project_is_the_visitor_s_alone_until_others_are_invited(
    visitor: TestClient,
) -> None:
    form = {
        "project[name]": "awesome_web_agents",
        "project[path]": "awesome_web_agents",
        "project[namespace_id]": "2505",
        "project[visibility_level]": "0",
        "project[initialize_with_readme]": "1",
    }
    answer = visitor.post("/projects", data=form)
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        "/byteblaze/awesome_web_agents",
    )
    project = _record(visitor)["projects"]["byteblaze/awesome_web_agents"]
    assert (project["visibility"], project["defaultBranch"]) == ("private", "main")
    sent = {"user_id": "5,278", "access_level": 30}
    answer = visitor.post(f"/api/v4/projects/{project['id']}/invitations", json=sent)
    assert answer.status_code == 201
    assert _record(visitor)["members"]["byteblaze/awesome_web_agents"] == {
        "byteblaze": "Owner",
        "abisubramanya27": "Developer",
        "vinta": "Developer",
    }
    assert visitor.post("/projects", data=form).status_code == 422


def test_an_issue_has_what_its_form_says(visitor: TestClient) -> None:
    form = {
        "issue[title]": "401 bad gateway",
        "issue[assignee_ids][]": "2264",
        "issue[due_date]": "2030-12-31",
        "issue[label_ids][]": "bug",
    }
    before = _record(visitor)["issues"][A11Y[1:]]
    answer = visitor.post(f"{A11Y}/-/issues", data=form)
    assert answer.status_code == 302
    number = answer.headers["location"].rpartition("/")[2]
    after = _record(visitor)["issues"][A11Y[1:]]
    assert set(after) - set(before) == {number}
    assert after[number]["title"] == "401 bad gateway"
    assert after[number]["assignees"] == ["Roshanjossey"]
    assert after[number]["labels"] == ["bug"]
    assert after[number]["due_date"] == "2030-12-31"


def test_a_file_is_replaced_by_one_commit_and_may_get_another_name(visitor: TestClient) -> None:
    form = {
        "_method": "put",
        "file_path": "COPYING",
        "branch_name": "main",
        "original_branch": "main",
        "content": "All\nof it\n",
        "commit_message": "Say less",
    }
    assert visitor.post(f"{DOTS}/-/update/main/LICENSE", data=form).status_code == 302
    record = _record(visitor)
    base = f"{DOTS[1:]}/main"
    assert record["files"] == {f"{base}/COPYING": "All\nof it\n", f"{base}/LICENSE": None}
    assert record["commits"] == {base: ["Say less"]}
    again = visitor.post(f"{DOTS}/-/update/main/README.md", data=form)
    assert "already exists" in again.text
    assert _record(visitor) == record


def test_a_new_branch_has_the_commit_and_the_old_one_has_not(visitor: TestClient) -> None:
    form = {
        "file_name": "notes.md",
        "branch_name": "drafts",
        "original_branch": "main",
        "content": "x\n",
        "commit_message": "Begin",
    }
    assert visitor.post(f"{DOTS}/-/create/main", data=form).status_code == 302
    record = _record(visitor)
    assert record["commits"] == {f"{DOTS[1:]}/drafts": ["Begin"]}
    assert record["projects"][DOTS[1:]]["branches"] == ["main", "drafts"]


def test_status_comment_assignee_star_follower_milestone_and_profile(visitor: TestClient) -> None:
    sent: dict[str, Any] = {"emoji": "car", "message": "Away", "availability": "not_set"}
    assert visitor.put("/api/v4/user/status", json=sent).status_code == 200
    requests = _record(visitor)["merge_requests"]["primer/design"]
    number = requests["433"]["id"]
    note = {"note": {"noteable_type": "MergeRequest", "noteable_id": number, "note": "lgtm"}}
    path = f"/primer/design/notes?target_id={number}&target_type=merge_request"
    assert visitor.post(path, json=note).status_code == 200
    assigned = visitor.put(f"{A11Y}/-/issues/1478.json", json={"issue": {"assignee_ids": [2264]}})
    assert assigned.status_code == 200
    assert visitor.post(f"{A11Y}/toggle_star.json").json() == {
        "star_count": _record(visitor)["stars"][A11Y[1:]]
    }
    assert visitor.post("/users/vinta/follow.json").status_code == 302
    dates = {"milestone[start_date]": "2044-01-16", "milestone[due_date]": "2044-01-30"}
    form = {"milestone[title]": "Launch", **dates}
    assert visitor.post(f"{DOTS}/-/milestones", data=form).status_code == 302
    profile = {"_method": "put", "user[website_url]": "egg.tart.com"}
    assert visitor.post("/-/profile", data=profile).status_code == 302
    record = _record(visitor)
    assert record["status"] == {"emoji": "car", "message": "Away", "busy": False}
    assert record["comments"]["primer/design"]["!433"][-1] == {
        "author": "byteblaze",
        "text": "lgtm",
    }
    assert record["issues"][A11Y[1:]]["1478"]["assignees"] == ["Roshanjossey"]
    assert (record["starred"], record["following"]) == ([A11Y[1:]], ["vinta"])
    assert record["milestones"][DOTS[1:]]["Launch"]["due_date"] == "2044-01-30"
    assert record["profile"] == {"website": "http://egg.tart.com"}


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/projects", {"project[name]": ""}),
        ("POST", "/projects", {"project[name]": "x", "project[path]": "a/b"}),
        ("POST", "/projects", {"project[name]": "x", "project[visibility_level]": "many"}),
        ("POST", "/groups", {"group[name]": "x", "group[path]": "primer"}),
        ("POST", f"{A11Y}/-/issues", {"issue[title]": " "}),
        ("POST", f"{A11Y}/-/issues", {"issue[title]": "x", "issue[due_date]": "soon"}),
        ("POST", f"{A11Y}/-/issues", {"issue[title]": "x", "issue[assignee_ids][]": "278"}),
        ("POST", f"{A11Y}/-/issues", {"issue[title]": "x", "issue[assignee_ids][]": "-1"}),
        ("POST", f"{A11Y}/-/issues", {"issue[title]": "x", "issue[label_ids][]": "none"}),
        ("POST", "/byteblaze/nothing/-/issues", {"issue[title]": "x"}),
        ("POST", "/keycloak/keycloak/-/update/main/README.md", {"file_path": "README.md"}),
        ("POST", f"{DOTS}/-/create/main", {"file_name": "README.md", "content": "x"}),
        ("POST", f"{DOTS}/-/create/main", {"file_name": "../x", "content": "x"}),
        ("POST", f"{DOTS}/-/create/other", {"file_name": "x", "content": "x"}),
        ("POST", f"{DOTS}/-/milestones", {"milestone[title]": ""}),
        ("POST", "/primer/design/-/merge_requests", {"merge_request[title]": "x"}),
        ("POST", "/-/profile", {"user[website_url]": "not one"}),
        ("POST", "/users/nobody/follow.json", {}),
        ("POST", "/users/byteblaze/follow.json", {}),
    ],
)
def test_a_form_that_is_refused_changes_nothing(
    visitor: TestClient, method: str, path: str, sent: dict[str, str]
) -> None:
    record = _record(visitor)
    answer = visitor.request(method, path, data=sent)
    assert answer.status_code in (200, 404, 422)
    assert _record(visitor) == record


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("POST", "/api/v4/projects/193/invitations", '{"user_id": "5", "access_level": 31}'),
        ("POST", "/api/v4/projects/193/invitations", '{"user_id": "", "access_level": 30}'),
        ("POST", "/api/v4/projects/193/invitations", '{"user_id": "x", "access_level": 30}'),
        ("POST", "/api/v4/projects/193/invitations", '{"user_id": 5, "access_level": 1e999}'),
        ("POST", "/api/v4/projects/193/invitations", '{"user_id": [5], "access_level": null}'),
        ("POST", "/api/v4/projects/193/invitations", "[]"),
        ("POST", "/api/v4/projects/33/invitations", '{"user_id": "5", "access_level": 30}'),
        ("POST", "/api/v4/projects/1/invitations", '{"user_id": "5", "access_level": 30}'),
        ("PUT", "/api/v4/user/status", '{"emoji": "none", "message": "x"}'),
        ("PUT", "/api/v4/user/status", "busy"),
        ("POST", "/primer/design/notes?target_id=139245", '{"note": {"note": "x"}}'),
        ("POST", "/primer/design/notes?target_id=x&target_type=issue", '{"note": {"note": "x"}}'),
        ("POST", "/primer/design/notes?target_id=1&target_type=issue", '{"note": "x"}'),
        ("PUT", f"{A11Y}/-/issues/1478.json", '{"issue": {"assignee_ids": [1e999]}}'),
        ("PUT", f"{A11Y}/-/issues/1478.json", '{"issue": {"assignee_ids": 5}}'),
        ("PUT", f"{A11Y}/-/issues/1478.json", '{"issue": {"assignee_ids": [278]}}'),
        ("PUT", f"{A11Y}/-/issues/1478.json", '{"issue": {"state_event": "vanish"}}'),
        ("PUT", f"{A11Y}/-/issues/1478.json", "{}"),
        ("PUT", f"{A11Y}/-/issues/99999.json", '{"issue": {"state_event": "close"}}'),
        ("POST", "/byteblaze/nothing/toggle_star.json", "{}"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_and_changes_nothing(
    visitor: TestClient, method: str, path: str, sent: str
) -> None:
    record = _record(visitor)
    answer = visitor.request(method, path, content=sent)
    assert 400 <= answer.status_code < 500
    assert _record(visitor) == record
