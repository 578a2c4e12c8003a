"""Candidate plans for people and machines: what each costs, or why it lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from agentjit.cli.code import render_diff, render_plan
from agentjit.cli.consoles import printable
from agentjit.cli.findings import render_findings
from agentjit.source import Source

if TYPE_CHECKING:
    from agentjit.planner.candidate import Choice, Cluster, Verdict


def render_rejected(verdicts: Sequence[Verdict]) -> RenderableType:
    """Candidates of which none is good: each with its text and its diagnostics, equal ones once."""
    parts: list[RenderableType] = []
    for verdict in {v.candidate.plan: v for v in verdicts}.values():
        parts += [*render_loser(verdict, "not valid"), Text()]
    return Group(*parts[:-1])


def render_loser(verdict: Verdict, reason: str, *, with_plan: bool = True) -> list[RenderableType]:
    """One candidate that was not taken; without its text where that stands elsewhere."""
    head = Text.assemble((printable(verdict.candidate.origin), "bold"), f"  {printable(reason)}")
    if verdict.candidate.usage.tokens:
        head.append(f"  {verdict.candidate.usage.tokens} tokens", style="dim")
    source = Source("plan.py", verdict.candidate.plan)
    parts: list[RenderableType] = [head]
    if with_plan and verdict.candidate.plan.strip():
        parts.append(Padding(render_plan(verdict.candidate.plan), (0, 0, 0, 2)))
    if with_plan and verdict.candidate.diff:
        parts.append(Padding(render_diff(verdict.candidate.diff), (0, 0, 0, 2)))
    if verdict.diagnostics:
        found = render_findings(verdict.diagnostics, source)
        parts += [Text(), Padding(found, (0, 0, 0, 2))]
    return parts


def render_clusters(clusters: Sequence[Cluster], winner: Verdict | None = None) -> RenderableType:
    """What the valid plans do, the larger clusters first: who does it, the changes, the answer."""
    parts: list[RenderableType] = []
    for number, cluster in enumerate(clusters, start=1):
        origins = ", ".join(v.candidate.origin for v in cluster.members)
        mark = ", chosen" if any(v is winner for v in cluster.members) else ""
        head = f"{cluster.size} {'plan' if cluster.size == 1 else 'plans'}{mark}"
        parts += [Text()] if parts else []
        parts.append(
            Text.assemble((f"#{number}", "bold"), f"  {head}  ", (printable(origins), "dim"))
        )
        effect = cluster.effect
        lines = [*effect.steps] or ["changes nothing"]
        lines += [f"answers {effect.answer}"] if effect.answer is not None else []
        parts += [Padding(Text(printable(line)), (0, 0, 0, 2)) for line in lines]
    return Group(*parts)


def clusters_to_json(clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {
            "cluster": number,
            "size": cluster.size,
            "commits": cluster.effect.commits,
            "changes": list(cluster.effect.steps),
            "answer": cluster.effect.answer,
            "origins": [v.candidate.origin for v in cluster.members],
        }
        for number, cluster in enumerate(clusters, start=1)
    ]


def choice_to_json(choice: Choice) -> list[dict[str, Any]]:
    """All candidates as data, the chosen one first."""
    numbers = {id(v): n for n, c in enumerate(choice.clusters, start=1) for v in c.members}
    shown = ((choice.winner, None), *choice.losers)
    return [
        {
            **verdict_to_json(verdict, chosen=verdict is choice.winner, reason=reason),
            "cluster": numbers.get(id(verdict)),
        }
        for verdict, reason in shown
    ]


def verdict_to_json(verdict: Verdict, *, chosen: bool, reason: str | None) -> dict[str, Any]:
    """One candidate as data."""
    candidate = verdict.candidate
    return {
        "origin": candidate.origin,
        "chosen": chosen,
        "cost": verdict.cost,
        "reason": reason,
        "plan": candidate.plan,
        "remarks": list(candidate.remarks),
        "repair": candidate.diff or None,
        "diagnostics": [d.to_json() for d in verdict.diagnostics],
        "seconds": round(candidate.seconds, 4),
        "tokens": candidate.usage.tokens,
        "dollars": None if candidate.usage.unpriced else round(candidate.usage.dollars, 6),
    }
