"""Somebody at a live GitLab, who calls tools with their contracts held against the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Page

from agentjit.ports import Clock
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.sites import load_site

TOOLSET: Final = load_site("gitlab").toolset

#: Parts of the record that belong to a resource of another name; all others have their own.
RESOURCES: Final[Mapping[str, str]] = {"starred": "stars", "groups": "members"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A fresh browser context with one tab, opened at the site's start."""

    page: Page
    address: str
    clock: Clock = field(default_factory=SystemClock)

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool; requires, ensures and types are checked as a run does."""
        return (await self.caller.call(TOOLSET.by_name[name], self.page, arguments)).value

    async def call_strictly(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool, and see besides that nothing changed that its contract does not name."""
        tool = TOOLSET.by_name[name]
        before = await self.record()
        report = await self.caller.call(tool, self.page, arguments)
        assert report.drift == ()
        different = changed(before, await self.record())
        assert different <= (tool.touches.writes or frozenset())
        # What writes did write, or the test would say nothing; what fills in a form did not.
        assert bool(different) is not tool.effect.harmless
        if tool.effect.harmless and not tool.ensures:
            assert report.before == report.after
        return report.value

    async def open(self, path: str) -> None:
        """Go to an address of the site."""
        await self.page.goto(self.address + path, wait_until="domcontentloaded")

    async def walk(self, steps: list[tuple[str, Any]]) -> None:
        """Call one tool after the other; "open" goes to a path."""
        for name, arguments in steps:
            if name == "open":
                await self.open(arguments)
            else:
                await self.call(name, **arguments)

    async def record(self) -> Any:
        """The site's own record of this session."""
        answer = await self.page.request.get(f"{self.address}/finish")
        return json.loads(await answer.text())["finalstate"]

    async def observe(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await TOOLSET.observe(self.page)

    @property
    def caller(self) -> Caller:
        """Performs calls as the runtime does."""
        return Caller(TOOLSET, self.clock)


def changed(before: Any, after: Any) -> frozenset[str]:
    """The resources that differ between two records."""
    return frozenset(RESOURCES.get(name, name) for name in after if before[name] != after[name])
