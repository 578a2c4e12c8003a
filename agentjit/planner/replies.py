"""From what an endpoint answers, which nobody vouches for, to a `Completion` or an error."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from agentjit.errors import ModelError
from agentjit.planner.endpoint_errors import NoAnswer
from agentjit.planner.estimating import estimate_tokens
from agentjit.ports import STOPPED, Completion, Usage


class _Custom(BaseModel):
    input: str | None = None


class _ToolCall(BaseModel):
    custom: _Custom | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None

    @property
    def text(self) -> str:
        """What was said; an answer under a grammar comes as the input of a tool."""
        inputs = [call.custom.input or "" for call in self.tool_calls or () if call.custom]
        return "".join(inputs) or self.content or ""


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Piece(BaseModel):
    delta: _Message | None = None
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Reply(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None


class _Chunk(BaseModel):
    choices: list[_Piece] = []
    usage: _Usage | None = None
    error: Any = None


class Stream:
    """What a stream of server-sent events has said so far."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._refusal = ""
        self._usage: _Usage | None = None
        self.text = ""
        self.finish: str | None = None
        #: Whether the endpoint said that there is no more to come.
        self.ended = False

    def take(self, line: str) -> bool:
        """Read one line; whether the text has grown. Raises ModelError."""
        if not line.startswith("data:"):
            return False
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            self.ended = True
            return False
        try:
            chunk = _Chunk.model_validate_json(data)
        except ValidationError:
            raise _no_completion(self._model, data) from None
        if chunk.error:
            said = chunk.error.get("message") if isinstance(chunk.error, dict) else None
            raise ModelError(
                f"{self._model} failed while it answered: {_begin(str(said or chunk.error))}",
                "try again, or another model (--model)",
            )
        self._usage = chunk.usage or self._usage
        before = len(self.text)
        for piece in chunk.choices[:1]:
            if piece.delta is not None:
                self.text += piece.delta.text
                self._refusal += piece.delta.refusal or ""
            self.finish = piece.finish_reason or self.finish
        return len(self.text) > before

    def completion(self, *, seconds: float, limit: int, prompt_tokens: int) -> Completion:
        """The whole answer. Raises NoAnswer. `prompt_tokens` is for an endpoint that tells none."""
        usage = Usage(1, prompt_tokens, estimate_tokens(self.text), estimated=1)
        if self._usage is not None:
            usage = Usage(1, self._usage.prompt_tokens, self._usage.completion_tokens)
        return _complete(
            Completion(text=self.text, usage=usage, seconds=seconds, finish=self.finish or "stop"),
            refusal=self._refusal,
            model=self._model,
            limit=limit,
        )

    def stopped(self, *, seconds: float, prompt_tokens: int) -> Completion:
        """What there is of an answer that nobody wants to hear the rest of."""
        usage = Usage(1, prompt_tokens, estimate_tokens(self.text), estimated=1)
        return Completion(text=self.text, usage=usage, seconds=seconds, finish=STOPPED)


def read_reply(body: str, *, model: str, seconds: float, limit: int) -> Completion:
    """The first choice. ModelError where there is none, or it is empty or a refusal."""
    try:
        reply = _Reply.model_validate_json(body)
    except ValidationError:
        raise _no_completion(model, body) from None
    usage = reply.usage or _Usage()
    spent = Usage(1, usage.prompt_tokens, usage.completion_tokens)
    if not reply.choices:
        raise NoAnswer(
            f"{model} answered without a choice", "try again, or another model (--model)", spent
        )
    first = reply.choices[0]
    return _complete(
        Completion(
            text=first.message.text,
            usage=spent,
            seconds=seconds,
            finish=first.finish_reason or "stop",
        ),
        refusal=first.message.refusal or "",
        model=model,
        limit=limit,
    )


def _complete(completion: Completion, *, refusal: str, model: str, limit: int) -> Completion:
    if refusal or completion.finish == "content_filter":
        why = refusal or "its content filter stopped the answer"
        raise NoAnswer(
            f"{model} refused: {_begin(why)}", "word the task differently", completion.usage
        )
    if not completion.text.strip():
        cut = completion.finish == "length"
        raise NoAnswer(
            f"{model} gave an empty answer" + (f": its {limit} tokens were spent" if cut else ""),
            "try again, or another model (--model)",
            completion.usage,
        )
    return completion


def _no_completion(model: str, said: str) -> ModelError:
    return ModelError(
        f"{model} answered with something that is no chat completion: {_begin(said)}",
        "does OPENAI_BASE_URL lead to an OpenAI-compatible endpoint? it usually ends in /v1",
    )


def _begin(text: str) -> str:
    flat = " ".join(text.split())
    return (flat if len(flat) <= 120 else f"{flat[:120]}…") or "nothing"
