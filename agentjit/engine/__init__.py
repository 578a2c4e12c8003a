"""The engine: composes site, browser, planner, compiler and runtime; only it knows all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from agentjit.engine.arriving import arriving
from agentjit.engine.options import (
    DEFAULT_SITE,
    MAX_TASK_CHARS,
    PLANNERS,
    Options,
    check_text,
)
from agentjit.engine.planning import NoValidPlan, choose_plan
from agentjit.engine.running import record_run, resume_run
from agentjit.engine.session import Opening, Session
from agentjit.errors import UsageError
from agentjit.planner.budget import Budget
from agentjit.planner.candidate import Choice
from agentjit.planner.models import ModelSettings, settings_from_env
from agentjit.planner.prices import FREE, PRICES, Price, load_prices
from agentjit.planner.recording import load_recording
from agentjit.ports import Approver, Model
from agentjit.runtime.approval import as_approver
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.fence import Fence
from agentjit.runtime.keeping import open_secrets
from agentjit.runtime.policy import Policy, PolicyApprover, read_policy
from agentjit.runtime.recorder import Forgetting, Recorder
from agentjit.runtime.result import RunResult
from agentjit.runtime.secrets import handles_in
from agentjit.runtime.tabs import check_address
from agentjit.sites import load_site
from agentjit.sites.site import Site
from agentjit.toolspecs import Toolset, load_toolset

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

__all__ = [
    "DEFAULT_SITE",
    "MAX_TASK_CHARS",
    "PLANNERS",
    "AgentJIT",
    "NoValidPlan",
    "Options",
    "run",
]


class AgentJIT:
    """Turns sentences into verified runs on one site. Use it with `async with`.

    `site` names a bundled site; `tools` is a Toolset or the path of a file that holds one, and then
    `url` says where the site is. All runs of one engine share one account (one browser context).
    """

    def __init__(
        self, site: str | None = None, *, tools: Toolset | Path | str | None = None, **options: Any
    ) -> None:
        self.options = Options(**options)
        self.site: Site | None = None
        self._tools_file = Path(tools) if isinstance(tools, Path | str) else None
        if tools is None:
            self.site = load_site(site or DEFAULT_SITE)
            self.toolset = self.site.toolset
        elif site is not None:
            raise UsageError("give a site or tools, not both")
        else:
            self.toolset = tools if isinstance(tools, Toolset) else load_toolset(Path(tools))
            if self.options.url is None:
                raise UsageError("tools of your own need the site's address", "add --url http://…")
        if self.options.url is not None:
            check_address(self.options.url)
        if self.options.start_path is not None:
            self.toolset = replace(self.toolset, start_path=self.options.start_path)
        self._approver = self._make_approver()
        self._settings = _model_settings(self.options)
        file = self.options.secrets
        self._secrets = open_secrets(self.options.env, Path(file) if file is not None else None)
        self._replayed = _replayed(self.options)
        self._prices = _prices(self.options, self._settings)
        for name in (*(s.name for s in self._settings), *(m.name for m in self._replayed)):
            Budget(self.options.ceilings, self._prices.get).require_price(name)
        self._stack = AsyncExitStack()
        # One account: two runs side by side would find each other's things in the cart.
        self._turn = asyncio.Lock()
        self._session: Session | None = None

    def _make_approver(self) -> Approver:
        asked, policy = as_approver(self.options.approve), self.options.policy
        if policy is None:
            return asked
        if not isinstance(policy, Policy):
            policy = read_policy(Path(policy))
        return PolicyApprover(policy, self.toolset.name, asked)

    async def __aenter__(self) -> Self:
        opening = Opening(
            options=self.options,
            toolset=self.toolset,
            site=self.site,
            secrets=self._secrets,
            tools_file=self._tools_file,
            settings=self._settings,
            prices=self._prices,
            replayed=self._replayed,
            stack=self._stack,
        )
        try:
            self._session = await opening.open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._session = None
        await self._stack.aclose()

    async def plan(self, task: str, *, plan: str | None = None) -> Choice:
        """The plan that `run` would perform, the candidates that lost, and why. Changes nothing.

        `plan` is a plan's text that came from elsewhere; it is checked like any other. Raises
        PlanningError.
        """
        live = self._live
        recorder = Recorder(SystemClock(), Forgetting(), self.options.listeners, live.secrets)
        budget = live.make_budget()
        async with arriving(live.tab()) as page:
            planned = await choose_plan(live, task, page, recorder, budget, plan=plan)
        return planned.choice

    async def run(self, task: str, *, plan: str | None = None) -> RunResult:
        """Plan the task, check the plan, perform it; the result says how that ended.

        `secret:NAME` in the task, or in a plan that is given, stands for what only tools see.

        A run that fails is a result too, with `error` set. Raises UsageError for an empty task.
        """
        check_text(task)
        live = self._live
        live.secrets.require(handles_in(task, plan or ""))
        async with self._turn:
            return await record_run(live, task, plan, self._approver)

    async def resume(self, folder: Path | str) -> RunResult:
        """Continue a run that ended before its time, in its folder; nothing done is repeated.

        It continues as the account that it had. Raises UsageError where the folder holds no such
        run, where another process owns it, and where the site or its tools are not the same.
        """
        live = self._live
        async with self._turn:
            return await resume_run(live, Path(folder), self._approver)

    @property
    def fence(self) -> Fence:
        """What keeps the open engine's browser from all other origins, and counts."""
        return self._live.fence

    @property
    def context(self) -> BrowserContext:
        """The browser context that is signed in as the open engine's account."""
        return self._live.context

    @property
    def _live(self) -> Session:
        if self._session is None:
            hint = "use it with `async with AgentJIT(…) as jit`"
            raise UsageError("the engine is not open", hint)
        return self._session


def run(task: str, *, site: str | None = None, **options: Any) -> RunResult:
    """Run one task from synchronous code: opens an engine, runs, closes it. See AgentJIT.

    Inside a running event loop (a notebook) it works too, in a thread of its own.
    """

    async def once() -> RunResult:
        async with AgentJIT(site, **options) as jit:
            return await jit.run(task)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(once())
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, once()).result()


def _model_settings(options: Options) -> tuple[ModelSettings, ...]:
    """A model's settings for each that was asked for, or for the default one; () without a key."""
    if options.planner == "symbolic" or options.replay is not None:
        return ()
    found = [settings_from_env(options.env, name) for name in options.models or (None,)]
    settings = tuple(each for each in found if each is not None)
    if not settings and (options.planner == "model" or options.models or options.record):
        raise UsageError(
            "planning with a model needs OPENAI_API_KEY",
            "set it, and OPENAI_BASE_URL for an endpoint other than OpenAI's",
        )
    return settings


def _prices(options: Options, settings: tuple[ModelSettings, ...]) -> Mapping[str, Price]:
    """The table of prices; what runs on this machine costs nothing, unless a user's own says so.

    Raises UsageError.
    """
    local = {each.name: FREE for each in settings if each.is_local}
    own = {} if options.prices is None else load_prices(Path(options.prices))
    return {**PRICES, **local, **own}


def _replayed(options: Options) -> tuple[Model, ...]:
    """The models of the recording that is to be replayed, if any. Raises UsageError."""
    if options.replay is None or options.planner == "symbolic":
        return ()
    return load_recording(Path(options.replay), speed=options.replay_speed)
