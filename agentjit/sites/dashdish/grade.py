"""Grades Dashdish: answers against the catalogue of the run's seed, orders against the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentjit.sites.common.judging import (
    fold,
    told_names,
    told_numbers,
    wrong_fields,
    wrong_names,
    wrong_number,
)
from agentjit.sites.dashdish.catalogue import Catalogue, catalogue
from agentjit.sites.dashdish.menu import Store
from agentjit.sites.grading import Evidence, Grader

#: What an order is placed with where nobody asks for anything else.
_USUAL: Final = {
    "deliveryOption": "Standard",
    "dropOffOption": "Leave it at my door",
    "dropOffInstructions": "",
}


def judge_prices(evidence: Evidence) -> list[str]:
    """The prices of the items that are expected, each with its item or all in their order."""
    store, names = _store(evidence, evidence.task.expect["store"]), evidence.task.expect["items"]
    assert isinstance(names, list)
    prices = {item.name: item.cents / 100 for item in store.items()}
    right = [prices[str(name)] for name in names]
    answer = evidence.answer
    if isinstance(answer, dict) and {fold(key) for key in answer} == {fold(str(n)) for n in names}:
        answer = [next(v for k, v in answer.items() if fold(k) == fold(str(n))) for n in names]
    said = told_numbers(answer, "price")
    wrong = [] if said == right else [f"the answer says {said}, and not {right}"]
    return wrong + _untouched(evidence)


def judge_reviews(evidence: Evidence) -> list[str]:
    """The first three reviews of each store of a category, said store by store."""
    known, stores = _catalogue(evidence), _in_category(evidence)
    right = {store.name: [fold(r.text) for r in store.reviews[:3]] for store in stores}
    texts = {review.text for store in stores for review in store.reviews}
    said = told_names(evidence.answer, texts | {store.name for store in known.stores}, "text")
    groups: dict[str, list[str]] = {}
    for name in said:
        if name in texts and groups:
            groups[next(reversed(groups))].append(fold(name))
        elif name not in texts:
            groups.setdefault(name, [])
    wrong = sorted(groups.keys() ^ right.keys())
    wrong = [f"the answer should be about {sorted(right)}: {wrong}"] if wrong else []
    wrong += [
        f"{name}: the answer has {groups[name]}, and not {reviews}"
        for name, reviews in right.items()
        if name in groups and groups[name] != reviews
    ]
    return wrong + _untouched(evidence)


def judge_first_stores(evidence: Evidence) -> list[str]:
    """The first three stores of the home page, in their order."""
    stores = [store.name for store in _catalogue(evidence).stores]
    return wrong_names(evidence.answer, stores[:3], stores) + _untouched(evidence)


def judge_first_categories(evidence: Evidence) -> list[str]:
    """The titles of the home page's first three sections, in their order."""
    titles = [category.title for category in _catalogue(evidence).categories]
    return wrong_names(evidence.answer, titles[:3], titles) + _untouched(evidence)


def judge_few_reviews(evidence: Evidence) -> list[str]:
    """How many of a category's first five stores have fewer than twenty reviews."""
    few = sum(store.review_count < 20 for store in _in_category(evidence)[:5])
    return wrong_number(evidence.answer, few, besides="5 20") + _untouched(evidence)


def judge_dearest(evidence: Evidence) -> list[str]:
    """The name of a store's dearest item."""
    items = list(_store(evidence, evidence.task.expect["store"]).items())
    dearest = max(items, key=lambda item: item.cents)
    names = [item.name for item in items]
    return wrong_names(evidence.answer, [dearest.name], names) + _untouched(evidence)


def judge_deliveries(evidence: Evidence) -> list[str]:
    """How many stores of a category deliver."""
    right = sum(store.delivers for store in _in_category(evidence))
    return wrong_number(evidence.answer, right) + _untouched(evidence)


