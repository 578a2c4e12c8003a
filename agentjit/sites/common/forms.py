"""What a visitor sends: forms, uploads and JSON, within limits; and what they are answered with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.common.sessions import Flash, Session

#: No request may carry more than this many bytes.
MOST_BYTES: Final = 2_000_000

#: Fields that frameworks add: a token against forged requests, and their kin. Any value is taken.
_UNREAD: Final = ("authenticity_token", "utf8", "_token", "_method")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent with a form."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form's fields in the order sent. `method` is what it stands for: POST, or its `_method`."""

    method: str
    pairs: tuple[tuple[str, str], ...]
    uploads: tuple[tuple[str, Upload], ...] = ()

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def get(self, name: str, default: str = "") -> str:
        """The field's last value, without blanks around it."""
        return next((text.strip() for key, text in reversed(self.pairs) if key == name), default)

    def need(self, name: str, title: str) -> str:
        """The field's value; RefusedError where it is blank."""
        text = self.get(name)
        if not text:
            raise RefusedError(f"{title} can't be blank")
        return text

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field that may come several times."""
        return tuple(text for key, text in self.pairs if key == name)

    def number(self, name: str, default: int = 0) -> int:
        """The field's whole number; RefusedError where it is none."""
        text = self.get(name)
        if not text:
            return default
        if not text.lstrip("-").isdecimal() or len(text) > 12:
            raise RefusedError(f"{text!r} is not a number")
        return int(text)


async def read_form(request: Request) -> Form:
    """The form that was posted, without the fields that only frameworks read."""
    pairs: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    method = request.method
    async with request.form(max_files=20, max_fields=500) as sent:
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                uploads.append((name, Upload(value.filename or "", await value.read(), kind)))
            elif name == "_method":
                method = value.upper()
            elif name not in _UNREAD:
                # Browsers send a text area's lines with both characters.
                pairs.append((name, value.replace("\r\n", "\n")))
    return Form(method=method, pairs=tuple(pairs), uploads=tuple(uploads))


async def read_json(request: Request) -> Mapping[str, Any]:
    """The JSON object that was posted; RefusedError where it is none."""
    try:
        sent = json.loads(await request.body())
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise RefusedError("That request makes no sense")
    return sent


def redirect(
    request: Request, to: str, say: str = "", *, kind: str = "notice", status: int = 303
) -> Response:
    """Send the visitor on after a change, so that a reload does not repeat it.

    What is to `say` shows once on the next page, as a "notice" or an "alert". A `status` of 302 is
    for sites whose evaluators look for it; browsers do the same with both.
    """
    if say:
        session: Session[Any] = request.state.session
        session.flashes.append(Flash(say, kind))
    return RedirectResponse(to, status_code=status)


async def linger(request: Request, most: float = 0.4) -> None:
    """Be late with a part of a page: up to `most` seconds, always the same for seed and path.

    Seed 0 is never late.
    """
    session: Session[Any] = request.state.session
    if session.seed:
        await asyncio.sleep(Random(f"{session.seed}{request.url.path}").uniform(0, most))


class SizeLayer:
    """Refuses requests that carry too much (413)."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        taken, started = 0, False

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:
                raise _TooMuchError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive_some, send_noted)
        except _TooMuchError:
            if not started:
                answer = PlainTextResponse("That is too much at once.", status_code=413)
                await answer(scope, receive, send)


class _TooMuchError(Exception):
    """A request's body went over the limit."""
