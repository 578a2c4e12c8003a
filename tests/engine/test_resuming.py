"""A resumed run keeps to the schedule with which it was begun."""

from __future__ import annotations

from collections.abc import Callable

from agentjit.engine.resuming import keep_strategy, keep_widths
from agentjit.runtime.journal import RunJournal
from agentjit.scheduler.graph import LoopNode
from agentjit.scheduler.strategies import Hedge, Parallel, Serial
from tests.compiler.shop import SHOP
from tests.scheduler.measured import graph_of_plan
from tests.scheduler.test_choosing import VISITS


def test_the_schedule_is_kept() -> None:
    journal = RunJournal.in_memory()
    assert keep_strategy(journal, "", Hedge(2, 3, 0.9)) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "1/", Serial()) == Serial()
    assert keep_strategy(journal, "", Parallel(5)) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "", Serial()) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "1/", Parallel(5)) == Serial()


def test_so_are_the_tabs_of_its_loops() -> None:
    """One round after another, or several at once: their calls have other names in the journal."""
    (loop,) = graph_of_plan(VISITS, SHOP).loops()
    journal, asked = RunJournal.in_memory(), list[int]()

    def chooses(tabs: int) -> Callable[[LoopNode, int, int], int]:
        def widen(loop: LoopNode, rounds: int, most: int) -> int:
            asked.append(rounds)
            return tabs

        return widen

    begun = keep_widths(journal, "", chooses(3))
    assert begun is not None
    assert [begun(loop, 8, 4), begun(loop, 8, 4)] == [3, 3]
    for later in (chooses(1), None):
        resumed = keep_widths(journal, "", later)
        assert resumed is not None
        assert resumed(loop, 8, 4) == 3
    assert asked == [8]
    again = keep_widths(journal, "", chooses(2))
    assert again is not None
    assert again(loop, 5, 4) == 2, "the run had not come to this one"


def test_a_run_that_was_begun_as_asked_for_is_not_chosen_for_when_it_is_resumed() -> None:
    journal = RunJournal.in_memory()
    assert keep_widths(journal, "", None) is None
    assert keep_widths(journal, "", lambda loop, rounds, most: 1) is None
