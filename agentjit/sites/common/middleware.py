"""ASGI layers of every site: the session of each request, and the delay of its answer.

A request finds its session in `request.state.session`, and the layout that it is to be answered in
in `request.state.layout`. On any address `?layout=` and `?faults=` become the session's own;
`?seed=`, `?today=` and `?latency=` do while it is untouched, and `?latency=` besides holds for the
one request. Static files and the record of a run answer at once: they stand for a content network,
and for a referee.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from http.cookies import SimpleCookie
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentjit.errors import UsageError
from agentjit.sites.common.latency import parse_latency
from agentjit.sites.common.sessions import Session, SessionStore
from agentjit.sites.common.settings import LAYOUTS, change_settings

#: With this header a page's scripts ask for its parts in the layout that the page has.
LAYOUT_HEADER: Final = "x-layout"

_ALWAYS: Final = ("layout", "faults")
_AT_FIRST: Final = (*_ALWAYS, "seed", "today", "latency")


class SessionLayer:
    """Gives every request its session, by a cookie; opens one where there is none."""

    def __init__(
        self, app: ASGIApp, store: SessionStore[Any], cookie: str, without: Collection[str]
    ) -> None:
        self.app = app
        self.store = store
        self.cookie = cookie
        self.without = tuple(without)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(self.without):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self.store.get(cookie_parser(headers.get("cookie", "")).get(self.cookie))
        fresh = session is None
        if session is None:
            session = self.store.open()
        try:
            self._adopt(session, QueryParams(scope["query_string"]))
        except UsageError as error:
            answer = PlainTextResponse(f"{error.message}\n{error.hint}\n", status_code=400)
            await answer(scope, receive, send)
            return
        asked = headers.get(LAYOUT_HEADER)
        state = scope.setdefault("state", {})
        state["session"] = session
        state["layout"] = asked if asked in LAYOUTS else session.settings.layout

        async def send_with_cookie(message: Message) -> None:
            if fresh and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _bake(self.cookie, session.id))
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _adopt(self, session: Session[Any], query: QueryParams) -> None:
        names = _AT_FIRST if session.untouched else _ALWAYS
        asked = {name: query[name] for name in names if name in query}
        if asked:
            self.store.change_settings(session, change_settings(session.settings, asked))


class DelayLayer:
    """Holds an answer back for as long as the session's latency, or the request's own, says."""

    def __init__(self, app: ASGIApp, without: Collection[str]) -> None:
        self.app = app
        self.without = tuple(without)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, after its delay."""
        if scope["type"] == "http" and not scope["path"].startswith(self.without):
            seconds = self._seconds(scope)
            if seconds:
                await asyncio.sleep(seconds)
        await self.app(scope, receive, send)

    def _seconds(self, scope: Scope) -> float:
        session: Session[Any] = scope["state"]["session"]
        session.answers += 1
        what = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}"
        session.asked[what] += 1
        own = QueryParams(scope["query_string"]).get("latency")
        latency = session.settings.latency if own is None else parse_latency(own)
        return latency.of_answer(session.seed, what, session.asked[what])


def _bake(name: str, value: str) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = value
    cookie[name]["path"] = "/"
    cookie[name]["httponly"] = True
    cookie[name]["samesite"] = "lax"
    return cookie.output(header="").strip()
