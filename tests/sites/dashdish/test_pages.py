"""The pages over HTTP: they answer, ask nothing of other hosts, and take any address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import LAYOUTS, make_settings
from agentjit.sites.dashdish.catalogue import catalogue

PAGES = [
    "/",
    "/?q=noodles",
    "/?category=Light+%26+fresh",
    "/store/taco-bell",
    "/cart",
    "/checkout",
    "/orders",
]
PARTS = [
    "/parts/rails",
    "/parts/stores",
    "/parts/drawer",
    "/store/taco-bell/menu",
    "/store/taco-bell/reviews",
    "/store/taco-bell/item/101",
]


@pytest.fixture(params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def customer(request: pytest.FixtureRequest) -> TestClient:
    settings = make_settings(layout=request.param)
    return TestClient(load_site("dashdish").create_app(settings))


@pytest.mark.parametrize("path", PAGES + PARTS)
def test_every_page_and_part_answers(customer: TestClient, path: str) -> None:
    answer = customer.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "data-testid" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anything_of_another_host(customer: TestClient, path: str) -> None:
    text = customer.get(path).text
    for name in ("look.css", "pages.css", "b.css", "b_pages.css", "app.js"):
        text += customer.get(f"/static/{name}").text
    assert re.findall(r"https?://", text) == []


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/store/nowhere",
        "/store/nowhere/menu",
        "/store/taco-bell/item/9",
        "/orders/DD-0/confirmation",
        "/parts/bill",
        "/art/item/nothing/x.svg",
        "/art/store/cover/nowhere.svg",
    ],
)
def test_what_is_not_there_is_not_found(customer: TestClient, path: str) -> None:
    assert customer.get(path).status_code == 404


def test_the_list_is_paged_without_gaps_or_repeats(customer: TestClient) -> None:
    names: list[str] = []
    path: str | None = "/parts/stores"
    while path is not None:
        text = customer.get(path).text
        names += re.findall(r'(?:data-go|href)="/store/([^"]+)"', text)
        more = re.search(r'data-more="([^"]+)"', text)
        path = unescape(more[1]) if more else None
    assert names == [store.id for store in catalogue(0).stores]


@pytest.mark.parametrize("page", ["-1", "x", "99999999999999999999", "40"])
def test_a_page_that_is_none_is_no_error(customer: TestClient, page: str) -> None:
    assert customer.get(f"/parts/stores?page={page}").status_code == 200


def test_what_a_visitor_types_is_never_markup(customer: TestClient) -> None:
    text = customer.get('/?q="><script>alert(1)</script>').text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    "path", ["/art/item/taco/x.svg", "/art/store/cover/petco.svg", "/art/store/logo/ikes.svg"]
)
def test_pictures_are_drawn_the_same_every_time(customer: TestClient, path: str) -> None:
    first = customer.get(path)
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.startswith("<svg")
    assert customer.get(path).text == first.text
