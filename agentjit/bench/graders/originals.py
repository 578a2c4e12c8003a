"""Asks the original evaluators, unmodified, in the Pythons that have them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from agentjit.bench.environments import find_environment
from agentjit.bench.verdict import Finding
from agentjit.errors import RunError, UsageError
from agentjit.sites.tasks import GraderName

#: Names the folder with the virtual environments, where it is not the one that make makes.
VARIABLE: Final = "AGENTJIT_GRADERS"

#: Evaluator -> its virtual environment's name, and our program that asks it.
_WHERE: Final = {
    "agisdk": ("agisdk", "judge_agisdk.py"),
    "webarena-verified": ("webarena", "judge_webarena.py"),
}

#: Seconds that an evaluator may take; they take two.
_PATIENCE: Final = 120


def ask_agisdk(grader: GraderName, state: Mapping[str, Any], answer: str) -> Finding:
    """REAL's word on what `/finish` answered. Raises UsageError, RunError."""
    return _ask(grader, {"task": grader.name, "state": state, "answer": answer})


def ask_webarena(grader: GraderName, run: Mapping[str, Any]) -> Finding:
    """WebArena's word on a recorded network and an answer. Raises UsageError, RunError."""
    return _ask(grader, {"task": grader.name, **run})


def find_python(evaluator: str) -> Path:
    """The Python that has the evaluator. UsageError says how to get it."""
    name, _ = _WHERE[evaluator]
    python = find_environment(name, VARIABLE, ".venv-graders")
    if python is None:
        raise UsageError(
            f"the original evaluator {evaluator} is not installed",
            f"`make graders` installs it, or {VARIABLE} says where it is",
        )
    return python


def _ask(grader: GraderName, question: Mapping[str, Any]) -> Finding:
    python = find_python(grader.evaluator)
    program = Path(__file__).with_name(_WHERE[grader.evaluator][1])
    # A folder of its own, for one of REAL's scripts reads whatever lies beside its input.
    with TemporaryDirectory(prefix="grading-") as scratch:
        try:
            done = subprocess.run(
                (str(python), "-I", str(program)),
                input=json.dumps(question),
                env={"PATH": os.environ.get("PATH", ""), "TMPDIR": scratch, "HOME": scratch},
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RunError(f"{grader} did not answer within {_PATIENCE} s") from error
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise RunError(f"{grader} failed: {last[0]}", "is the evaluator's Python complete?")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise UsageError(f"{grader} cannot judge this: {answer['error']}")
    return Finding(
        grader=grader,
        evaluator=f"{grader.evaluator} {answer['version']}",
        passed=answer["passed"],
        findings=tuple(answer["findings"]),
    )
