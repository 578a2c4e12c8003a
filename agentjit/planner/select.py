"""Judge candidates and choose the cheapest that checks."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.compiler.check import CheckedProgram, check
from agentjit.planner.candidate import Candidate, Choice, Task, Verdict
from agentjit.planner.cost import cost_of
from agentjit.source import Source


def judge(candidate: Candidate, task: Task, *, provenance: bool = True) -> Verdict:
    """Compile one candidate and price it.

    Without `provenance`, literals need not stand in the task: whoever wrote the plan vouches for
    them.
    """
    source = Source("plan.py", candidate.plan)
    words = task.text if provenance else None
    checked = check(source, task.toolset, task=words, start=dict(task.start))
    if isinstance(checked, CheckedProgram):
        return Verdict(candidate=candidate, checked=checked, cost=cost_of(checked.program))
    return Verdict(candidate=candidate, diagnostics=checked)


def choose(verdicts: Sequence[Verdict]) -> Choice | None:
    """The cheapest valid candidate; ties go to the shorter plan, then to the earlier one."""
    valid = [v for v in verdicts if v.cost is not None]
    if not valid:
        return None
    winner = min(valid, key=lambda v: (v.cost, len(v.candidate.plan)))
    losers = tuple((v, _why_lost(v, winner)) for v in verdicts if v is not winner)
    return Choice(winner=winner, losers=losers)


def _why_lost(verdict: Verdict, winner: Verdict) -> str:
    if verdict.cost is None:
        first = verdict.diagnostics[0]
        more = len(verdict.diagnostics) - 1
        return f"{first.code}: {first.message}" + (f" (and {more} more)" if more else "")
    if verdict.candidate.plan == winner.candidate.plan:
        return "the same plan"
    if verdict.cost == winner.cost:
        return f"same cost {verdict.cost:g}, but longer or later"
    return f"cost {verdict.cost:g} against {winner.cost:g}"
