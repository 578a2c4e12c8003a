"""Where a model's answers come from: a recording, and an endpoint for what that does not hold."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from agentjit.errors import ModelError
from agentjit.planner.capability import FormMemory, choose_form
from agentjit.planner.constraint import PlanGrammar
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import ModelSettings
from agentjit.planner.recording import (
    Recorded,
    RecordingModel,
    ReplayedModel,
    digest,
    load_recording,
)
from agentjit.ports import Completion, Grammars, Model, Prompt, Watch
from agentjit.sites import load_site

#: How an answer ended that was broken off from outside: how it would have gone on is not known.
_BROKEN_OFF: Final = "cancelled"


class NotAsked(ModelError):
    """A prompt that the recording does not hold, where nobody can be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where answers come from: a recording first, a model for what it does not hold."""

    name: str
    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    #: None where only what is recorded is told.
    model: Model | None = None
    #: Whether the model can be held to a grammar.
    constrained: bool = False

    def answer_one(self) -> Answering:
        """A model for one request."""
        return Answering(self)

    def grammars(self, site: str) -> Grammars | None:
        """What the answers for a site are held to; None where they are free."""
        return _grammars(site) if self.constrained else None


@asynccontextmanager
async def open_source(
    settings: ModelSettings, path: Path, *, grammar: str, memory: FormMemory
) -> AsyncIterator[Source]:
    """The endpoint, each answer of which is kept in the recording, and what that holds already.

    `grammar` is one of GRAMMAR_CHOICES. Raises UsageError, and ModelError.
    """
    recorded = _read_begun(path, settings.name)
    async with EndpointModel(settings) as endpoint:
        await endpoint.prepare()
        endpoint.form = await choose_form(endpoint, grammar, memory, lambda probe: probe)
        yield Source(
            name=settings.name,
            recorded=recorded,
            model=RecordingModel(endpoint, path),
            constrained=endpoint.form != "none",
        )


def _read_begun(path: Path, name: str) -> dict[str, Recorded]:
    """What a recording that is to be gone on with holds already."""
    if not path.exists() or not path.stat().st_size:
        return {}
    return read_answers(path, name)[1]


@cache
def _grammars(site: str) -> Grammars:
    return PlanGrammar(load_site(site).toolset).grammars


def read_answers(path: Path, name: str | None = None) -> tuple[str, dict[str, Recorded]]:
    """Which model a recording is of, and its answers by prompt: the last whole one of each.

    `name` is the model that is wanted, else the first. Raises UsageError.
    """
    models = load_recording(path)
    chosen = [m for m in models if m.name == (name or models[0].name)]
    answers: dict[str, Recorded] = {}
    for model in chosen:
        for prompt, given in model.answers.items():
            whole = [each for each in given if each.error or each.finish != _BROKEN_OFF]
            if whole:
                answers[prompt] = whole[-1]
    return name or models[0].name, answers


@dataclass(slots=True)
class _Passing:
    """Time that passes by waiting alone, and at once."""

    time: float = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class Answering:
    """A model of one request, which answers from the recording where that has the answer."""

    source: Source
    #: That the request took.
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """`provider/model`."""
        return self.source.name

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """The recorded answer, at once, or else the model's. Raises NotAsked where both fail.

        An error that was recorded is given again only where there is nobody to ask anew.
        """
        key, source = digest(prompt), self.source
        known = source.recorded.get(key)
        if known is not None and (known.error is None or source.model is None):
            self.seconds = known.seconds
            replayed = ReplayedModel(self.name, {key: deque([known])}, clock=_Passing())
            return await replayed.complete(prompt, watch)
        if source.model is None:
            raise NotAsked(f"the recording of {self.name} does not hold this prompt")
        completion = await source.model.complete(prompt, watch)
        self.seconds = completion.seconds
        return completion
