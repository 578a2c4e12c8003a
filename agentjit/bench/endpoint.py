"""A scripted endpoint in a process of its own: answers at a fixed pace, and who hung up.

    python -m agentjit.bench.endpoint < SCRIPT    prints its address, serves until its input ends

The script is one line of JSON: `first` seconds until the first token, `rate` tokens a second, and
`answers`, of which seed 1 gets the first. GET /seen tells of each request when it came and how it
ended, on the system's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from agentjit.bench.serving import serve_one, show_event, until_gone

_TOKEN: Final = re.compile(r"\s*\w{1,6}|\s+|\S")


@dataclass(slots=True)
class Request:
    """One request: its seed, when it came, when its last token was sent or its client had gone."""

    seed: int
    came: float
    ended: float | None = None
    dropped: bool = False


@dataclass(slots=True)
class Endpoint:
    """Answers by the script."""

    first: float
    rate: float
    answers: Sequence[str]
    requests: list[Request] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request, one answer."""
        await serve_one(reader, writer, self._answer, self._seen)

    def _seen(self) -> bytes:
        seen = json.dumps([asdict(r) for r in self.requests])
        return _head("application/json") + seen.encode()

    async def _answer(
        self, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = Request(int(body["seed"]), time.monotonic())
        self.requests.append(request)
        gone = asyncio.ensure_future(until_gone(reader))
        writer.write(_head("text/event-stream"))
        tokens = count_tokens(self.answers[(request.seed - 1) % len(self.answers)])
        for number, token in enumerate(tokens):
            at = request.came + self.first + number / self.rate
            await asyncio.wait([gone], timeout=max(0.0, at - time.monotonic()))
            if gone.done():
                request.dropped, request.ended = True, time.monotonic()
                return
            writer.write(show_event({"choices": [{"index": 0, "delta": {"content": token}}]}))
        request.ended = time.monotonic()
        usage = {"prompt_tokens": 2_000, "completion_tokens": len(tokens)}
        end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        writer.write(
            show_event(end) + show_event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n"
        )
        await writer.drain()
        gone.cancel()


def count_tokens(text: str) -> list[str]:
    """The text in pieces of about four characters, as models have them."""
    return _TOKEN.findall(text)


def _head(kind: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n".encode()


async def _main() -> None:
    script = json.loads(sys.stdin.readline())
    endpoint = Endpoint(script["first"], script["rate"], script["answers"])
    async with await asyncio.start_server(endpoint.serve, "127.0.0.1", 0) as server:
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
