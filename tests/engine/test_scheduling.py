"""What a run tells of latencies is learnt once, and its results are not held."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from agentjit.engine.scheduling import Measured, learn
from agentjit.runtime.profile_store import ProfileStore
from agentjit.runtime.recorder import Forgetting, Recorder
from tests.compiler.shop import SHOP
from tests.runtime.pretend import VirtualClock


def test_a_run_that_plans_anew_teaches_each_call_once(tmp_path: Path) -> None:
    session: Any = SimpleNamespace(profiles=ProfileStore(tmp_path), toolset=SHOP)
    measured = Measured()
    recorder = Recorder(VirtualClock(), Forgetting(), (measured,))
    for seconds in (0.1, 0.2):
        rows = [{"text": "a long text"}] * 3
        recorder.record("call-done", tool="list_stores", seconds=seconds, result=rows)
        learn(session, measured, recorder, None)
    profile = session.profiles.load(SHOP.name, SHOP.version)
    assert profile.tools["list_stores"].times == ((0.1, 1), (0.2, 1))
    assert profile.lengths["list_stores"].values == (3.0, 3.0)


def test_what_was_made_ahead_is_learnt_of_as_it_was() -> None:
    measured, clock = Measured(), VirtualClock()
    recorder = Recorder(clock, Forgetting(), (measured,))
    clock.time = 5.0
    recorder.record("call-done", tool="show", seconds=0.5, result=None, ahead=3.0)
    recorder.record("call-done", tool="show", seconds=0.5, result=None)
    assert [event.at for event in measured.events] == [2.0, 5.0]


def test_only_the_length_of_what_a_call_gave_is_held() -> None:
    measured = Measured()
    recorder = Recorder(VirtualClock(), Forgetting(), (measured,))
    recorder.record("call-done", tool="list_stores", seconds=0.1, result=["one", "two"])
    recorder.record("call-done", tool="show", seconds=0.1, result={"text": "long"})
    recorder.record("looked-up", calls=["show"])
    assert [event.data["result"] for event in measured.events] == [[None, None], None]
