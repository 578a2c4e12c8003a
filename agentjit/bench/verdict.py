"""What a grader says of a run, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from agentjit.sites.tasks import GraderName, SiteTask

#: What the runs are: never a score of the benchmark that the tasks are from.
WORDING: Final = "replica, graded by the original evaluators"
OUR_WORDING: Final = "replica, graded by a grader of ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One grader's word: passed where it found nothing wrong."""

    grader: GraderName
    #: The evaluator's package with its version: "agisdk 0.3.5".
    evaluator: str
    passed: bool
    findings: tuple[str, ...] = ()

    @property
    def original(self) -> bool:
        """Whether the evaluator is the benchmark's own."""
        return self.grader.evaluator != "agentjit"

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "grader": str(self.grader),
            "evaluator": self.evaluator,
            "original": self.original,
            "passed": self.passed,
            "findings": list(self.findings),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A run's grade: the word of the task's grader, and of an exact one where it has one."""

    task: SiteTask
    seed: int
    main: Finding
    exact: Finding | None = None

    @property
    def passed(self) -> bool:
        """Whether the task's grader is content; the exact one's word stands beside it."""
        return self.main.passed

    @property
    def faultless(self) -> bool:
        """Whether no grader found anything."""
        return self.main.passed and (self.exact is None or self.exact.passed)

    def to_json(self) -> dict[str, Any]:
        """As JSON data, with stable keys."""
        return {
            "task": self.task.id,
            "seed": self.seed,
            "passed": self.passed,
            "wording": self._wording,
            **self.main.to_json(),
            "exact": None if self.exact is None else self.exact.to_json(),
        }

    def render(self) -> str:
        """As lines for people."""
        lines = [
            f"{_word(self.main)}  {self.task.id}: {self.task.goal}",
            f"  {self._wording}: {self.main.grader.name}, {self.main.evaluator}, seed {self.seed}",
            *(f"  - {text}" for text in self.main.findings),
        ]
        if self.exact is not None:
            lines.append(f"  exact check of ours ({self.exact.grader.name}): {_word(self.exact)}")
            lines += [f"  - {text}" for text in self.exact.findings]
        return "\n".join(lines)

    @property
    def _wording(self) -> str:
        return WORDING if self.main.original else OUR_WORDING


def _word(finding: Finding) -> str:
    return "passed" if finding.passed else "failed"
