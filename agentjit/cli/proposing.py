"""Planning from the command line: candidates, verdicts, the proof of the chosen plan."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from agentjit.cli.code import render_diff, render_plan
from agentjit.cli.consoles import print_json, printable, show, standard_error, standard_output
from agentjit.cli.display import make_display
from agentjit.cli.evidence import section
from agentjit.cli.failures import (
    INTERRUPTED,
    failure_to_json,
    interruption_to_json,
    render_failure,
)
from agentjit.cli.progress import show_lookup
from agentjit.cli.proof import render_proof
from agentjit.cli.selection import Selection, read_own_plan, require_task
from agentjit.cli.usage import show_usage
from agentjit.cli.verdicts import (
    choice_to_json,
    clusters_to_json,
    render_clusters,
    render_loser,
    render_rejected,
    verdict_to_json,
)
from agentjit.cli.witness import Witness
from agentjit.engine import NoValidPlan
from agentjit.errors import AgentjitError
from agentjit.planner.agreement import Disagreement
from agentjit.planner.candidate import Choice
from agentjit.ports import RunEvent, Usage
from agentjit.runtime.result import usage_to_json
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.exporting import graph_to_json
from agentjit.scheduler.forecast import Schedule, show_schedule
from agentjit.scheduler.showing import show_graph


@dataclass(frozen=True, slots=True)
class Extras:
    """What is shown of the chosen plan beside its proof."""

    graph: bool = False
    forecast: bool = False


NO_EXTRAS: Final = Extras()


def propose(
    task: str,
    selection: Selection,
    plan_file: str | None,
    extras: Extras,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Plan the task and show it; gives the exit code."""
    begun = time.perf_counter()
    witness = Witness()
    choice: Choice | None = None
    error: AgentjitError | None = None
    try:
        choice = _choose(task, selection, plan_file, witness, as_json=as_json, quiet=quiet)
    except AgentjitError as failure:
        error = failure
    except KeyboardInterrupt:
        if as_json:
            print_json(_to_json(task, None, None, witness.events) | interruption_to_json())
        else:
            show(standard_error(), Text("interrupted; nothing was done", style="bold yellow"))
        return INTERRUPTED
    if as_json:
        seconds = round(time.perf_counter() - begun, 4)
        data = _to_json(task, choice, error, witness.events)
        if extras.graph:
            data["graph"] = graph_to_json(build_graph(choice.checked)) if choice else None
        if extras.forecast:
            data["forecast"] = _forecast(choice).to_json() if choice else None
        print_json({**data, "wall_seconds": seconds})
    elif error is not None:
        show(standard_error(), _render_failure(error))
    elif choice is not None:
        shown = render_plan(choice.winner.candidate.plan) if quiet else None
        show(standard_output(), shown or render_choice(choice, witness.events, extras))
    return error.exit_code if error else 0


def _choose(
    task: str,
    selection: Selection,
    plan_file: str | None,
    witness: Witness,
    *,
    as_json: bool,
    quiet: bool,
) -> Choice:
    text = require_task(task)
    display = make_display(standard_error(), quiet=quiet, as_json=as_json)
    engine = selection.make_engine(listeners=(witness.watch, display.progress.watch))
    given = read_own_plan(plan_file, engine.toolset)

    async def choose() -> Choice:
        async with engine as jit:
            return await jit.plan(text, plan=given)

    with display:
        display.progress.begin("starting the browser and the site")
        return asyncio.run(choose())


