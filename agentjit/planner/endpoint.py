"""Any OpenAI-compatible endpoint as a `Model`: streams, attempts, and errors in words."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from agentjit.errors import ModelError
from agentjit.planner.endpoint_errors import (
    ModelBusy,
    explain_failure,
    explain_hang_up,
    without_key,
)
from agentjit.planner.estimating import estimate_prompt
from agentjit.planner.models import ModelSettings
from agentjit.planner.requests import make_request, refused_parameter
from agentjit.planner.retrying import LoopClock, Patience
from agentjit.ports import Clock, Completion, Prompt, Watch

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class EndpointModel:
    """A model behind an OpenAI-compatible endpoint. Close it, or use it with `async with`."""

    def __init__(self, settings: ModelSettings, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        self._patience = Patience(clock or LoopClock())
        #: What this endpoint turned out not to accept.
        self._refused: set[str] = set()
        #: How it takes a grammar: one of GRAMMAR_FORMS.
        self.form = "none"

    @property
    def name(self) -> str:
        """`provider/model`, for people and records."""
        return self._settings.name

    @property
    def settings(self) -> ModelSettings:
        """Which model this is, and where."""
        return self._settings

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

    async def prepare(self) -> None:
        """Load the client, which takes most of a second, so that the first request need not."""
        await asyncio.to_thread(importlib.import_module, "openai")
        await asyncio.to_thread(importlib.import_module, "openai.resources.chat")
        await asyncio.to_thread(importlib.import_module, "agentjit.planner.replies")
        self._connect()

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """One completion. Raises ModelUnusable or ModelError when there is none to be had."""
        settings = self._settings
        try:
            async with asyncio.timeout(settings.timeout):
                return await self._persist(prompt, watch)
        except TimeoutError:
            raise ModelError(
                f"{self.name} did not answer within {settings.timeout:g} s",
                f"is {settings.shown_url} overloaded? try again, or another model (--model)",
            ) from None

    async def owner(self) -> str | None:
        """Who serves the model, as the endpoint's list of models has it; None if it has none.

        Raises ModelError where that is not to be learned now.
        """
        from openai import APIError, NotFoundError  # noqa: PLC0415 - as below

        try:
            async with asyncio.timeout(self._settings.timeout):
                raw = await self._connect().models.with_raw_response.list()
            listed = raw.http_response.json()["data"]
            owners = {str(each["id"]): str(each["owned_by"]) for each in listed}
        except TimeoutError:
            raise ModelError(f"{self.name} did not list its models in time") from None
        except (NotFoundError, ValueError, LookupError, TypeError):
            return None
        except APIError as error:
            raise explain_failure(error, self._settings) from None
        # A server of one model does not mind what it is called.
        only = next(iter(owners.values())) if len(owners) == 1 else None
        return owners.get(self._settings.sent_name, only)

    async def _persist(self, prompt: Prompt, watch: Watch | None) -> Completion:
        """The completion, at the first attempt or a later one."""
        attempt = 0
        while True:
            await self._patience.wait()
            try:
                return await self._adapt(prompt, watch)
            except ModelBusy as busy:
                if attempt >= self._settings.retries:
                    raise
                longest = min(self._settings.patience, self._settings.timeout)
                if busy.wait is not None and busy.wait > longest:
                    raise ModelError(
                        f"{busy.message} (it asks to wait {busy.wait:g} s)", busy.hint
                    ) from None
                self._patience.back_off(attempt, busy.wait)
                attempt += 1

    async def _adapt(self, prompt: Prompt, watch: Watch | None) -> Completion:
        """The completion. A request is sent again without what the endpoint refuses in it."""
        from openai import (  # noqa: PLC0415 - its import takes most of a second
            APIError,
            BadRequestError,
            UnprocessableEntityError,
        )

        without = set(self._refused)
        while True:
            request = make_request(
                prompt,
                self._settings.sent_name,
                form=self.form,
                stream=watch is not None,
                without=without,
            )
            try:
                completion = await self._send(request, prompt, watch)
            except (BadRequestError, UnprocessableEntityError) as error:
                refused = refused_parameter(error, request)
                if refused is None:
                    raise explain_failure(error, self._settings) from None
                without.add(refused)
            except APIError as error:
                raise explain_failure(error, self._settings) from None
            else:
                # Only now is it known that it was this that the endpoint did not take.
                self._refused |= without
                return completion

    async def _send(
        self, request: Mapping[str, Any], prompt: Prompt, watch: Watch | None
    ) -> Completion:
        """One request. Whoever leaves its answer before the end closes the connection."""
        from agentjit.planner.replies import read_reply  # noqa: PLC0415 - loads pydantic

        loop = asyncio.get_running_loop()
        begun = loop.time()
        # As an extra body it goes out as it is: the client would rebuild every message of it.
        sending = self._connect().chat.completions.with_streaming_response.create(
            model=request["model"], messages=[], extra_body=request
        )
        async with sending as response:
            raw = response.http_response
            # The client may stand on either of two generations of one library.
            library = importlib.import_module(type(raw).__module__.partition(".")[0])
            try:
                if watch is not None and "text/event-stream" in raw.headers.get("content-type", ""):
                    return await self._read_stream(raw.aiter_lines(), prompt, watch, begun)
                body = (await raw.aread()).decode(errors="replace")
            except library.HTTPError as error:
                raise explain_hang_up(error, self._settings) from None
        body = without_key(body, self._settings.api_key)
        seconds = loop.time() - begun
        return read_reply(body, model=self.name, seconds=seconds, limit=prompt.max_tokens)

    async def _read_stream(
        self, lines: Any, prompt: Prompt, watch: Watch, begun: float
    ) -> Completion:
        from agentjit.planner.replies import Stream  # noqa: PLC0415 - as above

        loop, stream = asyncio.get_running_loop(), Stream(self.name)
        asked = estimate_prompt(prompt)
        async for line in lines:
            grown = stream.take(without_key(line, self._settings.api_key))
            if grown and not watch(stream.text):
                return stream.stopped(seconds=loop.time() - begun, prompt_tokens=asked)
        if not stream.ended and stream.finish is None:
            raise explain_hang_up(EOFError("the stream has no end"), self._settings)
        return stream.completion(
            seconds=loop.time() - begun, limit=prompt.max_tokens, prompt_tokens=asked
        )

    def _connect(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI  # noqa: PLC0415 - as above

        if self._client is None:
            self._client = AsyncOpenAI(
                api_key=self._settings.api_key,
                base_url=self._settings.base_url,
                timeout=self._settings.timeout,
                max_retries=0,
            )
        return self._client
