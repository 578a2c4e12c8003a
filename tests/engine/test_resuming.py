"""A resumed run keeps to the kind of schedule with which it was begun."""

from __future__ import annotations

from agentjit.engine.resuming import keep_strategy
from agentjit.runtime.journal import RunJournal
from agentjit.scheduler.strategies import Parallel, Serial


def test_the_kind_of_schedule_is_kept() -> None:
    journal = RunJournal.in_memory()
    assert keep_strategy(journal, "", Parallel(3)) == Parallel(3)
    assert keep_strategy(journal, "1/", Serial()) == Serial()
    assert keep_strategy(journal, "", Parallel(5)) == Parallel(5)
    assert isinstance(keep_strategy(journal, "", Serial()), Parallel)
    assert keep_strategy(journal, "1/", Parallel(5)) == Serial()
