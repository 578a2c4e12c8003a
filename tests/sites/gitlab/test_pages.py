"""The pages over HTTP: they answer, ask nothing of other hosts, and take any address."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import LAYOUTS, make_settings
from agentjit.sites.gitlab.world import first_projects

TODAY = date(2026, 3, 2)
A11Y = "/a11yproject/a11yproject.com"
DOTS = "/byteblaze/dotfiles"

PAGES = [
    "/",
    "/dashboard/projects/starred",
    "/explore",
    "/dashboard/issues?assignee_username=byteblaze",
    "/dashboard/merge_requests?author_username=byteblaze",
    "/dashboard/todos",
    "/dashboard/activity",
    "/search?search=404&scope=issues",
    "/search?search=vinta&scope=users",
    "/-/profile",
    "/projects/new",
    "/groups/new",
    "/groups/primer/-/group_members",
    "/vinta",
    "/primer",
    DOTS,
    f"{DOTS}/-/tree/main/docs",
    f"{DOTS}/-/blob/main/README.md",
    f"{DOTS}/-/edit/main/LICENSE",
    f"{DOTS}/-/new/main",
    f"{DOTS}/-/commits/main",
    f"{DOTS}/-/graphs/main",
    f"{DOTS}/-/project_members",
    f"{DOTS}/-/milestones",
    f"{DOTS}/-/milestones/new",
    f"{A11Y}/-/issues?state=all&sort=title&label_name[]=bug",
    f"{A11Y}/-/issues/new",
    f"{A11Y}/-/issues/1478",
    f"{A11Y}/-/merge_requests",
    "/primer/design/-/merge_requests/new",
    "/primer/design/-/merge_requests/433",
]
PARTS = [
    "/-/parts/projects",
    "/-/parts/found?search=404&scope=issues",
    f"{DOTS}/-/parts/tree?ref=main",
    f"{DOTS}/-/parts/commits?ref=main",
    f"{DOTS}/-/parts/contributors?ref=main",
    f"{DOTS}/-/parts/members",
    f"{A11Y}/-/parts/issues?state=all",
    f"{A11Y}/-/parts/merge_requests",
    f"{A11Y}/-/issues/1478/notes",
    "/primer/design/-/merge_requests/433/notes",
]


@pytest.fixture(params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def visitor(request: pytest.FixtureRequest) -> TestClient:
    settings = make_settings(layout=request.param, today=TODAY.isoformat())
    return TestClient(load_site("gitlab").create_app(settings))


@pytest.mark.parametrize("path", PAGES + PARTS)
def test_every_page_and_part_answers(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "data-testid" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anything_of_another_host(visitor: TestClient, path: str) -> None:
    text = visitor.get(path).text
    asked = re.findall(
        r'(?:src|srcset|action)="(?:https?:)?//|<link[^>]*href="(?:https?:)?//', text
    )
    assert asked == []


@pytest.mark.parametrize("name", ["look.css", "pages.css", "b.css", "b_pages.css", "app.js"])
def test_no_style_or_script_asks_anything_of_another_host(visitor: TestClient, name: str) -> None:
    answer = visitor.get(f"/static/{name}")
    assert answer.status_code == 200
    assert re.findall(r"https?://", answer.text) == []


def test_links_lead_somewhere(visitor: TestClient) -> None:
    seen: dict[str, str] = {}
    for path in (*PAGES, *PARTS):
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)', visitor.get(path).text):
            seen.setdefault(unescape(link), path)
    assert len(seen) > 100
    # One of each kind of address, for there are thousands.
    kinds = {
        re.sub(r"\d+|[0-9a-f]{8,}", "0", re.sub(r"^/[^/]+/[^/]+/-/", "/-/", x)): x for x in seen
    }
    lost = {x: seen[x] for x in kinds.values() if visitor.get(x).status_code != 200}
    assert lost == {}


@pytest.mark.parametrize(
    "path",
    [
        "/nobody-at-all",
        "/byteblaze/nothing",
        "/byteblaze/nothing/-/issues",
        f"{DOTS}/-/blob/main/none.md",
        f"{DOTS}/-/blob/other/README.md",
        f"{DOTS}/-/edit/main/docs",
        f"{DOTS}/-/tree/main/none",
        f"{DOTS}/-/commits/other",
        f"{DOTS}/-/parts/commits?ref=other",
        f"{A11Y}/-/issues/99999",
        f"{A11Y}/-/merge_requests/99999",
        f"{A11Y}/-/issues/99999/notes",
        f"{DOTS}/templates/licenses/none",
        "/groups/nothing/-/group_members",
    ],
)
def test_what_is_not_there_is_not_found(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_commits_are_paged_without_gaps_or_repeats(visitor: TestClient) -> None:
    project = next(p for p in first_projects(0, TODAY) if p.path == A11Y[1:])
    shas: list[str] = []
    path: str | None = f"{A11Y}/-/parts/commits?ref=main"
    while path is not None:
        text = visitor.get(path).text
        shas += re.findall(r">([0-9a-f]{8})</code>", text)
        more = re.search(r'data-more="([^"]+)"', text)
        path = unescape(more[1]) if more else None
    assert shas == [commit.sha[:8] for commit in project.main.commits]


@pytest.mark.parametrize("page", ["-1", "x", "99999999999999999999", "40"])
def test_a_page_that_is_none_is_no_error(visitor: TestClient, page: str) -> None:
    for path in (f"{A11Y}/-/parts/issues", f"{DOTS}/-/parts/members", "/-/parts/projects"):
        assert visitor.get(f"{path}?page={page}").status_code == 200


def test_what_a_visitor_types_is_never_markup(visitor: TestClient) -> None:
    evil = '"><script>alert(1)</script>'
    visitor.post(f"{DOTS}/-/issues", data={"issue[title]": evil, "issue[description]": evil})
    visitor.put("/api/v4/user/status", json={"message": evil, "emoji": ""})
    texts = [visitor.get("/search", params={"search": evil}).text, visitor.get("/").text]
    texts += [visitor.get(f"{DOTS}/-/parts/issues").text, visitor.get("/dashboard/activity").text]
    assert all("<script>alert" not in text for text in texts)
    assert any("script&gt;alert" in text for text in texts)


def test_dates_follow_the_session_s_day() -> None:
    texts = []
    for today in ("2026-03-02", "2027-09-09"):
        settings = make_settings(today=today)
        visitor = TestClient(load_site("gitlab").create_app(settings))
        texts.append(visitor.get(f"{DOTS}/templates/licenses/mit").json()["content"])
    assert "2026" in texts[0]
    assert "2027" in texts[1]
