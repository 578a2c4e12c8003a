"""Any OpenAI-compatible endpoint as a `Model`: settings from the environment, errors in words."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from agentjit.errors import ModelError, UsageError
from agentjit.planner.endpoint_errors import explain_failure, without_key
from agentjit.ports import Completion, Prompt

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

DEFAULT_MODEL: Final = "openai/gpt-4.1"
OPENAI_URL: Final = "https://api.openai.com/v1"
#: Seconds for one completion.
DEFAULT_TIMEOUT: Final = 120.0

#: Parameters of a request that an endpoint may refuse and that a request can do without.
_OPTIONAL: Final = ("response_format", "seed", "temperature", "max_tokens")
#: Models that know only `max_completion_tokens` think first, and count that as answer.
_THINKING_ROOM: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model, where, and how it is sampled."""

    #: `provider/model`; the provider `openai/` is not part of what is sent.
    name: str
    base_url: str
    api_key: str = field(repr=False)
    #: Seconds for one completion, retries included.
    timeout: float = DEFAULT_TIMEOUT
    #: Attempts after the first, where the endpoint is busy or broken; each waits longer.
    retries: int = 2
    #: Requests at the same time, and how many valid plans end the sampling.
    workers: int = 8
    n_valid: int = 3
    temperature: float = 0.5
    #: Upper bound of one plan's length.
    max_tokens: int = 1024

    @property
    def sent_name(self) -> str:
        """The name that the endpoint knows the model by."""
        return self.name.removeprefix("openai/")

    @property
    def shown_url(self) -> str:
        """The address without any user or password in it."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def settings_from_env(
    env: Mapping[str, str], model_option: str | None = None
) -> ModelSettings | None:
    """The endpoint that the environment names; None where it holds no key.

    Reads OPENAI_API_KEY, OPENAI_BASE_URL, AGENTJIT_MODEL, which `model_option` overrides, and
    AGENTJIT_MODEL_TIMEOUT (seconds). Raises UsageError for what cannot be one of them.
    """
    key = env.get("OPENAI_API_KEY", "").strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(
            "OPENAI_API_KEY holds characters that no key has",
            "copy the key again: letters, digits, - and _ only",
        )
    url = env.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL
    name = (model_option or env.get("AGENTJIT_MODEL", "")).strip() or DEFAULT_MODEL
    settings = ModelSettings(
        name=name if "/" in name else f"openai/{name}",
        base_url=url,
        api_key=key,
        timeout=_seconds(env.get("AGENTJIT_MODEL_TIMEOUT", "").strip()),
    )
    if not _is_http(url):
        raise UsageError(
            f"OPENAI_BASE_URL is not an address: {settings.shown_url!r}",
            "it looks like http://127.0.0.1:8000/v1",
        )
    return settings


def _seconds(text: str) -> float:
    try:
        seconds = float(text or DEFAULT_TIMEOUT)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise UsageError(
            f"AGENTJIT_MODEL_TIMEOUT is not a number of seconds: {text!r}", "it looks like 300"
        )
    return seconds


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        return bool(named) and url.isascii() and not re.search(r"\s", url)
    except ValueError:  # what urlsplit says to a port that is no number
        return False


class EndpointModel:
    """A model behind an OpenAI-compatible endpoint. Close it, or use it with `async with`."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        #: What this endpoint turned out not to accept.
        self._refused: set[str] = set()

    @property
    def name(self) -> str:
        """`provider/model`, for people and records."""
        return self._settings.name

    async def __aenter__(self) -> EndpointModel:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; the model opens new ones when it is used again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def complete(self, prompt: Prompt) -> Completion:
        """One completion. Raises ModelUnusable or ModelError when there is none to be had."""
        from agentjit.planner.replies import read_reply  # noqa: PLC0415 - loads pydantic

        settings, client = self._settings, self._connect()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(settings.timeout):
                body = await self._ask(client, prompt)
        except TimeoutError:
            raise ModelError(
                f"{self.name} did not answer within {settings.timeout:g} s",
                f"is {settings.shown_url} overloaded? try again, or another model (--model)",
            ) from None
        seconds = loop.time() - begun
        body = without_key(body, settings.api_key)
        return read_reply(body, model=self.name, seconds=seconds, limit=prompt.max_tokens)

    async def _ask(self, client: AsyncOpenAI, prompt: Prompt) -> str:
        """The answer's body. A request is sent again without what the endpoint refuses in it."""
        from openai import (  # noqa: PLC0415 - its import takes most of a second
            APIError,
            BadRequestError,
            UnprocessableEntityError,
        )

        without = set(self._refused)
        while True:
            request = dict(self._request(prompt, without))
            try:
                raw = await client.chat.completions.with_raw_response.create(**request)
            except (BadRequestError, UnprocessableEntityError) as error:
                refused = _refused_parameter(error, request)
                if refused is None:
                    raise explain_failure(error, self._settings) from None
                without.add(refused)
            except APIError as error:
                raise explain_failure(error, self._settings) from None
            else:
                # Only now is it known that it was this that the endpoint did not take.
                self._refused |= without
                body: str = raw.http_response.text
                return body

    def _connect(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI  # noqa: PLC0415 - as above

        if self._client is None:
            self._client = AsyncOpenAI(
                api_key=self._settings.api_key,
                base_url=self._settings.base_url,
                timeout=self._settings.timeout,
                max_retries=self._settings.retries,
            )
        return self._client

    def _request(self, prompt: Prompt, without: set[str]) -> Iterator[tuple[str, Any]]:
        yield "model", self._settings.sent_name
        messages = [dict(m) for m in prompt.messages]
        if prompt.schema is not None:
            if "response_format" not in without:
                held = {"name": "answer", "schema": dict(prompt.schema), "strict": True}
                yield "response_format", {"type": "json_schema", "json_schema": held}
            elif messages:
                wanted = json.dumps(prompt.schema, separators=(",", ":"))
                messages[-1]["content"] += f"\n\nAnswer with JSON of this schema only: {wanted}"
        yield "messages", messages
        if "temperature" not in without:
            yield "temperature", prompt.temperature
        if prompt.seed is not None and "seed" not in without:
            yield "seed", prompt.seed
        if "max_tokens" not in without:
            yield "max_tokens", prompt.max_tokens
        else:
            yield "max_completion_tokens", prompt.max_tokens * _THINKING_ROOM


def _refused_parameter(error: APIStatusError, request: Mapping[str, Any]) -> str | None:
    """The parameter that the endpoint does not take, if the request can do without it."""
    told = f"{error.param or ''} {error.message}"
    # A context that is too long is often blamed on `max_tokens` as well.
    signs = {"max_tokens": "max_completion_tokens"}
    sent = [name for name in _OPTIONAL if name in request]
    named = [name for name in sent if signs.get(name, name) in told]
    if named:
        return named[0]
    # Servers complain of schemas in many words; nothing else in a request is as likely refused.
    return "response_format" if "response_format" in sent else None
