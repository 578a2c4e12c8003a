"""The model of a comparison: where it answers, what it is told to say, and what it was asked."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agentjit.bench.latency.lines import Program, running
from agentjit.bench.latency.thinking import Think, Thought
from agentjit.errors import UsageError
from agentjit.planner.models import settings_from_env

#: Where a comparison's answers may come from.
KINDS: Final = ("scripted", "recorded", "live")
#: What the model of a script is called.
SCRIPTED_NAME: Final = "scripted/never-errs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWish:
    """Which model is asked for. A recording is of one model: its name goes with it."""

    kind: str = "scripted"
    #: The pace of a script.
    think: Think = Think()
    #: The model's name; None takes the environment's.
    name: str | None = None
    #: The recording that is read, or written where the model is live.
    path: Path | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"there is no model {self.kind!r}", f"use {', '.join(KINDS)}")
        if self.kind == "recorded" and (self.path is None or not self.path.is_file()):
            raise UsageError(
                "there is no recording to answer from",
                "give it with --recording FILE; --model live --recording FILE makes one",
            )


@dataclass(frozen=True, slots=True)
class ModelHost:
    """The endpoint on loopback behind which the model is."""

    program: Program
    url: str
    name: str
    kind: str
    #: The pace of a script; None where a model, or a recording of one, has its own.
    think: Think | None

    async def begin(self, text: str) -> None:
        """Forget what was asked; a script says `text` from here on. Raises RunError."""
        await self.program.ask({"begin": text})

    async def thoughts(self, since: float) -> tuple[Thought, ...]:
        """What was asked after `since`, on the monotonic clock. Raises RunError."""
        seen = await self.program.ask({"seen": True})
        return tuple(
            Thought(
                began=each["came"] - since,
                # One that is still being written is told as far as it has come.
                seconds=(each["ended"] or seen["now"]) - each["came"],
                prompt_tokens=each["prompt_tokens"],
                output_tokens=each["output_tokens"],
            )
            for each in seen["asked"]
            if each["came"] >= since
        )

    def environment(self) -> dict[str, str]:
        """What makes any OpenAI client ask here."""
        return {
            "OPENAI_BASE_URL": self.url,
            "OPENAI_API_KEY": "loopback",
            "AGENTJIT_MODEL": self.name,
        }


@asynccontextmanager
async def open_model(
    wish: ModelWish, env: Mapping[str, str] = os.environ
) -> AsyncIterator[ModelHost]:
    """The model, for as long as the block lasts. Raises UsageError, RunError."""
    first: dict[str, Any] = {"kind": wish.kind}
    inner = dict(env)
    name = wish.name or env.get("AGENTJIT_MODEL") or "openai/recorded"
    match wish.kind:
        case "scripted":
            name = SCRIPTED_NAME
            first["think"] = wish.think.to_json()
        case "recorded":
            first["path"] = str(wish.path)
        case _:
            settings = settings_from_env(env, wish.name)
            if settings is None:
                raise UsageError(
                    "there is no live model", "set OPENAI_API_KEY, and OPENAI_BASE_URL where needed"
                )
            name, inner["OPENAI_API_KEY"] = settings.name, settings.api_key
            first |= {
                "base_url": settings.base_url,
                "record": None if wish.path is None else str(wish.path),
            }
    command = (sys.executable, "-m", "agentjit.bench.latency.loopback")
    async with running(command, inner) as program:
        address = (await program.ask(first))["url"]
        think = wish.think if wish.kind == "scripted" else None
        yield ModelHost(program, address, name, wish.kind, think)
