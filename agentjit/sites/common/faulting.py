"""The ASGI layer in which a site's faults happen: errors, lost answers, expiry, dialogs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentjit.errors import UsageError
from agentjit.sites.common.faults import Fault, FaultCounter, FaultKind, parse_faults
from agentjit.sites.common.rendering import answer_text, other_layout, render_common
from agentjit.sites.common.sessions import Session

#: Where a visitor is sent whose session has expired.
EXPIRED: Final = "/session/expired"

#: In the state of a request that came over a real connection: what ends that without an answer.
HANG_UP: Final = "hang_up"

_MODALS: Final = ("consent", "survey")


class FaultLayer:
    """Lets the session's faults, and those of the request's own `?fault=`, happen."""

    def __init__(self, app: ASGIApp, without: Collection[str]) -> None:
        self.app = app
        self.without = tuple(without)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as its faults let it."""
        if scope["type"] != "http" or scope["path"].startswith(self.without):
            await self.app(scope, receive, send)
            return
        session: Session[Any] = scope["state"]["session"]
        try:
            struck = _strike(scope, session)
        except UsageError as error:
            await _bad(error)(scope, receive, send)
            return
        kinds = {fault.kind for fault in struck}
        if slow := sum(fault.seconds for fault in struck if fault.kind is FaultKind.SLOW):
            await asyncio.sleep(slow)
        session.expired = session.expired or FaultKind.EXPIRE in kinds
        session.modal = session.modal or FaultKind.MODAL in kinds
        if FaultKind.LAYOUT in kinds:
            scope["state"]["layout"] = other_layout(scope["state"]["layout"])
        if FaultKind.ERROR in kinds:
            await answer_text(render_common("error.html"), 500)(scope, receive, send)
        elif session.expired:
            await _send_away(Request(scope))(scope, receive, send)
        elif FaultKind.LOST in kinds:
            await self._lose(scope, receive)
        elif session.modal:
            await self.app(scope, receive, _ModalSender(session, send))
        else:
            await self.app(scope, receive, send)

    async def _lose(self, scope: Scope, receive: Receive) -> None:
        async def keep_silent(_: Message) -> None:
            return

        await self.app(scope, receive, keep_silent)
        hang_up: Callable[[], None] | None = scope["state"].get(HANG_UP)
        if hang_up is None:
            raise ConnectionResetError("the answer is lost")
        hang_up()
        while (await receive())["type"] != "http.disconnect":
            pass


def expired_page(request: Request) -> Response:
    """The page that says so, with a button that signs in again."""
    text = render_common("expired.html", back=_local(request.query_params.get("next", "/")))
    return answer_text(text)


def sign_in_again(request: Request) -> Response:
    """Restore the session, and return to where one was."""
    request.state.session.expired = False
    return RedirectResponse(_local(request.query_params.get("next", "/")), status_code=303)


def is_page(scope: Scope) -> bool:
    """Whether a browser navigates to it, rather than a page's scripts asking for it."""
    mode = Headers(scope=scope).get("sec-fetch-mode", "navigate")
    return bool(scope["method"] == "GET" and mode == "navigate")


def _strike(scope: Scope, session: Session[Any]) -> tuple[Fault, ...]:
    asked = parse_faults(QueryParams(scope["query_string"]).get("fault", "none"))
    method, path, page = scope["method"], scope["path"], is_page(scope)
    once = FaultCounter().strike(asked, method, path, page=page, seed=session.seed)
    scheduled = session.faults.strike(
        session.settings.faults, method, path, page=page, seed=session.seed
    )
    return (*scheduled, *once)


def _send_away(request: Request) -> Response:
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        return PlainTextResponse("Your session has expired.", status_code=401)
    here = request.url if request.method == "GET" else urlsplit(request.headers.get("referer", "/"))
    # Were the one fault kept in the address, there would be no coming back.
    query = [(name, text) for name, text in parse_qsl(here.query) if not name.startswith("fault")]
    back = _local(here.path + (f"?{urlencode(query)}" if query else ""))
    return RedirectResponse(f"{EXPIRED}?{urlencode({'next': back})}", status_code=303)


def _local(path: str) -> str:
    return path if path.startswith("/") and not path.startswith("//") else "/"


def _bad(error: UsageError) -> Response:
    return PlainTextResponse(f"{error.message}\n{error.hint}\n", status_code=400)


class _ModalSender:
    """Sends an answer on, with a dialog over it if it is a whole page of HTML."""

    def __init__(self, session: Session[Any], send: Send) -> None:
        self.session = session
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            html = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
            if html:
                self.start = message
                return
        if self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        head, end, tail = self.body.rpartition(b"</body>")
        if end:
            self.session.modal = False
            random = Random(f"modal/{self.session.seed}/{self.session.answers}")
            modal = render_common("modal.html", kind=random.choice(_MODALS))
            self.body = head + modal.encode() + end + tail
            MutableHeaders(scope=start)["content-length"] = str(len(self.body))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": self.body})
