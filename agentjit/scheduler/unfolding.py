"""From a graph to jobs: every round of every loop, in every trial, with what it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from agentjit.compiler.ir import Break, NodeId
from agentjit.scheduler.drawing import Bools, Counts, Draws, Floats
from agentjit.scheduler.graph import (
    BranchNode,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    Start,
    ToolNode,
    nodes_in,
)
from agentjit.scheduler.hedging import Delays, copy_call
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.stretches import Kind, Stretch, split_region
from agentjit.toolspecs.effects import Effect

#: Rounds that are unfolded of a loop, by how many loops are around it. Of a longer one each job
#: stands for several rounds: its mean is right, and it is told as more uneven than it is.
ROUNDS: Final = (64, 16, 4, 2)
#: Jobs and calls beyond which no more than two rounds of a loop are unfolded.
ROOM: Final = 500

#: Where no call is ever late.
NO_COPIES: Final = Delays((), {}, np.zeros(0))

#: Jobs, by their places.
Jobs = frozenset[int]


@dataclass(slots=True)
class Job:
    """One stretch in one round. Jobs are after those that they need."""

    stretch: Stretch
    needs: Jobs
    #: Seconds with its tab, and after that without one (trials). The first row of `time` is without
    #: copies, the others are with those of each share of lateness.
    time: Floats
    tail: Floats
    #: In which trials it is done at all.
    on: Bools
    #: Tool calls in it, and the probability that none of them fails, as a logarithm.
    calls: Floats
    sure: Floats
    #: Requests of copies, and seconds in which these are busy: shares of lateness × trials.
    copies: Floats
    beside: Floats

    @property
    def takes_tab(self) -> bool:
        """Whether it needs a tab."""
        return self.stretch.kind is Kind.TAB

    @property
    def wants_fresh(self) -> bool:
        """Whether a used tab must be brought back to the start before it."""
        return self.stretch.start is Start.FRESH


@dataclass(slots=True)
class Unfolded:
    """All trials of a program."""

    trials: int
    jobs: list[Job]
    #: Seconds, calls and certainty of the serial run.
    serial: Floats
    calls: Floats
    sure: Floats
    #: Model calls.
    answers: Floats
    #: Rounds after a first break, and the calls of one: what parallel runs begin in vain.
    spare: list[tuple[Floats, float]] = field(default_factory=list)

    def cut(self, trials: int) -> None:
        """Keep no more than so many trials."""
        if trials >= self.trials:
            return
        self.trials = trials
        for job in self.jobs:
            job.time = job.time[:, :trials]
            job.tail, job.on = job.tail[:trials], job.on[:trials]
            job.calls, job.sure = job.calls[:trials], job.sure[:trials]
            job.copies, job.beside = job.copies[:, :trials], job.beside[:, :trials]
        self.serial, self.calls = self.serial[:trials], self.calls[:trials]
        self.sure, self.answers = self.sure[:trials], self.answers[:trials]
        self.spare = [(spare[:trials], calls) for spare, calls in self.spare]


def unfold(region: Region, draws: Draws, delays: Delays = NO_COPIES) -> Unfolded:
    """All trials of a region that runs once."""
    builder = _Unfolder(draws, delays)
    builder.region(region, builder.always, frozenset())
    return builder.found()


def unfold_loop(
    loop: LoopNode,
    rounds: int,
    draws: Draws,
    delays: Delays = NO_COPIES,
    *,
    caps: tuple[int, ...] = ROUNDS,
) -> Unfolded:
    """All trials of a loop that goes round so often, unless it is broken off."""
    builder = _Unfolder(draws, delays, caps)
    builder.loop(loop, builder.always, frozenset(), np.full(draws.trials, rounds, np.int64))
    return builder.found()


@dataclass(slots=True)
class _Tally:
    """Sums over the calls of a stretch, in each trial."""

    calls: Floats
    sure: Floats
    copies: Floats
    beside: Floats


class _Unfolder:
    def __init__(self, draws: Draws, delays: Delays, caps: tuple[int, ...] = ROUNDS) -> None:
        self._draws = draws
        self._delays = delays
        self._lates = len(delays.lates)
        self._caps = caps
        zero = np.zeros(draws.trials)
        self.always: Bools = np.ones(draws.trials, dtype=np.bool_)
        self._out = Unfolded(draws.trials, [], zero.copy(), zero.copy(), zero.copy(), zero.copy())
        self._stretches: dict[int, tuple[Stretch, ...]] = {}
        self._failures: dict[str, float] = {}
        self._calling: dict[int, bool] = {}
        #: How many rounds each of the jobs at hand stands for.
        self._scale: Floats = np.ones(draws.trials)
        self._depth = 0
        self._visits = 0
        self._tally = self._new_tally()
        #: What a copy would have to do again: seconds, and how many moves. None: it may not be.
        self._moves: tuple[Floats, Floats] | None = None

    def found(self) -> Unfolded:
        """What was unfolded; model calls that follow one job alone are its tail."""
        self._out.jobs = _join_tails(self._out.jobs)
        return self._out

    def region(self, region: Region, on: Bools, after: Jobs) -> Jobs:
        """Unfold a region; gives the jobs that whatever comes next waits for."""
        done: list[Jobs] = []
        first = len(self._out.jobs)
        for stretch in self._split(region):
            needs = frozenset[int]().union(*(done[place] for place in stretch.needs))
            # What came before the region is waited for through the jobs inside, where there are.
            done.append(self._stretch(stretch, on, needs - after or after, region))
        needed = frozenset[int]().union(*(job.needs for job in self._out.jobs[first:]))
        return frozenset[int]().union(*done) - after - needed or after

    def loop(self, loop: LoopNode, on: Bools, after: Jobs, rounds: Counts | None) -> Jobs:
        """Unfold a loop whose stretches have tabs of their own."""
        independent = isinstance(loop.verdict, Independent)
        before, done = after, frozenset[int]()
        for masked in self._rounds(self._trips(loop, on, rounds), on):
            start = after if independent else before
            for part in (loop.prelude, loop.body):
                start = self.region(part, masked, start)
            before = start
            done |= start - after
        if not independent:
            done = before - after
        return self.region(loop.orelse, on, done or after)

    def _stretch(self, stretch: Stretch, on: Bools, needs: Jobs, region: Region) -> Jobs:
        match stretch.kind:
            case Kind.NOTHING:
                self._path(stretch.nodes, region, on)
                return needs
            case Kind.REGION:
                (node,) = stretch.nodes
                if isinstance(node, LoopNode):
                    return self.loop(node, on, needs, None)
                assert isinstance(node, BranchNode)
                taken = self._draws.branch(node.stmt)
                return self.region(node.body, on & taken, needs) | self.region(
                    node.orelse, on & ~taken, needs
                )
            case Kind.TAB | Kind.MODEL:
                outer = self._tally
                told = self._tally = self._new_tally()
                zero = np.zeros(self._draws.trials)
                repeatable = stretch.kind is Kind.TAB and stretch.start is not Start.NO
                self._moves = (zero, zero) if repeatable else None
                time = self._path(stretch.nodes, region, on)
                self._moves = None
                job = Job(
                    stretch=stretch,
                    needs=needs,
                    time=time,
                    tail=zero.copy(),
                    on=on,
                    calls=told.calls,
                    sure=told.sure,
                    copies=told.copies,
                    beside=told.beside,
                )
                self._out.jobs.append(job)
                self._tally = outer
                return frozenset((len(self._out.jobs) - 1,))

    def _path(self, nodes: Sequence[Node], region: Region, on: Bools) -> Floats:
        """Seconds from the first of these nodes to the last: the longest path among them.

        They have one tab: calls go one after another, also where nothing says in which order.
        """
        ends: dict[NodeId, Floats] = {}
        tab: list[Floats] = []
        longest = self._nothing()
        for node in nodes:
            time = self._time(node, on)
            if time is None:
                inside = [n for n in region.needs[node.stmt.id] if n in ends]
                if inside:
                    ends[node.stmt.id] = _latest([ends[n] for n in inside])
                continue
            before = [ends[n] for n in region.needs[node.stmt.id] if n in ends]
            calls = self._has_calls(node)
            before += tab if calls else []
            end = time + _latest(before) if before else time
            ends[node.stmt.id] = end
            tab = [end] if calls else tab
            longest = np.maximum(longest, end)
        return longest

    def _time(self, node: Node, on: Bools) -> Floats | None:
        """Seconds of a node that is done on the tab at hand; None where it takes none."""
        match node:
            case ToolNode():
                return self._call(node, on)
            case ModelNode(stmt=stmt):
                self._visits += 1
                answer = self._draws.answer(stmt)[0] * self._scale
                self._out.serial += np.where(on, answer, 0.0)
                self._out.answers += np.where(on, self._scale, 0.0)
                time: Floats = self._nothing() + answer
                return time
            case BranchNode(stmt=stmt, body=body, orelse=orelse):
                taken = self._draws.branch(stmt)
                chosen = self._path(body.nodes, body, on & taken)
                other = self._path(orelse.nodes, orelse, on & ~taken)
                return np.where(taken, chosen, other)
            case LoopNode():
                trips = self._trips(node, on, None)
                total = self._nothing()
                for masked in self._rounds(trips, on):
                    for part in (node.prelude, node.body):
                        total += np.where(masked, self._path(part.nodes, part, masked), 0.0)
                return total + self._path(node.orelse.nodes, node.orelse, on)
            case _:
                return None

    def _call(self, node: ToolNode, on: Bools) -> Floats | None:
        self._visits += 1
        drawn = self._draws.call(node)
        self._out.serial += np.where(on, drawn[0] * self._scale, 0.0)
        self._out.calls += np.where(on, self._scale, 0.0)
        tool = node.stmt.tool
        if tool not in self._failures:
            self._failures[tool] = float(np.log1p(-self._draws.latencies.failure(tool)))
        sure = np.where(on, self._scale * self._failures[tool], 0.0)
        self._out.sure += sure
        if node.dropped:
            return None
        self._tally.calls += np.where(on, self._scale, 0.0)
        self._tally.sure += sure
        raced: Floats = self._raced(node, drawn, on) * self._scale
        return raced

    def _raced(self, node: ToolNode, drawn: Floats, on: Bools) -> Floats:
        """Seconds of a call without copies, and with them under each share of lateness."""
        if self._moves is None or not node.effect.harmless:
            # What changes something has not to be done twice, nor what comes after it in its tab.
            self._moves = None
            return np.broadcast_to(drawn[0], self._nothing().shape)
        if not self._lates:
            return drawn[:1]
        seconds, hops = self._moves
        copied = copy_call(drawn, self._delays.by_tool[node.stmt.tool], seconds, hops)
        self._tally.copies += np.where(on, copied.requests * self._scale, 0.0)
        self._tally.beside += np.where(on, copied.beside * self._scale, 0.0)
        if node.effect is Effect.NAVIGATE:
            self._moves = (seconds + np.where(on, drawn[1], 0.0), hops + on)
        return copied.time

    def _nothing(self) -> Floats:
        return np.zeros((1 + self._lates, self._draws.trials))

    def _new_tally(self) -> _Tally:
        trials = self._draws.trials
        lates = (self._lates, trials)
        return _Tally(np.zeros(trials), np.zeros(trials), np.zeros(lates), np.zeros(lates))

    def _trips(self, loop: LoopNode, on: Bools, rounds: Counts | None) -> Counts:
        breaks = may_break(loop.body)
        trips = self._draws.rounds(loop.stmt, breaks=breaks) if rounds is None else rounds
        if not breaks:
            return trips
        needed = self._draws.needed(loop.stmt, trips)
        if isinstance(loop.verdict, Independent):
            calls = float(sum(len(stretch.calls) for stretch in self._split(loop.body)))
            self._out.spare.append((np.where(on, trips - needed, 0.0), calls))
        return needed

    def _rounds(self, trips: Counts, on: Bools) -> Iterator[Bools]:
        """In which trials there is a first round, a second, …"""
        cap = self._caps[min(self._depth, len(self._caps) - 1)] if self._visits < ROOM else 2
        most = int(np.max(trips, where=on, initial=0))
        outer = self._scale
        self._depth += 1
        if most > cap:
            self._scale = outer * np.maximum(1.0, trips / cap)
        for place in range(min(most, cap)):
            yield on & (trips > place)
        self._scale = outer
        self._depth -= 1

    def _has_calls(self, node: Node) -> bool:
        if id(node) not in self._calling:
            self._calling[id(node)] = _calls(node)
        return self._calling[id(node)]

    def _split(self, region: Region) -> tuple[Stretch, ...]:
        if id(region) not in self._stretches:
            self._stretches[id(region)] = split_region(region)
        return self._stretches[id(region)]


def may_break(region: Region) -> bool:
    """Whether the loop around the region may be broken off by it."""
    for node in region.nodes:
        match node:
            case JumpNode(stmt=Break()):
                return True
            case BranchNode(body=body, orelse=orelse) if may_break(body) or may_break(orelse):
                return True
            case LoopNode(orelse=orelse) if may_break(orelse):
                return True
            case _:
                continue
    return False


def _calls(node: Node) -> bool:
    """Whether tools are called in it."""
    return any(isinstance(n, ToolNode) and not n.dropped for n in nodes_in(Region((node,))))


def _latest(ends: Sequence[Floats]) -> Floats:
    latest = ends[0]
    for end in ends[1:]:
        latest = np.maximum(latest, end)
    return latest


def _join_tails(jobs: list[Job]) -> list[Job]:
    """Model calls that wait for one job alone, and for which alone others wait, are its tail."""
    waiting: dict[int, set[int]] = {place: set() for place in range(len(jobs))}
    for place, job in enumerate(jobs):
        for need in job.needs:
            waiting[need].add(place)
    stands: dict[int, int] = {}
    for place, job in enumerate(jobs):
        job.needs = frozenset(stands.get(need, need) for need in job.needs)
        if job.takes_tab or len(job.needs) != 1:
            continue
        (before,) = job.needs
        if jobs[before].takes_tab and waiting[before] == {place}:
            jobs[before].tail = jobs[before].tail + np.where(job.on, job.time[0], 0.0)
            waiting[before] = waiting[place]
            stands[place] = before
    kept = [place for place in range(len(jobs)) if place not in stands]
    places = {old: new for new, old in enumerate(kept)}
    for place in kept:
        jobs[place].needs = frozenset(places[need] for need in jobs[place].needs)
    return [jobs[place] for place in kept]