def judge_cheapest_fries(evidence: Evidence) -> list[str]:
    """Which of some stores has the cheapest fries, and their price."""
    names = evidence.task.expect["stores"]
    assert isinstance(names, list)
    offers = [
        (item.cents, store.name)
        for store in (_store(evidence, name) for name in names)
        for item in store.items()
        if "fries" in item.name.casefold()
    ]
    cents, name = min(offers)
    said = set(told_names(evidence.answer, [str(n) for n in names], None))
    wrong = [] if said == {name} else [f"the answer names {sorted(said)}, and not {name!r}"]
    return wrong + wrong_number(evidence.answer, cents / 100) + _untouched(evidence)


def judge_order(evidence: Evidence) -> list[str]:
    """One order, of what is expected and nothing else, placed as usual but for what is expected.

    `expect` has `store`; `lines`, each with its `name`, or words of which the name `has` one, or
    `all`, and `size`, `quantity` (1); `each`, words of which every line's name or description has
    one; `below` and `least` for the total in dollars; `shipping` and `payment` where not usual.
    """
    orders = list(evidence.differences["foodOrders"]["added"].values())
    if len(orders) != 1:
        return [f"{len(orders)} orders were placed, and not one"]
    (order,) = orders
    expect: Mapping[str, Any] = evidence.task.expect
    wrong = [] if not evidence.final["cart"]["cartItems"] else ["something is left in the cart"]
    if "store" in expect:
        wrong += wrong_fields(order, {"restaurantName": expect["store"]}, "the order")
    details = order["checkoutDetails"]
    total = details["charges"]["totalAmount"]
    if not expect.get("least", 0) <= total < expect.get("below", float("inf")):
        wrong.append(f"the total is {total}")
    wrong += wrong_fields(details["shipping"], _USUAL | expect.get("shipping", {}), "the order")
    wrong += wrong_fields(details["payment"], {"type": expect.get("payment", "Visa")}, "the order")
    lines = order["cartItems"]
    if "lines" in expect:
        wrong += _wrong_lines(lines, expect["lines"])
    words = expect.get("each", [])
    wrong += [
        f"{line['name']} is none of what was asked for"
        for line in lines
        if words and not any(word in _about(line) for word in words)
    ]
    return wrong


GRADERS: Final[Mapping[str, Grader]] = {
    "prices-told": judge_prices,
    "reviews-told": judge_reviews,
    "first-stores-told": judge_first_stores,
    "first-categories-told": judge_first_categories,
    "few-reviews-counted": judge_few_reviews,
    "dearest-item-told": judge_dearest,
    "deliveries-counted": judge_deliveries,
    "cheapest-fries-told": judge_cheapest_fries,
    "order-placed": judge_order,
}


def _wrong_lines(
    lines: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What is wrong with an order's lines; each wanted one must be there once, in any order."""
    wrong, left = [], list(lines)
    for want in wanted:
        found = next((line for line in left if _fits(line, want)), None)
        if found is None:
            wrong.append(f"nothing in the order is {dict(want)}")
        else:
            left.remove(found)
    wrong += [f"{line['quantity']} × {line['name']} was ordered, too" for line in left]
    names = [line["name"] for line in lines]
    return wrong + ([] if len({*names}) == len(names) else ["one item is in two lines"])


def _fits(line: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    name = fold(line["name"])
    return (
        line["quantity"] == want.get("quantity", 1)
        and name == fold(want.get("name", name))
        and line["size"] == want.get("size", line["size"])
        and ("has" not in want or any(word in name for word in want["has"]))
        and all(word in name for word in want.get("all", []))
    )


def _about(line: Mapping[str, Any]) -> str:
    return fold(f"{line['name']} {line['description']}")


def _untouched(evidence: Evidence) -> list[str]:
    """A question is answered without changing anything."""
    return [] if evidence.initial == evidence.final else ["the account was changed"]


def _catalogue(evidence: Evidence) -> Catalogue:
    return catalogue(evidence.seed)


def _store(evidence: Evidence, name: Any) -> Store:
    return next(store for store in _catalogue(evidence).stores if store.name == name)


def _in_category(evidence: Evidence) -> tuple[Store, ...]:
    return _catalogue(evidence).in_category(str(evidence.task.expect["category"]))
