"""What changes the mailbox: actions on mails, labels, and what is sent or kept as a draft."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import read_json
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gomail.rendering import box_of, session_of
from agentjit.sites.gomail.state import Mailbox, act, create_label, delete_label, undo
from agentjit.sites.gomail.writing import Writing, discard, save_draft, send, send_later

#: From a mailbox and what was sent to the mailbox after it.
Step = Callable[[Request, Mapping[str, Any]], Mailbox]


def _answering(step: Step) -> Callable[[Request], Awaitable[Response]]:
    """A route that takes a step, and answers with what the site says about it."""

    async def answer(request: Request) -> Response:
        try:
            after = step(request, await read_json(request))
        except RefusedError as error:
            return JSONResponse({"message": str(error)}, status_code=422)
        session_of(request).change(after)
        return JSONResponse({"message": after.said, "undo": bool(after.before)})

    return answer


def _act(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return act(box_of(request), _text(sent, "action"), _texts(sent, "ids"), _text(sent, "value"))


def _undo(request: Request, _: Mapping[str, Any]) -> Mailbox:
    return undo(box_of(request))


def _create_label(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return create_label(box_of(request), _text(sent, "name"))


def _delete_label(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return delete_label(box_of(request), _text(sent, "name"))


def _send(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return send(box_of(request), _writing(request, sent), session_of(request).now)


def _send_later(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    now, at = session_of(request).now.replace(tzinfo=None), _text(sent, "send_at")
    return send_later(box_of(request), _writing(request, sent), now, at)


def _save(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return save_draft(box_of(request), _writing(request, sent), session_of(request).now)


def _discard(request: Request, sent: Mapping[str, Any]) -> Mailbox:
    return discard(box_of(request), _text(sent, "draft"))


def _writing(request: Request, sent: Mapping[str, Any]) -> Writing:
    known = {person.name.casefold(): person.address for person in box_of(request).people}

    def addresses(name: str) -> tuple[str, ...]:
        """Recipients without repeats: addresses, "Name <address>", or names of contacts."""
        pieces = [" ".join(piece.split()) for piece in _texts(sent, name)]
        plain = [re.sub(r"^.*<([^<>]*)>$", r"\1", piece) for piece in pieces if piece]
        found = [known.get(piece.casefold(), piece) for piece in plain]
        return tuple({address.casefold(): address for address in found}.values())

    return Writing(
        to=addresses("to"),
        cc=addresses("cc"),
        bcc=addresses("bcc"),
        subject=_text(sent, "subject")[:300],
        text=_text(sent, "text").replace("\r\n", "\n"),
        draft=_text(sent, "draft"),
        reply_to=_text(sent, "reply_to"),
        forward_of=_text(sent, "forward_of"),
    )


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise RefusedError("That request makes no sense")
    return value


def _texts(sent: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = sent.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise RefusedError("That request makes no sense")
    return tuple(values)


ROUTES = [
    Route(f"/do/{name}", _answering(step), methods=["POST"])
    for name, step in (
        ("mails", _act),
        ("undo", _undo),
        ("label", _create_label),
        ("unlabel", _delete_label),
        ("send", _send),
        ("later", _send_later),
        ("draft", _save),
        ("discard", _discard),
    )
]
