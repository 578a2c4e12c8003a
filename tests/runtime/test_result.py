"""A result as data: stable keys, a status for each exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentjit import errors
from agentjit.errors import AgentjitError, OutcomeUnknown, ToolError
from agentjit.ports import Usage
from agentjit.runtime.committing import Commit
from agentjit.runtime.happenings import Downloaded
from agentjit.runtime.result import EXIT_CODES, RunResult, status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UsageError("x"), "usage"),
        (errors.ToolsetError("x", ()), "usage"),
        (errors.CompileError("x", ()), "no-plan"),
        (errors.PlanningError("x"), "no-plan"),
        (errors.ApprovalRefused("x"), "refused"),
        (errors.OutcomeUnknown("x"), "unknown"),
        (errors.BudgetSpent("x"), "budget-spent"),
        (errors.RunError("x"), "failed"),
        (errors.SiteUnreachable("x"), "failed"),
    ],
)
def test_every_error_has_a_status_and_every_status_its_exit_code(
    error: AgentjitError, status: str
) -> None:
    assert status_of(error) == status
    assert EXIT_CODES[status] == error.exit_code


def test_a_result_as_data_has_stable_keys() -> None:
    result = RunResult(
        task="pay",
        status="unknown",
        error=OutcomeUnknown("lost", "look"),
        line=4,
        commits=(Commit(tool="pay", arguments={}, terms={"total": 3.5}),),
        usage=Usage(2, 100, 20),
        wall_seconds=1.23456,
        timing={"planning": 0.5},
        blocked={"http://127.0.0.1:1": 2},
        downloads=(Downloaded(path=Path("runs/x/bill.pdf"), size=3, sha256="00"),),
        run_dir=Path("runs/x"),
    )
    data = result.to_json()
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "task": "pay",
        "status": "unknown",
        "exit_code": 5,
        "result": None,
        "error": {"code": "outcome-unknown", "message": "lost", "hint": "look", "line": 4},
        "plan": None,
        "origin": None,
        "diagnostics": [],
        "wall_seconds": 1.2346,
        "timing": {"planning": 0.5},
        "model_calls": 2,
        "tokens": {"prompt": 100, "completion": 20},
        "estimated_calls": 0,
        "dollars": 0.0,
        "commits": [
            {
                "tool": "pay",
                "arguments": {},
                "terms": {"total": 3.5},
                "outcome": "unknown",
                "result": None,
            }
        ],
        "record": None,
        "blocked": {"http://127.0.0.1:1": 2},
        "downloads": [{"path": "runs/x/bill.pdf", "size": 3, "sha256": "00"}],
        "run_dir": "runs/x",
        "report": "runs/x/report.html",
    }
    assert not result.ok


def test_a_result_raises_what_ended_it() -> None:
    done = RunResult(task="x", status="done")
    assert done.raise_for_status() is done
    assert done.ok
    failed = RunResult(task="x", status="failed", error=ToolError("sold out"))
    with pytest.raises(ToolError, match="sold out"):
        failed.raise_for_status()
