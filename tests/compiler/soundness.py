"""Soundness and precision: what the checker says of random plans, and what happens when they run.

    python -m tests.compiler.soundness --pairs 100000

Each pair is a random toolset and a random plan over it. The plan is run by the reference
interpreter again and again, with other luck each time; the checker's verdict is compared with what
these runs break.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import Enum
from random import Random
from time import perf_counter
from typing import Final

from agentjit.compiler.contracts import prove
from agentjit.compiler.lower import lower
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from tests.compiler.programs import random_plan
from tests.compiler.reference import run_once
from tests.compiler.toolsets import random_toolset

#: Concrete runs of each plan, and of one that was refused though none of these broke anything.
RUNS: Final = 12
MORE_RUNS: Final = 300

#: Pairs that a worker is given at a time.
_CHUNK: Final = 500


class Outcome(Enum):
    """What the checker said, and what the runs showed."""

    RIGHT = "accepted, and no run breaks anything"
    MISSED = "accepted, and a run breaks a precondition"
    REFUSED = "refused, and a run breaks a precondition"
    ALARM = "refused, though no run breaks anything"
    OUTSIDE = "outside the language"


@dataclass(frozen=True, slots=True)
class Pair:
    """A random toolset and a random plan, by the seed that makes them."""

    seed: int
    toolset: Toolset
    text: str

    def story(self) -> str:
        """Everything about the pair, to look at."""
        tools = [
            f"{t.signature()} requires {t.contract.show_requires()} "
            f"ensures {t.contract.show_ensures()}"
            for t in self.toolset.tools
        ]
        start = f"starts with {self.toolset.state.start()}"
        return "\n".join([f"seed {self.seed}", self.text, *tools, start])


def make_pair(chance: Random, seed: int = -1) -> Pair:
    """The next pair that this source of chance gives."""
    toolset = random_toolset(chance)
    return Pair(seed, toolset, random_plan(toolset, chance))


def complaints(pair: Pair) -> list[PreconditionNotMet] | None:
    """What the contract stage has against the plan; None where it is outside the language.

    The types are ty's, and slower: a call whose arguments are not of their types ends a run.
    """
    source = Source("plan", pair.text)
    tree = parse_plan(source)
    assert isinstance(tree, ast.Module), pair.text
    assert not check_subset(tree, source, pair.toolset.by_name), pair.text
    program, hidden = lower(tree, source, pair.toolset)
    if hidden:
        return None
    found = prove(program, pair.toolset).found
    return [d for d in found if isinstance(d, PreconditionNotMet)]


def what_breaks(pair: Pair, seeds: range) -> str | None:
    """A precondition that some concrete run breaks."""
    tree = ast.parse(pair.text)
    return next((b for seed in seeds if (b := run_once(tree, pair.toolset, seed))), None)


def examine(pair: Pair) -> tuple[Outcome, str]:
    """Compare the verdict with the runs; the text says what breaks, or why it was refused."""
    found = complaints(pair)
    if found is None:
        return Outcome.OUTSIDE, ""
    broken = what_breaks(pair, range(RUNS))
    if not found:
        return (Outcome.MISSED, broken) if broken else (Outcome.RIGHT, "")
    broken = broken or what_breaks(pair, range(RUNS, MORE_RUNS))
    return (Outcome.REFUSED, broken) if broken else (Outcome.ALARM, _cause(found))


def _cause(found: list[PreconditionNotMet]) -> str:
    """In which words the first complaint tells what it does not know."""
    _, _, told = found[0].actual.split("`", 2)
    match told.split():
        case ["is", "not", "known"]:
            return "nothing is known of the variable"
        case ["has", *_]:
            return "the variable has some value"
        case ["is", "the", "value", *_]:
            return "the variable has the value of an expression"
        case _:
            return "on a path that no run takes, the variable is a literal"


def _chunk(start: int, end: int) -> tuple[Counter[Outcome], Counter[str], list[str]]:
    outcomes: Counter[Outcome] = Counter()
    causes: Counter[str] = Counter()
    stories: list[str] = []
    for seed in range(start, end):
        pair = make_pair(Random(seed), seed)
        outcome, told = examine(pair)
        outcomes[outcome] += 1
        if outcome is Outcome.ALARM:
            causes[told] += 1
        if outcome is Outcome.MISSED:
            stories.append(f"{told}\n{pair.story()}")
    return outcomes, causes, stories


def _chunks(first: int, pairs: int) -> Iterator[tuple[int, int]]:
    for start in range(first, first + pairs, _CHUNK):
        yield start, min(start + _CHUNK, first + pairs)


def main() -> int:
    """Examine many pairs on all cores, and tell what came out; 1 where a break was missed."""
    parser = argparse.ArgumentParser(description="The contract checker against random plans.")
    parser.add_argument("--pairs", type=int, default=100_000, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    options = parser.parse_args()
    started = perf_counter()
    outcomes: Counter[Outcome] = Counter()
    causes: Counter[str] = Counter()
    missed: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        starts, ends = zip(*_chunks(options.first, options.pairs), strict=True)
        for one, some, stories in pool.map(_chunk, starts, ends):
            outcomes, causes, missed = outcomes + one, causes + some, missed + stories
            if sys.stderr.isatty():
                print(f"\r{outcomes.total():,} pairs", end="", file=sys.stderr, flush=True)
    print(f"\r{options.pairs:,} pairs of toolset and plan in {perf_counter() - started:.0f} s")
    for outcome in Outcome:
        print(f"  {outcomes[outcome]:>9,}  {outcome.value}")
    harmless = outcomes[Outcome.RIGHT] + outcomes[Outcome.ALARM]
    print(f"precision: {outcomes[Outcome.RIGHT] / harmless:.2%} of the harmless plans are accepted")
    for cause, count in causes.most_common():
        print(f"  {count:>9,}  refused: {cause}")
    print(*missed[:5], sep="\n\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
