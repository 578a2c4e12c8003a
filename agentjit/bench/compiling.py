"""How long the compiler takes for one plan, stage by stage, warm."""

from __future__ import annotations

import ast
from collections.abc import Callable
from time import perf_counter
from typing import Final

from agentjit.bench.measuring import Spread
from agentjit.compiler.check import check_or_raise
from agentjit.compiler.contracts import prove
from agentjit.compiler.lower import lower
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.compiler.typecheck import check_types
from agentjit.source import Source
from agentjit.toolspecs import Toolset

RUNS: Final = 30

#: A plan of the shape that people ask for: loops over stores and their menus, then an order.
PLAN: Final = Source(
    "bench.py",
    """\
offers = []
for store in list_all_stores():
    if not store["offers_delivery"]:
        continue
    goto_store(store["name"])
    for item in list_menu_items():
        if item["available"]:
            offers.append((item["price"], store["name"], item["name"]))
    goto_home()
offers.sort()
if offers:
    price, store_name, item_name = offers[0]
    goto_store(store_name)
    add_to_cart(item_name)
    goto_checkout()
    result = place_order()
""",
)


def measure_compiler(toolset: Toolset) -> list[Spread]:
    """Each stage, and the whole check."""

    def parsed() -> ast.Module:
        tree = parse_plan(PLAN)
        assert isinstance(tree, ast.Module)
        return tree

    program, _ = lower(parsed(), PLAN, toolset)
    stages: dict[str, Callable[[], object]] = {
        "parse": parsed,
        "subset": lambda: check_subset(parsed(), PLAN, toolset.by_name),
        "lower": lambda: lower(parsed(), PLAN, toolset),
        "contracts": lambda: prove(program, toolset),
        "types": lambda: check_types(PLAN, toolset),
        "check (all)": lambda: check_or_raise(PLAN, toolset),
    }
    return [Spread(name, _time(stage)) for name, stage in stages.items()]


def _time(work: Callable[[], object]) -> tuple[float, ...]:
    work()
    seconds = []
    for _ in range(RUNS):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return tuple(seconds)
