"""A system that is a program of its own, with a Python of its own; docs/benchmark.md has the words.

It is started once and given one trial after the other, a line of JSON each. It tells what it did
and the cookies it has; by these the site is asked, and graded, here.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.lines import Program, running
from agentjit.bench.latency.memory import watch_memory
from agentjit.bench.latency.scripts import record, why_no_script
from agentjit.bench.latency.system import Attempt, Setting, clicks_freely
from agentjit.bench.latency.thinking import Thought
from agentjit.bench.latency.world import Visit
from agentjit.errors import RunError

#: The form of the lines.
PROTOCOL: Final = 1
#: What a program gets of the environment, besides the model's address.
_PASSED_ON: Final = ("PATH", "HOME", "TMPDIR", "LANG")
#: Seconds beyond its limit after which a program that says nothing is ended.
_GRACE: Final = 30.0


@dataclass(slots=True)
class Outside:
    """A program, which is started when it is first needed."""

    name: str
    command: tuple[str, ...]
    needs_model: bool = True
    versions: Mapping[str, str] = field(default_factory=dict)
    _program: Program | None = None
    _life: AsyncExitStack | None = None

    def refusal(self, exercise: Exercise, setting: Setting) -> str | None:
        """It takes part where a script of a person's doings can be made."""
        unheld = clicks_freely(exercise, setting)
        if unheld is not None or setting.model.kind != "scripted":
            return unheld
        return why_no_script(exercise)

    async def prepare(self, exercise: Exercise, setting: Setting) -> None:
        """Make the script; start the program."""
        if setting.model.kind == "scripted":
            await record(exercise, setting)
        await self._start(setting)

    async def attempt(self, exercise: Exercise, setting: Setting) -> Attempt:
        """One line to the program, one from it."""
        program = await self._start(setting)
        question = await self._question(exercise, setting)
        await setting.model.begin(exercise.plan or "")
        asked = time.monotonic()
        try:
            async with (
                watch_memory(program.pid) as peak,
                asyncio.timeout(setting.limits.seconds + _GRACE),
            ):
                told = await program.ask(question)
            attempt = read_attempt(told)
        except (RunError, TimeoutError) as failure:
            await self._stop()
            said = failure.message if isinstance(failure, RunError) else "it did not answer"
            return Attempt(
                visit=Visit(done=False, answer=None, cookies={}),
                wall_seconds=time.monotonic() - asked,
                error=said,
            )
        thoughts = attempt.thoughts
        if setting.model.kind != "scripted":
            since = asked + attempt.startup_seconds
            thoughts = await setting.model.thoughts(since)
        return replace(attempt, thoughts=thoughts, peak_bytes=peak.bytes)

    async def _question(self, exercise: Exercise, setting: Setting) -> dict[str, Any]:
        model = setting.model
        if model.kind == "scripted":
            script = await record(exercise, setting)
            source: dict[str, Any] = {"kind": "scripted", "recording": str(script)}
        else:
            source = {"kind": "endpoint", "base_url": model.url, "name": model.name}
        return {
            "trial": f"{exercise.id}/{exercise.seed}",
            "task": {
                "id": exercise.id,
                "goal": exercise.goal,
                "site": exercise.site,
                "kind": exercise.kind,
            },
            "url": await setting.worlds.start(exercise),
            "browser": str(setting.browser),
            "limits": asdict(setting.limits),
            "think": None if model.think is None else model.think.to_json(),
            "model": source,
        }

    async def _start(self, setting: Setting) -> Program:
        if self._program is not None:
            return self._program
        env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        env |= setting.model.environment() if setting.model.kind != "scripted" else {}
        life = AsyncExitStack()
        program = await life.enter_async_context(running(self.command, env))
        setting.stack.push_async_callback(self._stop)
        setting.staying.add(program.pid)
        try:
            async with asyncio.timeout(setting.limits.seconds + _GRACE):
                hello = await program.read()
        except RunError:
            await life.aclose()
            raise
        except TimeoutError:
            await life.aclose()
            raise RunError(f"{self.name} does not say who it is") from None
        if hello.get("protocol") != PROTOCOL:
            await life.aclose()
            raise RunError(
                f"{self.name} speaks protocol {hello.get('protocol')}, and not {PROTOCOL}"
            )
        self.versions = {str(k): str(v) for k, v in hello.get("versions", {}).items()}
        self._program, self._life = program, life
        return program

    async def _stop(self) -> None:
        life, self._life, self._program = self._life, None, None
        if life is not None:
            await life.aclose()


def read_attempt(told: Mapping[str, Any]) -> Attempt:
    """What a program says of its trial. Raises RunError where a field is missing or wrong."""
    try:
        cookies = {str(each["name"]): str(each["value"]) for each in told["cookies"]}
        first = told.get("first_action_seconds")
        return Attempt(
            visit=Visit(done=bool(told["done"]), answer=told["answer"], cookies=cookies),
            wall_seconds=float(told["wall_seconds"]),
            startup_seconds=float(told["startup_seconds"]),
            first_action_seconds=None if first is None else float(first),
            thoughts=tuple(
                Thought(
                    began=float(each["began"]),
                    seconds=float(each["seconds"]),
                    prompt_tokens=int(each["prompt_tokens"]),
                    output_tokens=int(each["output_tokens"]),
                )
                for each in told["thoughts"]
            ),
            steps=int(told["steps"]),
            actions=int(told["actions"]),
            error=None if told.get("error") is None else str(told["error"]),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise RunError(f"the program's answer is not in its form: {error!r}") from error
