"""Hostile pages as data, the site that serves them, and the canary that none of them may reach."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.fixtures.fake_endpoint import Guest

PAGES: Final = Path(__file__).parent / "pages"
#: The part of an address by which a page is known where it asks for one.
LABEL: Final = re.compile(r"h\d{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostilePage:
    """A page; `asks` where it certainly asks for the canary, and is not only tried."""

    name: str
    label: str
    html: str
    asks: bool
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether the addresses that it asks for have its label in them."""
        return any(f"%{each}%" in self.html + str(self.headers) for each in NAMED)

    def is_asked(self, asked: str) -> bool:
        """Whether an address that was asked for, or what came to it, is of this page."""
        return self.label in asked if self.is_named else LABEL.search(asked) is None


NAMED: Final = ("http", "https", "ws", "wss", "host")


def read_pages() -> tuple[HostilePage, ...]:
    """All pages of the corpus, each with a label of its own."""
    found = []
    for path in sorted(PAGES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        headers: dict[str, dict[str, str]] = data.get("headers", {})
        for kind in ("asks", "asks_by_name", "silent"):
            for name, html in data.get(kind, {}).items():
                found.append((name, html, kind != "silent", headers.get(name, {})))
    return tuple(
        HostilePage(name=name, label=f"h{number:03}", html=html, asks=asks, headers=headers)
        for number, (name, html, asks, headers) in enumerate(found)
    )


def read_workers() -> Mapping[str, str]:
    """The scripts that pages register as workers."""
    scripts: dict[str, str] = {}
    for path in sorted(PAGES.glob("*.toml")):
        scripts |= tomllib.loads(path.read_text("utf-8")).get("workers", {})
    return scripts


@dataclass(slots=True)
class Canary:
    """A port that nobody may contact, by TCP or by UDP; what came is kept."""

    port: int
    came: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def tell(self, what: bytes) -> None:
        """Keep what came, and wake whoever waits for it."""
        self.came.append(what.decode("latin-1"))
        async with self.changed:
            self.changed.notify_all()

    async def until(self, page: HostilePage, seconds: float, *, since: int) -> bool:
        """Whether something of a page has come, or comes in time."""
        try:
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(lambda: any(map(page.is_asked, self.came[since:])))
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def open_canary() -> AsyncIterator[Canary]:
    """A canary on a free port of loopback."""
    async with contextlib.AsyncExitStack() as stack:
        tasks = set[asyncio.Task[None]]()
        listener = socket.create_server(("127.0.0.1", 0))
        canary = Canary(listener.getsockname()[1])

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                await canary.tell(b"connection " + await reader.read(4096))
                writer.write(
                    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"
                    b"Access-Control-Allow-Headers: *\r\nAccess-Control-Allow-Methods: *\r\n"
                    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
                )
            writer.close()

        class Packets(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, _: Any) -> None:
                task = asyncio.create_task(canary.tell(b"packet " + data))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(answer, sock=listener)
        stack.callback(server.close)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Packets, local_addr=("127.0.0.1", canary.port)
        )
        stack.callback(transport.close)
        with contextlib.suppress(OSError):
            six = await asyncio.start_server(answer, "::1", canary.port)
            stack.callback(six.close)
        yield canary


@asynccontextmanager
async def hostile_site(canary: Canary) -> AsyncIterator[str]:
    """The site that serves the pages; its address, without a slash at the end."""
    pages, workers = {page.name: page for page in read_pages()}, read_workers()
    listener = socket.create_server(("127.0.0.1", 0))
    site = f"127.0.0.1:{listener.getsockname()[1]}"

    def fill(text: str, label: str) -> str:
        host = f"{label}.localhost:{canary.port}"
        filled = {scheme: f"{scheme}://{host}" for scheme in ("http", "https", "ws", "wss")} | {
            "host": host,
            "ip": f"127.0.0.1:{canary.port}",
            "port": str(canary.port),
            "site": site,
        }
        return re.sub(r"%([a-z]+)%", lambda m: filled.get(m[1], m[0]), text)

    async def show(request: Request) -> Response:
        page = pages[request.path_params["name"]]
        headers = {name: fill(value, page.label) for name, value in page.headers.items()}
        return HTMLResponse(fill(page.html, page.label), headers=headers)

    async def go(request: Request) -> Response:
        return RedirectResponse(request.url.query, int(request.path_params["code"]))

    async def work(request: Request) -> Response:
        script = workers[request.path_params["name"]]
        return Response(fill(script, "h999"), media_type="text/javascript")

    async def nothing(_: Request) -> Response:
        return HTMLResponse("<p>nothing</p>", headers={"Set-Cookie": "session=stolen"})

    routes = [
        Route("/page/{name}", show),
        Route("/go/{code}", go, methods=["GET", "POST"]),
        Route("/worker/{name}.js", work),
        Route("/", nothing),
        Route("/empty", nothing),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = Guest(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://{site}"
    finally:
        server.leave.set()
        await serving
