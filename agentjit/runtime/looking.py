"""Look things up on the site while planning: READ and NAVIGATE calls only, on tabs of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentjit.errors import RunError
from agentjit.runtime.calling import Caller
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabs import open_tab

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page


class SiteLookup:
    """The planner's eyes. It refuses calls that could change the account."""

    def __init__(
        self, context: BrowserContext, url: str, page: Page, caller: Caller, recorder: Recorder
    ) -> None:
        self._context = context
        self._url = url
        self._page = page
        self._caller = caller
        self._recorder = recorder

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        """Make these calls from the start; the last one's result. Raises RunError."""
        tools = [self._caller.toolset.by_name[name] for name, _ in steps]
        if not all(t.effect.harmless for t in tools):
            raise RunError("a lookup may only read and navigate")
        # One read where the run's own tab stands leaves it as it is; anything more gets a new tab.
        alone = len(steps) == 1
        page = self._page if alone else await open_tab(self._context, self._url, self._caller)
        try:
            value: Any = None
            for tool, (_, arguments) in zip(tools, steps, strict=True):
                value = (await self._caller.call(tool, page, arguments)).value
        finally:
            if not alone and not page.is_closed():
                await page.close()
        calls = [name for name, _ in steps]
        self._recorder.record("looked-up", calls=calls, found=_size(value))
        return value


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
