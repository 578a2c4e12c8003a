"""Small runs end alike in every order of replies, failures and late calls."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from random import Random

from agentjit.scheduler.graph import Region
from tests.scheduler.orders import Script, every, find_difference, small_case, try_cases


def test_every_order_is_taken_once() -> None:
    def shuffle(script: Script) -> tuple[str, ...]:
        left = list("abcd")
        return tuple(left.pop(left.index(script.choice(left))) for _ in range(4))

    assert sorted(every(shuffle)) == sorted(permutations("abcd"))


def test_no_order_of_small_runs_ends_otherwise() -> None:
    counts, told = try_cases(range(30))
    assert told is None, told
    assert counts["cases, complete"] + counts["failing cases, complete"] > 5
    assert counts["orders"] > 1_000
    assert counts["orders with a second copy"] > 100


def test_a_graph_without_its_edges_is_noticed() -> None:
    for seed in range(40):
        case = small_case(Random(seed), seed)
        if case is None:
            continue
        root = Region(case.graph.root.nodes, ())
        harmed = replace(case, graph=replace(case.graph, root=root))
        try:
            told = find_difference(harmed, Random(seed), Counter())
        except (LookupError, NameError):
            # What it needs is not there yet: that is noticed, too.
            told = "broken off"
        if told is not None:
            return
    raise AssertionError("a run in which nothing waits for anything ends as it should")
