"""The law of the dependence graph: any order that it allows ends as the serial run does.

    python -m tests.scheduler.equivalence --programs 20000

Each case is a random toolset and program with a site of random luck; the program is run serially,
and then its graph in several random orders. Value, failure and account must be the same.
"""

from __future__ import annotations

import argparse
import ast
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random
from time import perf_counter
from typing import Any, Final

from agentjit.compiler.check import read_program
from agentjit.compiler.contracts import prove
from agentjit.compiler.ir import Program
from agentjit.diagnostics import has_errors
from agentjit.scheduler.building import graph_of
from agentjit.scheduler.calls import Policy
from agentjit.scheduler.graph import Graph, LoopNode, ToolNode, nodes_in
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.showing import show_graph
from agentjit.source import Source
from agentjit.toolspecs import StateValue, Toolset
from tests.scheduler.parallel import Player
from tests.scheduler.programs import random_program
from tests.scheduler.serial import Ending, TooLong, run_serially
from tests.scheduler.site import Site
from tests.scheduler.toolsets import RESOURCES, random_toolset
from tests.scheduler.woven import WovenPlayer

#: Programs that are tried until one is valid, sites for each, and orders for each of these.
ATTEMPTS: Final = 40
SITES: Final = 3
ORDERS: Final = 3

#: Most runs begin on a fresh tab.
_BEGINNINGS: Final[tuple[Mapping[str, StateValue], ...]] = (
    {},
    {},
    {},
    {"page": "item"},
    {"page": "list", "chosen": "a"},
)

#: Seconds for all orders of a program: mostly it takes a hundredth.
PATIENCE: Final = 20.0

