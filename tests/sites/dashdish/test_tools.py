"""Dashdish's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from agentjit.errors import ContractBroken, ToolError
from agentjit.runtime.launch import open_browser
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import LAYOUTS, make_settings
from agentjit.sites.dashdish.catalogue import catalogue
from tests.sites.dashdish.customer import TOOLSET, Customer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BURGER = "Classic Cheeseburger"

#: From the home page to where a tool can be used, and the arguments to use it with.
TO_STORE: list[tuple[str, Any]] = [("open", {"path": "/store/taco-bell"})]
TO_CART = [*TO_STORE, ("add_to_cart", {"item_name": BURGER})]
TO_CHECKOUT = [*TO_CART, ("goto_checkout", {})]
TO_ORDER = [*TO_CHECKOUT, ("place_order", {})]
USES: dict[str, tuple[list[tuple[str, Any]], dict[str, Any]]] = {
    "goto_home": (TO_STORE, {}),
    "list_all_stores": ([], {}),
    "list_categories": ([], {}),
    "filter_by_category": ([], {"category_name": "Light & fresh"}),
    "filter_stores": ([], {"query": "noodles"}),
    "goto_store": ([], {"store_name": "Dockside Fish Fry"}),
    "get_store_details": (TO_STORE, {}),
    "list_menu_items": (TO_STORE, {}),
    "get_store_reviews": (TO_STORE, {"limit": 7}),
    "get_item_details": (TO_STORE, {"item_name": BURGER}),
    "add_to_cart": (
        TO_STORE,
        {"item_name": BURGER, "quantity": 3, "customizations": ["Large", "add to it: bacon"]},
    ),
    "get_cart": (TO_CART, {}),
    "remove_from_cart": (TO_CART, {"item_name": BURGER}),
    "empty_cart": (TO_CART, {}),
    "goto_checkout": (TO_CART, {}),
    "get_checkout_details": (TO_CHECKOUT, {}),
    "choose_delivery_or_pickup": (TO_CHECKOUT, {"method": "Pickup"}),
    "choose_delivery_option": (TO_CHECKOUT, {"option": "Express"}),
    "choose_drop_off": (TO_CHECKOUT, {"drop_off": "Hand it to me"}),
    "set_delivery_note": (TO_CHECKOUT, {"note": "Leave at the front door"}),
    "choose_payment": (TO_CHECKOUT, {"payment": "PayPal"}),
    "set_tip": (TO_CHECKOUT, {"amount": 4}),
    "place_order": (TO_CHECKOUT, {}),
    "goto_orders": (TO_ORDER, {}),
    "list_orders": (TO_ORDER, {}),
}

#: Calls that must be refused: where from, the tool, its arguments, and what the error says.
SLIPS: list[tuple[list[tuple[str, Any]], str, dict[str, Any], str]] = [
    ([], "goto_store", {"store_name": "Taco Belt"}, "no store 'Taco Belt'"),
    ([], "filter_by_category", {"category_name": "Light"}, "no category 'Light'"),
    ([], "filter_stores", {"query": " "}, "needs words"),
    (TO_STORE, "get_store_reviews", {"limit": 0}, "no review at all"),
    (TO_STORE, "get_item_details", {"item_name": "Cheeseburger"}, "no item 'Cheeseburger'"),
    (TO_STORE, "add_to_cart", {"item_name": "Classic Cheese"}, "no item 'Classic Cheese'"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "quantity": 21}, "between 1 and 20"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "quantity": 0}, "between 1 and 20"),
    (TO_STORE, "add_to_cart", {"item_name": BURGER, "customizations": ["Huge"]}, "'Huge'"),
    (
        TO_STORE,
        "add_to_cart",
        {"item_name": BURGER, "customizations": ["Small", "Large"]},
        "'Large'",
    ),
    (TO_CART, "remove_from_cart", {"item_name": "Soup"}, "no item in the cart 'Soup'"),
    (TO_CHECKOUT, "set_tip", {"amount": 2.5}, "'2.50' is not offered"),
    (
        TO_CHECKOUT,
        "choose_delivery_option",
        {"option": "Schedule", "time": "Never"},
        "'Never' is not offered",
    ),
    (
        TO_CHECKOUT,
        "choose_delivery_option",
        {"option": "Express", "time": "Noon"},
        "no time to choose",
    ),
]


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=LAYOUTS, ids=lambda layout: f"layout {layout}"
)
async def address(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    settings = make_settings(layout=request.param)
    async with serving([load_site("dashdish")], settings) as addresses:
        yield addresses["dashdish"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def customer(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> AsyncIterator[Customer]:
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    seed = getattr(request, "param", 0)
    await page.goto(f"{address}/?seed={seed}", wait_until="domcontentloaded")
    yield Customer(page, address)
    await context.close()
    assert problems == []


async def _walk(customer: Customer, steps: list[tuple[str, Any]]) -> None:
    for name, arguments in steps:
        if name == "open":
            path = customer.address + arguments["path"]
            await customer.page.goto(path, wait_until="domcontentloaded")
        else:
            await customer.call(name, **arguments)


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(customer: Customer, name: str) -> None:
    steps, arguments = USES[name]
    await _walk(customer, steps)
    await customer.call_strictly(name, **arguments)


@pytest.mark.parametrize(
    ("steps", "name", "arguments", "complaint"),
    SLIPS,
    ids=[f"{name} {list(arguments.values())}" for _, name, arguments, _ in SLIPS],
)
async def test_a_tool_that_cannot_says_why_and_changes_nothing(
    customer: Customer,
    steps: list[tuple[str, Any]],
    name: str,
    arguments: dict[str, Any],
    complaint: str,
) -> None:
    await _walk(customer, steps)
    record, seen = await customer.record(), await customer.observe()
    with pytest.raises(ToolError, match=complaint):
        await customer.call(name, **arguments)
    assert await customer.record() == record
    assert await customer.observe() == seen


@pytest.mark.parametrize("customer", [0, 3, 4], indirect=True, ids=lambda seed: f"seed {seed}")
async def test_an_order_is_one_order_of_what_was_chosen(
    customer: Customer, request: pytest.FixtureRequest
) -> None:
    seed = request.node.callspec.params["customer"]
    await customer.call("goto_store", store_name="taco bell")
    items = await customer.call("list_menu_items")
    cheapest = min(items, key=lambda item: item["price"])
    truth = min(catalogue(seed).by_id["taco-bell"].items(), key=lambda item: item.cents)
    assert (cheapest["name"], cheapest["price"]) == (truth.name, truth.cents / 100)

    await customer.call("add_to_cart", item_name=cheapest["name"])
    await customer.call("goto_checkout")
    terms = await customer.call("get_checkout_details")
    placed = await customer.call("place_order")

    orders = (await customer.record())["cart"]["foodOrders"]
    assert list(orders) == ["0"]
    (line,) = orders["0"]["cartItems"]
    assert (line["name"], line["quantity"]) == (truth.name, 1)
    total = orders["0"]["checkoutDetails"]["charges"]["totalAmount"]
    assert placed == {
        "order_id": orders["0"]["orderId"],
        "store": "Taco Bell",
        "items": terms["items"],
        "total": total,
    }
    assert terms["total"] == total
    (entry,) = await customer.call("list_orders")
    assert {key: entry[key] for key in placed} == placed


async def test_all_stores_are_listed_though_the_page_shows_a_few(customer: Customer) -> None:
    stores = await customer.call("list_all_stores")
    assert stores == [
        {
            "name": store.name,
            "cuisine": store.cuisine,
            "rating": store.rating / 100,
            "review_count": store.review_count,
            "minutes": store.minutes,
            "delivery_fee": store.fee_cents / 100 if store.delivers else None,
            "price_level": store.level,
            "offers_delivery": store.delivers,
            "offers_pickup": store.picks_up,
        }
        for store in catalogue(0).stores
    ]


async def test_a_filtered_list_has_what_matches_and_home_has_all(customer: Customer) -> None:
    await customer.call("filter_by_category", category_name="light & fresh")
    stores = await customer.call("list_all_stores")
    assert sum(store["offers_delivery"] for store in stores) == 5
    await customer.call("filter_by_category", category_name="Costume party ready")
    assert len(await customer.call("list_all_stores")) == 5
    await customer.call("filter_stores", query="ramen")
    assert "Ramen Kettle" in [s["name"] for s in await customer.call("list_all_stores")]
    await customer.call("filter_stores", query="no such dish")
    assert await customer.call("list_all_stores") == []
    await customer.call("goto_home")
    assert len(await customer.call("list_all_stores")) == 50


@pytest.mark.parametrize(
    "narrow",
    [
        ("filter_by_category", {"category_name": "Light & fresh"}),
        ("filter_stores", {"query": "noodles"}),
    ],
    ids=["category", "search"],
)
async def test_a_store_beyond_the_filter_is_found_and_a_missing_one_keeps_the_filter(
    customer: Customer, narrow: tuple[str, dict[str, Any]]
) -> None:
    await _walk(customer, [narrow])
    seen = await customer.observe()
    with pytest.raises(ToolError, match="no store 'Nowhere'"):
        await customer.call("goto_store", store_name="Nowhere")
    assert await customer.observe() == seen
    await customer.call("goto_store", store_name="Petco")


async def test_a_menu_is_read_as_it_is_sold(customer: Customer) -> None:
    store = next(s for s in catalogue(0).stores if any(i.sold_out for i in s.items()))
    await customer.call("goto_store", store_name=store.name)
    items = await customer.call("list_menu_items")
    assert [(i["name"], i["price"], i["available"]) for i in items] == [
        (item.name, item.cents / 100, not item.sold_out) for item in store.items()
    ]
    gone = next(item for item in items if not item["available"])
    assert (await customer.call("get_item_details", item_name=gone["name"]))["options"] == []
    with pytest.raises(ToolError, match="sold out"):
        await customer.call("add_to_cart", item_name=gone["name"])


async def test_reviews_are_all_there_newest_first(customer: Customer) -> None:
    await customer.call("goto_store", store_name="Taco Bell")
    texts = [review.text for review in catalogue(0).by_id["taco-bell"].reviews]
    everything = await customer.call("get_store_reviews")
    assert [review["text"] for review in everything] == texts
    assert await customer.call("get_store_reviews", limit=3) == everything[:3]


async def test_another_store_s_cart_is_not_thrown_away(customer: Customer) -> None:
    await _walk(customer, [*TO_CART, ("goto_home", {}), ("goto_store", {"store_name": "Souvla"})])
    record = await customer.record()
    with pytest.raises(ToolError, match="items from Taco Bell"):
        await customer.call("add_to_cart", item_name=BURGER)
    assert await customer.record() == record
    await customer.call("empty_cart")
    await customer.call("add_to_cart", item_name=BURGER)
    assert (await customer.call("get_cart"))["store"] == "Souvla"


async def test_one_item_leaves_the_cart_and_the_others_stay(customer: Customer) -> None:
    await _walk(
        customer, [*TO_CART, ("add_to_cart", {"item_name": "Loaded Nachos", "quantity": 3})]
    )
    await customer.call("remove_from_cart", item_name="loaded nachos")
    cart = await customer.call("get_cart")
    assert [item["name"] for item in cart["items"]] == [BURGER]
    assert (await customer.observe())["cart"] == "filled"


async def test_checkout_choices_reach_the_order(customer: Customer) -> None:
    await _walk(customer, TO_CHECKOUT)
    time = "Tomorrow, 6:00 PM – 6:20 PM"
    await customer.call("choose_delivery_option", option="Schedule", time=time)
    await customer.call("set_delivery_note", note="Leave at the front door")
    await customer.call("choose_payment", payment="Mastercard")
    await customer.call("set_tip", amount=0)
    terms = await customer.call("get_checkout_details")
    assert (terms["delivery_time"], terms["tip"], terms["payment"]) == (time, 0, "Mastercard")
    placed = await customer.call("place_order")
    order = (await customer.record())["cart"]["foodOrders"]["0"]["checkoutDetails"]
    assert order["shipping"]["deliveryOption"] == "Schedule"
    assert order["shipping"]["scheduledTime"] == time
    assert order["shipping"]["dropOffInstructions"] == "Leave at the front door"
    assert order["payment"]["type"] == "Mastercard"
    assert order["charges"]["totalAmount"] == placed["total"] == terms["total"]


async def test_an_unmet_requirement_stops_a_call_before_it_begins(customer: Customer) -> None:
    with pytest.raises(ContractBroken, match="get_item_details"):
        await customer.call("get_item_details", item_name=BURGER)
    assert (await customer.observe())["page"] == "home"


async def test_tabs_of_one_customer_agree_about_the_cart(customer: Customer) -> None:
    other = Customer(await customer.page.context.new_page(), customer.address)
    await other.page.goto(customer.address)
    await _walk(customer, TO_CART)
    await other.page.get_by_role("banner").get_by_text(re.compile(r"^(Cart \()?1\)?$")).wait_for()
    assert (await other.observe())["cart"] == "filled"


async def test_late_content_is_waited_for(customer: Customer) -> None:
    await customer.page.goto(f"{customer.address}/?latency=lognormal:0.05:tail=0.1x8")
    stores = await customer.call("list_all_stores")
    assert len(stores) == 50
    await _walk(customer, TO_CHECKOUT)
    terms = await customer.call("get_checkout_details")
    assert (await customer.call("place_order"))["total"] == terms["total"]


async def test_a_part_that_fails_once_is_asked_for_again(customer: Customer) -> None:
    await customer.page.route("**/menu", lambda route: route.abort(), times=1)
    await customer.page.route("**/parts/stores?*page=2", lambda route: route.abort(), times=1)
    assert len(await customer.call("list_all_stores")) == 50
    await customer.call("goto_store", store_name="Taco Bell")
    assert len(await customer.call("list_menu_items")) == 26


@pytest.mark.parametrize(
    ("steps", "broken", "name", "arguments"),
    [
        ([], "**/parts/stores?*", "list_all_stores", {}),
        (TO_STORE, "**/reviews", "get_store_reviews", {}),
        (TO_STORE, "**/item/*", "get_item_details", {"item_name": BURGER}),
        (TO_STORE, "**/item/*", "add_to_cart", {"item_name": BURGER}),
        (TO_STORE, "**/cart/add", "add_to_cart", {"item_name": BURGER}),
        (TO_CART, "**/cart/line", "empty_cart", {}),
        (TO_CART, "**/parts/drawer", "get_cart", {}),
        (TO_CART, "**/parts/bill", "get_checkout_details", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_the_site_does_not_answer_is_an_error_and_soon(
    customer: Customer, steps: list[tuple[str, Any]], broken: str, name: str, arguments: Any
) -> None:
    await _walk(customer, steps)
    await customer.page.route(broken, lambda route: route.abort())
    if name == "get_checkout_details":
        await customer.call("goto_checkout")
    else:
        await customer.page.reload()
    record = await customer.record()
    with pytest.raises(ToolError):
        await customer.call(name, **arguments)
    assert await customer.record() == record
