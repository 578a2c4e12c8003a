"""A model's answers with their latencies, kept in a file and given again from it.

A recording is JSON lines, one an answer: which model wrote it, what it was asked (as a digest, and
the last line to read), its text in the pieces that came and when, how it ended, what it cost.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from agentjit.errors import ModelError, UsageError
from agentjit.planner.retrying import LoopClock
from agentjit.ports import STOPPED, Clock, Completion, Model, Prompt, Usage, Watch

#: The ending of an answer that was cancelled while it came.
_CANCELLED: Final = "cancelled"
_LONGEST_LINE: Final = 200

#: Seconds since the request, and what came then.
Pieces: TypeAlias = Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One answer as it came. `error` is what went wrong instead."""

    model: str
    #: The model's place among those that take turns.
    turn: int
    prompt: str
    pieces: Pieces
    finish: str
    usage: Usage
    seconds: float
    error: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """All that came."""
        return "".join(piece for _, piece in self.pieces)


@dataclass(frozen=True, slots=True)
class RecordingModel:
    """A model whose answers are appended to a file."""

    model: Model
    path: Path
    clock: Clock = field(default_factory=LoopClock)
    #: Its place among the models that take turns.
    turn: int = 0

    @property
    def name(self) -> str:
        """The name of the model that is recorded."""
        return self.model.name

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """One completion of the model, which is kept. Raises UsageError where it cannot be."""
        begun = self.clock.now()
        pieces: list[tuple[float, str]] = []

        def hear(text: str) -> bool:
            pieces.append((self.clock.now() - begun, text[sum(len(p) for _, p in pieces) :]))
            return watch is None or watch(text)

        finish, usage, error = _CANCELLED, Usage(), None
        try:
            completion = await self.model.complete(prompt, hear if watch else None)
            finish, usage = completion.finish, completion.usage
            if not pieces:
                pieces.append((completion.seconds, completion.text))
        except ModelError as failure:
            error = (failure.message, failure.hint)
            raise
        finally:
            recorded = Recorded(
                model=self.name,
                turn=self.turn,
                prompt=digest(prompt),
                pieces=pieces,
                finish=finish,
                usage=usage,
                seconds=self.clock.now() - begun,
                error=error,
            )
            self._append(recorded, prompt)
        return completion

    def _append(self, recorded: Recorded, prompt: Prompt) -> None:
        asked = (
            prompt.messages[-1]["content"].rstrip().rpartition("\n")[2] if prompt.messages else ""
        )
        usage = recorded.usage
        data = {
            "model": recorded.model,
            "turn": recorded.turn,
            "prompt": recorded.prompt,
            "asked": asked[:_LONGEST_LINE],
            "pieces": [[round(at, 4), text] for at, text in recorded.pieces],
            "finish": recorded.finish,
            "tokens": [usage.prompt_tokens, usage.completion_tokens],
            "estimated": usage.estimated,
            "seconds": round(recorded.seconds, 4),
            "error": recorded.error,
        }
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(data, ensure_ascii=False) + "\n")
        except OSError as error:
            raise UsageError(f"cannot record to {self.path}: {error.strerror}") from error


@dataclass(slots=True)
class ReplayedModel:
    """One model of a recording: it answers the same prompts the same, after the same waits."""

    name: str
    #: For each prompt its answers, in the order in which they are given.
    answers: Mapping[str, deque[Recorded]]
    #: How many times as fast as it was; infinity does not wait.
    speed: float = 1.0
    clock: Clock = field(default_factory=LoopClock)

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """The answer that was recorded. Raises ModelError where there is none, or none came."""
        waiting = self.answers.get(digest(prompt))
        if not waiting:
            raise ModelError(
                f"the recording of {self.name} has no answer to this prompt",
                "record it again: --record FILE; task, tools and site must be the same",
            )
        # The last answer is given again and again, as a model without chance would.
        recorded = waiting.popleft() if len(waiting) > 1 else waiting[0]
        begun, said = self.clock.now(), ""
        for at, piece in recorded.pieces:
            await self._until(begun, at)
            said += piece
            if watch is not None and not watch(said):
                return self._completion(recorded, said, STOPPED, begun)
        await self._until(begun, recorded.seconds)
        if recorded.error is not None:
            raise ModelError(*recorded.error)
        if recorded.finish in (_CANCELLED, STOPPED):
            raise ModelError(
                f"the recording of {self.name} ends in the middle of an answer",
                "it was cut short then; record it again where more is needed: --record FILE",
            )
        return self._completion(recorded, said, recorded.finish, begun)

    async def _until(self, begun: float, at: float) -> None:
        left = begun + at / self.speed - self.clock.now()
        await (self.clock.sleep(left) if left > 0 else asyncio.sleep(0))

    def _completion(self, recorded: Recorded, said: str, finish: str, begun: float) -> Completion:
        seconds = self.clock.now() - begun
        return Completion(text=said, usage=recorded.usage, seconds=seconds, finish=finish)


def load_recording(path: Path, *, speed: float = 1.0) -> tuple[ReplayedModel, ...]:
    """The models of a recording, in the order in which they took turns. Raises UsageError."""
    if not speed > 0:
        raise UsageError(f"a recording cannot be replayed at speed {speed:g}", "1 is as it was")
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the recording {path}: {error}") from error
    models: dict[tuple[int, str], defaultdict[str, deque[Recorded]]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            recorded = _read(json.loads(line))
        except (ValueError, LookupError, TypeError) as error:
            raise UsageError(
                f"{path}, line {number}, is no recorded answer", "it is made by --record FILE"
            ) from error
        answers = models.setdefault((recorded.turn, recorded.model), defaultdict(deque))
        answers[recorded.prompt].append(recorded)
    if not models:
        raise UsageError(f"the recording {path} is empty", "it is made by --record FILE")
    return tuple(
        ReplayedModel(name, answers, speed)
        for (_, name), answers in sorted(models.items(), key=lambda each: each[0])
    )


def digest(prompt: Prompt) -> str:
    """What tells prompts apart: what is asked and how it is sampled, not how long it may be."""
    said = [
        [dict(message) for message in prompt.messages],
        prompt.temperature,
        prompt.seed,
        prompt.schema,
    ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def _read(data: Any) -> Recorded:
    prompt_tokens, completion_tokens = map(int, data["tokens"])
    error = data["error"]
    return Recorded(
        model=str(data["model"]),
        turn=int(data["turn"]),
        prompt=str(data["prompt"]),
        pieces=[(float(at), str(text)) for at, text in data["pieces"]],
        finish=str(data["finish"]),
        usage=Usage(1, prompt_tokens, completion_tokens, estimated=int(data["estimated"])),
        seconds=float(data["seconds"]),
        error=None if error is None else (str(error[0]), str(error[1])),
    )
