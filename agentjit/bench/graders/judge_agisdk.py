"""A program for the Python that has `agisdk`: asks REAL's own evaluator about one run.

Standard input: {"task": "v2/dashdish-4", "state": what /finish answered, "answer": a text}.
Standard output: {"version", "passed", "findings"}, or {"version", "error"} where it cannot judge.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from importlib import import_module
from importlib.metadata import version
from typing import Any

PACKAGE = "agisdk.REAL.browsergym.webclones"


def judge(task: str, state: dict[str, Any], answer: str) -> dict[str, Any]:
    """What the evaluator says of the task, which is written VERSION/NAME."""
    release, _, name = task.partition("/")
    try:
        config = import_module(f"{PACKAGE}.task_config").TaskConfig(name, version=release)
    except FileNotFoundError:
        return {"error": f"there is no task {task}"}
    criteria = config.get_evals()
    if any(criterion.type == "llm_boolean" for criterion in criteria):
        return {"error": f"a language model judges {task}"}
    evaluator = import_module(f"{PACKAGE}.evaluate").WebCloneEvaluator(config)
    _, _, _, details = evaluator.evaluate(state, answer)
    results = details["results"]
    return {
        "passed": all(right for right, _ in results),
        "findings": [
            _tell(criterion, about)
            for criterion, (right, about) in zip(criteria, results, strict=True)
            if not right
        ],
    }


def _tell(criterion: Any, about: Any) -> str:
    """What one criterion found wrong."""
    if criterion.script:
        return f"{criterion.script} says {about.get('output') or about.get('error')}"
    what = criterion.description or criterion.query
    if isinstance(about, dict):
        return f"{what}: {about['actual_value']!r}, not {about['expected_value']!r}"
    return f"{what}: {about}"


def main() -> None:
    """Read one question, write one answer; what the evaluator itself prints is left out of it."""
    question = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        verdict = judge(question["task"], question["state"], question["answer"])
    sys.stdout.write(json.dumps({"version": version("agisdk"), **verdict}))


if __name__ == "__main__":
    main()
