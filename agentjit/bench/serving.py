"""What endpoints of measurements share: a request a connection, who hung up, a stream's events."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias

#: Answers what was posted, as JSON data.
Answering: TypeAlias = Callable[[Any, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def serve_one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: Answering,
    other: Callable[[], bytes],
) -> None:
    """Serve one connection: one request, one answer. Whatever is no POST gets `other`."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if head.startswith("POST"):
            await answer(json.loads(body), reader, writer)
        else:
            writer.write(other())
    except (ConnectionError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def until_gone(reader: asyncio.StreamReader) -> None:
    """Return when the client has gone, however it went."""
    with suppress(ConnectionError):
        await reader.read(1)


def show_event(data: Mapping[str, Any]) -> bytes:
    """One event of a stream."""
    return f"data: {json.dumps(data)}\n\n".encode()
