"""The sandbox in which a plan's pure code runs: Monty, without access to the host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from pydantic_monty import AsyncMonty, AsyncMontySession, MontyError, MontyRuntimeError

from agentjit.errors import EvaluationError

#: Seconds that one piece of pure code may run.
MAX_SECONDS: Final = 5.0
#: Bytes that a plan's variables may take.
MAX_BYTES: Final = 256 * 1024 * 1024
#: Pieces of code in one run.
MAX_FEEDS: Final = 1_000_000


class CodeFailed(EvaluationError):
    """Pure code raised, or hit a limit; `line` counts from 1 in the code that was run."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


class Sandbox:
    """One plan's variables. Feed it code; it keeps what the code defines."""

    def __init__(self, session: AsyncMontySession) -> None:
        self._session = session

    async def run(self, code: str, inputs: Mapping[str, Any]) -> Any:
        """Run the code after defining `inputs`; the value of its last expression, as JSON.

        Raises CodeFailed.
        """
        try:
            value = await self._session.feed_run(code, inputs=dict(inputs))
        except MontyRuntimeError as error:
            frames = [f for f in error.traceback() if f.function_name in (None, "<module>")]
            line = frames[0].line if frames else None
            raise CodeFailed(_explain(error), line) from error
        except MontyError as error:
            raise CodeFailed(str(error), None) from error
        return to_json(value)


@asynccontextmanager
async def open_sandbox() -> AsyncIterator[Sandbox]:
    """A fresh sandbox; its worker process ends with the block."""
    limits = {"max_feed_duration_secs": MAX_SECONDS, "max_memory": MAX_BYTES}
    async with AsyncMonty() as pool, pool.checkout(limits=limits) as session:  # type: ignore[arg-type]
        yield Sandbox(session)


def to_json(value: Any) -> Any:
    """Python's other containers as JSON's: tuples and sets become lists, sets in sorted order."""
    match value:
        case tuple() | list():
            return [to_json(v) for v in value]
        case set() | frozenset():
            return [to_json(v) for v in sorted(value, key=lambda v: (str(type(v)), v))]
        case dict():
            return {str(k): to_json(v) for k, v in value.items()}
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _explain(error: MontyRuntimeError) -> str:
    text = error.display("type-msg")
    if "time limit exceeded" in text:
        return f"the plan's code ran for more than {MAX_SECONDS:g} s"
    return text
