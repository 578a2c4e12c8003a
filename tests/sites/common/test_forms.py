"""What visitors send and what they are shown once: forms, uploads, sizes, messages, pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from agentjit.sites.common.application import build_app
from agentjit.sites.common.finish import Record
from agentjit.sites.common.forms import MOST_BYTES, linger, read_form, read_json, redirect
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.common.settings import SiteSettings, make_settings


async def _send(request: Request) -> Response:
    try:
        form = await read_form(request)
        seats = form.number("seats", 1)
        title = form.need("title", "Title")
    except RefusedError as error:
        return JSONResponse({"refused": str(error)}, status_code=422)
    return JSONResponse(
        {
            "method": form.method,
            "title": title,
            "seats": seats,
            "labels": form.all("labels[]"),
            "names": sorted({name for name, _ in form.pairs}),
            "uploads": [(name, each.name, len(each.content)) for name, each in form.uploads],
        }
    )


async def _json(request: Request) -> Response:
    try:
        return JSONResponse(dict(await read_json(request)))
    except RefusedError as error:
        return JSONResponse({"refused": str(error)}, status_code=422)


async def _done(request: Request) -> Response:
    return redirect(request, "/shown", "It is done")


async def _shown(request: Request) -> Response:
    await linger(request, 0)
    return PlainTextResponse("|".join(flash.text for flash in request.state.session.take_flashes()))


def _app(settings: SiteSettings) -> Starlette:
    record: Record[dict[str, Any]] = Record(lambda state: state, {})
    return build_app(
        "little",
        [
            Route("/send", _send, methods=["POST"]),
            Route("/json", _json, methods=["POST"]),
            Route("/done", _done, methods=["POST"]),
            Route("/shown", _shown),
        ],
        settings=settings,
        start=lambda seed, today: {"seed": seed, "today": today.isoformat()},
        record=record,
        static=Path(__file__).parent,
        missing=lambda _: PlainTextResponse("no", status_code=404),
    )


@pytest.fixture
def visitor() -> TestClient:
    return TestClient(_app(make_settings(seed=1, today="2026-03-01")))


def test_a_form_is_read_without_what_only_frameworks_read(visitor: TestClient) -> None:
    form = {
        "authenticity_token": "anything",
        "utf8": "✓",
        "_method": "patch",
        "title": " Hi ",
        "seats": "3",
        "labels[]": ["a", "b"],
    }
    assert visitor.post("/send", data=form).json() == {
        "method": "PATCH",
        "title": "Hi",
        "seats": 3,
        "labels": ["a", "b"],
        "names": ["labels[]", "seats", "title"],
        "uploads": [],
    }


def test_a_file_comes_with_its_name_and_content(visitor: TestClient) -> None:
    answer = visitor.post("/send", data={"title": "x"}, files={"file": ("a.txt", b"abc")})
    assert answer.json()["uploads"] == [["file", "a.txt", 3]]


@pytest.mark.parametrize("form", [{}, {"title": " "}, {"title": "x", "seats": "many"}])
def test_what_is_blank_or_no_number_is_refused(visitor: TestClient, form: dict[str, str]) -> None:
    assert visitor.post("/send", data=form).status_code == 422


@pytest.mark.parametrize("body", ["", "[1]", "{", "[" * 100_000])
def test_json_is_an_object_or_refused(visitor: TestClient, body: str) -> None:
    assert visitor.post("/json", content=body).status_code == 422
    assert visitor.post("/json", content='{"a": 1}').json() == {"a": 1}


def test_too_much_is_refused(visitor: TestClient) -> None:
    assert visitor.post("/json", content=b" " * (MOST_BYTES + 1)).status_code == 413
    assert visitor.post("/send", data={"title": "x" * (MOST_BYTES + 1)}).status_code == 413


def test_a_message_is_shown_once_and_is_in_no_record(visitor: TestClient) -> None:
    before = visitor.get("/finish").json()
    assert visitor.post("/done", follow_redirects=False).status_code == 303
    assert visitor.get("/finish").json() == before
    assert visitor.get("/shown").text == "It is done"
    assert visitor.get("/shown").text == ""


def test_the_site_begins_on_the_day_it_is_given(visitor: TestClient) -> None:
    assert visitor.get("/finish").json()["finalstate"] == {"seed": 1, "today": "2026-03-01"}
    answer = visitor.get("/config?today=2027-12-31").json()
    assert (answer["today"], answer["seed"]) == ("2027-12-31", 1)
    assert visitor.get("/finish").json()["initialstate"]["today"] == "2027-12-31"
    assert visitor.get("/config?today=soon").status_code == 400


@pytest.mark.parametrize("size", [1, 3, 10])
def test_pages_hold_a_list_without_gaps_or_repeats(size: int) -> None:
    items, number = list(range(10)), 1
    seen: list[int] = []
    while True:
        page = cut(items, number, size)
        assert (page.total, page.number) == (10, number)
        assert page.previous == (number - 1 or None)
        assert items[page.first - 1 : page.last] == list(page.items)
        seen += page.items
        if page.next is None:
            break
        number = page.next
    assert seen == items
    assert number == page.pages


def test_beyond_the_last_page_there_is_nothing() -> None:
    page = cut(range(10), 7, 5)
    assert (page.items, page.first, page.last, page.previous, page.next) == ((), 0, 0, 2, None)
    assert (cut([], 1, 5).pages, cut([], 1, 5).next) == (1, None)


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("9" * 9, 1)]
)
def test_a_page_that_is_none_is_the_first(text: str, number: int) -> None:
    scope = {"type": "http", "query_string": f"page={text}".encode(), "headers": []}
    assert asked_page(Request(scope)) == number
