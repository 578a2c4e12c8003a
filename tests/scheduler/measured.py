"""Profiles as runs would have left them, for the tests of forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from agentjit.compiler import CheckedProgram, check
from agentjit.ports import RunEvent
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.profile import Latencies, Profile, read_latencies
from agentjit.source import Source
from agentjit.toolspecs import Toolset


def event(kind: str, **data: Any) -> RunEvent:
    """An event of a run; when it was says nothing here."""
    return RunEvent(kind=kind, at=0.0, data=data)


def call(tool: str, seconds: float, *, busy: int = 1, result: Any = None) -> RunEvent:
    """A call that went well."""
    return event("call-done", tool=tool, seconds=seconds, busy=busy, result=result)


def measured(toolset: Toolset, times: Mapping[str, Iterable[float]]) -> Profile:
    """A profile of calls that took so long, one tab busy."""
    calls = [call(tool, seconds) for tool, each in times.items() for seconds in each]
    return Profile(site=toolset.name, version=toolset.version).learn(calls)


def steady(toolset: Toolset, **seconds: float) -> Latencies:
    """What is known where every call of a tool took about this long, and tabs open in no time."""
    chance = Random(7)
    profile = measured(
        toolset,
        {t: [s * chance.uniform(0.9, 1.1) for _ in range(64)] for t, s in seconds.items()},
    )
    tabs = [event(kind, seconds=0.01) for kind in ("tab-opened", "tab-reset") for _ in range(64)]
    return read_latencies(profile.learn(tabs), toolset)


def with_tail(toolset: Toolset, tools: Iterable[str], *, slow: float = 20.0) -> Latencies:
    """What is known where one call in ten takes `slow` times as long."""
    chance = Random(11)
    times = {
        tool: [
            0.1 * chance.uniform(0.9, 1.1) * (slow if place % 10 == 3 else 1) for place in range(60)
        ]
        for tool in tools
    }
    return read_latencies(measured(toolset, times), toolset)


def graph_of_plan(text: str, toolset: Toolset) -> Graph:
    """The graph of a plan that checks."""
    checked = check(Source("plan.py", text), toolset)
    assert isinstance(checked, CheckedProgram), checked
    return build_graph(checked)
