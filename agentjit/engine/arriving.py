"""Open something beside other work: it is there when it is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

#: Waits until it is there, and gives it. Who gives up waiting does not end its arrival.
Arrival: TypeAlias = Callable[[], Awaitable[T]]


@asynccontextmanager
async def arriving(opening: AbstractAsyncContextManager[T]) -> AsyncIterator[Arrival[T]]:
    """Begin to open it, and close it with the block. Awaiting it raises what opening it raises."""
    async with beside(opening.__aenter__()) as entering:
        try:
            yield lambda: asyncio.shield(entering)
        finally:
            entering.cancel()
            await asyncio.wait({entering})
            if not entering.cancelled() and entering.exception() is None:
                await opening.__aexit__(None, None, None)


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Do the work beside the block, with whose end it ends."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def there(value: T) -> Arrival[T]:
    """What is there already."""

    async def get() -> T:
        return value

    return get
