"""The pages over HTTP: they answer, in both layouts, and take any address and any text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from agentjit.sites.common.settings import LAYOUTS
from agentjit.sites.reddit.board import board
from agentjit.sites.reddit.ranking import ORDERS, PERIODS
from tests.sites.reddit.pages import TODAY, make_visitor

PAGES = [
    "/",
    *(f"/{order}" for order in ORDERS),
    *(f"/f/books/{order}" for order in ORDERS),
    *(f"/all/top?t={period}" for period in PERIODS),
    "/subscribed",
    "/comments",
    "/forums",
    "/forums/by_title",
    "/forums/by_submissions",
    "/forums/by_subscribers?page=2",
    "/f/BOOKS",
    "/f/books/comments",
    "/f/books/59421",
    "/f/books/59421/any-other-title",
    "/f/books/59421/-/comments",
    "/f/MachineLearning/1/-/edit",
    "/user/marvelsgrantman136",
    "/user/Hrekires/submissions",
    "/user/Hrekires/comments",
    "/user/MarvelsGrantMan136/edit_biography",
    "/create_forum",
    "/submit",
    "/submit/books",
    "/search",
    "/search?q=the",
    "/out/134868",
]


@pytest.fixture(params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def visitor(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    # Within the application's life, one event loop answers all requests: much quicker.
    with make_visitor(layout=request.param) as visitor:
        yield visitor


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_and_asks_nothing_of_another_host(
    visitor: TestClient, path: str
) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', answer.text) == []
    assert "data-testid" not in answer.text
    assert "{{" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/f/nowhere",
        "/f/books/oldest",
        "/f/books/7",
        "/f/DIY/59421/friendly-reminder-bookshop-org-exists",
        "/f/books/59421/-/edit",
        "/f/books/99999999999999999999",
        "/forums/by_smell",
        "/user/nobody_at_all",
        "/user/Hrekires/edit_biography",
        "/submit/nowhere",
        "/out/59421",
        "/out/7",
    ],
)
def test_what_is_not_there_is_not_found(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "Not found" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/f/books/new",
        "/user/UniversityofBath/submissions",
        "/forums/by_name",
        # Hundreds of pages, made as a forum's are.
        pytest.param("/all", marks=pytest.mark.slow),
    ],
)
def test_a_list_is_paged_without_gaps_or_repeats(visitor: TestClient, path: str) -> None:
    link = r'href="(/f/\w+)"[^>]*>\w+</a> *<(?:span|div)' if "forums" in path else r'"/sv/(\d+)"'
    found: list[str] = []
    query: str | None = ""
    while query is not None:
        text = visitor.get(path + query).text
        found += re.findall(link, text[text.index("<h1") if "<h1" in text else 0 :])
        more = re.search(r'href="(\?[^"]*page=\d+)">More', text)
        query = unescape(more[1]) if more else None
    content = board(0, TODAY)
    expected = {
        "/f/books/new": len(content.in_forum["books"]),
        "/user/UniversityofBath/submissions": len(content.by_author["UniversityofBath"]),
        "/all": len(content.submissions),
        "/forums/by_name": len(content.forums),
    }[path]
    assert len(found) == len(set(found)) == expected


@pytest.mark.parametrize("page", ["-1", "x", "99999999999999999999", "4000"])
def test_a_page_that_is_none_is_no_error(visitor: TestClient, page: str) -> None:
    for path in ("/", "/f/books", "/forums", "/comments", "/user/Hrekires"):
        assert visitor.get(f"{path}?page={page}").status_code == 200


def test_what_a_visitor_types_is_never_markup(visitor: TestClient) -> None:
    evil = '"><script>alert(1)</script>[x](javascript:alert(1))'
    fields = {"submission[title]": evil, "submission[body]": evil, "submission[forum]": "10037"}
    page = visitor.post("/submit", data=fields)
    path = page.url.path
    visitor.post(
        f"/f/books/{path.split('/')[3]}/-/comment",
        data={f"reply_to_submission_{path.split('/')[3]}[comment]": evil},
    )
    visitor.post(
        "/user/MarvelsGrantMan136/edit_biography", data={"user_biography[biography]": evil}
    )
    for shown in (
        page.text,
        visitor.get(f"/f/books/{path.split('/')[3]}/-/comments").text,
        visitor.get("/user/MarvelsGrantMan136").text,
        visitor.get("/search", params={"q": evil}).text,
        visitor.get("/f/books/new").text,
    ):
        assert "<script>alert" not in shown
        assert 'href="javascript' not in shown
    assert "&lt;script&gt;" in page.text


def test_pictures_are_drawn_the_same_every_time(visitor: TestClient) -> None:
    (path,) = re.findall(r'src="(/submission_images/[^"]+)"', visitor.get("/f/pics/104981").text)
    first = visitor.get(path)
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.startswith("<svg")
    assert visitor.get(path).text == first.text
    assert visitor.get("/submission_images/00.jpg").text != first.text
