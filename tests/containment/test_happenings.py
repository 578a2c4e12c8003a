"""Tabs, downloads, dialogs and file choosers of a site are events of the run, and stop nothing."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from agentjit.engine import AgentJIT
from agentjit.runtime.happenings import MAX_TABS, safe_name
from agentjit.toolspecs import Effect, Obstacle, StateModel, StateVar, Toolset, tool
from tests.e2e.hire import events_of
from tests.fixtures.fake_endpoint import Guest

BILL: Final = b"%PDF-1.4 a bill" * 1000
#: Tabs that remain: the run's own, and as many of the site's as may be.
TABS: Final = MAX_TABS + 1
PAGE: Final = """<h1>Desk</h1>
<button id="bill" onclick="location = '/bill'">bill</button>
<button id="ask" onclick="document.title = [alert('hello'), confirm('pay?'), prompt('name?')]">
ask</button>
<button id="tabs" onclick="for (let i = 0; i < 12; i++) window.open('/other')">tabs</button>
<button id="file" onclick="document.querySelector('input').click()">file</button>
<input type="file"><div id="consent" hidden>Cookies? <button>all</button><button>none</button></div>
<script>document.querySelectorAll("#consent button").forEach(
  (b) => b.onclick = () => { consent.hidden = true; document.title = b.textContent })</script>
"""


@tool(requires="place == 'desk'", effect=Effect.READ, reads=(), writes=())
async def click(page: Any, name: str) -> str:
    """Click a button, and read the title of the page."""
    await page.locator(f"#{name}").click()
    title: str = await page.title()
    return title


@tool(requires="place == 'desk'", effect=Effect.READ, reads=(), writes=())
async def answer_itself(page: Any) -> str:
    """Agree to what the page asks: the tool knows what it is."""
    page.on("dialog", lambda dialog: dialog.accept("Ada"))
    return await click.body(page, "ask")  # type: ignore[no-any-return]


@tool(requires="place == 'desk'", effect=Effect.READ, reads=(), writes=())
async def show_consent(page: Any) -> bool:
    """Make the page ask for consent."""
    await page.evaluate("consent.hidden = false")
    return True


@tool(requires="place == 'desk'", effect=Effect.READ, reads=(), writes=())
async def upload(page: Any) -> str:
    """Give the page a file where it asks for one."""
    async with page.expect_file_chooser() as asked:
        await page.locator("#file").click()
    chooser = await asked.value
    given = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    await chooser.set_files(given)
    name: str = await page.evaluate("document.querySelector('input').files[0].name")
    return name


@tool(requires="place == 'desk'", effect=Effect.READ, reads=(), writes=())
async def wait_for_tabs(page: Any) -> bool:
    """Wait until the site's tabs are there."""
    opened = asyncio.Event()
    page.context.on("page", lambda _: opened.set())
    while len(page.context.pages) < TABS:
        opened.clear()
        await opened.wait()
    return True


async def observe(_: Any) -> dict[str, str]:
    """Always the same."""
    return {"place": "desk"}


TOOLSET: Final = Toolset(
    "desk",
    "A desk",
    StateModel((StateVar("place", values=("desk",), start="desk"),)),
    observe,
    (click, answer_itself, show_consent, upload, wait_for_tabs),
    obstacles=(Obstacle("cookies", "#consent", "text=none"),),
)


@asynccontextmanager
async def open_desk() -> AsyncIterator[str]:
    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE)

    async def bill(_: Request) -> Response:
        named = {"Content-Disposition": 'attachment; filename="../../.bill 1.pdf"'}
        return Response(BILL, headers=named, media_type="application/pdf")

    listener = socket.create_server(("127.0.0.1", 0))
    routes = [Route("/", page), Route("/other", page), Route("/bill", bill)]
    app = Starlette(routes=routes)
    server = Guest(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.leave.set()
        await serving


async def test_what_happens_beside_the_calls_is_told(tmp_path: Path) -> None:
    plan = """\
click("bill")
asked = click("ask")
show_consent()
after = click("ask")
file = upload()
agreed = answer_itself()
click("tabs")
wait_for_tabs()
result = [asked, file, agreed]
"""
    async with open_desk() as url:
        engine = AgentJIT(
            tools=TOOLSET, url=url, runs_dir=tmp_path, planner="symbolic", strategy="serial"
        )
        async with engine as jit:
            result = await jit.run("look at the desk", plan=plan)
    assert result.status == "done", result.error
    # A message is read, questions are not agreed to, unless the tool itself does.
    assert result.value == [",false,", "a.txt", ",true,Ada"]
    (bill,) = result.downloads
    assert bill.path.parent.parent == result.run_dir
    assert bill.path.name.endswith("bill 1.pdf")
    assert bill.path.read_bytes() == BILL
    assert (bill.size, bill.sha256) == (len(BILL), hashlib.sha256(BILL).hexdigest())
    events = events_of(result.run_dir)
    told = {kind: [e for e in events if e["kind"] == kind] for kind in {e["kind"] for e in events}}
    answers = [(e["type"], e["answer"]) for e in told["dialog"]]
    asked = [("alert", "accepted"), ("confirm", "dismissed"), ("prompt", "dismissed")]
    assert answers[:6] == asked * 2
    assert {answer for _, answer in answers[6:]} == {"left to the tool"}
    assert [e["name"] for e in told["obstacle-dismissed"]] == ["cookies"]
    assert len(told["file-asked"]) == 1
    assert told["downloaded"][0]["sha256"] == bill.sha256
    assert len(told["popup-opened"]) >= MAX_TABS
    assert len(told.get("popup-refused", ())) <= 12 - MAX_TABS


@pytest.mark.parametrize(
    ("suggested", "kept"),
    [
        ("bill.pdf", "bill.pdf"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\autostart.bat", "autostart.bat"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("...", "download"),
        ("", "download"),
        ("a\0b\nc;$(id)", "a_b_c__(id)"),
        ("x" * 300, "x" * 120),
    ],
)
def test_a_download_is_named_harmlessly(suggested: str, kept: str) -> None:
    assert safe_name(suggested) == kept
