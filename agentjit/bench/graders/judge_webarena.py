"""A program for the Python that has `webarena-verified`: asks its evaluator about one run.

Standard input: {"task": "747", "site": "gitlab", "address": where the replica was, "har": the path
of the recorded network, "answer": the plan's result, "done": whether the run was}.
Standard output: {"version", "passed", "findings"}, or {"version", "error"} where it cannot judge.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any


def judge(question: dict[str, Any]) -> dict[str, Any]:
    """What the evaluator says."""
    config = import_module("webarena_verified.types.config").WebArenaVerifiedConfig(
        environments={f"__{question['site'].upper()}__": {"urls": [question["address"]]}}
    )
    benchmark = import_module("webarena_verified.api").WebArenaVerified(config=config)
    try:
        task = benchmark.get_task(int(question["task"]))
    except ValueError as error:
        return {"error": str(error)}
    (expected,) = [one.expected for one in task.eval if one.evaluator == "AgentResponseEvaluator"]
    retrieve = task.is_retrieve_task
    # The kind of the task is what a plan cannot say; all else is what the run did.
    answer = {
        "task_type": str(expected.task_type).upper(),
        "status": "SUCCESS" if question["done"] else "UNKNOWN_ERROR",
        "retrieved_data": question["answer"] if retrieve else None,
    }
    result = benchmark.evaluate_task(
        task_id=task.task_id, agent_response=answer, network_trace=Path(question["har"])
    )
    if str(result.status).endswith("error"):
        return {"error": result.error_msg or _tell(result) or "the evaluator failed"}
    return {"passed": result.score == 1.0, "findings": _tell(result)}


def _tell(result: Any) -> list[str]:
    """What each of the task's evaluators found wrong."""
    return [
        f"{one.evaluator_name}: {message}"
        for one in result.evaluators_results
        for message in (
            [one.error_msg]
            if one.error_msg
            else [text for found in one.assertions or () for text in found.assertion_msgs or ()]
        )
    ]


def main() -> None:
    """Read one question, write one answer; what the evaluator itself prints is left out of it."""
    question = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        verdict = judge(question)
    sys.stdout.write(json.dumps({"version": version("webarena-verified"), **verdict}))


if __name__ == "__main__":
    main()
