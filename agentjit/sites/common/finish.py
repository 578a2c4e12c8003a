"""The referee's pages of every site: the record of a session, and its settings.

GET  /finish                     initial and final state of the cookie's session, and difference
GET  /truth                      the same of all sessions
GET  /config?seed=&today=        set the seed or the day (the session begins anew)
GET  /config?latency=&faults=&layout=   set how the site answers from here on
POST /reset                      the cookie's session begins anew; with ?all=1 every session
GET  /session/expired?next=      where an expired session is sent; POST signs in again
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agentjit.errors import UsageError
from agentjit.sites.common.difference import Tree, diff_collection, diff_states, pick
from agentjit.sites.common.faulting import EXPIRED, expired_page, sign_in_again
from agentjit.sites.common.sessions import Session, SessionStore
from agentjit.sites.common.settings import change_settings
from agentjit.toolspecs import JsonValue

S = TypeVar("S")

#: Paths of the referee, and of signing in again; they are never delayed, and never fail.
PATHS: Final = ("/finish", "/truth", "/config", "/reset", EXPIRED)


@dataclass(frozen=True, slots=True)
class Record(Generic[S]):
    """How a site's state is told: as JSON, and which of its collections are compared one by one."""

    show: Callable[[S], Tree]
    #: Name in `differences` -> dotted path in the state's JSON.
    collections: Mapping[str, str]
    #: From the initial and the final state's JSON to what this site's evaluators read besides; it
    #: comes last, so that it may replace `differences` where they want lists.
    more: Callable[[Tree, Tree], Tree] | None = None

    def of(self, session: Session[S]) -> Tree:
        """What the session began with, what it has now, and what that differs in."""
        initial = self.show(session.initial)
        final = initial if session.state is session.initial else self.show(session.state)
        differences: Tree = {
            name: diff_collection(pick(initial, path), pick(final, path))
            for name, path in self.collections.items()
        }
        return {
            "initialstate": initial,
            "finalstate": final,
            "initialfinaldiff": diff_states(initial, final),
            "differences": differences,
            **(self.more(initial, final) if self.more is not None else {}),
        }


def control_routes(store: SessionStore[Any], record: Record[Any]) -> list[Route]:
    """The routes of the referee's pages."""

    async def finish(request: Request) -> Response:
        return _answer(record.of(request.state.session), request)

    async def truth(request: Request) -> Response:
        sessions: list[JsonValue] = [
            {
                "session": session.id,
                **session.settings.show(),
                "answers": session.answers,
                "changes": session.changes,
                **record.of(session),
            }
            for session in store
        ]
        return _answer({"sessions": sessions}, request)

    async def config(request: Request) -> Response:
        session, query = request.state.session, request.query_params
        try:
            store.change_settings(session, change_settings(session.settings, dict(query)))
        except UsageError as error:
            return PlainTextResponse(f"{error.message}\n{error.hint}\n", status_code=400)
        if "seed" in query or "today" in query:
            store.restart(session)
        return _answer({**session.settings.show()}, request)

    async def reset(request: Request) -> Response:
        if "all" in request.query_params:
            store.restart_all()
        else:
            store.restart(request.state.session)
        return _answer({"reset": True}, request)

    return [
        Route("/finish", finish),
        Route("/truth", truth),
        Route("/config", config),
        Route("/reset", reset, methods=["POST"]),
        Route(EXPIRED, expired_page),
        Route(EXPIRED, sign_in_again, methods=["POST"]),
    ]


def _answer(tree: Tree, request: Request) -> Response:
    # Indented for people, who open these pages in a browser; for all others it is ten times dearer.
    indent = 1 if "text/html" in request.headers.get("accept", "") else None
    body = json.dumps(tree, ensure_ascii=False, indent=indent)
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})
