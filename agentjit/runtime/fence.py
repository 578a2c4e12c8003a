"""The fence around a run's browser: a proxy on loopback where all other origins end, and count.

The browser speaks to the allowed origins directly, at no cost. Whatever else it asks for, by
whichever means (frames, redirects, sockets, workers, beacons, preconnects, downloads), it asks of
this proxy, because Chromium's network stack sends it here; and the proxy refuses. Routing in
Playwright would miss redirects and shared workers, and would switch the browser's cache off.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from agentjit.runtime.allowed import Allowed

#: The fence is for this machine's browser only.
HOST: Final = "127.0.0.1"
#: Seconds that a request's head may take, and an allowed place to answer a connection.
HEAD_SECONDS: Final = 10.0
#: Bytes of a request's head, and of one piece that is passed on.
MAX_HEAD: Final = 64 * 1024
#: The header by which a refusal is told from a site's own answer.
REFUSED_HEADER: Final = "agentjit-refused"

_TUNNEL: Final = b"HTTP/1.1 200 OK\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request that was refused: to which origin, and how it was asked for."""

    origin: str
    method: str


Hear: TypeAlias = Callable[[Refusal], None]


@dataclass(slots=True)
class Fence:
    """What is allowed, and how often each other origin was asked for since the fence stands."""

    allowed: Allowed
    address: str = ""
    refused: Counter[str] = field(default_factory=Counter)
    _hearers: list[Hear] = field(default_factory=list)

    @contextmanager
    def heard(self, hear: Hear) -> Iterator[None]:
        """Tell `hear` of each refusal while the block lasts."""
        self._hearers.append(hear)
        try:
            yield
        finally:
            self._hearers.remove(hear)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection of the browser's."""
        with suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, ValueError):
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            host, port = _destination(method, target)
            if method == "CONNECT" and self.allowed.admits(host, port):
                await _tunnel(host, port, reader, writer)
            else:
                self._refuse(method, target)
                writer.write(_refusal(target))
                await writer.drain()
        writer.close()

    def _refuse(self, method: str, target: str) -> None:
        origin = target if method == "CONNECT" else target.split("/", 3)[:3]
        refusal = Refusal(origin if isinstance(origin, str) else "/".join(origin), method)
        self.refused[refusal.origin] += 1
        for hear in tuple(self._hearers):
            hear(refusal)


@asynccontextmanager
async def open_fence(allowed: Allowed) -> AsyncIterator[Fence]:
    """A fence that stands while the block lasts."""
    fence = Fence(allowed)
    under_way: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(fence.serve(reader, writer), name="fence")
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(accept, HOST, 0, limit=MAX_HEAD)
    fence.address = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    try:
        yield fence
    finally:
        server.close()
        for task in tuple(under_way):
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await server.wait_closed()


def _destination(method: str, target: str) -> tuple[str, int]:
    """Where a request wants to go. Raises ValueError."""
    parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
    return parts.hostname or "", parts.port or 80


def _refusal(target: str) -> bytes:
    body = f"agentjit refused {target[:200]}: it is outside the site's origins\n".encode()
    return (
        f"HTTP/1.1 403 Forbidden\r\n{REFUSED_HEADER}: 1\r\nContent-Type: text/plain\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body


async def _tunnel(
    host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Pass bytes on both ways: Playwright's own requests, `page.request`, know no exceptions."""
    async with asyncio.timeout(HEAD_SECONDS):
        far_reader, far_writer = await asyncio.open_connection(host, port)
    try:
        writer.write(_TUNNEL)
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
    finally:
        far_writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(MAX_HEAD):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
