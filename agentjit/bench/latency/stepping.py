"""The step loop as a system under test: look, ask, act; with the site's tools or without.

Where the model is a script, the loop with tools is answered with the calls that the reference plan
makes: all up to the next that reads in one answer, as a model would write that needs no second try.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from agentjit.bench.endpoint import count_tokens
from agentjit.bench.latency.browsing import opened
from agentjit.bench.latency.compiled import Heard, make_engine
from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.memory import watch_memory
from agentjit.bench.latency.scripts import follow, read_script, record, why_no_script
from agentjit.bench.latency.system import Attempt, Setting, clicks_freely
from agentjit.bench.latency.thinking import Think, Thought
from agentjit.bench.latency.world import Visit
from agentjit.errors import AgentjitError, RunError, UsageError
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import settings_from_env
from agentjit.ports import Completion, Model, Prompt, Usage, Watch
from agentjit.runtime.approval import as_approver
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import Commit, CommitGate
from agentjit.runtime.recorder import Forgetting, Recorder
from agentjit.runtime.secrets import Secrets
from agentjit.sites import load_site
from agentjit.stepping.loop import step
from agentjit.stepping.offering import CallerTools
from agentjit.stepping.outcome import Step, StepLimits, StepOutcome
from agentjit.toolspecs import Effect, Toolset, load_toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Whom the loop tells of each step.
Watching: TypeAlias = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class StepLoop:
    """The generic loop, or the one that may call the site's tools."""

    name: str
    with_tools: bool = False
    needs_model: bool = True
    #: The scripts of the loop with tools, by task and seed.
    scripts: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:
        """It takes part where a scripted model would know what to do."""
        unheld = clicks_freely(exercise, setting)
        if unheld is not None or setting.model.kind != "scripted":
            return unheld
        if self.with_tools:
            return None if exercise.plan is not None else "no reference plan to make a script of"
        return why_no_script(exercise)

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """Make the script. Raises RunError."""
        if setting.model.kind != "scripted":
            return
        if self.with_tools:
            script = await _script_calls(exercise, setting)
            self.scripts[exercise.id, exercise.seed] = tuple(script)
        else:
            await record(exercise, setting)

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """Do the task in a new tab."""
        begun, url = time.monotonic(), await setting.worlds.start(exercise)
        async with (
            watch_memory(os.getpid(), without=setting.others()) as peak,
            opened(setting.browser, url) as context,
        ):
            await setting.model.begin("")
            started = time.monotonic()
            page = await context.new_page()
            await page.goto(url, wait_until="domcontentloaded")
            before = time.monotonic() - started
            commits: list[Commit] = []
            async with self._model(exercise, setting, page) as (model, watch):
                tools = _tools(exercise, setting, page, commits) if self.with_tools else None
                outcome, error = await _loop(
                    page, exercise.goal, model, tools=tools, setting=setting, watch=watch
                )
            # The first action is begun after the first answer.
            aside, early = (model.aside, model.early) if isinstance(model, Noted) else (0.0, 0.0)
            ended = time.monotonic() - aside
            thoughts = await _thoughts(setting, model, started)
            cookies = {each["name"]: each["value"] for each in await context.cookies()}
        first = None if outcome is None else outcome.first_action
        return Attempt(
            visit=Visit(
                done=outcome is not None and outcome.status == "done",
                answer=None if outcome is None else outcome.answer,
                cookies=cookies,
            ),
            wall_seconds=ended - started,
            startup_seconds=started - begun,
            first_action_seconds=None if first is None else before + first - early,
            thoughts=thoughts,
            steps=0 if outcome is None else len(outcome.steps),
            actions=0 if outcome is None else outcome.actions + outcome.calls,
            peak_bytes=peak.bytes,
            intended=len(commits) if self.with_tools else None,
            made=sum(each.outcome == "done" for each in commits) if self.with_tools else None,
            error=error,
        )

    @asynccontextmanager
    async def _model(
        self, exercise: Exercise, setting: Setting, page: Page
    ) -> AsyncIterator[tuple[Model, Watching]]:
        think = setting.model.think
        if think is None:
            settings = settings_from_env(setting.model.environment())
            assert settings is not None
            async with EndpointModel(settings) as endpoint:
                yield endpoint, _nobody
        elif self.with_tools:
            yield scripted_calls(self.scripts[exercise.id, exercise.seed], think), _nobody
        else:
            script, most = await read_script(exercise, setting), setting.limits.actions_per_step
            follower, watch = follow(script, page, think, most)
            yield Noted(follower, think), watch


def _nobody(step: Step) -> None:
    """Nobody wants to know."""


