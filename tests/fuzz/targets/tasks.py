"""Any sentence as a task for the symbolic planner: a plan that checks, or a reason to abstain."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from agentjit.compiler import CheckedProgram, check
from agentjit.diagnostics import render_all
from agentjit.engine import MAX_TASK_CHARS
from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import requested_tool
from agentjit.planner.symbolic import plan_symbolically
from agentjit.sites import load_site
from agentjit.sites.dashdish.catalogue import catalogue
from agentjit.source import Source
from tests.fuzz.target import Target
from tests.planner.lookups import ListedSite

TOOLSET: Final = load_site("dashdish").toolset
_SITE: Final = catalogue(0)


def _lists() -> dict[str, list[dict[str, Any]]]:
    """What the site's tools would read, as far as the planner looks."""
    stores = [
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
        for store in _SITE.stores
    ]
    items = [
        {
            "name": item.name,
            "price": item.cents / 100,
            "section": "Menu",
            "description": item.description,
            "available": not item.sold_out,
        }
        for item in next(s for s in _SITE.stores if s.name == "Taco Bell").items()
    ]
    return {
        "list_all_stores": stores,
        "list_menu_items": items,
        "list_categories": [{"name": c.title} for c in _SITE.categories],
    }


LISTS: Final = _lists()


def plan(text: str) -> None:
    if len(text) > MAX_TASK_CHARS:
        return
    task = Task(text, TOOLSET)
    requested_tool(task)
    try:
        candidate = _at_once(task)
    except Abstained:
        return
    source = Source("plan", candidate.plan)
    checked = check(source, TOOLSET, task=text)
    if not isinstance(checked, CheckedProgram):
        raise AssertionError(f"{candidate.plan}\n{render_all(checked, source)}")


def _at_once(task: Task) -> Candidate:
    """Plan without a loop of events: the lists are there, so nothing is ever waited for."""
    planning = plan_symbolically(task, ListedSite(LISTS))
    try:
        planning.send(None)
    except StopIteration as end:
        candidate: Candidate = end.value
        return candidate
    finally:
        planning.close()
    raise AssertionError("the planner waits for something")


def _sentences() -> tuple[str, ...]:
    folder = Path(__file__).parents[2] / "planner"
    texts = []
    for name in ("paraphrases.toml", "paraphrases_heldout.toml"):
        entries = tomllib.loads((folder / name).read_text("utf-8"))["paraphrase"]
        texts += [entry["text"] for entry in entries]
    return tuple(texts)


SEEDS: Final = _sentences()
_NAMES: Final = (
    *(store.name for store in _SITE.stores),
    *(str(item["name"]) for item in LISTS["list_menu_items"]),
    *(category.title for category in _SITE.categories),
)
_WORDS: Final = """
    order buy get add what which how many list cheapest best rated most expensive fastest under over
    than not never without or and then 2 two 3.5 -1 $5 % & ' ’s ? ! . , ; “ ” ( ) for me a the my
""".split()
TOKENS: Final = tuple(
    sorted({w for text in SEEDS for w in re.findall(r"\w+", text)} | {*_NAMES} | {*_WORDS})
)

TARGET: Final = Target("tasks", plan, SEEDS, TOKENS)
