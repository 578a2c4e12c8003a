"""The endpoint that every system of a comparison asks: a process of its own that waits and counts.

    python -m agentjit.bench.latency.loopback

It is spoken to in lines of JSON. The first says where answers come from: {"kind": "scripted",
"think": …}, {"kind": "recorded", "path": …} or {"kind": "live", "base_url": …, "record": …}, with
its key in OPENAI_API_KEY; it answers with its address. {"begin": TEXT} sets a script's answer
and forgets what was asked; {"seen": true} tells what was asked since, on the monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from typing import Any

from agentjit.bench.endpoint import count_tokens
from agentjit.bench.latency.answers import (
    Answers,
    Asked,
    Live,
    Scripted,
    load_answers,
    prompt_text,
)
from agentjit.bench.latency.thinking import Think
from agentjit.bench.serving import serve_one, until_gone


@dataclass(slots=True)
class Loopback:
    """Serves answers, and notes every request."""

    answers: Answers
    asked: list[Asked] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one answer."""
        await serve_one(
            reader, writer, self._answer, lambda: _head() + b'{"object": "list", "data": []}'
        )

    async def _answer(
        self, body: Mapping[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked = Asked(time.monotonic(), len(count_tokens(prompt_text(body))))
        self.asked.append(asked)
        gone = asyncio.ensure_future(until_gone(reader))
        begun = False
        try:
            async with aclosing(self.answers.answer(body, asked)) as pieces:  # type: ignore[type-var] # all of them are generators
                while (piece := await _next(pieces, gone)) is not None:
                    writer.write(piece if begun else _head(asked, body) + piece)
                    begun = True
            if not begun:
                writer.write(_head(asked, body))
            asked.dropped = gone.done()
        finally:
            asked.ended = time.monotonic()
            gone.cancel()
        with suppress(ConnectionError):
            await writer.drain()


async def _next(pieces: Any, gone: asyncio.Future[None]) -> bytes | None:
    """The next piece; None at the end, and where nobody listens any more."""
    coming = asyncio.ensure_future(anext(pieces, None))
    await asyncio.wait({coming, gone}, return_when=asyncio.FIRST_COMPLETED)
    if coming.done():
        piece: bytes | None = coming.result()
        return piece
    coming.cancel()
    with suppress(asyncio.CancelledError):
        await coming
    return None


def _head(asked: Asked | None = None, body: Mapping[str, Any] | None = None) -> bytes:
    """The head of an answer, as far as it is known what it will be."""
    status = 200 if asked is None else asked.status
    stream = bool(body and body.get("stream")) and status == HTTPStatus.OK
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, '')}",
        f"content-type: {'text/event-stream' if stream else 'application/json'}",
        "connection: close",
    ]
    if asked is not None and asked.retry_after is not None:
        lines.append(f"retry-after: {asked.retry_after}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def make_answers(wish: Mapping[str, Any]) -> Answers:
    """The source of answers that the first line asks for."""
    match wish["kind"]:
        case "scripted":
            return Scripted(Think(**wish["think"]))
        case "recorded":
            return load_answers(Path(wish["path"]))
        case _:
            record = Path(wish["record"]) if wish.get("record") else None
            return Live(wish["base_url"], os.environ.get("OPENAI_API_KEY", ""), record)


async def _main() -> None:
    loopback = Loopback(make_answers(json.loads(sys.stdin.readline())))
    async with await asyncio.start_server(loopback.serve, "127.0.0.1", 0) as server:
        _say({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"})
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            if "begin" in order:
                loopback.asked.clear()
                if isinstance(loopback.answers, Scripted):
                    loopback.answers.text = order["begin"]
            _say({"asked": [asdict(each) for each in loopback.asked], "now": time.monotonic()})


def _say(data: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main())
