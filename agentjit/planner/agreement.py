"""Agreement: valid candidates in clusters of those that do the same, and whom to believe."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from agentjit.errors import PlanningError
from agentjit.planner.candidate import Cluster, Verdict
from agentjit.planner.dry import DryRun, dry_run


class Disagreement(PlanningError):
    """Valid plans do different things, and the one that commits something has nobody beside it."""

    code = "plans-disagree"
    remedy = "look at them with `agentjit plan`, and run the right one: agentjit run --plan FILE"

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        count = sum(cluster.size for cluster in clusters)
        super().__init__(
            f"{count} valid plans do {len(clusters)} different things, and no two agree on one "
            "that cannot be taken back",
            "word the task more plainly, ask more models (--model), or give the right one of "
            "the plans with --plan",
        )
        self.clusters = tuple(clusters)
        self.verdicts = tuple(verdict for cluster in clusters for verdict in cluster.members)


def cluster_verdicts(verdicts: Sequence[Verdict]) -> tuple[Cluster, ...]:
    """The valid candidates by what they do, the largest cluster first, then the earlier one."""
    found: dict[DryRun, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.checked is not None and verdict.cost is not None:
            found.setdefault(dry_run(verdict.checked), []).append(verdict)
    clusters = [Cluster(effect, tuple(members)) for effect, members in found.items()]
    return tuple(sorted(clusters, key=lambda cluster: -cluster.size))


def agreed(clusters: Sequence[Cluster], eligible: Collection[int]) -> frozenset[int]:
    """The candidates to choose from, by `id`: those `eligible` ones in the largest clusters.

    Raises Disagreement where these are alone, one of them commits something, and others do
    something else: a lone outlier is nothing to do silently. One candidate alone, with no other
    valid one beside it, is no outlier.
    """
    fitting = [c for c in clusters if any(id(v) in eligible for v in c.members)]
    largest = max((c.size for c in fitting), default=0)
    first = [c for c in fitting if c.size == largest]
    if largest == 1 and len(clusters) > 1 and any(c.effect.commits for c in first):
        raise Disagreement(clusters)
    return frozenset(id(v) for c in first for v in c.members if id(v) in eligible)
