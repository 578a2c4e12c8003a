"""Two comparisons side by side: how long each system took then and now, and what else differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from agentjit.bench.latency.pairing import make_pair, make_pairs
from agentjit.bench.latency.statistics import ENOUGH, Estimate
from agentjit.bench.latency.trial import Trial
from agentjit.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One system in both: seconds then by seconds now, task by task; over 1 it became faster.

    `speed_up` is over the `tasks` that passed in every trial then and now: who has come to fail at
    once has not become fast. The other figures are over all that both tried.
    """

    system: str
    tasks: int
    speed_up: Estimate | None
    passed: tuple[float, float]
    calls: tuple[float, float]
    output_tokens: tuple[float, float]

    @property
    def shown(self) -> bool:
        """Whether the interval says that there is a difference; a few tasks say nothing."""
        known = self.speed_up
        return known is not None and self.tasks >= ENOUGH and not known.low <= 1.0 <= known.high

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "system": self.system,
            "tasks": self.tasks,
            "speed_up": None if self.speed_up is None else self.speed_up.to_json(),
            "shown": self.shown,
            "passed": [round(each, 4) for each in self.passed],
            "calls": [round(each, 2) for each in self.calls],
            "output_tokens": [round(each, 1) for each in self.output_tokens],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioChange:
    """A ratio of two systems in both comparisons, over the tasks that passed in all of them."""

    fast: str
    slow: str
    tasks: int
    before: Estimate
    after: Estimate

    @property
    def agrees(self) -> bool:
        """Whether the two could be the same: a few tasks, or intervals that overlap."""
        return self.tasks < ENOUGH or self.before.overlaps(self.after)

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "system": self.fast,
            "against": self.slow,
            "tasks": self.tasks,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one comparison to another."""

    #: Field -> before and after, of how they were made.
    made: Mapping[str, tuple[Any, Any]]
    changes: tuple[Change, ...]
    ratios: tuple[RatioChange, ...]
    #: Systems and tasks that only one of them has.
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "made": {name: list(pair) for name, pair in self.made.items()},
            "systems": [change.to_json() for change in self.changes],
            "ratios": [ratio.to_json() for ratio in self.ratios],
            "only_before": list(self.only_before),
            "only_after": list(self.only_after),
        }


def differ(
    before: tuple[Mapping[str, Any], Sequence[Trial]],
    after: tuple[Mapping[str, Any], Sequence[Trial]],
) -> Difference:
    """What changed, over the pairs of system and task that both have. Raises UsageError."""
    keys = [{(t.system, t.task) for t in trials} for _, trials in (before, after)]
    shared = keys[0] & keys[1]
    if not shared:
        raise UsageError("the two have no system and task in common", "compare others")
    old, new = (
        [t for t in trials if (t.system, t.task) in shared] for _, trials in (before, after)
    )
    return Difference(
        made=dict(_made(before[0], after[0])),
        changes=tuple(_changes(old, new)),
        ratios=tuple(_ratios(old, new)),
        only_before=tuple(sorted(f"{system} on {task}" for system, task in keys[0] - shared)),
        only_after=tuple(sorted(f"{system} on {task}" for system, task in keys[1] - shared)),
    )


def _made(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _made(old, new, f"{prefix}{name}.")
        elif old != new and name not in ("made_at", "load", "command"):
            yield f"{prefix}{name}", (old, new)


def _changes(old: Sequence[Trial], new: Sequence[Trial]) -> Iterator[Change]:
    for system in sorted({trial.system for trial in old}):
        then, now = ([t for t in trials if t.system == system] for trials in (old, new))
        pair = make_pair(now, then)
        yield Change(
            system=system,
            tasks=0 if pair is None else pair.right_tasks,
            speed_up=None if pair is None else pair.right,
            passed=(fmean(t.passed for t in then), fmean(t.passed for t in now)),
            calls=(fmean(t.calls for t in then), fmean(t.calls for t in now)),
            output_tokens=(
                fmean(t.output_tokens for t in then),
                fmean(t.output_tokens for t in now),
            ),
        )


def _ratios(old: Sequence[Trial], new: Sequence[Trial]) -> Iterator[RatioChange]:
    failed = {(t.system, t.task) for t in (*old, *new) if not t.passed}
    then, now = (
        make_pairs([t for t in trials if (t.system, t.task) not in failed]) for trials in (old, new)
    )
    others = {(pair.fast, pair.slow): pair for pair in now}
    for pair in then:
        other = others[pair.fast, pair.slow]
        # Each ratio once: the one that says how much faster the faster one is.
        if pair.right is None or other.right is None or pair.right.value < 1:
            continue
        yield RatioChange(
            fast=pair.fast,
            slow=pair.slow,
            tasks=pair.right_tasks,
            before=pair.right,
            after=other.right,
        )
