"""How long the compiler takes: stage by stage, as plans grow, and for a round of candidates."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final

from agentjit.bench.measuring import Spread, show_spreads
from agentjit.compiler.check import CheckedProgram, check, check_or_raise, read_program
from agentjit.compiler.contracts import prove
from agentjit.compiler.ir import Program
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.typecheck import check_types
from agentjit.source import Source
from agentjit.toolspecs import Toolset

RUNS: Final = 30

#: A plan of the shape that people ask for, only longer: loops over stores and their menus, orders.
PLAN: Final = Source(
    "bench.py",
    """\
wanted = ["Fries", "Tacos"]
limit = 30.0
offers = []
skipped = 0
best_by_word = {}
for store in list_all_stores():
    if not store["offers_delivery"]:
        skipped += 1
        continue
    if store["review_count"] < 20:
        continue
    goto_store(store["name"])
    for item in list_menu_items():
        if not item["available"]:
            continue
        for word in wanted:
            if word.lower() in item["name"].lower():
                offers.append((item["price"], store["name"], item["name"]))
                known = best_by_word.get(word)
                if known is None or item["price"] < known:
                    best_by_word[word] = item["price"]
    details = get_store_details()
    if details["rating"] is None:
        skipped += 1
    goto_home()
offers.sort()
total = 0.0
if offers:
    price, store_name, item_name = offers[0]
    goto_store(store_name)
    add_to_cart(item_name)
    total += price
    for candidate in list_menu_items():
        if candidate["name"] != item_name and total + candidate["price"] <= limit:
            add_to_cart(candidate["name"])
            total += candidate["price"]
    goto_checkout()
    order = place_order()
    result = order
else:
    result = best_by_word
""",
)

#: Statements of the plans that show how the time grows.
SIZES: Final = (10, 30, 100, 300, 1_000)

#: Plans of a round of sampling.
CANDIDATES: Final = 64


@dataclass(frozen=True, slots=True)
class Growth:
    """A plan's size in statements, and how long it took: contracts alone, and all of it."""

    statements: int
    contracts: Spread
    whole: Spread

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "statements": self.statements,
            "contracts": self.contracts.to_json(),
            "check": self.whole.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured of the compiler."""

    stages: list[Spread]
    growth: list[Growth]
    candidates: Spread

    def to_json(self) -> dict[str, Any]:
        """As JSON data, in seconds."""
        return {
            "stages": [s.to_json() for s in self.stages],
            "growth": [g.to_json() for g in self.growth],
            "candidates": self.candidates.to_json(),
        }

    def show(self) -> str:
        """As tables; the curve of growth has a bar for the milliseconds of each statement."""
        lines = len(PLAN.lines()) - 1
        parts = [
            show_spreads(
                f"the compiler, one plan of {lines} lines with nested loops, warm", self.stages
            ),
            "",
            "as plans grow: milliseconds, and for each statement its microseconds",
            f"  {'statements':>10} {'contracts':>10} {'check':>10}  {'per statement':>13}",
        ]
        for growth in self.growth:
            contracts, whole = growth.contracts.median * 1e3, growth.whole.median * 1e3
            each = whole * 1e3 / growth.statements
            bar = "▇" * max(1, round(each / 10))
            parts.append(
                f"  {growth.statements:>10,} {contracts:>10.2f} {whole:>10.2f}"
                f"  {each:>10.0f} µs {bar}"
            )
        parts += ["", show_spreads("a round of sampling", [self.candidates])]
        return "\n".join(parts)


def measure_compiler(toolset: Toolset) -> Figures:
    """Stages, growth, and a round of candidates, on this machine."""
    return Figures(measure_stages(toolset), measure_growth(toolset), measure_candidates(toolset))


def measure_stages(toolset: Toolset) -> list[Spread]:
    """Each stage on one plan, and the whole check, warm."""

    def parsed() -> ast.Module:
        tree = parse_plan(PLAN)
        assert isinstance(tree, ast.Module)
        return tree

    program = _program(PLAN, toolset)
    stages: dict[str, Callable[[], object]] = {
        "parse": parsed,
        "front end (with parse)": lambda: read_program(PLAN, toolset),
        "contracts": lambda: prove(program, toolset),
        "types": lambda: check_types(PLAN, toolset),
        "check (all)": lambda: check_or_raise(PLAN, toolset),
    }
    return [Spread(name, _time(stage)) for name, stage in stages.items()]


def measure_growth(toolset: Toolset) -> list[Growth]:
    """The same statements again and again: does the time grow as the text does?"""
    found: list[Growth] = []
    for size in SIZES:
        plan = make_plan(size)
        program = _program(plan, toolset)
        runs = max(3, 300 // size)
        found.append(
            Growth(
                size,
                Spread("contracts", _time(partial(prove, program, toolset), runs)),
                Spread("check", _time(partial(check_or_raise, plan, toolset), runs)),
            )
        )
    return found


def measure_candidates(toolset: Toolset) -> Spread:
    """A round of different plans of 40 lines, one after the other; seconds for all of them."""
    plans = [
        Source("plan.py", PLAN.text.replace("30.0", f"{limit}.5")) for limit in range(CANDIDATES)
    ]

    def judge_all() -> None:
        for plan in plans:
            assert isinstance(check(plan, toolset), CheckedProgram)

    return Spread(f"{CANDIDATES} candidates", _time(judge_all, 3))


def make_plan(statements: int) -> Source:
    """A plan with this many statements: visits of stores, loops, branches and plain code."""
    unit = (
        'for store_{n} in ["Taco Bell", "Souvla"]:\n',
        "    goto_store(store_{n})\n",
        "    items = list_menu_items()\n",
        "    if len(items) > {n}:\n",
        '        seen["{n}"] = items[0]["name"]\n',
        "    goto_home()\n",
        "count += len(seen)\n",
    )
    lines = ["seen = {}\n", "count = 0\n"]
    for number in range((statements - len(lines)) // len(unit)):
        # A few names again and again, as plans have: the language allows 200.
        lines += [line.replace("{n}", str(number % 20)) for line in unit]
    lines += ["count += 1\n"] * (statements - len(lines))
    return Source("plan.py", "".join(lines))


def _program(plan: Source, toolset: Toolset) -> Program:
    program = read_program(plan, toolset)
    assert isinstance(program, Program), program
    return program


def _time(work: Callable[[], object], runs: int = RUNS) -> tuple[float, ...]:
    work()
    seconds = []
    for _ in range(runs):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return tuple(seconds)
