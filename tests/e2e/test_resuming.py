"""Runs that are killed and resumed: a sample of the crash test, and what cannot be resumed."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.ports import RunEvent
from agentjit.runtime.account import ACCOUNT
from agentjit.runtime.journal import JOURNAL, RunJournal
from tests.crash import Served, Victim, boundaries, find_references, plain, served
from tests.e2e.hire import PLAN, events_of, open_hire

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop() -> Iterator[Served]:
    with served("dashdish") as site:
        yield site


@pytest.fixture(scope="module")
def victim(shop: Served) -> Victim:
    (reference,) = find_references(["dashdish-3"])
    return Victim(reference, shop)


# Slow: processes are killed and begun anew, which a busy session of tests has not always time for.
@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    ["planned", "call-started", "call-done", "approval-asked", "commit-intent", "commit-done"],
)
def test_a_killed_run_is_resumed_to_exactly_what_was_intended(victim: Victim, kind: str) -> None:
    kill = victim.kill(1 + victim.kinds.index(kind))
    assert kill.killed
    assert kill.kind == kind
    assert (kill.verdict, kill.exit_code) == ("exact", 0)


def test_boundaries_are_spread_over_all_events() -> None:
    assert boundaries(5, 3) == [1, 3, 5]
    assert boundaries(3, 7) == [1, 2, 3, 1, 2, 3, 1]
    assert boundaries(9, 1) == [1]


def test_what_differs_from_run_to_run_is_not_compared() -> None:
    told = {"added": {"DD-1": {"id": "DD-1", "total": 3, "placedAt": "2026-03-01T10:00"}}}
    assert plain(told) == {"added": ['{"total": 3}']}


async def test_a_failed_run_goes_on_where_it_stood(tmp_path: Path) -> None:
    """Refused first, granted when resumed: nothing but the commit is done then."""
    async with open_hire(tmp_path, approve=lambda request: bool(granted)) as hire:
        granted: list[bool] = []
        result = await hire.run(plan=PLAN)
        assert (result.status, await hire.bookings()) == ("refused", [])
        assert result.run_dir is not None
        account = result.run_dir / ACCOUNT
        assert stat.S_IMODE(account.stat().st_mode) == 0o600
        granted.append(True)
        resumed = await hire.jit.resume(result.run_dir)
        assert resumed.status == "done", resumed.error
        assert len(await hire.bookings()) == 1
        assert resumed.value == resumed.commits[0].value
        kinds = [event["kind"] for event in events_of(result.run_dir)]
        assert kinds.count("run-resumed") == 1
        assert kinds.count("commit-attempted") == 1
        with pytest.raises(UsageError, match="is done: there is nothing to resume"):
            await hire.jit.resume(result.run_dir)


async def test_what_cannot_be_resumed_says_why(tmp_path: Path) -> None:
    async with open_hire(tmp_path, approve=False) as hire:
        result = await hire.run(plan=PLAN)
        assert result.run_dir is not None
        with pytest.raises(UsageError, match="is no run's folder"):
            await hire.jit.resume(tmp_path)
        owner = RunJournal.open(result.run_dir / JOURNAL)
        with pytest.raises(UsageError, match="belongs to another process"):
            await hire.jit.resume(result.run_dir)
        owner.tell(url="http://127.0.0.1:1")
        owner.close()
        with pytest.raises(UsageError, match=r"was at http://127\.0\.0\.1:1, not at"):
            await hire.jit.resume(result.run_dir)
        owner = RunJournal.open(result.run_dir / JOURNAL)
        owner.tell(url=hire.url, toolset=["toolhire", "other"])
        owner.close()
        with pytest.raises(UsageError, match="the tools have changed"):
            await hire.jit.resume(result.run_dir)


async def test_a_run_on_a_replica_of_its_own_cannot_be_resumed_by_another(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    options: dict[str, Any] = {"runs_dir": tmp_path, "planner": "symbolic", "env": {}}
    plan = 'goto_store("Nowhere Inn")\nresult = list_menu_items()\n'
    async with AgentJIT("dashdish", **options, listeners=(events.append,)) as jit:
        result = await jit.run("look", plan=plan)
    assert result.run_dir is not None
    assert json.loads((result.run_dir / "result.json").read_text())["status"] == "failed"
    async with AgentJIT("dashdish", **options) as jit:
        with pytest.raises(UsageError, match="ended with it"):
            await jit.resume(result.run_dir)
