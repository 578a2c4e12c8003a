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
    #: Which change something: what tabs showed before may be outdated then.
    changes: Bools
    #: Expected seconds, which give the order.
    expected: Floats
    #: In which trials each is done: jobs × trials. So all below.
    on: Bools
    tail: Floats
    opening: Floats
    reset: Floats
    #: When a spare tab is at the start first: trials.
    spare: Floats


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
    #: Which groups wait for which job: groups × jobs; and for which group: groups × groups.
    waits: Bools
    follows: Bools

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
        group_of = np.zeros(len(work.needs), dtype=np.intp)
        for place, (_, jobs) in enumerate(ordered):
            group_of[jobs] = place
        follows = np.zeros((len(ordered), len(ordered)), dtype=np.bool_)
        for place, ((_, needs), _) in enumerate(ordered):
            follows[place, group_of[sorted(needs)]] = True
        return _Groups(members, sizes, waits, follows)


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
    """All rows (a trial of a setting each) while they are scheduled, a job a step in each.

    Arrays are flat, and looked up by one index: this is where the time of a choice goes.
    """

    def __init__(self, work: Work, settings: Sequence[Setting], contention: Contention) -> None:
        jobs, self._trials = work.on.shape
        rows = len(settings) * self._trials
        self._groups = _Groups.of(work)
        self._rows = np.arange(rows)
        self._trial = np.tile(np.arange(self._trials), len(settings))
        setting = np.repeat(np.arange(len(settings)), self._trials)
        # Settings that share their times share the array as well.
        times = {id(s.time): s.time for s in settings}
        place = {one: number for number, one in enumerate(times)}
        self._time = np.stack([np.where(work.on, one, 0.0) for one in times.values()]).reshape(-1)
        variant = np.array([place[id(s.time)] for s in settings])[setting]
        self._offset = variant * (jobs * self._trials)
        takes = work.takes_tab[:, None] & work.on
        self._takes = takes.reshape(-1)
        tail = np.where(work.on, work.tail, 0.0)
        self._tail = tail.reshape(-1) if tail.any() else None
        self._opening = work.opening.reshape(-1)
        self._changes = work.changes if work.changes.any() else None
        self._reset = np.where(work.wants_fresh[:, None], work.reset, 0.0).reshape(-1)
        workers = np.array([s.workers for s in settings])
        most = int(workers.max())
        self._tabs = np.where(np.arange(most)[:, None] < workers[setting], 0.0, np.inf)
        self._crowd = None
        if contention.factors != (1.0,):
            # One more than there are tabs: what a job that takes none is looked up by.
            factors = [[contention(b * s.spread) for b in range(most + 2)] for s in settings]
            # Tabs that a setting does not have are never ready, nor busy.
            self._crowd = np.array(factors).reshape(-1), setting * (most + 2) + workers[setting] + 1
        self._opened = np.zeros(rows, dtype=np.intp)
        #: When the spare tab is at the start: it is on its way there from the beginning.
        self._spare = np.tile(work.spare, len(settings))
        groups = len(self._groups.sizes)
        self._heads = np.zeros(groups * rows, dtype=np.intp)
        self._members = self._groups.members.reshape(-1)
        left = self._groups.waits.sum(axis=1, dtype=np.int32)
        self._left = np.repeat(left[:, None], rows, axis=1)
        self._ready = np.zeros((groups, rows))
        self._barred = np.repeat(np.where(left > 0, np.inf, 0.0)[:, None], rows, axis=1)
        #: Only groups that may start somewhere are looked at, and only those are told of ends that
        #: wait for one of them: of long programs these are few at any time.
        self._met = left == 0
        self._unfinished = np.full(groups, rows)
        self._live, self._near = self._look()
        heads = takes[self._groups.members[:, 0]].astype(np.float64)
        self._head_takes = np.tile(heads, (1, len(settings)))
        self.makespan = np.zeros(rows)

    def step(self) -> None:
        """Start one job in each row: the first that can be, the most urgent of several."""
        live, width = self._live, self._groups.members.shape[1]
        begin = self._head_takes[live] * self._tabs.min(axis=0)
        np.maximum(begin, self._ready[live], out=begin)
        begin += self._barred[live]
        first = begin.argmin(axis=0)
        start = begin.reshape(-1).take(first * len(self._rows) + self._rows)
        group = live.take(first)
        head_at = group * len(self._rows) + self._rows
        head = self._heads.take(head_at)
        job = self._members.take(group * width + head)
        at = job * self._trials + self._trial
        done = self._end(at, start)
        if self._tail is not None:
            done += self._tail.take(at)
        np.maximum(self.makespan, done, out=self.makespan)
        changed = self._release(job, done)
        head += 1
        self._heads[head_at] = head
        following = self._members.take(group * width + head) * self._trials + self._trial
        self._head_takes.reshape(-1)[head_at] = self._takes.take(following)
        over = head >= self._groups.sizes.take(group)
        if over.any():
            self._barred.reshape(-1)[head_at[over]] = np.inf
            self._unfinished -= np.bincount(group[over], minlength=len(self._unfinished))
            changed |= bool((self._unfinished[live] == 0).any())
        if changed:
            self._live, self._near = self._look()

    def _end(self, at: Ints, start: Floats) -> Floats:
        """When the jobs end; those that take a tab have it until then."""
        takes = self._takes.take(at)
        seconds = self._time.take(self._offset + at)
        ready = self._tabs <= start
        tab = ready.argmax(axis=0)
        new = takes & (tab >= self._opened)
        # New tabs are opened from the beginning of the run, and it begins with the first.
        opening = np.maximum(self._opening.take(at) - start, 0.0)
        seconds += np.where(new & (tab > 0), opening, 0.0)
        if self._crowd is not None:
            factors, base = self._crowd
            busy = base - ready.sum(axis=0)
            seconds *= np.where(takes, factors.take(busy), 1.0)
        seconds += self._exchange(at, start, takes & ~new)
        end: Floats = start + seconds
        if self._changes is not None:
            # What a spare tab shows is outdated then: another one is opened.
            anew = takes & self._changes.take(at // self._trials)
            np.copyto(self._spare, end + self._opening.take(at), where=anew)
        taken = np.flatnonzero(takes)
        self._tabs.reshape(-1)[(tab * len(self._rows) + self._rows)[taken]] = end[taken]
        self._opened[taken] = np.maximum(self._opened[taken], tab[taken] + 1)
        return end

    def _exchange(self, at: Ints, start: Floats, used: Bools) -> Floats:
        """Seconds until a used tab stands at the start: itself, or the spare one in its place.

        Whichever of the two is later there is the spare one next.
        """
        reset = self._reset.take(at)
        own, anew = start + reset, used & (reset > 0.0)
        wait: Floats = np.where(anew, np.maximum(np.minimum(self._spare, own) - start, 0.0), 0.0)
        np.maximum(self._spare, own, out=self._spare, where=anew)
        return wait

    def _release(self, job: Ints, done: Floats) -> bool:
        """Whoever waited for the jobs has one thing less to wait for; whether a group is new."""
        found = False
        for group in self._near:
            waited = self._groups.waits[group].take(job)
            if not waited.any():
                continue
            self._left[group] -= waited
            np.maximum(self._ready[group], done, out=self._ready[group], where=waited)
            free = waited & (self._left[group] == 0)
            if free.any():
                np.copyto(self._barred[group], 0.0, where=free)
                found |= not self._met[group]
                self._met[group] = True
        return found

    def _look(self) -> tuple[Ints, Ints]:
        """The groups that may start in some row, and those that wait for one of them."""
        live = np.flatnonzero(self._met & (self._unfinished > 0))
        near = np.flatnonzero(self._groups.follows[:, live].any(axis=1))
        return live, near


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
