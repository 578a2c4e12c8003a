"""Somebody at a live Reddit, who calls tools with their contracts held against the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from playwright.async_api import Page

from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.sites import load_site

TOOLSET: Final = load_site("reddit").toolset

#: Calls that lead to where a tool can be used; "open" goes to a path of the site.
Steps: TypeAlias = list[tuple[str, dict[str, Any]]]

#: Account resource -> where the record has it.
RESOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "biography": ("user",),
    "comments": ("comments",),
    "forums": ("forums",),
    "submissions": ("submissions",),
    "subscriptions": ("subscriptions",),
    "votes": ("votes",),
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A fresh browser context with one tab, opened at the site's start."""

    page: Page
    address: str

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool; requires, ensures and types are checked as a run does."""
        return (await self.caller.call(TOOLSET.by_name[name], self.page, arguments)).value

    async def call_strictly(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool, and see besides that nothing changed that its contract does not name."""
        tool = TOOLSET.by_name[name]
        before = await self.record()
        report = await self.caller.call(tool, self.page, arguments)
        assert report.drift == ()
        assert changed(before, await self.record()) <= (tool.touches.writes or frozenset())
        if tool.effect.harmless and not tool.ensures:
            assert report.before == report.after
        return report.value

    async def walk(self, steps: Steps) -> None:
        """Go to where something can be tried."""
        for name, arguments in steps:
            if name == "open":
                path = self.address + arguments["path"]
                await self.page.goto(path, wait_until="domcontentloaded")
            else:
                await self.call(name, **arguments)

    async def record(self) -> Any:
        """The site's own record of this session."""
        answer = await self.page.request.get(f"{self.address}/finish")
        return (await answer.json())["finalstate"]

    async def observe(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await TOOLSET.observe(self.page)

    @property
    def caller(self) -> Caller:
        """Performs calls as the runtime does."""
        return Caller(TOOLSET, SystemClock())


def changed(before: Any, after: Any) -> frozenset[str]:
    """The account resources that differ between two records; all of it is some resource's."""
    assert {path[0] for path in RESOURCES.values()} == set(before)
    return frozenset(
        name for name, path in RESOURCES.items() if _at(before, path) != _at(after, path)
    )


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        record = record[key]
    return record
