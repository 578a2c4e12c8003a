"""From the failures of the `openai` client to errors that say what to do, without the key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from agentjit.errors import ModelError
from agentjit.planner.retrying import read_retry_after
from agentjit.ports import Usage

if TYPE_CHECKING:
    from openai import APIError

    from agentjit.planner.models import ModelSettings

#: Keys shorter than this are no secrets ("none", "local"), and their letters occur in any text.
_SECRET_LENGTH: Final = 8
_LONGEST_QUOTE: Final = 300


class ModelUnusable(ModelError):
    """The endpoint will refuse every other request too: a bad key, a wrong path, no such model."""


class NoAnswer(ModelError):
    """The endpoint answered, and was paid for it, but there is nothing to be had from it."""

    def __init__(self, message: str, hint: str, usage: Usage) -> None:
        super().__init__(message, hint)
        self.usage = usage


class ModelBusy(ModelError):
    """The endpoint may well answer later: it is busy, broken, or did not keep the connection."""

    def __init__(self, message: str, hint: str, wait: float | None = None) -> None:
        super().__init__(message, hint)
        #: Seconds that it asks to wait, if it does.
        self.wait = wait


def explain_hang_up(error: Exception, settings: ModelSettings) -> ModelBusy:
    """The connection broke while the answer came."""
    return ModelBusy(
        f"{settings.shown_url} hung up in the middle of an answer: "
        f"{str(error) or type(error).__name__}",
        "try again; is the server running out of memory?",
    )


def explain_failure(error: APIError, settings: ModelSettings) -> ModelError:
    """What went wrong and what can be done about it."""
    from openai import APIConnectionError, APIStatusError  # noqa: PLC0415 - loaded by then

    where, name = settings.shown_url, settings.name
    if isinstance(error, APIConnectionError):
        cause = error.__cause__ or error
        return ModelBusy(
            f"the model's endpoint {where} cannot be reached: {str(cause) or type(cause).__name__}",
            "is OPENAI_BASE_URL right, and is the server running?",
        )
    said = _quote(error, settings.api_key)
    if not isinstance(error, APIStatusError):
        return ModelError(f"{name} failed: {said}", f"the endpoint is {where}")
    headers = error.response.headers
    told, final = read_retry_after(headers), headers.get("x-should-retry") == "false"
    busy = ModelError if final else partial(ModelBusy, wait=told)
    match error.status_code:
        case 401 | 403:
            return ModelUnusable(
                f"{where} refused the key: {said}",
                "set OPENAI_API_KEY to a key that is valid there",
            )
        case 404:
            return ModelUnusable(
                f"{where} has no model {settings.sent_name!r}: {said}",
                "choose one with --model provider/name, or check OPENAI_BASE_URL "
                "(it usually ends in /v1)",
            )
        case 429 if error.code == "insufficient_quota":
            return ModelUnusable(
                f"the key's quota at {where} is used up: {said}",
                "top it up, or set OPENAI_BASE_URL and OPENAI_API_KEY for another endpoint",
            )
        case 429:
            return busy(
                f"{name} is over its rate limit or quota: {said}",
                "wait, use fewer workers, or another model (--model)",
            )
        case status if status >= 500 or status in (408, 409):
            return busy(
                f"{where} failed with status {status}: {said}",
                "try again, or another model (--model)",
            )
        case status:
            return ModelError(
                f"{where} refused the request with status {status}: {said}",
                "does the model take chat completions?",
            )


def without_key(text: str, key: str) -> str:
    """The text with the key taken out."""
    return text.replace(key, "[key]") if len(key) >= _SECRET_LENGTH else text


def _quote(error: APIError, key: str) -> str:
    text = error.body.get("message") if isinstance(error.body, Mapping) else None
    said = without_key(" ".join(str(text or error.message).split()), key)
    return said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE]}…"