def render_choice(
    choice: Choice, events: Sequence[RunEvent], extras: Extras = NO_EXTRAS
) -> RenderableType:
    """The plan, its proof, what was looked up for it, and the plans that lost."""
    winner = choice.winner
    remark = f"{winner.candidate.origin}, cost {winner.cost:g}; not run"
    parts = section("Plan", render_plan(winner.candidate.plan), remark=remark)
    for said in winner.candidate.remarks:
        parts.append(Text(f"  {said}", style="dim"))
    if winner.candidate.diff:
        parts.append(Padding(render_diff(winner.candidate.diff), (0, 0, 0, 2)))
    parts += section("Proof", render_proof(choice.checked), remark="what holds before each call")
    if extras.graph:
        shown = show_graph(build_graph(choice.checked)).splitlines()
        told = Text("\n".join(map(printable, shown)))
        parts += section("Graph", told, remark="what waits for what, and why")
    if extras.forecast:
        table = Text(show_schedule(_forecast(choice)).rstrip("\n"), no_wrap=True)
        parts += section("Forecast", table, remark="seconds by strategy, from what was measured")
    looked = _lookups(events)
    if looked:
        lines = Group(
            *(Text(f"{show_lookup(each['calls'])}  {each['found']} found") for each in looked)
        )
        parts += section("Looked up on the site to plan", lines)
    if choice.clusters:
        shown_clusters = render_clusters(choice.clusters, winner)
        parts += section("Agreement", shown_clusters, remark="the valid plans by what they do")
    if choice.losers:
        losers: list[RenderableType] = []
        for verdict, reason in choice.losers:
            losers += [Text()] if losers else []
            same = verdict.candidate.plan == winner.candidate.plan
            losers += render_loser(verdict, reason, with_plan=not same)
        parts += section("Other candidates", Group(*losers))
    if choice.usage.calls:
        parts += section("Model calls", Text(show_usage(choice.usage)))
    return Group(*parts)


def _forecast(choice: Choice) -> Schedule:
    """What each strategy is expected to take, from the profile that is kept."""
    # Not for a plan alone: they bring numpy.
    from agentjit.runtime.profile_store import find_profiles, known_profile
    from agentjit.scheduler.choosing import choose_schedule
    from agentjit.scheduler.profile import read_latencies

    toolset = choice.checked.toolset
    known = known_profile(find_profiles(os.environ), toolset)
    return choose_schedule(build_graph(choice.checked), read_latencies(known, toolset))


def _render_failure(error: AgentjitError) -> RenderableType:
    if isinstance(error, NoValidPlan):
        return Group(render_failure(error), Text(), render_rejected(error.verdicts))
    if isinstance(error, Disagreement):
        plans = [p for v in error.verdicts for p in (Text(), *render_loser(v, "valid, not chosen"))]
        return Group(render_failure(error), Text(), render_clusters(error.clusters), *plans)
    return render_failure(error)


def _to_json(
    task: str, choice: Choice | None, error: AgentjitError | None, events: Sequence[RunEvent]
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "task": task,
        "status": "planned",
        "exit_code": 0,
        "error": None,
        "diagnostics": [],
        "plan": None,
        "origin": None,
        "cost": None,
        "proof": None,
        "candidates": [],
        "agreement": [],
        "looked_up": _lookups(events),
    }
    usage = Usage()
    if error is not None:
        data |= failure_to_json(error)
    if isinstance(error, NoValidPlan):
        verdicts, usage = list(error.verdicts), error.usage
        data["diagnostics"] = [d.to_json() for v in verdicts for d in v.diagnostics]
        data["candidates"] = [
            verdict_to_json(v, chosen=False, reason="not valid") for v in verdicts
        ]
    if isinstance(error, Disagreement):
        data["candidates"] = [
            verdict_to_json(v, chosen=False, reason="nobody agrees with it") for v in error.verdicts
        ]
        data["agreement"] = clusters_to_json(error.clusters)
    if choice is not None:
        winner, usage = choice.winner, choice.usage
        data |= {
            "plan": winner.candidate.plan,
            "origin": winner.candidate.origin,
            "cost": winner.cost,
            "proof": choice.checked.show(),
            "candidates": choice_to_json(choice),
            "agreement": clusters_to_json(choice.clusters),
        }
    return {**data, **usage_to_json(usage)}


def _lookups(events: Sequence[RunEvent]) -> list[dict[str, Any]]:
    return [dict(e.data) for e in events if e.kind == "looked-up"]