async def _loop(
    page: Page,
    goal: str,
    model: Model,
    *,
    tools: CallerTools | None,
    setting: Setting,
    watch: Watching,
) -> tuple[StepOutcome | None, str | None]:
    """How the loop ended, and why, where it was not done."""
    limits = setting.limits
    try:
        outcome = await step(
            page,
            goal,
            model,
            tools=tools,
            limits=StepLimits(
                steps=limits.steps,
                model_calls=2 * limits.steps,
                seconds=limits.seconds,
                output_tokens=100_000,
                answer_tokens=4_000,
                actions=limits.actions_per_step,
            ),
            watch=watch,
        )
    except AgentjitError as failure:
        return None, failure.message
    return outcome, outcome.reason or None


@dataclass(slots=True)
class Noted:
    """A script's model, of which it is noted when it was asked.

    What it takes to look for its elements on the page is no model's time and no loop's: it is in
    `aside`, and no figure has it.
    """

    model: Model
    think: Think
    thoughts: list[Thought] = field(default_factory=list)
    #: Seconds by which answers took longer than the pace says.
    aside: float = 0.0
    #: Those of the first one.
    early: float = 0.0

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """The model's answer. `began` of what is noted is on the clock without what is aside."""
        began = time.monotonic()
        completion = await self.model.complete(prompt, watch)
        usage = completion.usage
        seconds = self.think.seconds(usage.prompt_tokens, usage.completion_tokens)
        self.thoughts.append(
            Thought(
                began=began - self.aside,
                seconds=seconds,
                prompt_tokens=usage.prompt_tokens,
                output_tokens=usage.completion_tokens,
            )
        )
        self.aside += max(0.0, time.monotonic() - began - seconds)
        if len(self.thoughts) == 1:
            self.early = self.aside
        return completion


def scripted_calls(answers: Sequence[str], think: Think) -> Noted:
    """A model that gives these answers, one after the other, at a pace."""
    return Noted(_InTurn(list(answers), think), think)


@dataclass(slots=True)
class _InTurn:
    answers: list[str]
    think: Think
    name: str = "scripted/never-errs"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:  # noqa: ARG002 - the port's shape
        begun = time.monotonic()
        text = self.answers.pop(0) if self.answers else '{"give_up": "the script is over"}'
        asked = sum(len(count_tokens(message["content"])) for message in prompt.messages)
        said = len(count_tokens(text))
        await asyncio.sleep(begun + self.think.seconds(asked, said) - time.monotonic())
        return Completion(text=text, usage=Usage(1, asked, said), seconds=time.monotonic() - begun)


async def _thoughts(setting: Setting, model: Model, since: float) -> tuple[Thought, ...]:
    if not isinstance(model, Noted):
        return await setting.model.thoughts(since)
    return tuple(replace(each, began=each.began - since) for each in model.thoughts)


def _tools(exercise: Exercise, setting: Setting, page: Page, commits: list[Commit]) -> CallerTools:
    toolset = _toolset(exercise)
    caller = Caller(toolset, SystemClock(), Secrets())
    approve = setting.approve if exercise.own is not None else True
    gate = CommitGate(
        caller,
        as_approver(approve),
        Recorder(SystemClock(), Forgetting()),
        account=exercise.site,
        commits=commits,
    )
    return CallerTools(caller, page, gate)


def _toolset(exercise: Exercise) -> Toolset:
    own = exercise.own
    return load_site(exercise.site).toolset if own is None else load_toolset(own.tools)


async def _script_calls(exercise: Exercise, setting: Setting) -> list[str]:
    """What the reference plan calls, as the answers of a model: one up to each call that reads."""
    heard = Heard()
    engine = await make_engine(
        exercise, setting, heard, planner="symbolic", strategy="serial", cache=False
    )
    async with engine as jit:
        result = await jit.run(exercise.goal, plan=exercise.plan)
    if not result.ok:
        raise RunError(f"the reference plan of {exercise.id} failed: {result.error}")
    calls = [
        (e.data["tool"], e.data["arguments"]) for e in heard.events if e.kind == "call-started"
    ]
    toolset = _toolset(exercise)
    return [
        *write_answers(calls, toolset, setting.limits.actions_per_step),
        _json({"done": result.value}),
    ]


def write_answers(
    calls: Sequence[tuple[str, Mapping[str, Any]]], toolset: Toolset, most: int
) -> Iterator[str]:
    """The calls as answers, up to `most` in one: none after one whose result must be read."""
    batch: list[dict[str, Any]] = []
    for name, arguments in calls:
        tool = toolset.get(name)
        if tool is None:
            raise UsageError(f"there is no tool {name!r}")
        batch.append({"call": name, "with": dict(arguments)})
        if tool.effect is Effect.READ or len(batch) == most:
            yield _json(batch)
            batch = []
    if batch:
        yield _json(batch)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
