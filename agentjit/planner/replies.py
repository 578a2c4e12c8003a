"""From the body of a chat completion, which nobody vouches for, to a `Completion` or an error."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from agentjit.errors import ModelError
from agentjit.ports import Completion, Usage


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Reply(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None


def read_reply(body: str, *, model: str, seconds: float, limit: int) -> Completion:
    """The first choice. ModelError where there is none, or it is empty or a refusal."""
    try:
        reply = _Reply.model_validate_json(body)
    except ValidationError:
        raise ModelError(
            f"{model} answered with something that is no chat completion: {_begin(body)}",
            "does OPENAI_BASE_URL lead to an OpenAI-compatible endpoint? it usually ends in /v1",
        ) from None
    if not reply.choices:
        raise ModelError(f"{model} answered without a choice", "try again, or another model")
    first = reply.choices[0]
    finish = first.finish_reason or "stop"
    if first.message.refusal or finish == "content_filter":
        why = first.message.refusal or "its content filter stopped the answer"
        raise ModelError(f"{model} refused: {_begin(why)}", "word the task differently")
    text = first.message.content or ""
    if not text.strip():
        cut = finish == "length"
        raise ModelError(
            f"{model} gave an empty answer" + (f": its {limit} tokens were spent" if cut else ""),
            "try again, or another model (--model)",
        )
    usage = reply.usage or _Usage()
    return Completion(
        text=text,
        usage=Usage(1, usage.prompt_tokens, usage.completion_tokens),
        seconds=seconds,
        finish=finish,
    )


def _begin(text: str) -> str:
    flat = " ".join(text.split())
    return (flat if len(flat) <= 120 else f"{flat[:120]}…") or "nothing"
