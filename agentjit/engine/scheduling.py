"""How a checked plan is run: as forecasts prefer or as was asked for; and what is learnt of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any, Final

from agentjit.engine.session import Session
from agentjit.errors import UsageError
from agentjit.ports import RunEvent
from agentjit.runtime.profile_store import known_profile
from agentjit.runtime.recorder import Recorder
from agentjit.scheduler.calibration import COVERED, Calibration, calibrate, plan_digest
from agentjit.scheduler.calls import Policy, Widen
from agentjit.scheduler.forecast import Schedule, Wishes
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.profile import LEARNT, Latencies, Profile, read_latencies
from agentjit.scheduler.strategies import Hedge, Parallel, parse_strategy
from agentjit.toolspecs import Toolset

#: Tabs that may have work at once where nothing is said.
WIDTH: Final = 4
#: Seconds after which a call is late of which no forecast says when it is.
LATE: Final = 1.5


@dataclass(slots=True)
class Measured:
    """What a run tells of latencies: a listener of its events."""

    events: list[RunEvent] = field(default_factory=list)

    def __call__(self, event: RunEvent) -> None:
        """Keep the event, where there is something to learn from it."""
        # What was done by other means than the tool says nothing of the tool.
        if event.kind in LEARNT and not event.data.get("stood_in"):
            self.events.append(_slim(event))

    def take(self) -> list[RunEvent]:
        """What was kept since it was last taken: a run that plans anew learns twice."""
        taken, self.events = self.events, []
        return taken


def _slim(event: RunEvent) -> RunEvent:
    """The event when it was, and without what a call gave, of which only a list's length says
    something.
    """
    result, at = event.data.get("result"), event.at - event.data.get("ahead", 0.0)
    kept = [None] * len(result) if isinstance(result, list) else None
    return replace(event, at=at, data={**event.data, "result": kept})


async def forecast(session: Session, graph: Graph, known: Profile) -> tuple[Schedule, Widen | None]:
    """What every strategy is expected to take, and the one that is preferred or was asked for.

    Where none was asked for, also what chooses once more at a loop.
    """
    wishes = Wishes(workers=WIDTH, forced=parse_strategy(session.options.strategy))
    latencies = read_latencies(known, session.toolset)
    return await asyncio.to_thread(_choose, graph, latencies, wishes)


def past_forecasts(known: Profile, graph: Graph) -> dict[str, Any]:
    """How the forecasts of runs before this one did: on the site, and of this very plan."""
    records, digest = known.records, plan_digest(graph.program)
    own = [record for record in records if record.plan == digest]
    return {
        "covered": COVERED,
        **_told(calibrate(records)),
        "plan": _told(calibrate(own)),
    }


def _told(found: Calibration) -> dict[str, Any]:
    return {"runs": found.runs, "held": found.held, "bias": round(found.bias, 4)}


def policy_of(
    strategy: Parallel | Hedge, schedule: Schedule, toolset: Toolset, widen: Widen | None
) -> Policy:
    """The strategy as the machine takes it."""
    match strategy:
        case Parallel(workers=workers):
            return Policy(width=workers, widen=widen, most=max(workers, WIDTH))
        case Hedge(copies=copies, workers=workers):
            late = schedule.late
            if strategy != schedule.strategy or schedule.chosen.problem:
                # The run was begun so, or it was asked for: nobody knows yet when a call is late.
                late = {t.name: LATE for t in toolset.tools if t.effect.harmless} | {**late}
            return Policy(
                width=workers,
                widen=widen,
                most=max(workers, WIDTH),
                late=late,
                spare=(copies - 1) * workers,
                tries=copies + 1,
            )


def learn(
    session: Session,
    measured: Measured,
    recorder: Recorder,
    run: tuple[Graph, Schedule, float] | None,
) -> None:
    """Keep what a run tells of the site's latencies.

    `run`: a whole run as it was forecast, and the seconds that it took; None where it was broken
    off, resumed, or scheduled otherwise.
    """
    store = session.profiles
    if store is None:
        return
    # Read again: another run may have ended meanwhile.
    profile = known_profile(store, session.toolset).learn(measured.take())
    if run is not None:
        graph, schedule, seconds = run
        profile = profile.keep(schedule.record(plan_digest(graph.program), seconds))
    try:
        store.save(profile)
    except UsageError as error:
        # What was done is done: a full disk is no reason to say otherwise.
        recorder.record("profile-not-kept", message=error.message)


def _choose(graph: Graph, latencies: Latencies, wishes: Wishes) -> tuple[Schedule, Widen | None]:
    # Not before: they bring numpy.
    from agentjit.scheduler.choosing import choose_schedule  # noqa: PLC0415
    from agentjit.scheduler.widening import Widening  # noqa: PLC0415

    schedule = choose_schedule(graph, latencies, wishes)
    return schedule, None if wishes.forced else Widening(graph, latencies, wishes)
