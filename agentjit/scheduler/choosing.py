"""Simulate every strategy on the same draws, and choose: before a run, and again at each loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from agentjit.compiler.ir import For, NodeId
from agentjit.scheduler.calibration import plan_digest, stretch, stretched
from agentjit.scheduler.drawing import Draws, Floats
from agentjit.scheduler.forecast import Bounds, Forecast, Schedule, Wishes
from agentjit.scheduler.graph import Graph, LoopNode, Region
from agentjit.scheduler.hedging import Delays, find_delays
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.listing import (
    Setting,
    Work,
    longest_path,
    remaining,
    schedule,
    total_work,
)
from agentjit.scheduler.preferring import MARGIN, admit, prefer
from agentjit.scheduler.profile import Latencies
from agentjit.scheduler.strategies import Hedge, Parallel, Serial, Strategy, tabs_of
from agentjit.scheduler.trips import find_sources
from agentjit.scheduler.unfolding import Unfolded, unfold, unfold_loop

#: What is wished for where nothing is said.
DEFAULT: Final = Wishes()
#: Tabs that are simulated, whatever is allowed.
MOST_WORKERS: Final = 8
#: How late a stretch is when it gets a copy, as a share of its own times.
LATES: Final = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95)
#: Jobs × trials that are simulated of one strategy: very long programs get fewer trials.
MOST_DRAWS: Final = 120_000
LEAST_TRIALS: Final = 64
#: At a loop: trials, and rounds that are unfolded of it and of loops inside.
LOOP_TRIALS: Final = 128
LOOP_ROUNDS: Final = (16, 6, 3, 2)


def choose_schedule(graph: Graph, latencies: Latencies, wishes: Wishes = DEFAULT) -> Schedule:
    """Forecast every strategy for the whole program, and choose the best that is allowed."""
    draws = _draws(graph, latencies, wishes, wishes.trials)
    delays = find_delays(graph.root, latencies, _lates(wishes))
    plan = plan_digest(graph.program)
    found = _choose(unfold(graph.root, draws, delays), draws, delays, wishes, plan)
    return _keep_open(found, graph) if wishes.forced is None else found


def rechoose(
    loop: LoopNode, rounds: int, graph: Graph, latencies: Latencies, wishes: Wishes = DEFAULT
) -> Schedule:
    """The choice for a loop that is reached, now that its length is known.

    A few milliseconds. `wishes.workers` are the tabs that the loop may have. Times are of the loop
    alone.
    """
    draws = _draws(graph, latencies, wishes, min(LOOP_TRIALS, wishes.trials))
    delays = find_delays(Region((loop,)), latencies, _lates(wishes))
    found = unfold_loop(loop, rounds, draws, delays, caps=LOOP_ROUNDS)
    return _choose(found, draws, delays, wishes, plan_digest(graph.program), quick=True)


def _keep_open(found: Schedule, graph: Graph) -> Schedule:
    """Where a loop may turn out longer than it is taken for, one tab that may become several.

    A serial run is bound to its one tab. The same in a tab of the scheduler's costs next to nothing
    more, or less, and at the loop it is chosen again.
    """
    if found.strategy != Serial() or not _has_open_loop(graph):
        return found
    try:
        narrow = found.get(Parallel(1))
    except KeyError:
        return found
    best = found.chosen.score(found.objective)
    if narrow.problem or narrow.score(found.objective) > best * (1 + MARGIN):
        return found
    because = f"{found.because}; tabs are chosen again at a loop, once its length is known"
    return replace(found, strategy=Parallel(1), because=because)


def _has_open_loop(graph: Graph) -> bool:
    """Whether rounds could be run at once of which nobody knows how many there will be."""
    sources = find_sources(graph.program)
    return any(
        isinstance(loop.verdict, Independent)
        and isinstance(loop.stmt, For)
        and sources.length(loop.stmt).exact is None
        for loop in graph.loops()
    )


def _draws(graph: Graph, latencies: Latencies, wishes: Wishes, trials: int) -> Draws:
    sources = find_sources(graph.program)
    return Draws(latencies, sources, trials=trials, copies=2, seed=wishes.seed)


def _lates(wishes: Wishes) -> tuple[float, ...]:
    match wishes.forced:
        case Hedge(late=float(late)):
            return (late,)
        case None | Hedge():
            return LATES
        case Serial() | Parallel():
            return ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """One strategy, simulated."""

    strategy: Strategy
    seconds: Floats
    requests: Floats
    sure: Floats


def _choose(
    found: Unfolded,
    draws: Draws,
    delays: Delays,
    wishes: Wishes,
    plan: str,
    *,
    quick: bool = False,
) -> Schedule:
    found.cut(max(LEAST_TRIALS, MOST_DRAWS // max(1, len(found.jobs))))
    trials = [_Trial(Serial(), found.serial, found.calls, found.sure)]
    bounds, urgency = Bounds(float(found.serial.mean()), 0.0), dict[NodeId, float]()
    if found.jobs:
        work = _work(found, draws)
        times = np.stack([job.time[0] for job in found.jobs])
        path, total = longest_path(work, times), total_work(work, times)
        bounds = Bounds(float(path.mean()), float(total.mean()))
        for job, left in zip(found.jobs, remaining(work), strict=True):
            urgency[job.stretch.id] = max(urgency.get(job.stretch.id, 0.0), float(left))
        trials += _simulate(found, work, delays, wishes, draws.latencies, quick=quick)
    records = draws.latencies.profile.records
    factor = stretch(records, plan)
    forecasts = _forecasts(trials, found, wishes, factor)
    forecasts = tuple(admit(f, forecasts, delays, wishes, draws.latencies) for f in forecasts)
    chosen, because = prefer(forecasts, wishes)
    late = chosen.late if isinstance(chosen, Hedge) else None
    return Schedule(
        strategy=chosen,
        because=because,
        forecasts=forecasts,
        bounds=bounds,
        objective=wishes.objective,
        urgency=urgency,
        late=delays.of(late) if late is not None else {},
        tab_late=delays.of_tab(late) if late is not None else None,
        trials=found.trials,
        stretch=factor,
    )


def _work(found: Unfolded, draws: Draws) -> Work:
    jobs, trials = found.jobs, found.trials
    expected: dict[NodeId, float] = {}
    for job in jobs:
        # One figure for all rounds: else chance would order them.
        if job.stretch.id not in expected and job.on.any():
            expected[job.stretch.id] = float((job.time[0] + job.tail)[job.on].mean())
    opening = draws.openings(len(jobs) + 1)[:, :trials]
    return Work(
        needs=tuple(job.needs for job in jobs),
        takes_tab=np.array([job.takes_tab for job in jobs]),
        wants_fresh=np.array([job.wants_fresh for job in jobs]),
        changes=np.array([not all(c.effect.harmless for c in job.stretch.calls) for job in jobs]),
        expected=np.array([expected.get(job.stretch.id, 0.0) for job in jobs]),
        on=np.stack([job.on for job in jobs]),
        tail=np.stack([job.tail for job in jobs]),
        opening=opening[:-1],
        reset=draws.resets(len(jobs))[:, :trials],
        spare=opening[-1],
    )


def _simulate(
    found: Unfolded,
    work: Work,
    delays: Delays,
    wishes: Wishes,
    latencies: Latencies,
    *,
    quick: bool,
) -> list[_Trial]:
    """All strategies but the serial one: plain ones, then the best of them with copies.

    A `quick` one gives copies to the one with the most tabs, and simulates all at once.
    """
    most = max(1, min(MOST_WORKERS, wishes.workers, int(work.takes_tab.sum())))
    plain: list[Strategy] = [Parallel(k) for k in range(1, most + 1)]
    if isinstance(wishes.forced, Parallel) and wishes.forced not in plain:
        plain.append(wishes.forced)
    wanted = delays.some or isinstance(wishes.forced, Hedge)
    if quick or not wanted:
        hedges = _hedges(wishes, delays, most) if wanted else []
        return _run([*plain, *hedges], found, work, delays, latencies)
    trials = _run(plain, found, work, delays, latencies)
    best = min(trials, key=lambda t: float(t.seconds.mean())).strategy
    return trials + _run(_hedges(wishes, delays, tabs_of(best)), found, work, delays, latencies)


def _hedges(wishes: Wishes, delays: Delays, workers: int) -> list[Strategy]:
    copies = 2
    if isinstance(wishes.forced, Hedge):
        copies, workers = wishes.forced.copies, wishes.forced.workers
    # Those with few copies come first: they use less.
    return [Hedge(copies, workers, late) for late in sorted(delays.lates, reverse=True)]


def _run(
    strategies: Sequence[Strategy],
    found: Unfolded,
    work: Work,
    delays: Delays,
    latencies: Latencies,
) -> list[_Trial]:
    times = np.stack([job.time for job in found.jobs], axis=1)
    calls = np.sum([job.calls for job in found.jobs], axis=0)
    sure = np.sum([job.sure for job in found.jobs], axis=0)
    settings: list[Setting] = []
    requests: list[Floats] = []
    for strategy in strategies:
        spare = sum(np.minimum(n, tabs_of(strategy) - 1) * each for n, each in found.spare)
        match strategy:
            case Hedge(workers=workers, late=late):
                row = delays.lates.index(late or 0.0)
                time = times[1 + row]
                spread = _spread(found, time, row)
                settings.append(Setting(workers=workers, time=time, spread=spread))
                spare = spare + np.sum([job.copies[row] for job in found.jobs], axis=0)
            case Parallel(workers=workers):
                settings.append(Setting(workers=workers, time=times[0]))
            case Serial():
                raise AssertionError(strategy)
        requests.append(calls + spare)
    makespans = schedule(work, settings, latencies.contention)
    told = zip(strategies, makespans, requests, strict=True)
    return [_Trial(strategy, seconds, each, sure) for strategy, seconds, each in told]


def _spread(found: Unfolded, time: Floats, row: int) -> float:
    """Busy tabs for each that has a job, on average, where some have copies."""
    on = np.stack([job.on for job in found.jobs])
    busy = float(np.where(on, time, 0.0).sum())
    more = float(np.sum([job.beside[row] for job in found.jobs]))
    return 1.0 + more / busy if busy else 1.0


def _forecasts(
    trials: Sequence[_Trial], found: Unfolded, wishes: Wishes, factor: float
) -> tuple[Forecast, ...]:
    # Of equally fast ones, the first counts as the best: it uses the least.
    seconds = np.stack([t.seconds for t in trials])
    best, ordered = np.argmin(seconds, axis=0), np.sort(seconds, axis=1)
    money = float(found.answers.mean()) * wishes.price
    told = []
    for place, trial in enumerate(trials):
        low, p50, high, p95 = (_quantile(ordered[place], share) for share in (0.1, 0.5, 0.9, 0.95))
        wide = stretched(low, p50, high, factor)
        told.append(
            Forecast(
                strategy=trial.strategy,
                mean=float(trial.seconds.mean()),
                p50=p50,
                p95=p95,
                low=wide[0],
                high=wide[1],
                raw_low=low,
                raw_high=high,
                best=float((best == place).mean()),
                requests=float(trial.requests.mean()),
                money=money,
                success=float(np.exp(trial.sure).mean()),
            )
        )
    return tuple(told)


def _quantile(ordered: Floats, share: float) -> float:
    return float(ordered[min(len(ordered) - 1, int(share * len(ordered)))])
