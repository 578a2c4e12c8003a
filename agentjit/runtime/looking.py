"""Look things up on the site while planning: READ and NAVIGATE calls only, on tabs of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from agentjit.errors import RunError
from agentjit.runtime.calling import Caller
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabs import open_tab
from agentjit.toolspecs.effects import Effect

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page


class SiteLookup:
    """The planner's eyes. It refuses calls that could change the account."""

    def __init__(
        self,
        context: BrowserContext,
        url: str,
        page: Callable[[], Awaitable[Page]],
        caller: Caller,
        recorder: Recorder,
    ) -> None:
        self._context = context
        self._url = url
        self._page = page
        self._caller = caller
        self._recorder = recorder

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        """Make these calls from the start; the last one's result. Raises RunError."""
        calls = [(self._caller.toolset.by_name[name], arguments) for name, arguments in steps]
        if not all(tool.effect.harmless for tool, _ in calls):
            raise RunError("a lookup may only read and navigate")
        # One read leaves the run's own tab as it is; anything more gets a tab of its own.
        stays = len(calls) == 1 and calls[0][0].effect is Effect.READ
        own = nullcontext(await self._page()) if stays else None
        tab = own or open_tab(self._context, self._url, self._caller)
        value: Any = None
        async with tab as page:
            for tool, arguments in calls:
                value = (await self._caller.call(tool, page, arguments)).value
        names = [tool.name for tool, _ in calls]
        self._recorder.record("looked-up", calls=names, found=_size(value))
        return value


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
