"""From sites to servers on loopback, in the running event loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from agentjit.errors import UsageError
from agentjit.sites.common.faulting import HANG_UP
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.site import Site

#: Sites are for this machine only.
HOST = "127.0.0.1"


@asynccontextmanager
async def serving(
    sites: Sequence[Site],
    settings: SiteSettings | None = None,
    ports: Mapping[str, int] | None = None,
) -> AsyncIterator[dict[str, str]]:
    """Serve each site on a port of its own; gives the address of each, without a slash at the end.

    `ports` names a port for a site; 0, or no entry, takes any free one. UsageError when a port is
    taken. When the block ends the servers close at once, and so do the connections they have.
    """
    settings = settings or SiteSettings()
    async with contextlib.AsyncExitStack() as stack:
        addresses: dict[str, str] = {}
        for site in sites:
            listener = _listen(site, (ports or {}).get(site.name, 0))
            stack.callback(listener.close)
            await stack.enter_async_context(_running(site, settings, listener))
            addresses[site.name] = f"http://{HOST}:{listener.getsockname()[1]}"
        yield addresses


def _listen(site: Site, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"{site.name} cannot be served on port {port}: {error}", "choose another port, or 0"
        ) from error
    return listener


@asynccontextmanager
async def _running(
    site: Site, settings: SiteSettings, listener: socket.socket
) -> AsyncIterator[None]:
    config = uvicorn.Config(
        site.create_app(settings),
        http=_Connection,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listener]), name=f"site {site.name}")
    # Were it to fail before it listens, the wait ends too, and its error comes out below.
    task.add_done_callback(lambda _: server.listening.set())
    try:
        await server.listening.wait()
        if not task.done():
            yield
    finally:
        server.leave.set()
        await task


class _Connection(H11Protocol):
    """uvicorn's connection, which a request may end without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, HANG_UP: partial(_break_off, transport)}


def _break_off(transport: asyncio.Transport) -> None:
    # A browser that loses an answer on a connection which it has used before, or kept in reserve,
    # sends the request again by itself, even a POST. After a byte that begins no answer it does
    # not.
    transport.write(b"\0")
    transport.close()


class _Server(uvicorn.Server):
    """uvicorn's server without signals, ticks and grace: it stops within a turn of the loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leave = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process belongs to whoever serves; its signals do, too.
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.listening.set()
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        # The sockets are closed by whoever opened them.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        unfinished = list(self.server_state.tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()
