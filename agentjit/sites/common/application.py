"""From a site's own routes to its application: sessions, faults, delays, records, static files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from agentjit.sites.common.faulting import FaultLayer
from agentjit.sites.common.finish import PATHS, Record, control_routes
from agentjit.sites.common.forms import SizeLayer
from agentjit.sites.common.middleware import DelayLayer, SessionLayer
from agentjit.sites.common.sessions import SessionStore, Start
from agentjit.sites.common.settings import SiteSettings

S = TypeVar("S")

#: What is not an answer of the site itself: it is neither counted nor held back, and never fails.
_STATIC: Final = ("/static/", "/favicon.ico")


def build_app(
    name: str,
    routes: Sequence[BaseRoute],
    *,
    settings: SiteSettings,
    start: Start[S],
    record: Record[S],
    static: Path,
    missing: Callable[[Request], Response],
    undelayed: Sequence[str] = (),
) -> Starlette:
    """The site's application.

    `start` makes the first state of a seed and a day, `missing` the page for an address that is
    none. Paths that begin with one of `undelayed` are static in all but name: they have no
    session, no delay and no faults. The site's files are under /static, those that all sites have
    under /static/common.
    """
    store: SessionStore[S] = SessionStore(settings, start)
    plain = [*_STATIC, *undelayed, *PATHS]

    async def not_found(request: Request, _: Exception) -> Response:
        return missing(request)

    app = Starlette(
        routes=[
            *control_routes(store, record),
            Mount("/static/common", StaticFiles(directory=Path(__file__).parent / "static")),
            Mount("/static", StaticFiles(directory=static)),
            *routes,
        ],
        # Browsers send one cookie to every port of a host, so each site's has its own name.
        middleware=[
            Middleware(SizeLayer),
            Middleware(
                SessionLayer,
                store=store,
                cookie=f"{name}_session",
                without=["/static/", "/truth", *undelayed],
            ),
            Middleware(DelayLayer, without=plain),
            Middleware(FaultLayer, without=plain),
        ],
        exception_handlers={404: not_found},
    )
    app.state.sessions = store
    return app


def sessions_of(app: Starlette) -> SessionStore[Any]:
    """The sessions of an application made by `build_app`."""
    store: SessionStore[Any] = app.state.sessions
    return store
