"""Judge valid plans by running them, each distinct one once, and keep what was found."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from agentjit.bench.asking import Question, Sample
from agentjit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run of a plan showed."""

    right: bool
    detail: str = ""
    #: The irreversible calls that the run made.
    commits: tuple[str, ...] = ()


#: A question and the text of a plan for it.
Attempt: TypeAlias = tuple[Question, str]
#: Runs a plan for a question on the replica, every irreversible call granted.
Judge: TypeAlias = Callable[[Question, str], Awaitable[Judged]]


def attempts_of(samples: Iterable[Sample]) -> list[Attempt]:
    """The distinct valid plans, in the order in which they first came."""
    return list(dict.fromkeys((s.ask.question, s.plan) for s in samples if s.plan is not None))


async def judge_all(
    samples: Iterable[Sample],
    judge: Judge,
    path: Path | None = None,
    *,
    on_judged: Callable[[Attempt, Judged], None] | None = None,
) -> dict[Attempt, Judged]:
    """Judge what has not been judged yet, and append it to the file at `path`. Raises UsageError
    where that is not what it should be.
    """
    attempts = attempts_of(samples)
    judged = read_judged(attempts, path) if path is not None else {}
    for attempt in attempts:
        if attempt in judged:
            continue
        found = judged[attempt] = await judge(*attempt)
        if path is not None:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(_line(attempt, found), ensure_ascii=False) + "\n")
        if on_judged is not None:
            on_judged(attempt, found)
    return judged


def read_judged(attempts: Iterable[Attempt], path: Path) -> dict[Attempt, Judged]:
    """What the file holds of these. Raises UsageError where a line is no verdict."""
    if not path.exists():
        return {}
    wanted = {(q.site, q.text, plan): (q, plan) for q, plan in attempts}
    kept = dict(_read(path))
    return {attempt: kept[key] for key, attempt in wanted.items() if key in kept}


def _line(attempt: Attempt, judged: Judged) -> Mapping[str, Any]:
    question, plan = attempt
    return {
        "site": question.site,
        "text": question.text,
        "plan": plan,
        "right": judged.right,
        "detail": judged.detail,
        "commits": list(judged.commits),
    }


def _read(path: Path) -> Iterator[tuple[tuple[str, str, str], Judged]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            data = json.loads(line)
            key = (data["site"], data["text"], data["plan"])
            yield key, Judged(data["right"], data["detail"], tuple(data["commits"]))
        except (ValueError, LookupError, TypeError) as error:
            raise UsageError(
                f"{path}, line {number}, is no verdict on a plan", "give a file of its own"
            ) from error
