"""From a template and values to an HTML answer."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from agentjit.sites.common.sessions import Session
from agentjit.sites.dashdish.menu import show_cents
from agentjit.sites.dashdish.state import Account


def session_of(request: Request) -> Session[Account]:
    """The session that a request belongs to."""
    return cast("Session[Account]", request.state.session)


def account_of(request: Request) -> Account:
    """The account that a request belongs to, as it is now."""
    return session_of(request).state


def render(name: str, **values: Any) -> str:
    """A template as text."""
    return _environment().get_template(name).render(**values)


def answer_page(request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page; it may show the account besides its own values."""
    return _answer(render(name, account=account_of(request), **values), status)


def answer_part(request: Request, name: str, **values: Any) -> HTMLResponse:
    """A part of a page that arrives after it."""
    return _answer(render(f"parts/{name}", account=account_of(request), **values), 200)


def _answer(text: str, status: int) -> HTMLResponse:
    return HTMLResponse(text, status_code=status, headers={"cache-control": "no-store"})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("agentjit.sites.dashdish"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = show_cents
    return environment
