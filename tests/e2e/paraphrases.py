"""Run the paraphrases on the site and grade each by the site's own record.

    python -m tests.e2e.paraphrases [FILE.toml] [--show]

A run is right, abstained or wrong. An abstention on an order or a question is no mistake, only a
miss; anything ordered that was not asked for is.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentjit.engine import AgentJIT
from agentjit.runtime.result import RunResult
from agentjit.sites.dashdish.catalogue import Catalogue, catalogue
from agentjit.sites.dashdish.menu import Item, Store

FILE = Path(__file__).parents[1] / "planner" / "paraphrases.toml"


@dataclass(frozen=True, slots=True)
class Graded:
    """One paraphrase with its verdict: right, abstained or wrong, and why."""

    id: str
    kind: str
    text: str
    verdict: str
    detail: str
    result: RunResult


def load(path: Path = FILE) -> list[dict[str, Any]]:
    """The entries of a file of paraphrases."""
    return list(tomllib.loads(path.read_text())["paraphrase"])


async def grade_all(entries: list[dict[str, Any]], seed: int = 0) -> list[Graded]:
    """Run and grade every entry, each on an account of its own."""
    graded = []
    with tempfile.TemporaryDirectory() as runs:
        for entry in entries:
            async with AgentJIT(
                "dashdish", approve=True, cache=False, seed=seed, runs_dir=runs
            ) as jit:
                result = await jit.run(entry["text"])
            graded.append(_grade(entry, result, catalogue(seed)))
    return graded


def _grade(entry: dict[str, Any], result: RunResult, shop: Catalogue) -> Graded:
    verdict, detail = judge_paraphrase(entry, result, shop)
    return Graded(entry["id"], entry["kind"], entry["text"], verdict, detail, result)


def judge_paraphrase(entry: dict[str, Any], result: RunResult, shop: Catalogue) -> tuple[str, str]:
    """Right, abstained or wrong, and why."""
    orders = list((result.record or {}).get("foodOrders", {}).get("added", {}).values())
    expect = entry["expect"]
    if entry["kind"] != "order" and orders:
        return "wrong", f"ordered {orders}"
    if not result.ok:
        reason = result.error.message if result.error else result.status
        if orders or result.status != "no-plan":
            # A run that breaks off is no abstention, even if nothing was ordered.
            return "wrong", f"{result.status}: {reason}"
        return ("right" if entry["kind"] == "abstain" else "abstained"), reason
    match entry["kind"]:
        case "abstain":
            return "wrong", f"ended as a success: {result.value!r:.100}"
        case "order":
            return _judge_order(expect, orders, shop)
        case _:
            wanted = _fact(expect["answer"], shop)
            right = any(_same(value, wanted) for value in _leaves(result.value))
            return ("right" if right else "wrong"), f"said {result.value!r:.80}, truth {wanted!r}"


def _judge_order(
    expect: dict[str, Any], orders: list[dict[str, Any]], shop: Catalogue
) -> tuple[str, str]:
    store = _store(expect["store"], shop)
    item = _item(expect["selector"], store)
    got = [
        (o["restaurantName"], line["name"], line["quantity"])
        for o in orders
        for line in o["cartItems"]
    ]
    wanted = [(store.name, item.name, expect["quantity"])]
    return ("right" if got == wanted else "wrong"), f"ordered {got}, wanted {wanted}"


def _store(how: str | dict[str, str], shop: Catalogue) -> Store:
    if isinstance(how, str):
        return next(s for s in shop.stores if s.name == how)
    pick = max if how["pick"] == "max" else min
    field = how["by"]
    return pick(shop.stores, key=lambda s: getattr(s, field))


def _items(store: Store) -> list[Item]:
    return [item for section in store.menu for item in section.items]


def _item(how: dict[str, str], store: Store) -> Item:
    items = _items(store)
    if how["by"] == "name":
        return next(i for i in items if i.name == how["pick"])
    if "word" in how:
        items = _of_sort(how["word"], store)
    pick = max if how["pick"] == "max" else min
    return pick(items, key=lambda i: i.cents)


def _of_sort(word: str, store: Store) -> list[Item]:
    """The items whose name has the word or, if there are none, whose section's title has it."""
    has = re.compile(rf"\b{re.escape(word)}s?\b", re.IGNORECASE).search
    named = [item for item in _items(store) if has(item.name)]
    return named or [item for section in store.menu if has(section.title) for item in section.items]


def _fact(answer: dict[str, str], shop: Catalogue) -> str | float | int:
    what, field = answer["what"], answer.get("field", "")
    if what == "count_stores":
        return len(shop.stores)
    if what.startswith("store_with"):
        pick = max if what.endswith("max") else min
        return pick(shop.stores, key=lambda s: getattr(s, field)).name
    store = _store(answer["store"], shop)
    match what:
        case "count_items":
            return len(_items(store))
        case "value_of":
            number: int = getattr(store, field)
            # The site counts a rating in hundredths and writes it in stars.
            return number / 100 if field == "rating" else number
        case "price_of":
            return _item({"by": "name", "pick": answer["item"]}, store).cents / 100
        case _:
            end = "min" if what == "cheapest_item" else "max"
            item = _item({"by": "price", "pick": end}, store)
            return item.name if field == "name" else item.cents / 100


def _leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for inner in value.values():
                yield from _leaves(inner)
        case list():
            # A list answers only a question for a list.
            return
        case _:
            yield value


def _same(value: Any, wanted: str | float) -> bool:
    if isinstance(wanted, str):
        return isinstance(value, str) and value.casefold() == wanted.casefold()
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value - wanted) < 0.005


def main() -> int:
    """Print a table, and the counts."""
    paths = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    graded = asyncio.run(grade_all(load(paths[0] if paths else FILE)))
    for each in graded:
        print(f"{each.verdict:9} {each.kind:8} {each.text}\n{'':18} {each.detail}")
        if "--show" in sys.argv and each.result.plan:
            print(each.result.plan)
    for kind in ("order", "question", "abstain"):
        counts = Counter(g.verdict for g in graded if g.kind == kind)
        print(kind, dict(counts))
    print("all", dict(Counter(g.verdict for g in graded)))
    return 1 if any(g.verdict == "wrong" for g in graded) else 0


if __name__ == "__main__":
    sys.exit(main())
