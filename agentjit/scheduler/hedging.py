"""Copies of stretches that are late: what they save, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agentjit.compiler.ir import NodeId
from agentjit.scheduler.drawing import Draws, Floats
from agentjit.scheduler.unfolding import Job, Unfolded


@dataclass(frozen=True, slots=True)
class Hedged:
    """A program whose late stretches get copies."""

    #: Jobs × trials, in seconds on a job's own tab.
    time: Floats
    #: Calls that copies make beyond those that are made anyway, in each trial.
    calls: Floats
    #: Logarithm of the probability that no stretch fails in all its copies, in each trial.
    sure: Floats
    #: Busy tabs for each worker with a job, on average.
    spread: float


@dataclass(frozen=True, slots=True)
class Copies:
    """The jobs that may be copied, with the times of all copies."""

    jobs: tuple[Job, ...]
    #: Copies × jobs × trials; the later ones begin with opening a tab.
    times: Floats
    may: tuple[bool, ...]
    #: Sorted times of the stretches, by the nodes that they begin with.
    spans: Mapping[NodeId, Floats]

    def delay(self, node: NodeId, late: float) -> float:
        """Seconds after which a copy of the stretch starts."""
        if late <= 0:
            return 0.0
        span = self.spans[node]
        return float(span[min(len(span) - 1, int(late * len(span)))])

    def delays(self, late: float) -> dict[NodeId, float]:
        """As `delay`, for all stretches that may be copied."""
        return {node: self.delay(node, late) for node in self.spans}


def draw_copies(found: Unfolded, draws: Draws) -> Copies:
    """The times of all copies of all jobs. Needs at least one job."""
    jobs = tuple(found.jobs)
    times = np.stack([job.time for job in jobs], axis=1)
    able = {id(job.stretch): job.stretch.hedgeable for job in jobs}
    may = tuple(able[id(job.stretch)] for job in jobs)
    for copy in range(1, draws.copies):
        times[copy] += draws.openings(len(jobs))[:, : times.shape[2]]
    spans: dict[NodeId, Floats] = {}
    for job, copied in zip(jobs, may, strict=True):
        if copied and job.stretch.id not in spans:
            done = job.time[0][job.on]
            spans[job.stretch.id] = np.sort(done if len(done) else job.time[0])
    return Copies(jobs, times, may, spans)


def hedge(copies: Copies, number: int, late: float) -> Hedged:
    """Let each stretch that has run for its delay get a second copy, after twice that a third, …"""
    times = copies.times
    time = times[0].copy()
    delays = np.array(
        [
            copies.delay(job.stretch.id, late) if may else np.inf
            for job, may in zip(copies.jobs, copies.may, strict=True)
        ]
    )[:, None]
    for copy in range(1, number):
        np.minimum(time, copy * delays + times[copy], out=time)
    on = np.stack([job.on for job in copies.jobs])
    calls = np.stack([job.calls for job in copies.jobs])
    more_calls = np.zeros_like(time)
    more_time = np.zeros_like(time)
    for copy in range(1, number):
        begun = np.clip(time - copy * delays, 0.0, None)
        more_time += begun
        more_calls += calls * np.minimum(1.0, begun / np.maximum(times[copy], 1e-9))
    busy = float(np.where(on, time, 0.0).sum())
    spread = 1.0 + float(np.where(on, more_time, 0.0).sum()) / busy if busy else 1.0
    extra: Floats = np.where(on, more_calls, 0.0).sum(axis=0)
    return Hedged(time, extra, _sure(copies.jobs, copies.may, number), spread)


def _sure(jobs: Sequence[Job], may: Sequence[bool], number: int) -> Floats:
    total = np.zeros(jobs[0].on.shape[0])
    for job, copied in zip(jobs, may, strict=True):
        fails = -np.expm1(job.sure)
        total += np.log1p(-(fails**number)) if copied else job.sure
    return total
