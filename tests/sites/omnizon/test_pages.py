"""The pages over HTTP: they answer, ask nothing of other hosts, and take any address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import LAYOUTS, make_settings
from agentjit.sites.omnizon.catalogue import CATEGORIES, catalogue
from agentjit.sites.omnizon.searching import ORDERS, Wish, find
from tests.sites.omnizon.uses import account_at

START = account_at(0)
LATEST = START.orders[-1]

PAGES = [
    "/",
    "/search?q=coffee+maker",
    "/search?category=Toys&sort=price-low&min=5&max=99.5&stars=3",
    "/search?q=nothing+that+is+sold",
    "/product/16",
    "/cart",
    "/checkout",
    f"/confirmation?order={LATEST.id}",
    "/orders",
    "/orders?tab=buy-again",
    "/orders?tab=cancelled",
    f"/orders/{LATEST.id}/cancel",
    f"/orders/{LATEST.id}/review/{LATEST.lines[0].product.id}",
    "/reviews",
]
PARTS = [
    "/parts/results?q=coffee",
    "/parts/rails",
    "/parts/orders",
    "/parts/orders?tab=buy-again",
    "/parts/orders?tab=not-yet-shipped",
    "/parts/my-reviews",
    "/parts/cart",
    "/parts/payment",
    "/parts/items",
    "/parts/summary",
    "/product/16/reviews",
]
NONSENSE = ["-1", "x", "99999999999999999999", "40", "1e999", "٣"]


@pytest.fixture(scope="module", params=LAYOUTS, ids=lambda layout: f"layout {layout}")
def app(request: pytest.FixtureRequest) -> Starlette:
    settings = make_settings(layout=request.param, today=START.today.isoformat())
    return load_site("omnizon").create_app(settings)


@pytest.fixture
def shop(app: Starlette) -> TestClient:
    """A session of its own."""
    return TestClient(app)


def _shown(text: str) -> list[str]:
    """The products that a part lists, once each, in order."""
    return list(dict.fromkeys(re.findall(r'(?:data-go|href)="/product/(\d+)"', text)))


@pytest.mark.parametrize("path", PAGES + PARTS)
def test_every_page_and_part_answers(shop: TestClient, path: str) -> None:
    answer = shop.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "data-testid" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_anything_of_another_host(shop: TestClient, path: str) -> None:
    text = shop.get(path).text
    for name in ("look.css", "pages.css", "b.css", "app.js"):
        text += shop.get(f"/static/{name}").text
    assert re.findall(r"https?://", text) == []


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/product/999",
        "/product/16/nothing",
        "/product/999/reviews",
        "/confirmation",
        "/confirmation?order=1",
        "/orders/1/cancel",
        f"/orders/{START.orders[0].id}/cancel",
        f"/orders/{LATEST.id}/review/16",
        "/art/nothing/Black.svg",
    ],
)
def test_what_is_not_there_is_not_found(shop: TestClient, path: str) -> None:
    assert shop.get(path).status_code == 404


@pytest.mark.parametrize("wish", [Wish(words="gaming"), Wish(category="Toys", order="rating")])
def test_a_list_is_paged_without_gaps_or_repeats(shop: TestClient, wish: Wish) -> None:
    query = f"q={wish.words}&category={wish.category}&sort={wish.order}"
    right = [product.id for product in find(catalogue(0), wish)]
    assert len(right) > 24
    shown = [
        product
        for page in range(1, len(right) // 24 + 2)
        for product in _shown(shop.get(f"/parts/results?{query}&page={page}").text)
    ]
    assert shown == right


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_is_led_to_and_has_something(shop: TestClient, category: str) -> None:
    home = unescape(shop.get("/").text)
    link = f"/search?category={category}"
    assert link in home.replace("+", " ").replace("%20", " ").replace("%26", "&")
    assert len(_shown(shop.get("/parts/results", params={"category": category}).text)) >= 5


@pytest.mark.parametrize("name", ["page", "min", "max", "stars", "sort", "category", "tab"])
@pytest.mark.parametrize("value", NONSENSE)
def test_an_address_that_makes_no_sense_is_no_error(
    shop: TestClient, name: str, value: str
) -> None:
    for path in ("/search", "/parts/results", "/orders", "/parts/orders"):
        assert shop.get(path, params={"q": "coffee", name: value}).status_code == 200


def test_what_a_visitor_types_is_never_markup(shop: TestClient) -> None:
    evil = '"><script>alert(1)</script>'
    assert "<script>alert" not in shop.get("/search", params={"q": evil}).text
    path = f"/orders/{LATEST.id}/review/{LATEST.lines[0].product.id}"
    form = {"rating": "4", "title": evil, "content": evil}
    assert shop.post(path, data=form).status_code == 200
    assert "<script>alert" not in shop.get("/parts/my-reviews").text
    assert "alert(1)" in shop.get("/parts/my-reviews").text


def test_suggestions_have_what_begins_as_typed(shop: TestClient) -> None:
    names = shop.get("/parts/suggest?q=esp").json()["names"]
    assert 0 < len(names) <= 7
    assert all(any(word.startswith("esp") for word in name.casefold().split()) for name in names)
    assert shop.get("/parts/suggest").json()["names"] == []


def test_sorting_and_filters_show_what_they_say(shop: TestClient) -> None:
    by_id = catalogue(0).by_id
    for order in ORDERS:
        query = {"q": "lamp", "sort": order, "min": "20", "max": "120", "stars": "3"}
        found = [by_id[each] for each in _shown(shop.get("/parts/results", params=query).text)]
        assert found
        assert all(2000 <= p.cents <= 12000 and p.rating >= 30 for p in found)
        if order.startswith("price"):
            prices = [product.cents for product in found]
            assert prices == sorted(prices, reverse=order == "price-high")


@pytest.mark.parametrize("path", ["/art/pot/Cobalt Blue.svg", "/art/phone/Nameless.svg"])
def test_pictures_are_drawn_the_same_every_time(shop: TestClient, path: str) -> None:
    first = shop.get(path)
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.startswith("<svg")
    assert shop.get(path).text == first.text
