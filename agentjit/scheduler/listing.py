"""List scheduling of jobs on tabs, in all trials of all strategies at once.

The policy: whenever a tab is free and jobs are ready, the one with the longest remaining path goes
to the tab with the lowest number. Jobs that take no tab start when they are ready. It needs no
knowledge of how long a job will take, so a run can do exactly this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agentjit.scheduler.contention import Contention
from agentjit.scheduler.drawing import Bools, Floats

Ints: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Jobs in arrays; each is after those that it needs."""

    needs: tuple[frozenset[int], ...]
    #: Which of the jobs take a tab, and which of these want it as new.
    takes_tab: Bools
    wants_fresh: Bools
    #: Expected seconds, which give the order.
    expected: Floats
    #: In which trials each is done: jobs × trials. So all below.
    on: Bools
    tail: Floats
    opening: Floats
    reset: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One strategy: how many tabs, and what a job takes on one: jobs × trials."""

    workers: int
    time: Floats
    #: Tabs that are busy for each that has a job, on average.
    spread: float = 1.0


def remaining(work: Work) -> Floats:
    """For each job the expected seconds from its start to the end, by the longest path."""
    found = work.expected.copy()
    longest = np.zeros(len(found))
    for job in range(len(found) - 1, -1, -1):
        found[job] += longest[job]
        for need in work.needs[job]:
            longest[need] = max(longest[need], found[job])
    return found


@dataclass(frozen=True, slots=True)
class _Groups:
    """Jobs that wait for the same and are as urgent, in their order; urgent groups first."""

    members: Ints
    sizes: Ints
    #: Which groups wait for which job: groups × jobs.
    waits: Bools

    @staticmethod
    def of(work: Work) -> _Groups:
        """The groups of all jobs."""
        found: dict[tuple[float, frozenset[int]], list[int]] = {}
        for job, rank in enumerate(remaining(work)):
            found.setdefault((-round(float(rank), 9), work.needs[job]), []).append(job)
        ordered = sorted(found.items(), key=lambda item: (item[0][0], item[1][0]))
        sizes = np.array([len(jobs) for _, jobs in ordered], dtype=np.intp)
        members = np.zeros((len(ordered), int(sizes.max(initial=0)) + 1), dtype=np.intp)
        waits = np.zeros((len(ordered), len(work.needs)), dtype=np.bool_)
        for place, ((_, needs), jobs) in enumerate(ordered):
            members[place, : len(jobs)] = jobs
            waits[place, sorted(needs)] = True
        return _Groups(members, sizes, waits)


def priorities(work: Work) -> list[int]:
    """The jobs in the order in which they are preferred where several are ready."""
    groups = _Groups.of(work)
    return [
        int(job)
        for row, size in zip(groups.members, groups.sizes, strict=True)
        for job in row[:size]
    ]


def schedule(work: Work, settings: Sequence[Setting], contention: Contention) -> Floats:
    """The makespan of every setting in every trial: settings × trials, in seconds."""
    trials = work.on.shape[1]
    if not work.needs:
        return np.zeros((len(settings), trials))
    board = _Board(work, settings, contention)
    for _ in range(len(work.needs)):
        board.step()
    return board.makespan.reshape(len(settings), trials)


class _Board:
    """All rows (a trial of a setting each) while they are scheduled, a job a step in each."""

    def __init__(self, work: Work, settings: Sequence[Setting], contention: Contention) -> None:
        jobs, trials = work.on.shape
        rows = len(settings) * trials
        self._work, self._groups = work, _Groups.of(work)
        self._rows = np.arange(rows)
        self._trial = np.tile(np.arange(trials), len(settings))
        setting = np.repeat(np.arange(len(settings)), trials)
        self._offset = setting * (jobs * trials) + self._trial
        self._time = np.stack([s.time for s in settings]).reshape(-1)
        self._trials = trials
        most = max(s.workers for s in settings)
        self._tabs = np.zeros((most, rows))
        for place, each in enumerate(settings):
            self._tabs[each.workers :, setting == place] = np.inf
        self._idle = np.array([most - s.workers for s in settings])[setting]
        self._factors = np.array(
            [[contention(b * s.spread) for b in range(most + 1)] for s in settings]
        ).reshape(-1)
        self._factor_at = setting * (most + 1)
        self._opened = np.zeros(rows, dtype=np.intp)
        self._heads = np.zeros((len(self._groups.sizes), rows), dtype=np.intp)
        self._left = np.repeat(self._groups.waits.sum(axis=1)[:, None], rows, axis=1)
        self._ready = np.zeros(self._heads.shape)
        self._barred = np.where(self._left > 0, np.inf, 0.0)
        first = self._groups.members[:, 0]
        takes = work.takes_tab[:, None] & work.on
        self._takes = takes.astype(np.float64).reshape(-1)
        self._head_takes = np.tile(takes[first].astype(np.float64), (1, len(settings)))
        self._crowded = contention.factors != (1.0,)
        self.makespan = np.zeros(rows)

    def step(self) -> None:
        """Start one job in each row: the first that can be, the most urgent of several."""
        free = self._tabs.min(axis=0)
        begin = np.maximum(self._ready, free * self._head_takes) + self._barred
        group = begin.argmin(axis=0)
        start = begin[group, self._rows]
        job = self._groups.members[group, self._heads[group, self._rows]]
        at = job * self._trials + self._trial
        takes = self._takes[at] > 0
        end = start + self._seconds(job, at, start, takes)
        done = end + np.where(self._work.on.reshape(-1)[at], self._work.tail.reshape(-1)[at], 0.0)
        np.maximum(self.makespan, done, out=self.makespan)
        self._release(job, done)
        self._advance(group)

    def _seconds(self, job: Ints, at: Ints, start: Floats, takes: Bools) -> Floats:
        work = self._work
        seconds = self._time[self._offset + job * self._trials]
        seconds = np.where(work.on.reshape(-1)[at], seconds, 0.0)
        ready = self._tabs <= start
        tab = ready.argmax(axis=0)
        new = tab >= self._opened
        opening = np.where(tab > 0, work.opening.reshape(-1)[at], 0.0)
        reset = np.where(work.wants_fresh[job], work.reset.reshape(-1)[at], 0.0)
        on_tab = seconds + np.where(new, opening, reset)
        if self._crowded:
            busy = len(self._tabs) - ready.sum(axis=0) - self._idle + 1
            on_tab *= self._factors[self._factor_at + busy]
        rows = self._rows[takes]
        self._tabs[tab[takes], rows] = (start + on_tab)[takes]
        self._opened[rows] = np.maximum(self._opened[rows], tab[takes] + 1)
        chosen: Floats = np.where(takes, on_tab, seconds)
        return chosen

    def _release(self, job: Ints, done: Floats) -> None:
        """Whoever waited for the job has one thing less to wait for."""
        waited = self._groups.waits[:, job]
        if not waited.any():
            return
        self._left -= waited
        np.maximum(self._ready, waited * done, out=self._ready)
        np.copyto(self._barred, 0.0, where=waited & (self._left == 0))

    def _advance(self, group: Ints) -> None:
        """The next job of the group is its head."""
        self._heads[group, self._rows] += 1
        head = self._heads[group, self._rows]
        over = head >= self._groups.sizes[group]
        self._barred[group[over], self._rows[over]] = np.inf
        job = self._groups.members[group, head]
        self._head_takes[group, self._rows] = self._takes[job * self._trials + self._trial]


def longest_path(work: Work, time: Floats) -> Floats:
    """Seconds with as many tabs as there are jobs, none of which has to be opened: a bound."""
    ends = np.zeros_like(work.tail)
    for job, needs in enumerate(work.needs):
        start = ends[sorted(needs)].max(axis=0) if needs else 0.0
        ends[job] = start + np.where(work.on[job], time[job] + work.tail[job], 0.0)
    longest: Floats = ends.max(axis=0) if len(ends) else np.zeros(work.on.shape[1])
    return longest


def total_work(work: Work, time: Floats) -> Floats:
    """Seconds that all tabs together are busy, at least."""
    total: Floats = np.where(work.on & work.takes_tab[:, None], time, 0.0).sum(axis=0)
    return total