#: Seeds that a process takes at once, and how often before another process takes over.
_CHUNK: Final = 100
_CHUNKS: Final = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A valid program with its toolset."""

    seed: int
    toolset: Toolset
    text: str
    program: Program
    graph: Graph
    #: In what the tab that a run begins with is unlike a fresh one.
    begun: Mapping[str, StateValue]

    def story(self) -> str:
        """Everything about the case, to look at."""
        tools = [
            f"{t.signature()} {t.effect.value} requires {t.contract.show_requires()!r} "
            f"ensures {t.contract.show_ensures()!r} {t.touches.show()}"
            for t in self.toolset.tools
        ]
        return "\n".join(
            [f"seed {self.seed}, begun {self.begun}", self.text, *tools, show_graph(self.graph)]
        )


def make_case(chance: Random, seed: int = -1) -> Case | None:
    """A random case; None where no program of so many was valid."""
    toolset = random_toolset(chance)
    for _ in range(ATTEMPTS):
        text = random_program(toolset, chance)
        source = Source("plan", text)
        program = read_program(source, toolset)
        if not isinstance(program, Program):
            continue
        begun = chance.choice(_BEGINNINGS)
        proof = prove(program, toolset, begun)
        if has_errors(proof.found):
            continue
        graph = graph_of(program, toolset, proof.facts, proof.final)
        return Case(seed, toolset, text, program, graph, begun)
    return None


def find_difference(case: Case, chance: Random, counts: Counter[str]) -> str | None:
    """An order in which the case ends otherwise than serially, as a story; or None."""
    for _ in range(SITES):
        luck = chance.randrange(1 << 30)
        failing = chance.choice((0, 0, 15))
        try:
            expected = run_serially(case.program, site_of(case, luck, failing))
        except TooLong:
            counts["given up"] += 1
            continue
        counts["failing runs" if expected.failed else "runs"] += 1
        for _ in range(ORDERS):
            order = chance.randrange(1 << 30)
            told = _compare(case, expected, luck, failing, order)
            if told is not None:
                return told
    return None


def site_of(case: Case, luck: int, failing: int) -> Site:
    """A site of that luck, on which the case begins."""
    return Site(case.toolset, RESOURCES, luck, failing=failing, begun=case.begun)


def _compare(case: Case, expected: Ending, luck: int, failing: int, order: int) -> str | None:
    chance = Random(order)
    site = site_of(case, luck, failing)
    player: Player | WovenPlayer = Player(case.graph, site, chance)
    if order % 3:
        # The machine that runs are woven by, mostly; the graph alone allows more.
        late = {t.name: 1.0 for t in case.toolset.tools if chance.random() < 0.4}
        width, spare = chance.randint(1, 5), chance.randint(0, 2)
        tries = chance.randint(2, 4)
        policy = Policy(width=width, late=late, spare=spare, tries=tries, **widening(chance))
        player = WovenPlayer(case.graph, site, chance, policy)
    try:
        found = player.run()
    except TooLong:
        return None
    except AssertionError as error:
        return f"{case.story()}\nluck {luck} order {order}: {error}"
    if expected.agrees(found):
        return None
    return f"{case.story()}\nluck {luck} order {order}\n  serial   {expected}\n  parallel {found}"


def widening(chance: Random) -> dict[str, Any]:
    """At two of three runs, another number of tabs for each loop: its length's, not luck's."""
    most, salt = chance.randint(0, 6), chance.randrange(7)
    if not most:
        return {}
    return {"most": most, "widen": lambda loop, rounds, most: (loop.stmt.id + rounds + salt) % 7}


def tally(case: Case) -> Counter[str]:
    """What a graph has: to know that the law was tried on something."""
    found: Counter[str] = Counter()
    for loop in case.graph.loops():
        parallel = isinstance(loop.verdict, Independent)
        found["parallel loops" if parallel else "serial loops"] += 1
        if isinstance(loop.verdict, Independent):
            nested = [n for n in nodes_in(loop.body) if isinstance(n, LoopNode)]
            inner = any(isinstance(n.verdict, Independent) for n in nested)
            found["parallel loops in parallel loops"] += inner
            found["parallel loops that may break"] += loop.verdict.breaks
            found["parallel loops with accumulators"] += bool(loop.verdict.accumulators)
        else:
            found[f"serial: {type(loop.verdict.causes[0]).__name__}"] += 1
    for node in nodes_in(case.graph.root):
        found["dropped navigations"] += isinstance(node, ToolNode) and node.dropped
    found["programs that go on in the first tab"] += any(not e.fresh for e in case.graph.episodes)
    found["programs with several episodes"] += len(case.graph.episodes) > 1
    return found


def _chunk(seeds: tuple[int, int]) -> tuple[Counter[str], list[str]]:
    start, end = seeds
    counts: Counter[str] = Counter()
    stories: list[str] = []
    for seed in range(start, end):
        chance = Random(seed)
        case = make_case(chance, seed)
        if case is None:
            counts["no valid program"] += 1
            continue
        counts["programs"] += 1
        counts += tally(case)
        try:
            with patience():
                told = find_difference(case, chance, counts)
        except TooLong:
            counts["given up, for its code alone goes on and on"] += 1
            continue
        if told is not None:
            stories.append(told)
    return counts, stories


@contextmanager
def patience() -> Iterator[None]:
    """Raise TooLong after a while: a loop of nothing but code is counted by nobody."""

    def give_up(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main() -> int:
    """Try many programs on all cores, and tell what came out; 1 where the law was broken."""
    parser = argparse.ArgumentParser(description="The dependence graph against the serial run.")
    parser.add_argument("--programs", type=int, default=20_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    options = parser.parse_args()
    started = perf_counter()
    counts: Counter[str] = Counter()
    broken: list[str] = []
    starts = range(options.first, options.first + options.programs, _CHUNK)
    ends = [min(start + _CHUNK, options.first + options.programs) for start in starts]
    # What a process has compiled stays with it: a fresh one now and then keeps memory bounded.
    with get_context("forkserver").Pool(options.jobs, maxtasksperchild=_CHUNKS) as pool:
        for some, stories in pool.imap(_chunk, zip(starts, ends, strict=True)):
            counts, broken = counts + some, broken + stories
            if sys.stderr.isatty():
                print(f"\r{counts['programs']:,} programs", end="", file=sys.stderr, flush=True)
    print(f"\r{options.programs:,} seeds in {perf_counter() - started:.0f} s")
    for what, count in sorted(counts.items()):
        print(f"  {count:>9,}  {what}")
    print(f"  {len(broken):>9,}  programs that end otherwise in some order")
    print(*sorted(broken, key=lambda s: len(ast.literal_eval(repr(s))))[:3], sep="\n\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
