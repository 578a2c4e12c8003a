"""The checker's verdict on a mutant beside what happened when it was run, and what to call both."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.diagnostics import Diagnostic
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from tests.compiler.mutation.mutants import Mutant
from tests.compiler.mutation.outcomes import BEYOND_THE_MODEL
from tests.compiler.mutation.running import WORSE, End, Run, run_everywhere
from tests.compiler.mutation.worlds import odd_worlds, usual_worlds


class Alarm(StrEnum):
    """Why a plan was rejected that breaks nothing."""

    ZERO_ROUNDS = "a loop may run zero times, for all that the checker knows"
    BRANCH = "a branch may not be taken, for all that the checker knows"
    FORGOTTEN = "a call before makes the state unknown"
    STRICTER = "the contract asks for more than the site does"
    UNREACHED = "the call is never reached"
    INVENTED = "an argument is neither in the task nor read from the site"
    TYPES = "types"
    LANGUAGE = "outside the language"
    OTHER = "a path that no run takes"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant, what the checker said, and what happened."""

    mutant: Mutant
    #: What the checker said against it; nothing where it was accepted.
    diagnostics: tuple[Diagnostic, ...]
    #: The worst that happened, anywhere.
    worst: Run
    #: Why it was rejected, where nothing broke.
    alarm: Alarm | None = None

    @property
    def accepted(self) -> bool:
        """Whether the checker let it pass."""
        return not self.diagnostics

    @property
    def outcome(self) -> str:
        """How the run ended, breaks that the state model has no words for apart."""
        beyond = self.worst.cause in BEYOND_THE_MODEL
        return "broken beyond the state model" if beyond else self.worst.end.value

    @property
    def missed(self) -> bool:
        """Whether it was accepted, and yet broke what the state model speaks of."""
        return self.accepted and self.outcome == End.BROKEN


def judge(mutant: Mutant, toolset: Toolset = TOOLSET) -> Judged:
    """Check a mutant by these contracts, and run it in every world."""
    verdict = check(Source("plan", mutant.text), toolset, task=mutant.plan.task)
    found = () if isinstance(verdict, CheckedProgram) else verdict
    runs = [
        *run_everywhere(mutant.text, usual_worlds()),
        *map(_forgive, run_everywhere(mutant.text, odd_worlds())),
    ]
    # Of what is equally bad, a break that the state model has words for comes first.
    worst = max(runs, key=lambda r: (WORSE.index(r.end), r.cause not in BEYOND_THE_MODEL))
    alarmed = bool(found) and worst.end is End.UNBROKEN
    return Judged(mutant, found, worst, _find_cause(mutant, found, runs) if alarmed else None)


def _forgive(run: Run) -> Run:
    """In an odd world things are missing and lists are empty: only a break says anything there."""
    if run.end in (End.BROKEN, End.MISTYPED):
        return run
    return Run(run.world, End.UNBROKEN, "", run.steps)


def _find_cause(mutant: Mutant, found: tuple[Diagnostic, ...], runs: Sequence[Run]) -> Alarm:
    match found[0]:
        case PreconditionNotMet() as unmet:
            return _find_path(mutant, unmet, runs)
        case Diagnostic(code="invented-argument"):
            return Alarm.INVENTED
        case Diagnostic(code="type-mismatch"):
            return Alarm.TYPES
        case _:
            return Alarm.LANGUAGE


def _find_path(mutant: Mutant, unmet: PreconditionNotMet, runs: Sequence[Run]) -> Alarm:
    """What about the path that the checker fears is not so when the plan runs."""
    assert unmet.span is not None
    line = unmet.span.line
    arrivals = [
        (run.steps[:index], step)
        for run in runs
        for index, step in enumerate(run.steps)
        if (step.tool, step.line) == (unmet.tool, line)
    ]
    if not arrivals:
        return Alarm.UNREACHED
    if any(step.unmet for _, step in arrivals):
        return Alarm.STRICTER
    feared = {int(told.split()[1].rstrip(":")) for told in unmet.path}
    passed = {step.line for before, _ in arrivals for step in before} - feared
    around = set(_around(mutant.text, passed, line))
    if ast.For in around or ast.While in around:
        return Alarm.ZERO_ROUNDS
    if ast.If in around:
        return Alarm.BRANCH
    return Alarm.FORGOTTEN if "not known" in unmet.actual else Alarm.OTHER


def _around(text: str, lines: Iterable[int], line: int) -> Iterable[type[ast.stmt]]:
    """The kinds of statements that enclose one of the lines, and not the other one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.For | ast.While | ast.If):
            inside = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if line not in inside and any(each in inside for each in lines):
                yield type(node)
