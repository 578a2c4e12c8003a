"""A resumed run keeps to the schedule with which it was begun."""

from __future__ import annotations

from agentjit.engine.resuming import keep_strategy
from agentjit.runtime.journal import RunJournal
from agentjit.scheduler.strategies import Hedge, Parallel, Serial


def test_the_schedule_is_kept() -> None:
    journal = RunJournal.in_memory()
    assert keep_strategy(journal, "", Hedge(2, 3, 0.9)) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "1/", Serial()) == Serial()
    assert keep_strategy(journal, "", Parallel(5)) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "", Serial()) == Hedge(2, 3, 0.9)
    assert keep_strategy(journal, "1/", Parallel(5)) == Serial()
