"""Records what a toolset's own code does in the browser while a plan runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from weakref import WeakSet

from agentjit.bench.recordings.noting import Arrived, Began, Did, Notice, tidy
from agentjit.bench.recordings.recording import Action, Recording, Target
from agentjit.engine import AgentJIT
from agentjit.errors import RunError
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.tasks import SiteTask
from agentjit.toolspecs import Toolset
from agentjit.toolspecs.signature import Body
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Frame, Page

#: What the page's script calls, and what it calls it with.
_BINDING: Final = "noteAction"


class Recorder:
    """Watches the tools of one toolset: use `toolset` in the place of the one that was given."""

    def __init__(self, toolset: Toolset) -> None:
        self.notices: list[Notice] = []
        self.toolset = replace(toolset, tools=tuple(self._watched(each) for each in toolset.tools))
        self._contexts: WeakSet[BrowserContext] = WeakSet()
        self._pages: WeakSet[Page] = WeakSet()

    def _watched(self, tool: Tool) -> Tool:
        return replace(tool, body=self._body(tool))

    def _body(self, tool: Tool) -> Body:
        async def body(page: Page, **arguments: Any) -> Any:
            await self._watch(page)
            self.notices.append(Began(tool.name, tool.effect))
            return await tool.body(page, **arguments)

        return body

    async def _watch(self, page: Page) -> None:
        if page.context not in self._contexts:
            self._contexts.add(page.context)
            await page.context.expose_binding(_BINDING, self._note)
            await page.context.add_init_script(f"({page_script()})()")
        if page not in self._pages:
            self._pages.add(page)
            page.on("framenavigated", self._arrived)
        # The page that the tab shows was there before anybody watched.
        await page.evaluate(page_script())

    def _note(self, _source: object, told: Mapping[str, Any]) -> None:
        target = Target(**told["target"])
        action = Action(kind=told["kind"], path=told["path"], target=target, value=told["value"])
        whole = None if told.get("all") is None else Target(**told["all"])
        self.notices.append(Did(action, whole, told.get("peers", 0)))

    def _arrived(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self.notices.append(Arrived(path_of(frame.url)))


@cache
def page_script() -> str:
    """The function that watches a page."""
    sources = (read_script("targets.js"), read_script("recorder.js"))
    return f"() => {{\n{''.join(sources)}}}"


def read_script(name: str) -> str:
    """The text of a script of this package."""
    return (files("agentjit.bench.recordings") / name).read_text("utf-8")


def path_of(url: str) -> str:
    """An address without its origin."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl() or "/"


async def record_plan(task: SiteTask, plan: str, seed: int) -> Recording:
    """Run the plan on a replica of its own, one call after the other, and tell what it did.

    Raises RunError where the plan does not come to its end.
    """
    site = load_site(task.site)
    recorder = Recorder(site.toolset)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="recording-"))
        settings = SiteSettings(seed=seed, today=task.today)
        urls = await stack.enter_async_context(serving([site], settings))
        engine = AgentJIT(
            tools=recorder.toolset,
            url=urls[site.name],
            start_path=task.start_path,
            approve=True,
            cache=False,
            replan=False,
            strategy="serial",
            planner="symbolic",
            runs_dir=Path(folder),
        )
        jit = await stack.enter_async_context(engine)
        result = await jit.run(task.goal, plan=plan)
    if not result.ok:
        raise RunError(f"the plan of {task.id} was not done: {result.error or result.status}")
    return Recording(
        task=task.id,
        goal=task.goal,
        site=task.site,
        seed=seed,
        start=task.start,
        actions=tidy(recorder.notices, counted(plan, site.toolset), task.start),
        # Whoever was asked to do something says that it is done, and no more.
        answer=result.value if task.kind == "read" else None,
    )


def counted(plan: str, toolset: Toolset) -> frozenset[str]:
    """The tools that the plan itself calls; those by which the run checks another call are not
    told apart, and left out: that can only make a recording shorter.
    """
    named = called(plan)
    tools = [tool for tool in toolset.tools if tool.name in named]
    return named - {check for tool in tools for check in (tool.verify, tool.terms) if check}


def called(plan: str) -> frozenset[str]:
    """The names that a plan calls."""
    calls = (node.func for node in ast.walk(ast.parse(plan)) if isinstance(node, ast.Call))
    return frozenset(each.id for each in calls if isinstance(each, ast.Name))
