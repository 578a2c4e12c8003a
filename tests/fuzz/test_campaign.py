"""The whole fuzz run in processes of its own: it ends, leaves none behind, and tells of deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import campaign
from tests.fuzz.campaign import run_engine
from tests.fuzz.verdict import ROOT
from tests.processes import list_processes


@pytest.mark.slow
def test_a_short_run_ends_with_a_table_and_no_process_left() -> None:
    run = (sys.executable, "-m", "tests.fuzz", "contracts", "plans")
    done = subprocess.run(
        (*run, "--minutes", "0.2", "--engine", "hypothesis"),
        cwd=ROOT,
        env={**os.environ, "AGENTJIT_FUZZ": "here"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "executions" in done.stdout
    left = [p.command for p in list_processes() if "AGENTJIT_FUZZ=here" in p.environment]
    assert left == []


@pytest.mark.slow
def test_a_worker_that_dies_leaves_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "STARTS", 2)
    program = (
        "import os, pathlib, signal, sys; from tests.fuzz.record import Record; "
        "Record(pathlib.Path(sys.argv[sys.argv.index('--folder') + 1])).begin('deadly'); "
        "os.kill(os.getpid(), signal.SIGSEGV)"
    )
    monkeypatch.setattr(campaign, "WORKER", (sys.executable, "-c", program))
    outcome = run_engine("contracts", "hypothesis", seconds=30.0, folder=tmp_path, seed=0)
    (finding,) = outcome.findings.values()
    assert finding.kind == "death"
    assert signal.SIGSEGV.name in finding.key
    assert finding.text == "deadly"
