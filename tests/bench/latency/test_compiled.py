"""What a run of agentjit is for a comparison: its calls, also those made before its plan."""

from __future__ import annotations

import pytest

from agentjit.bench.latency.compiled import Heard
from agentjit.ports import RunEvent


def test_calls_made_ahead_are_counted_once_and_where_they_were() -> None:
    heard = Heard()
    for at, kind, data in (
        (1.0, "made-ahead", {"tool": "go", "seconds": 0.25}),
        (1.5, "made-ahead", {"tool": "look", "seconds": 0.5}),
        (2.0, "call-started", {"tool": "go"}),
        (2.0, "call-done", {"tool": "go", "seconds": 0.25, "ahead": 1.0}),
        (2.0, "call-started", {"tool": "pick"}),
        (2.5, "call-done", {"tool": "pick", "seconds": 0.5}),
    ):
        heard(RunEvent(kind=kind, at=at, data=data))
    assert heard.ahead == 1
    assert heard.count_actions() == 3, "one look was in vain"
    assert heard.first_action() == pytest.approx(0.75)
    assert [(deed.tool, deed.began) for deed in heard.deeds()] == [("go", 0.75), ("pick", 2.0)]


def test_a_run_that_made_no_call_has_no_first_action() -> None:
    assert Heard().first_action() is None
