"""A program beside this one that is spoken to in lines of JSON."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from agentjit.errors import RunError

#: Bytes of the longest line, and lines of standard error that are kept for a message.
_LONGEST: Final = 32 * 1024 * 1024
_KEPT: Final = 20
#: Seconds to end by itself once its input has ended.
_GRACE: Final = 5.0


@dataclass(slots=True)
class Program:
    """A running program."""

    process: Process
    complaints: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    async def read(self) -> dict[str, Any]:
        """The next line that it writes. Raises RunError where it has ended, or wrote no JSON."""
        assert self.process.stdout is not None
        try:
            line = await self.process.stdout.readline()
        except ValueError as error:
            raise RunError("the program wrote a line without an end") from error
        if not line:
            code = await self.process.wait()
            said = self.complaints[-1] if self.complaints else "it said nothing"
            raise RunError(f"the program ended with exit code {code}: {said}")
        try:
            data = json.loads(line)
        except ValueError as error:
            raise RunError(f"the program wrote no JSON: {line[:80]!r}") from error
        if not isinstance(data, dict):
            raise RunError(f"the program wrote no JSON object: {line[:80]!r}")
        return data

    async def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """One line in, one line out. Raises RunError."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            await self.process.stdin.drain()
        except ConnectionError:
            # It has gone; reading tells why.
            pass
        return await self.read()

    async def listen(self) -> None:
        """Keep the last lines of its complaints."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            if text := line.decode(errors="replace").strip():
                self.complaints.append(text)


@asynccontextmanager
async def running(
    command: Sequence[str], env: Mapping[str, str] | None = None, *, reads: bool = True
) -> AsyncIterator[Program]:
    """The program for as long as the block lasts; then its input ends, and soon it does, and all
    that it has started with it.

    One that reads no input (`reads`) is told to end. Raises RunError where it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(os.environ if env is None else env),
            limit=_LONGEST,
            # A group of its own: what it has started, a browser perhaps, is ended with it.
            start_new_session=True,
        )
    except OSError as error:
        raise RunError(f"{command[0]} cannot be started: {error.strerror}") from error
    program = Program(process)
    listening = asyncio.create_task(program.listen())
    try:
        yield program
    finally:
        try:
            await _end(process, reads=reads)
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _end(process: Process, *, reads: bool) -> None:
    assert process.stdin is not None
    process.stdin.close()
    if not reads:
        with suppress(ProcessLookupError):
            process.terminate()
    for ask in (process.terminate, process.kill):
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await process.wait()
                return
        with suppress(ProcessLookupError):
            ask()
    await process.wait()
