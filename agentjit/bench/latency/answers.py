"""What the loopback endpoint answers with: a script at a modelled pace, a recording, a live model.

A source yields the bytes of an answer's body, each when it is due, and notes what it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from agentjit.bench.endpoint import count_tokens
from agentjit.bench.latency.thinking import Think
from agentjit.bench.serving import show_event

#: What a script says to whoever asks for something else than a plan: a goal record, without one.
_NO_GOAL: Final = "none"
#: Replicas are at another port each time: prompts are the same without it.
_PORT: Final = re.compile(r"(127\.0\.0\.1|localhost):\d+")
#: Seconds that a live model may be silent.
_PATIENCE: Final = 300.0


@dataclass(slots=True)
class Asked:
    """One request as it went: times on the system's monotonic clock."""

    came: float
    prompt_tokens: int
    output_tokens: int = 0
    ended: float | None = None
    #: Whether its client hung up before the end.
    dropped: bool = False
    #: What the answer's head says; known before its first piece.
    status: int = 200
    retry_after: str | None = None


class Answers(Protocol):
    """Where answers come from."""

    def answer(self, body: Mapping[str, Any], asked: Asked) -> AsyncIterator[bytes]:
        """The body of the answer, in pieces, each when it is due. Notes its tokens in `asked`."""


def prompt_text(body: Mapping[str, Any]) -> str:
    """All that a model reads of a request: its messages, and the form that the answer must have."""
    said = [_content(message.get("content")) for message in body.get("messages", ())]
    said += [json.dumps(body[name]) for name in ("tools", "response_format") if body.get(name)]
    return "\n".join(said)


def _content(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return "" if content is None else str(content)


@dataclass(slots=True)
class Scripted:
    """The text that the harness has set, a token at a time, at the pace of `think`."""

    think: Think
    text: str = ""

    async def answer(self, body: Mapping[str, Any], asked: Asked) -> AsyncIterator[bytes]:
        """The script's text to whoever asks for a stream, as the planner does for plans."""
        stream = bool(body.get("stream"))
        text = self.text if stream else _NO_GOAL
        tokens = count_tokens(text)
        for number, token in enumerate(tokens, start=1):
            await _until(asked.came + self.think.seconds(asked.prompt_tokens, number))
            asked.output_tokens = number
            if stream:
                yield show_event({"choices": [{"index": 0, "delta": {"content": token}}]})
        usage = {"prompt_tokens": asked.prompt_tokens, "completion_tokens": len(tokens)}
        if stream:
            yield show_event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            yield show_event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n"
        else:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            yield json.dumps({"choices": [choice], "usage": usage}).encode()


@dataclass(slots=True)
class Recorded:
    """Answers of a recording, with the waits that they had; the last one of a prompt stays."""

    answers: Mapping[str, deque[Mapping[str, Any]]]

    async def answer(self, body: Mapping[str, Any], asked: Asked) -> AsyncIterator[bytes]:
        """The recorded answer. An unknown prompt gets an error that says so."""
        waiting = self.answers.get(digest(body))
        if not waiting:
            asked.status = 404
            error = {"error": {"message": "the recording has no answer to this prompt"}}
            yield json.dumps(error).encode()
            return
        known = waiting.popleft() if len(waiting) > 1 else waiting[0]
        asked.prompt_tokens, asked.output_tokens = known["tokens"]
        for at, piece in known["pieces"]:
            await _until(asked.came + at)
            yield piece.encode()


def load_answers(path: Path) -> Recorded:
    """The answers of a recording that `Live` made. Raises OSError, ValueError, LookupError."""
    answers: defaultdict[str, deque[Mapping[str, Any]]] = defaultdict(deque)
    for line in path.read_text("utf-8").splitlines():
        data = json.loads(line)
        answers[data["prompt"]].append(data)
    return Recorded(answers)


@dataclass(slots=True)
class Live:
    """A live endpoint, whose answers pass as they come, and are kept where there is a `record`."""

    base_url: str
    key: str = field(repr=False)
    record: Path | None = None

    async def answer(self, body: Mapping[str, Any], asked: Asked) -> AsyncIterator[bytes]:
        """The endpoint's answer. What it says is passed on as it is, errors too, with their status:
        a client knows by it whether to ask again.
        """
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[bytes | None]()
        connection = self._connect()

        def put(piece: bytes | None) -> None:
            with suppress(RuntimeError):  # the loop has gone
                loop.call_soon_threadsafe(queue.put_nowait, piece)

        reading = loop.run_in_executor(None, self._read, connection, body, asked, put)
        pieces: list[tuple[float, str]] = []
        try:
            while (piece := await queue.get()) is not None:
                pieces.append((time.monotonic() - asked.came, piece.decode(errors="replace")))
                _note(pieces, body, asked)
                yield piece
            await reading
            self._keep(body, asked, pieces)
        finally:
            # Whoever hung up wants the model to stop, too.
            if connection.sock is not None:
                with suppress(OSError):
                    connection.sock.shutdown(2)

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base_url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(parts.hostname or "", parts.port, timeout=_PATIENCE)

    def _read(
        self,
        connection: http.client.HTTPConnection,
        body: Mapping[str, Any],
        asked: Asked,
        put: Any,
    ) -> None:
        path = f"{urlsplit(self.base_url).path.rstrip('/')}/chat/completions"
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.key}"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            asked.status, asked.retry_after = response.status, response.getheader("retry-after")
            for line in response:
                put(line)
        except (OSError, http.client.HTTPException) as error:
            asked.status = 502
            put(json.dumps({"error": {"message": f"the model's endpoint: {error}"}}).encode())
        finally:
            put(None)

    def _keep(
        self, body: Mapping[str, Any], asked: Asked, pieces: Sequence[tuple[float, str]]
    ) -> None:
        if self.record is None or asked.status != HTTPStatus.OK:
            return
        data = {
            "prompt": digest(body),
            "model": body.get("model"),
            "tokens": [asked.prompt_tokens, asked.output_tokens],
            "pieces": [[round(at, 4), text] for at, text in pieces],
        }
        with self.record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False) + "\n")


def _note(pieces: Sequence[tuple[float, str]], body: Mapping[str, Any], asked: Asked) -> None:
    """Count what has come: as the endpoint counts where it does, else by the common estimate."""
    if body.get("stream"):
        last = pieces[-1][1].removeprefix("data:").strip()
        data = _parsed(last)
        for choice in data.get("choices", ()):
            text = (choice.get("delta") or {}).get("content") or ""
            asked.output_tokens += len(count_tokens(text))
    else:
        data = _parsed("".join(text for _, text in pieces))
        for choice in data.get("choices", ()):
            asked.output_tokens = len(count_tokens(_content(choice["message"].get("content"))))
    usage = data.get("usage") or {}
    asked.prompt_tokens = usage.get("prompt_tokens") or asked.prompt_tokens
    asked.output_tokens = usage.get("completion_tokens") or asked.output_tokens


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def digest(body: Mapping[str, Any]) -> str:
    """What tells requests apart, whatever port the replica has."""
    said = [prompt_text(body), body.get("temperature"), body.get("seed")]
    text = _PORT.sub(r"\1", json.dumps(said))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def _until(at: float) -> None:
    left = at - time.monotonic()
    if left > 0:
        await asyncio.sleep(left)
