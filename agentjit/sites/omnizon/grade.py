"""Grades Omnizon: answers against the catalogue of the run's seed, orders against the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentjit.sites.common.judging import (
    fold,
    told_names,
    told_numbers,
    wrong_fields,
    wrong_names,
)
from agentjit.sites.grading import Evidence, Grader
from agentjit.sites.omnizon.catalogue import Catalogue, catalogue
from agentjit.sites.omnizon.checkout import offer_deliveries
from agentjit.sites.omnizon.orders import CANCELLED, WAITING
from agentjit.sites.omnizon.product import Product

#: What of the record is the account; the rest only tells of the visit.
_ACCOUNT: Final = ("cart", "checkout", "order", "reviews")


def judge_dearest_cancelled(evidence: Evidence) -> list[str]:
    """The order with the largest total was cancelled, and no other."""
    orders = _live(evidence)
    dearest = max(orders, key=lambda key: orders[key]["total"])
    return _wrong_cancellations(evidence, {dearest})


def judge_month_cancelled(evidence: Evidence) -> list[str]:
    """The orders of a month of this year were cancelled, and no others."""
    month = f"{evidence.today:%Y}-{evidence.task.expect['month']}-"
    wanted = {key for key, order in _live(evidence).items() if order["date"].startswith(month)}
    wrong = [] if wanted else [f"there are no orders of {month}: the day is wrong"]
    return wrong + _wrong_cancellations(evidence, wanted)


def judge_reviews(evidence: Evidence) -> list[str]:
    """Each item of the latest three orders has one review, and nothing else was done."""
    latest = list(_live(evidence).values())[-3:]
    wanted = [(order["orderNumber"], item["id"]) for order in latest for item in order["items"]]
    reviews = evidence.final["reviews"].values()
    written = [(review["orderNumber"], review["productId"]) for review in reviews]
    wrong = [f"there is no review of {pair}" for pair in wanted if pair not in written]
    wrong += [f"{pair} was reviewed, too" for pair in written if pair not in wanted]
    if len(set(written)) < len(written):
        wrong.append("something was reviewed twice")
    return wrong + _untouched(evidence, but="reviews")


def judge_counts(evidence: Evidence) -> list[str]:
    """How many orders are not yet shipped, and then how many are cancelled."""
    orders = evidence.initial["order"]["orders"].values()
    right = [
        float(sum(order["status"] == status for order in orders)) for status in (WAITING, CANCELLED)
    ]
    answer = evidence.answer
    if isinstance(answer, dict):
        answer = [answer[key] for key in sorted(answer, key=lambda key: "cancel" in fold(key))]
    said = told_numbers(answer)
    wrong = [] if said == right else [f"the answer says {said}, and not {right}"]
    return wrong + _untouched(evidence)


def judge_touchscreen(evidence: Evidence) -> list[str]:
    """Which of some products has a touchscreen."""
    names = [str(name) for name in _expected(evidence, "products")]
    known = {product.name: product for product in _shop(evidence).products}
    right = [name for name in names if known[name].facts.get("Touchscreen") == "Yes"]
    return wrong_names(evidence.answer, right, names) + _untouched(evidence)


def judge_colors(evidence: Evidence) -> list[str]:
    """The color of the first product of each of some categories, in their order."""
    shop, categories = _shop(evidence), [str(each) for each in _expected(evidence, "categories")]
    right = [shop.on_shelf(category)[0].colors[0] for category in categories]
    colors = {color for product in shop.products for color in product.colors}
    answer = evidence.answer
    if isinstance(answer, dict) and {*map(fold, answer)} == {*map(fold, categories)}:
        by_category = {fold(key): value for key, value in answer.items()}
        answer = [by_category[fold(category)] for category in categories]
    said = told_names(answer, colors, "color")
    wrong = [] if said == right else [f"the answer names {said}, and not {right}"]
    return wrong + _untouched(evidence)


def judge_order(evidence: Evidence) -> list[str]:
    """One order, of what is expected and nothing else, placed as usual but for what is expected.

    `expect` has `lines`, each with `ids` of which it is one, or `has`, all of whose words are in
    its name, or `category`; `above` and `below` for its price in dollars; `cheapest` for words
    that are searched for; `quantity` (1). `day` is "last" for the latest delivery; `card` has what
    the payment card must be.
    """
    orders = list(evidence.differences["orders"]["added"].values())
    if len(orders) != 1:
        return [f"{len(orders)} orders were placed, and not one"]
    (order,) = orders
    expect: Mapping[str, Any] = evidence.task.expect
    wrong = [] if not evidence.final["cart"]["items"] else ["something is left in the cart"]
    offered = offer_deliveries(evidence.seed, evidence.today)
    day = max(each.day for each in offered) if expect.get("day") == "last" else offered[0].day
    checkout = evidence.initial["checkout"]
    usual = {
        "deliveryDate": day.isoformat(),
        "selected_address": checkout["selected_address"],
        "selected_card": expect.get("card", checkout["selected_card"]),
    }
    wrong += wrong_fields(order, usual, "the order")
    if "lines" in expect:
        wrong += _wrong_lines(_shop(evidence), order["items"], expect["lines"])
    cards = [*checkout["cards"], *([expect["card"]] if "card" in expect else [])]
    wrong += wrong_fields(evidence.final["checkout"], {"cards": cards}, "the account")
    if evidence.differences["orders"]["updated"] or evidence.differences["reviews"]["added"]:
        wrong.append("something besides the order was done")
    return wrong


GRADERS: Final[Mapping[str, Grader]] = {
    "dearest-order-cancelled": judge_dearest_cancelled,
    "month-cancelled": judge_month_cancelled,
    "first-orders-reviewed": judge_reviews,
    "orders-counted": judge_counts,
    "touchscreen-found": judge_touchscreen,
    "colors-read": judge_colors,
    "order-placed": judge_order,
}


def _wrong_cancellations(evidence: Evidence, wanted: set[str]) -> list[str]:
    before, after = evidence.initial["order"]["orders"], evidence.final["order"]["orders"]
    expected = {
        key: {**order, "status": CANCELLED} if key in wanted else order
        for key, order in before.items()
    }
    wrong = [
        f"order {order['orderNumber']} of {order['date']} is {after[key]['status'].lower()}"
        for key, order in expected.items()
        if after.get(key) != order
    ]
    wrong += ["an order was placed"] if len(after) > len(before) else []
    return wrong + _untouched(evidence, but="order")


def _wrong_lines(
    shop: Catalogue, lines: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What is wrong with an order's lines; each wanted one must be there once, in any order."""
    wrong, left = [], list(lines)
    for want in wanted:
        found = next((line for line in left if _fits(shop, line, want)), None)
        if found is None:
            wrong.append(f"nothing in the order is {dict(want)}")
        else:
            left.remove(found)
    return wrong + [f"{line['quantity']} × {line['name']} was ordered, too" for line in left]


