"""A fuzz run: each target and engine in a process of its own, within a time that nothing stretches.

Workers are given their time, killed with all that they started some seconds after it, and started
again where they die early; what they were trying then is a finding.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tests.fuzz.record import Numbers, read_current, read_findings, read_numbers
from tests.fuzz.verdict import ROOT, Finding

#: What a worker is started as.
WORKER: Final = (sys.executable, "-m", "tests.fuzz.worker")
#: Seconds that a worker may take to end once its time is over.
GRACE: Final = 10.0
#: How often a worker that dies is started again.
STARTS: Final = 20
#: A worker that would have less time than this, in seconds, is not started (again).
WORTH: Final = 2.0
#: Which part of its target's time an engine gets.
SHARES: Final = {"hypothesis": 0.25, "coverage": 0.75}

#: What the coverage-guided fuzzer says of itself.
_COVERED: Final = re.compile(r"cov: (\d+) ft: \d+ corp: (\d+)/")


@dataclass(slots=True)
class Outcome:
    """What one engine did on one target."""

    target: str
    engine: str
    numbers: Numbers = field(default_factory=Numbers)
    findings: dict[str, Finding] = field(default_factory=dict)
    #: Edges reached, and texts that reach them; none where the engine does not measure it.
    covered: int | None = None
    corpus: int | None = None
    #: Why the engine did not do its work; empty where it did.
    trouble: str = ""


def run_engine(target: str, engine: str, *, seconds: float, folder: Path, seed: int) -> Outcome:
    """Let an engine work on a target for some seconds, and see to it that it ends."""
    outcome = Outcome(target, engine)
    end = time.monotonic() + seconds
    for start in range(STARTS):
        left = end - time.monotonic()
        if left < WORTH:
            break
        place = folder / f"{target}-{engine}-{start}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        options = ["--seconds", f"{left - 1:.1f}", "--seed", str(seed + start)]
        options += ["--folder", str(place), "--corpus", str(folder / target)]
        status, log = _work([target, engine, *options], left + GRACE, place)
        ran = read_numbers(place).executions
        _add(outcome, place, log)
        if status == 0:
            break
        text = read_current(place)
        if text is not None:
            finding = _death(status, text, log)
            outcome.findings.setdefault(finding.key, finding)
        elif not ran:
            outcome.trouble = log.strip().splitlines()[-1] if log.strip() else f"status {status}"
            break
    return outcome


def _work(arguments: Sequence[str], seconds: float, place: Path) -> tuple[int | None, str]:
    """A worker's exit status (None where it had to be killed) and what it printed."""
    path = place / "log"
    with path.open("wb") as log:
        worker = subprocess.Popen(
            (*WORKER, *arguments),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            status: int | None = worker.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _end_group(worker)
    return status, path.read_text("utf-8", "replace")


def _end_group(worker: subprocess.Popen[bytes]) -> None:
    """End a worker, and the type checkers that it started."""
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        worker.wait()


def _add(outcome: Outcome, place: Path, log: str) -> None:
    numbers, sums = read_numbers(place), outcome.numbers
    sums.executions += numbers.executions
    sums.seconds += numbers.seconds
    if numbers.slowest > sums.slowest:
        sums.slowest, sums.slowest_text = numbers.slowest, numbers.slowest_text
    for key, count in numbers.met.items():
        sums.met[key] = sums.met.get(key, 0) + count
    for finding in read_findings(place):
        outcome.findings.setdefault(finding.key, finding)
    told = _COVERED.findall(log)
    if told:
        outcome.covered, outcome.corpus = (int(number) for number in told[-1])


def _death(status: int | None, text: str, log: str) -> Finding:
    if status is None:
        return Finding("hang", "stuck, and had to be killed", text, "")
    name = signal.Signals(-status).name if status < 0 else f"status {status}"
    return Finding("death", f"the process ended: {name}", text, log[-2_000:])


def minimise_apart(target: str, finding: Finding, *, seconds: float, folder: Path) -> Finding:
    """The same finding with a smaller text, looked for in another process; itself if none."""
    path = folder / f"{target}-input.txt"
    path.write_bytes(finding.text.encode("utf-8", "surrogatepass"))
    small = path.with_suffix(".small")
    small.unlink(missing_ok=True)
    program = (sys.executable, "-m", "tests.fuzz", target, "--input", str(path))
    child = subprocess.Popen(
        (*program, "--seconds", f"{seconds:.1f}", "--output", str(small)),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        child.wait(seconds + GRACE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _end_group(child)
    if not small.exists():
        return finding
    return replace(finding, text=small.read_bytes().decode("utf-8", "surrogatepass"))
