"""Dashdish's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agentjit.errors import ContractBroken, ToolError
from agentjit.sites.dashdish.catalogue import catalogue
from tests.sites.dashdish.customer import TOOLSET, Customer
from tests.sites.dashdish.uses import BURGER, SLIPS, TO_CART, TO_CHECKOUT, USES
from tests.sites.guests import Slip, Steps, by_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: Tools that need some page, or a cart, by what they require.
PARTICULAR = {tool.name: tool.requires_source.text for tool in TOOLSET.tools if tool.requires}

#: From home to a place, and the tools that cannot be used there.
MISPLACED: list[tuple[Steps, list[str]]] = [
    (TO_CHECKOUT, [name for name, text in PARTICULAR.items() if "page == 'checkout'" not in text]),
    ([], [name for name, text in PARTICULAR.items() if re.search("== '(checkout|filled)'", text)]),
]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)
    assert {name for _, names in MISPLACED for name in names} == set(PARTICULAR)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(customer: Customer, name: str) -> None:
    steps, arguments = USES[name]
    await customer.walk(steps)
    await customer.try_out(name, **arguments)


@pytest.mark.parametrize("slips", by_place(SLIPS))
async def test_tools_that_cannot_say_why_and_change_nothing(
    customer: Customer, slips: list[Slip]
) -> None:
    await customer.walk(slips[0][0])
    await customer.slip(slips)


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
    await customer.walk([narrow])
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
    await customer.walk([*TO_CART, ("goto_home", {}), ("goto_store", {"store_name": "Souvla"})])
    record = await customer.record()
    with pytest.raises(ToolError, match="items from Taco Bell"):
        await customer.call("add_to_cart", item_name=BURGER)
    assert await customer.record() == record
    await customer.call("empty_cart")
    await customer.call("add_to_cart", item_name=BURGER)
    assert (await customer.call("get_cart"))["store"] == "Souvla"


async def test_one_item_leaves_the_cart_and_the_others_stay(customer: Customer) -> None:
    nachos = {"item_name": "Loaded Nachos", "quantity": 3}
    await customer.walk([*TO_CART, ("add_to_cart", nachos)])
    await customer.call("remove_from_cart", item_name="loaded nachos")
    cart = await customer.call("get_cart")
    assert [item["name"] for item in cart["items"]] == [BURGER]
    assert (await customer.observe())["cart"] == "filled"


async def test_checkout_choices_reach_the_order(customer: Customer) -> None:
    await customer.walk(TO_CHECKOUT)
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


@pytest.mark.parametrize(("steps", "names"), MISPLACED, ids=["at checkout", "at home"])
async def test_tools_in_the_wrong_place_are_refused_and_their_bodies_fail_too(
    customer: Customer, steps: Steps, names: list[str]
) -> None:
    await customer.walk(steps)
    record, seen = await customer.record(), await customer.observe()
    hurried = customer.hurried()
    hurried.page.set_default_timeout(500)
    for name in names:
        with pytest.raises(ContractBroken, match=name):
            await hurried.call(name, **USES[name][1])
        # Even where nobody looked at the contract: the page changed since, say.
        with pytest.raises(ToolError):
            await hurried.caller.act(TOOLSET.by_name[name], hurried.page, USES[name][1])
        assert (await customer.record(), await customer.observe()) == (record, seen), name


async def test_tabs_of_one_customer_agree_about_the_cart(customer: Customer) -> None:
    other = Customer(await customer.page.context.new_page(), customer.address)
    await other.page.goto(customer.address)
    await customer.walk(TO_CART)
    await other.page.get_by_role("banner").get_by_text(re.compile(r"^(Cart \()?1\)?$")).wait_for()
    assert (await other.observe())["cart"] == "filled"
    await other.page.close()
