"""From a template and values to an HTML answer, in the layout that the request is to have.

A site's pages are in `templates/`; what layout b shows differently is in `templates_b/` under the
same names, and falls back on `templates/` and then on the common ones here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from agentjit.sites.common.sessions import Session
from agentjit.sites.common.settings import LAYOUTS

_COMMON: Final = Path(__file__).parent / "templates"


class Templates:
    """A site's pages. `state` is the name by which templates know the session's state.

    Besides it and its own values a template knows `layout`, `session`, `today`, `token` (for a
    form's `authenticity_token`; any value is taken) and `flashes()`, the messages for one showing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        state: str,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.state = state
        plain, other = folder / "templates", folder / "templates_b"
        self._environments = {
            "a": make_environment(plain, _COMMON),
            "b": make_environment(other, plain, _COMMON),
        }
        for environment in self._environments.values():
            environment.filters.update(filters or {})
            environment.globals.update(values or {})

    def render(self, request: Request, name: str, **values: Any) -> str:
        """A template as text, in the request's layout."""
        session: Session[Any] = request.state.session
        layout: str = request.state.layout
        known = {
            self.state: session.state,
            "layout": layout,
            "session": session,
            "today": session.today,
            "token": f"token-{session.id}",
            "flashes": session.take_flashes,
        }
        template = self._environments[layout].get_template(name)
        return template.render(**{**known, **values})

    def answer(
        self, request: Request, name: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page, or a part of one that arrives after it. Nothing keeps a copy."""
        return answer_text(self.render(request, name, **values), status)


def render_common(name: str, **values: Any) -> str:
    """One of the templates that all sites have, as text."""
    return _common_environment().get_template(name).render(**values)


def answer_text(text: str, status: int = 200) -> HTMLResponse:
    """HTML that nothing keeps a copy of."""
    return HTMLResponse(text, status_code=status, headers={"cache-control": "no-store"})


def other_layout(layout: str) -> str:
    """The layout that is not this one."""
    return next(each for each in LAYOUTS if each != layout)


def make_environment(*folders: Path) -> Environment:
    """Templates of these folders, the first that has a name first; values are always escaped."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _common_environment() -> Environment:
    return make_environment(_COMMON)
