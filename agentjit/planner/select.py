"""Judge candidates and choose the cheapest that checks."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.compiler.check import CheckedProgram, check
from agentjit.compiler.ir import calls_in
from agentjit.planner.abstaining import Abstained
from agentjit.planner.agreement import agreed, cluster_verdicts
from agentjit.planner.candidate import Candidate, Choice, Cluster, Task, Verdict
from agentjit.planner.cost import cost_of
from agentjit.planner.domain import Domain
from agentjit.planner.tasktext import TaskText
from agentjit.planner.verbs import find_action
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


def choose(
    verdicts: Sequence[Verdict], task: Task | None = None, *, agree: bool = False
) -> Choice | None:
    """The cheapest valid candidate; ties go to one that needed no repair, then to one that the
    search made of a goal, then to the shorter plan, then to the earlier one.

    Where the task's own words ask for a tool, a plan that calls it goes before one that does not:
    stopping half-way is always cheaper. With `agree`, a plan that more candidates agree with goes
    before a cheaper one; raises Disagreement (see `agreement`).
    """
    valid = [v for v in verdicts if v.cost is not None]
    if not valid:
        return None
    wanted = requested_tool(task) if task is not None else None
    calling = [v for v in valid if _calls(v, wanted)] or valid
    clusters: tuple[Cluster, ...] = ()
    if agree:
        clusters = cluster_verdicts(valid)
        believed = agreed(clusters, {id(v) for v in calling})
        calling = [v for v in calling if id(v) in believed]
    winner = min(calling, key=lambda v: (v.cost, *_size(v.candidate)))
    outvoted = _outvoted(clusters, winner)
    losers = tuple(
        (v, outvoted.get(id(v)) or _why_lost(v, winner, wanted))
        for v in verdicts
        if v is not winner
    )
    return Choice(winner=winner, losers=losers, clusters=clusters)


def _outvoted(clusters: Sequence[Cluster], winner: Verdict) -> dict[int, str]:
    """Why the candidates of smaller clusters lost, by `id`."""
    sizes = {id(v): c.size for c in clusters for v in c.members}
    own = sizes.get(id(winner), 0)
    return {
        each: f"does something else: {size} of {len(sizes)} plans do it, against {own}"
        for each, size in sizes.items()
        if size < own
    }


def _size(candidate: Candidate) -> tuple[bool, bool, int]:
    """What decides between plans of one cost: those that were right as written, those of a goal,
    every word of which was accounted for, then the short.
    """
    return bool(candidate.diff), not candidate.composed, len(candidate.plan)


def requested_tool(task: Task) -> str | None:
    """The tool that the task plainly asks for, as far as its words tell."""
    try:
        return find_action(TaskText(task.text), Domain(task.toolset)).name
    except Abstained:
        return None


def _calls(verdict: Verdict, wanted: str | None) -> bool:
    assert verdict.checked is not None
    return wanted is None or wanted in {
        call.tool for call in calls_in(verdict.checked.program.body)
    }


def _why_lost(verdict: Verdict, winner: Verdict, wanted: str | None) -> str:
    if verdict.cost is None:
        first = verdict.diagnostics[0]
        more = len(verdict.diagnostics) - 1
        return f"{first.code}: {first.message}" + (f" (and {more} more)" if more else "")
    if not _calls(verdict, wanted):
        return f"never calls {wanted}(), which the task asks for"
    if verdict.candidate.plan == winner.candidate.plan:
        return "the same plan"
    if verdict.cost == winner.cost:
        return f"same cost {verdict.cost:g}, but longer or later"
    return f"cost {verdict.cost:g} against {winner.cost:g}"
