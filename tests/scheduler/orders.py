"""Every order in which a small run's replies, failures and late calls can come, one by one.

    python -m tests.scheduler.orders --cases 500

A run asks for each thing that chance decides; the run is repeated with other answers until none is
left. Pure code is answered at once. In all orders the run must end as the serial one does, with no
tab, variable or command left, no call in a tab where another is under way, and no call twice that
changes something (then the account would not be the same).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final, TypeVar

from agentjit.scheduler.calls import Policy
from agentjit.scheduler.graph import ModelNode, ToolNode, nodes_in
from tests.scheduler.equivalence import Case, make_case, site_of, widening
from tests.scheduler.serial import TooLong, run_serially
from tests.scheduler.woven import WovenPlayer

#: Calls in the graph of a case, at most; runs with loops may make more.
CALLS: Final = 6
#: Orders that are tried of one run. Where there are more, the rest is not seen.
MOST: Final = 3_000

T = TypeVar("T")
R = TypeVar("R")


class Script:
    """Stands in for `random.Random`: takes the choices that it is given, and then the first."""

    def __init__(self, taken: Sequence[int]) -> None:
        self._taken = tuple(taken)
        #: What was chosen, and of how many.
        self.path: list[tuple[int, int]] = []

    def choice(self, seq: Sequence[T], /) -> T:
        """One of several."""
        return seq[self._pick(len(seq))]

    def random(self) -> float:
        """Almost 0 or almost 1."""
        return (0.0, 0.999)[self._pick(2)]

    def _pick(self, of: int) -> int:
        place = len(self.path)
        chosen = self._taken[place] if place < len(self._taken) else 0
        self.path.append((chosen, of))
        return chosen


def every(run: Callable[[Script], R]) -> Iterator[R]:
    """What the run gives in every order."""
    taken: list[int] = []
    while True:
        script = Script(taken)
        yield run(script)
        path = script.path
        while path and path[-1][0] + 1 == path[-1][1]:
            path.pop()
        if not path:
            return
        taken = [*(chosen for chosen, _ in path[:-1]), path[-1][0] + 1]


def small_case(chance: Random, seed: int) -> Case | None:
    """A random case of few calls; None where none was found."""
    case = make_case(chance, seed)
    if case is None:
        return None
    calls = [n for n in nodes_in(case.graph.root) if isinstance(n, ToolNode | ModelNode)]
    return case if 1 < len(calls) <= CALLS else None


def find_difference(case: Case, chance: Random, counts: Counter[str]) -> str | None:
    """An order in which the case does not end as it should, as a story; or None."""
    luck, failing = chance.randrange(1 << 30), chance.choice((0, 4))
    try:
        expected = run_serially(case.program, site_of(case, luck, failing))
    except TooLong:
        return None
    late = {t.name: 1.0 for t in case.toolset.tools if chance.random() < 0.5}
    policy = Policy(
        width=chance.randint(2, 4),
        late=late,
        spare=chance.randint(0, 2),
        tries=chance.randint(2, 3),
        **widening(chance),
    )

    def run(script: Script) -> str | None:
        player = WovenPlayer(case.graph, site_of(case, luck, failing), script, policy, eager=True)
        found = player.run()
        counts["orders"] += 1
        counts["orders with a second copy"] += player.copies > 0
        return None if expected.agrees(found) else f"serial {expected}, woven {found}"

    for number, told in enumerate(every(run)):
        if told is not None:
            return f"{case.story()}\nluck {luck}, order {number}: {told}"
        if number == MOST:
            counts["cases cut off"] += 1
            return None
    counts["failing cases, complete" if expected.failed else "cases, complete"] += 1
    return None


def try_cases(seeds: range) -> tuple[Counter[str], str | None]:
    """What was tried, and the first difference."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        chance = Random(seed)
        case = small_case(chance, seed)
        told = find_difference(case, chance, counts) if case is not None else None
        if told is not None:
            return counts, told
    return counts, None


def main() -> int:
    """Print what was tried; 1 where an order ended otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.scheduler.orders")
    parser.add_argument("--cases", type=int, default=500, help="random programs to look at")
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    counts, told = try_cases(range(options.first, options.first + options.cases))
    for name, number in sorted(counts.items()):
        print(f"{number:9,} {name}")
    if told is not None:
        print(told)
        return 1
    print("every order ended as the serial run did")
    return 0


if __name__ == "__main__":
    sys.exit(main())