def _fits(shop: Catalogue, line: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    product = shop.by_id[line["id"]]
    name = fold(product.name)
    return (
        line["quantity"] == want.get("quantity", 1)
        and line["id"] in want.get("ids", [line["id"]])
        and all(word in name for word in want.get("has", []))
        and want.get("category", product.ware.shelves[0]) in product.ware.shelves
        and want.get("above", 0) * 100 < product.cents < want.get("below", 1e6) * 100
        and ("cheapest" not in want or product == _cheapest(shop, want["cheapest"]))
    )


def _cheapest(shop: Catalogue, words: str) -> Product:
    return min(
        (p for p in shop.products if fold(words) in fold(p.name)), key=lambda product: product.cents
    )


def _live(evidence: Evidence) -> dict[str, Any]:
    """The orders that were not cancelled at the start, by their keys, oldest first."""
    orders = evidence.initial["order"]["orders"]
    return {key: order for key, order in orders.items() if order["status"] != CANCELLED}


def _untouched(evidence: Evidence, *, but: str = "") -> list[str]:
    """Nothing of the account was changed besides what is named."""
    return [
        f"{part} was changed"
        for part in _ACCOUNT
        if part != but and evidence.initial[part] != evidence.final[part]
    ]


def _expected(evidence: Evidence, name: str) -> Sequence[Any]:
    found = evidence.task.expect[name]
    assert isinstance(found, list)
    return found


def _shop(evidence: Evidence) -> Catalogue:
    return catalogue(evidence.seed)
