"""A site that repeats a password wherever it can, and tools that say it in all their errors."""

from __future__ import annotations

import asyncio
import html
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict
from urllib.parse import quote, quote_plus

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from agentjit.errors import ToolError
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool
from tests.fixtures.fake_endpoint import Guest

#: Longer than what is typed for it anywhere by chance, and written differently in every encoding.
PASSWORD: Final = "hun\"ter's <2>&+/ é%41 pass\\word"

_LOGIN: Final = """<h1>Log in</h1><form method="post" action="/login">
<input name="user"><input name="password" type="password"><button>Log in</button></form>"""


class Note(TypedDict):
    """What the site says."""

    text: str
    parts: list[str]


@dataclass(slots=True)
class Vault:
    """What the site was sent."""

    url: str
    passwords: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@asynccontextmanager
async def open_vault() -> AsyncIterator[Vault]:
    """Serve the site."""
    listener = socket.create_server(("127.0.0.1", 0))
    vault = Vault(f"http://127.0.0.1:{listener.getsockname()[1]}")

    async def start(_: Request) -> Response:
        return HTMLResponse(_LOGIN)

    async def log_in(request: Request) -> Response:
        password = str((await request.form())["password"])
        vault.passwords.append(password)
        answer = RedirectResponse(f"/inside?p={quote_plus(password)}", 303)
        answer.headers["X-Said"] = quote(password)
        answer.set_cookie("last", quote(password, safe=""))
        return answer

    async def inside(request: Request) -> Response:
        password = html.escape(request.query_params["p"])
        return HTMLResponse(
            f"<h1>Inside</h1><p id='note'>You are {password}, {password}</p>"
            f"<input id='again' value='{password}'>"
            "<form method='post' action='/note'><textarea name='text'></textarea>"
            "<button>Send</button></form>"
        )

    async def note(request: Request) -> Response:
        vault.notes.append(str((await request.form())["text"]))
        return HTMLResponse(f"<h1>Sent</h1><p id='note'>{html.escape(vault.notes[-1])}</p>")

    routes = [
        Route("/", start),
        Route("/login", log_in, methods=["POST"]),
        Route("/inside", inside),
        Route("/note", note, methods=["POST"]),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), log_config=None, lifespan="off", ws="none", access_log=False
    )
    server = Guest(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield vault
    finally:
        server.leave.set()
        await serving


STATE: Final = StateModel(
    (StateVar("page", values=("login", "inside", "sent"), start="login"), StateVar("shown"))
)


async def observe(page: Any) -> dict[str, Any]:
    """What the page shows; the password too."""
    title = await page.locator("h1").inner_text()
    seen = {"page": {"Log in": "login", "Inside": "inside", "Sent": "sent"}[title]}
    if title == "Inside":
        seen["shown"] = await page.locator("#again").input_value()
    return seen


@tool(
    requires="page == 'login'",
    ensures="page == 'inside', shown == $password",
    effect=Effect.NAVIGATE,
)
async def log_in(page: Any, user: str, password: str) -> None:
    """Log in."""
    await page.locator("[name=user]").fill(user)
    await page.locator("[name=password]").fill(password)
    await page.get_by_role("button").click()
    await page.wait_for_url("**/inside*")


@tool(requires="page == 'login'", ensures="page == 'inside'", effect=Effect.NAVIGATE, timeout=3)
async def fail_in_browser(page: Any, password: str) -> None:
    """Fail in the browser, which says what it was told to type."""
    await page.get_by_label(password).fill(password, timeout=200)


@tool(requires="page == 'login'", ensures="page == 'inside'", effect=Effect.NAVIGATE)
async def fail_in_words(page: Any, password: str) -> None:
    """Fail with an error that says it."""
    try:
        raise ValueError(f"bad {password!r}")
    except ValueError as error:
        raise ToolError(f"{password} was refused", f"is {password} right?") from error


@tool(requires="page == 'login'", ensures="shown == 'welcome'", effect=Effect.NAVIGATE, timeout=1)
async def promise_wrongly(page: Any, password: str) -> None:
    """Log in, and promise something else."""
    await log_in.body(page, "ada", password)


@tool(requires="page == 'inside'", effect=Effect.READ, reads=(), writes=())
async def read_note(page: Any) -> Note:
    """Read what the site says."""
    text = await page.locator("#note").inner_text()
    return {"text": text, "parts": text.split(", ")}


@tool(requires="page == 'inside'", ensures="page == 'sent'", effect=Effect.COMMIT, writes={"notes"})
async def send_note(page: Any, text: str) -> str:
    """Send a note."""
    await page.locator("textarea").fill(text)
    await page.get_by_role("button").click()
    said: str = await page.locator("#note").inner_text()
    return said


TOOLSET: Final = Toolset(
    "vault",
    "A vault",
    STATE,
    observe,
    (log_in, fail_in_browser, fail_in_words, promise_wrongly, read_note, send_note),
)
