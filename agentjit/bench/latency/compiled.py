"""agentjit as a system under test: planned cold, from the cache, or without a model."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.memory import watch_memory
from agentjit.bench.latency.system import Attempt, Setting
from agentjit.bench.latency.trial import Deed, Foretold
from agentjit.bench.latency.world import Visit
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.ports import RunEvent
from agentjit.runtime.account import ACCOUNT
from agentjit.runtime.result import RunResult

#: A plan that does nothing: it opens a tab at the site's start, and closes it.
_IDLE: Final = "result = 1\n"


@dataclass(frozen=True, slots=True)
class Compiled:
    """One way of using agentjit."""

    name: str
    strategy: str = "auto"
    #: "model", or "symbolic" for the planner that needs none.
    planner: str = "model"
    #: Whether the plan is in the cache, from a run before that is in no figure.
    warm: bool = False

    @property
    def needs_model(self) -> bool:
        """Whether it asks a model in a trial."""
        return self.planner == "model" and not self.warm

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:
        """It takes part where a scripted model has a plan to write."""
        if exercise.plan is None and setting.model.kind == "scripted" and self.planner == "model":
            return "no reference plan, which the scripted model would write"
        return None

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """Run the task once, so that its plan is kept. Raises RunError."""
        if self.warm:
            attempt = await self._run(exercise, setting)
            if attempt.error is not None:
                raise RunError(f"no plan of {exercise.id} can be kept: {attempt.error}")

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """Do the task, by an engine of its own."""
        return await self._run(exercise, setting)

    async def _run(self, exercise: Exercise, setting: Setting) -> Attempt:
        heard, begun = Heard(), time.monotonic()
        engine = await make_engine(
            exercise,
            setting,
            heard,
            planner=self.planner,
            strategy=self.strategy,
            cache=self.warm,
        )
        async with watch_memory(os.getpid(), without=setting.others()) as peak, engine as jit:
            await jit.plan(exercise.goal, plan=_IDLE)
            heard.events.clear()
            await setting.model.begin(exercise.plan or "")
            started = time.monotonic()
            try:
                async with asyncio.timeout(setting.limits.seconds):
                    result = await jit.run(exercise.goal)
            except TimeoutError:
                result = RunResult(
                    task=exercise.goal, status="failed", error=RunError("its time is over")
                )
            ended = time.monotonic()
            thoughts = await setting.model.thoughts(started)
        return Attempt(
            visit=Visit(done=result.ok, answer=result.value, cookies=_cookies(result.run_dir)),
            wall_seconds=ended - started,
            startup_seconds=started - begun,
            first_action_seconds=heard.first_action(),
            thoughts=thoughts,
            steps=1 if thoughts else 0,
            actions=heard.count_actions(),
            peak_bytes=peak.bytes,
            intended=heard.count("commit-attempted"),
            made=sum(each.outcome == "done" for each in result.commits),
            foretold=_foretold(result.run_dir, heard),
            deeds=tuple(heard.deeds()),
            origin=result.origin,
            error=None if result.error is None else result.error.message,
        )


async def make_engine(
    exercise: Exercise,
    setting: Setting,
    heard: Heard,
    *,
    planner: str,
    strategy: str,
    cache: bool,
) -> AgentJIT:
    """An engine for a task in a fresh world, not yet open. On a replica everything is granted."""
    own = exercise.own
    return AgentJIT(
        None if own is not None else exercise.site,
        tools=None if own is None else own.tools,
        url=await setting.worlds.address(exercise),
        start_path=None if exercise.task is None else exercise.task.start_path,
        approve=True if own is None else setting.approve,
        planner=planner,
        grammar="none" if setting.model.kind == "scripted" else "auto",
        strategy=strategy,
        cache=cache,
        runs_dir=setting.scratch / "runs",
        listeners=(heard,),
        env={
            **os.environ,
            **setting.model.environment(),
            "AGENTJIT_BROWSER": str(setting.browser),
            # What is learnt of replicas is nothing for a user's own profiles.
            "AGENTJIT_CACHE": str(setting.scratch / "cache"),
        },
    )


@dataclass(slots=True)
class Heard:
    """The events of a run: a listener."""

    events: list[RunEvent] = field(default_factory=list)

    def __call__(self, event: RunEvent) -> None:
        """Keep it."""
        self.events.append(event)

    def count(self, kind: str) -> int:
        """How many there were of a kind."""
        return sum(event.kind == kind for event in self.events)

    @property
    def ahead(self) -> int:
        """Calls of the plan that were made before it was there."""
        return sum("ahead" in event.data for event in self.events if event.kind == "call-done")

    def count_actions(self) -> int:
        """Calls that were begun, also those ahead of the plan that were none of its calls."""
        tried = self.count("made-ahead") + self.count("failed-ahead")
        return self.count("call-started") + tried - self.ahead

    def first_action(self) -> float | None:
        """Seconds until the first call was begun."""
        began = ("call-started", "made-ahead", "failed-ahead")
        return min(
            (e.at - e.data.get("seconds", 0.0) for e in self.events if e.kind in began),
            default=None,
        )

    def deeds(self) -> Iterator[Deed]:
        """The calls of tools that were done."""
        for event in self.events:
            if event.kind == "call-done":
                seconds, ended = event.data["seconds"], event.at - event.data.get("ahead", 0.0)
                yield Deed(
                    tool=event.data["tool"],
                    tab=event.data.get("tab", 0),
                    began=max(ended - seconds, 0.0),
                    seconds=seconds,
                )


def _cookies(folder: Path | None) -> dict[str, str]:
    """What the browser was signed in with: the run keeps it."""
    if folder is None or not (folder / ACCOUNT).is_file():
        return {}
    state = json.loads((folder / ACCOUNT).read_text("utf-8"))
    return {cookie["name"]: cookie["value"] for cookie in state["cookies"]}


def _foretold(folder: Path | None, heard: Heard) -> Foretold | None:
    """The forecast of the strategy that was used, and what the run took; None for no whole run."""
    measured = [e.data["seconds"] for e in heard.events if e.kind == "performed"]
    if folder is None or len(measured) != 1 or not (folder / "schedule.json").is_file():
        return None
    schedule: dict[str, Any] = json.loads((folder / "schedule.json").read_text("utf-8"))
    used = next((f for f in schedule["forecasts"] if f["strategy"] == schedule["strategy"]), None)
    if used is None:
        return None
    low, high = used["interval"]
    return Foretold(
        strategy=used["strategy"],
        p50=used["p50"],
        low=low,
        high=high,
        measured=measured[0],
        ahead=heard.ahead,
    )
