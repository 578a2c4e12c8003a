"""The sandbox in which a plan's pure code runs: Monty, without access to the host."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from pydantic_monty import AsyncMonty, AsyncMontySession, MontyError, MontyRuntimeError

from agentjit.errors import EvaluationError

#: Seconds that one piece of pure code may run.
MAX_SECONDS: Final = 5.0
#: Bytes that a plan's variables may take.
MAX_BYTES: Final = 256 * 1024 * 1024
_LIMITS: Final = {"max_feed_duration_secs": MAX_SECONDS, "max_memory": MAX_BYTES}
#: Containers inside one another, and digits of a whole number: more than JSON's readers take.
MAX_DEPTH: Final = 100
MAX_DIGITS: Final = 1_000
#: Characters and elements of one value that leaves the sandbox: it goes into a page or a file.
MAX_SIZE: Final = 8 * 1024 * 1024


class CodeFailed(EvaluationError):
    """Pure code raised, or hit a limit; `line` counts from 1 in the code that was run."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message, "mend the plan, or word the task so that another one is made")
        self.line = line


class Sandbox:
    """One plan's variables. Feed it code; it keeps what the code defines."""

    def __init__(self, session: AsyncMontySession) -> None:
        self._session = session
        self._turn = asyncio.Lock()

    async def run(self, code: str, inputs: Mapping[str, Any], *, raw: bool = False) -> Any:
        """Run the code after defining `inputs`; the value of its last expression, as JSON.

        `raw`: as it is, for another sandbox. Raises CodeFailed.
        """
        try:
            # One piece at a time: a session has one thread.
            async with self._turn:
                value = await self._session.feed_run(code, inputs=dict(inputs))
        except MontyRuntimeError as error:
            frames = [f for f in error.traceback() if f.function_name in (None, "<module>")]
            line = frames[0].line if frames else None
            raise CodeFailed(_explain(error), line) from error
        except MontyError as error:
            raise CodeFailed(str(error), None) from error
        except ValueError as error:
            # A value that cannot cross into the sandbox.
            raise CodeFailed(f"a value cannot be used: {error}", None) from error
        return value if raw else _bounded(to_json(value))

    async def copy(self, names: Sequence[str]) -> dict[str, Any]:
        """The values of these names, of those that have any. Raises CodeFailed."""
        lines = ["_copied = {}"]
        for name in names:
            lines += ["try:", f"    _copied[{name!r}] = {name}", "except NameError:", "    pass"]
        copied: dict[str, Any] = await self.run("\n".join([*lines, "_copied"]), {}, raw=True)
        return copied


class Sandboxes:
    """The variables of a run: the program's, and of each of its iterations that is under way."""

    def __init__(self, pool: AsyncMonty) -> None:
        self._pool = pool
        self._open: dict[int, tuple[Sandbox, AsyncExitStack]] = {}

    async def get(self, scope: int) -> Sandbox:
        """The variables of this number; new ones where there are none."""
        if scope not in self._open:
            stack = AsyncExitStack()
            session = await stack.enter_async_context(self._pool.checkout(limits=_LIMITS))  # type: ignore[arg-type]
            self._open[scope] = Sandbox(session), stack
        return self._open[scope][0]

    async def close(self, scope: int) -> None:
        """Nobody needs them any more."""
        if scope in self._open:
            _, stack = self._open.pop(scope)
            await stack.aclose()


@asynccontextmanager
async def open_sandboxes(at_once: int) -> AsyncIterator[Sandboxes]:
    """Sandboxes, of which so many are open at the same time; they end with the block."""
    async with AsyncMonty(max_processes=at_once) as pool:
        sandboxes = Sandboxes(pool)
        try:
            yield sandboxes
        finally:
            for scope in list(sandboxes._open):
                await sandboxes.close(scope)


@asynccontextmanager
async def open_sandbox() -> AsyncIterator[Sandbox]:
    """A fresh sandbox; its worker process ends with the block."""
    async with AsyncMonty() as pool, pool.checkout(limits=_LIMITS) as session:  # type: ignore[arg-type]
        yield Sandbox(session)


def to_json(value: Any, depth: int = 0) -> Any:
    """Python's other values as JSON's: tuples and sets become lists, sets in order; else text.

    Raises CodeFailed for what is too deep or too long to be JSON.
    """
    if depth > MAX_DEPTH:
        raise CodeFailed(f"a value has more than {MAX_DEPTH} lists inside one another", None)
    match value:
        case tuple() | list():
            return [to_json(v, depth + 1) for v in value]
        case set() | frozenset():
            return [to_json(v, depth + 1) for v in _in_order(value)]
        case dict():
            return {str(k): to_json(v, depth + 1) for k, v in value.items()}
        case float() if not math.isfinite(value):
            return str(value)
        case int() if abs(value) >= 10**MAX_DIGITS:
            raise CodeFailed(f"a whole number has more than {MAX_DIGITS} digits", None)
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _bounded(value: Any) -> Any:
    """The value itself. Raises CodeFailed where it is too large."""
    size, open_values = 0, [value]
    while open_values:
        match open_values.pop():
            case str() as text:
                size += len(text)
            case list() as items:
                size += len(items)
                open_values += items
            case dict() as fields:
                size += len(fields)
                open_values += [*fields, *fields.values()]
            case _:
                size += 1
        if size > MAX_SIZE:
            raise CodeFailed(f"a value has more than {MAX_SIZE:,} characters and elements", None)
    return value


def _in_order(values: Collection[Any]) -> list[Any]:
    """Sorted, where the elements can be compared; else by their text, which is an order too."""
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)


def _explain(error: MontyRuntimeError) -> str:
    text = error.display("type-msg")
    if "time limit exceeded" in text:
        return f"the plan's code ran for more than {MAX_SECONDS:g} s"
    return text
