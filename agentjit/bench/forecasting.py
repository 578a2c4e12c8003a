"""How long the choice of a schedule takes: for a program of many calls, and again at a loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, Final

from agentjit.bench.measuring import Spread, show_spreads
from agentjit.compiler.check import check_or_raise
from agentjit.ports import RunEvent
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.graph import Graph, Region, ToolNode
from agentjit.scheduler.profile import Profile, read_latencies
from agentjit.source import Source
from agentjit.toolspecs import Toolset

RUNS: Final = 15
TRIALS: Final = 1_000
#: Rounds of each of the two loops.
ROUNDS: Final = 16

#: Two loops over stores; each round has three calls and the way home. Four calls beside them.
PLAN: Final = Source(
    "bench.py",
    f"""\
stores = list_all_stores()
menus = {{}}
for number in range({ROUNDS}):
    goto_store(stores[number]["name"])
    menus[number] = len(list_menu_items())
    menus[number] += len(get_store_reviews(limit=3))
    goto_home()
words = []
for number in range({ROUNDS}):
    goto_store(stores[number]["name"])
    words.append(get_store_details()["name"])
    words.append(str(len(get_store_reviews(limit=3))))
    goto_home()
goto_store(stores[0]["name"])
first = list_menu_items()
goto_home()
result = [menus, words, len(first)]
""",
)


@dataclass(frozen=True, slots=True)
class Choosing:
    """How long choices took, and of what."""

    calls: int
    strategies: int
    spreads: tuple[Spread, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON data, in seconds."""
        return {
            "calls": self.calls,
            "trials": TRIALS,
            "strategies": self.strategies,
            "spreads": [s.to_json() for s in self.spreads],
        }

    def show(self) -> str:
        """As a table."""
        what = f"{self.calls} calls, {self.strategies} strategies, {TRIALS:,} trials of each"
        return show_spreads(f"choosing a schedule: {what}", self.spreads)


def measure_choices(toolset: Toolset) -> Choosing:
    """The choice before a run and at a loop's entry, warm, on this machine."""
    # Not before a benchmark asks: it brings numpy.
    from agentjit.scheduler.choosing import choose_schedule, rechoose
    from agentjit.scheduler.forecast import Wishes

    graph = build_graph(check_or_raise(PLAN, toolset))
    profile = make_profile(toolset)
    latencies, wishes = read_latencies(profile, toolset), Wishes(workers=8, trials=TRIALS)
    loop = next(graph.loops())
    spreads = (
        Spread("fit the profile", _time(lambda: read_latencies(profile, toolset))),
        Spread("before a run", _time(lambda: choose_schedule(graph, latencies, wishes))),
        *(
            Spread(
                f"at a loop of {rounds} rounds",
                _time(partial(rechoose, loop, rounds, graph, latencies, wishes)),
            )
            for rounds in (5, 20, 80)
        ),
    )
    schedule = choose_schedule(graph, latencies, wishes)
    return Choosing(count_calls(graph), len(schedule.forecasts), spreads)


def count_calls(graph: Graph) -> int:
    """Calls of the plan when its loops are unfolded, navigations that are dropped among them."""
    loops = sum(_calls(loop.body) for loop in graph.loops())
    return _calls(graph.root) + ROUNDS * loops


def _calls(region: Region) -> int:
    return sum(isinstance(node, ToolNode) for node in region.nodes)


def make_profile(toolset: Toolset) -> Profile:
    """Forty measured calls of every tool, one in ten of them slow."""
    calls = [
        RunEvent(
            kind="call-done",
            at=0.0,
            data={
                "tool": tool.name,
                "seconds": 0.1 + 0.01 * (place % 7) + (2.0 if place % 10 == 0 else 0.0),
                "busy": 1 + place % 4,
            },
        )
        for tool in toolset.tools
        for place in range(40)
    ]
    return Profile(site=toolset.name, version=toolset.version).learn(calls)


def _time(work: Callable[[], object]) -> tuple[float, ...]:
    work()
    seconds = []
    for _ in range(RUNS):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return tuple(seconds)
