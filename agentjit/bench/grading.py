"""From a run's folder to a verdict: what the run left behind, and who is asked about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agentjit.bench.graders.originals import ask_agisdk, ask_webarena
from agentjit.bench.verdict import Finding, Verdict
from agentjit.errors import UsageError
from agentjit.runtime.network import NETWORK
from agentjit.sites.evidence import RECORD, SERVED
from agentjit.sites.grading import Evidence, judge_ours
from agentjit.sites.tasks import GraderName, SiteTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What a run left in its folder."""

    folder: Path
    #: The plan's `result`, and whether the run came to its end.
    answer: Any
    done: bool
    record: Mapping[str, Any]
    site: str
    url: str
    seed: int
    today: date


def grade_run(folder: Path, task: SiteTask) -> Verdict:
    """The verdict of the task's graders. Raises UsageError where the run cannot be judged."""
    remains = read_remains(folder)
    if remains.site != task.site:
        raise UsageError(
            f"the run in {folder} was on {remains.site}, and {task.id} is a task on {task.site}"
        )
    return Verdict(
        task=task,
        seed=remains.seed,
        main=_ask(task.grader_at(remains.seed), task, remains),
        exact=None if task.exact is None else _ask(task.exact, task, remains),
    )


def read_remains(folder: Path) -> Remains:
    """What is in a run's folder. UsageError where that is no run on a bundled site."""
    result, record, served = (_read(folder, name) for name in ("result.json", RECORD, SERVED))
    return Remains(
        folder=folder,
        answer=result["result"],
        done=result["status"] == "done",
        record=record,
        site=served["site"],
        url=served["url"],
        seed=served["seed"],
        today=date.fromisoformat(served["today"]),
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be graded: it has no {name}",
            "give the folder of a run on a bundled site that agentjit started itself",
        ) from error
    except ValueError as error:
        raise UsageError(f"{folder / name} is no JSON: {error}") from error
    return content


def _ask(grader: GraderName, task: SiteTask, remains: Remains) -> Finding:
    match grader.evaluator:
        case "agisdk":
            return ask_agisdk(grader, remains.record, _text(remains.answer))
        case "webarena-verified":
            return ask_webarena(
                grader,
                {
                    "site": task.site,
                    "address": remains.url,
                    "har": str(_network(remains.folder)),
                    "answer": remains.answer,
                    "done": remains.done,
                },
            )
        case _:
            return _ask_ours(grader, task, remains)


def _ask_ours(grader: GraderName, task: SiteTask, remains: Remains) -> Finding:
    evidence = Evidence(
        task=task,
        seed=remains.seed,
        today=remains.today,
        answer=remains.answer,
        initial=remains.record["initialstate"],
        final=remains.record["finalstate"],
        differences=remains.record["differences"],
    )
    wrong = list(judge_ours(grader.name, evidence))
    if not remains.done:
        wrong.insert(0, "the run did not come to its end")
    return Finding(
        grader=grader,
        evaluator=f"agentjit {version('agentjit')}",
        passed=not wrong,
        findings=tuple(wrong),
    )


def _network(folder: Path) -> Path:
    path = folder / NETWORK
    if not path.is_file():
        raise UsageError(
            f"{folder} has no {NETWORK}, by which this task is judged", "run it with --har"
        )
    return path.resolve()


def _text(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
