"""What a grader of ours is: from what a run left behind to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any, TypeAlias

from agentjit.errors import UsageError
from agentjit.sites.tasks import SiteTask
from agentjit.toolspecs import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a run when it is over. States are those of `/finish`, as JSON."""

    task: SiteTask
    #: The seed and the day that the site was served with: what its data were.
    seed: int
    today: date
    #: The plan's `result`, or None where it had none.
    answer: JsonValue
    initial: Mapping[str, Any]
    final: Mapping[str, Any]
    #: Collection -> {"added": …, "deleted": …, "updated": …}, each by key.
    differences: Mapping[str, Any]


#: Gives what is wrong, in plain words; nothing where the task was done, all of it and no more.
Grader: TypeAlias = Callable[[Evidence], Sequence[str]]


def load_graders(site: str) -> Mapping[str, Grader]:
    """The graders of ours for a site: `GRADERS` in its `grade.py`; none where there is no file."""
    package = f"agentjit.sites.{site}"
    try:
        module = import_module(f"{package}.grade")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.grade":
            raise
        return {}
    graders: Mapping[str, Grader] = module.GRADERS
    return graders


def judge_ours(name: str, evidence: Evidence) -> Sequence[str]:
    """What our grader of this name finds wrong. UsageError where there is no such grader."""
    graders = load_graders(evidence.task.site)
    if name not in graders:
        raise UsageError(
            f"task {evidence.task.id} names the grader agentjit:{name}, which does not exist",
            f"{evidence.task.site} has: {', '.join(graders) or 'none'}",
        )
    return graders[name](evidence)
