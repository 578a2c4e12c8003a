"""A session: the site and the browser that an open engine holds, started side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError

from agentjit.engine.options import Options
from agentjit.planner.budget import Budget
from agentjit.planner.constraint import PlanGrammar
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import ModelSettings
from agentjit.planner.plan_cache import PlanCache, find_cache
from agentjit.planner.prices import Price
from agentjit.planner.recording import RecordingModel
from agentjit.ports import Model
from agentjit.runtime.accounts import Account, find_accounts
from agentjit.runtime.allowed import Allowed, read_origins
from agentjit.runtime.browsers import Browsers, Home
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.connecting import connect_browser, show_endpoint
from agentjit.runtime.contexts import open_context
from agentjit.runtime.fence import HOST as LOOPBACK
from agentjit.runtime.fence import Fence, open_fence
from agentjit.runtime.launch import open_browser
from agentjit.runtime.leavings import Leavings
from agentjit.runtime.profile_store import ProfileStore, find_profiles
from agentjit.runtime.secrets import Secrets
from agentjit.runtime.tabpool import TabSource
from agentjit.runtime.tabs import restart_tab, set_apart
from agentjit.sites.site import Site
from agentjit.toolspecs import Toolset

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What an open engine holds: a browser context that is signed in as one account."""

    options: Options
    toolset: Toolset
    #: The bundled site; None for tools of one's own, and then the file that they came from.
    site: Site | None
    tools_file: Path | None
    #: The models that plan, in turn, and the endpoints of those that are not replayed; no models
    #: where the symbolic planner plans.
    models: tuple[Model, ...]
    endpoints: tuple[EndpointModel, ...]
    prices: Mapping[str, Price]
    grammar: PlanGrammar
    browsers: Browsers
    secrets: Secrets
    #: What keeps the browser from all other origins.
    fence: Fence
    url: str
    caller: Caller
    #: Plans that were seen to work; None where none are kept.
    cache: PlanCache | None
    #: What runs have measured of sites; None where nothing can be kept.
    profiles: ProfileStore | None
    #: Tabs of runs that have ended, while they are closed.
    leavings: Leavings
    #: Seconds that each part of the start took.
    startup: Mapping[str, float]

    @property
    def context(self) -> BrowserContext:
        """The context that is signed in as the account."""
        return self.browsers.context

    @property
    def account(self) -> str:
        """Whose things are changed: a grant for one account is none for another."""
        name = self.options.account
        return self.url if name is None else f"{self.url} as {name}"

    def make_budget(self) -> Budget:
        """What one run may spend, its time running from now."""
        budget = Budget(self.options.ceilings, self.prices.get, SystemClock())
        budget.begin()
        return budget

    def tab(self) -> AbstractAsyncContextManager[Page]:
        """A fresh tab at the place where plans start; closed at its end."""
        return self.browsers.open_tab(self.url, self.caller)

    @property
    def tabs(self) -> TabSource:
        """Where the other tabs of a run come from, and where they go."""
        return TabSource(
            open_tab=lambda: self.browsers.open_tab(self.url, self.caller, apart=True),
            restart=lambda page: restart_tab(page, self.url, self.caller),
            set_apart=set_apart,
            leave=self.leavings.take,
            alive=lambda: self.browsers.alive,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known before anything is started, and where what is started will be closed."""

    options: Options
    toolset: Toolset
    site: Site | None
    tools_file: Path | None
    settings: tuple[ModelSettings, ...]
    prices: Mapping[str, Price]
    replayed: tuple[Model, ...]
    stack: AsyncExitStack
    secrets: Secrets
    leavings: Leavings = field(default_factory=Leavings)

    async def open(self) -> Session:
        """Start the site and the browser side by side."""
        timing: dict[str, float] = {}
        browsers = asyncio.create_task(self._start_browsers(timing))
        site = asyncio.create_task(self._start_site(timing))
        endpoints = tuple(EndpointModel(settings) for settings in self.settings)
        for endpoint in endpoints:
            self.stack.push_async_callback(endpoint.aclose)
        clients = [asyncio.create_task(endpoint.prepare()) for endpoint in endpoints]
        # All are waited for, so that what did start is closed when another fails.
        await asyncio.gather(browsers, site, *clients, _warm_up(), return_exceptions=True)
        url = site.result()
        fence = await self.stack.enter_async_context(open_fence(self._allowed(url)))
        homes = [await self._open_home(each, fence, url) for each in browsers.result()]
        return Session(
            options=self.options,
            toolset=self.toolset,
            site=self.site,
            tools_file=self.tools_file,
            models=self.replayed or self._recorded(endpoints),
            endpoints=endpoints,
            prices=self.prices,
            grammar=PlanGrammar(self.toolset),
            browsers=Browsers(homes),
            fence=fence,
            secrets=self.secrets,
            url=url,
            caller=Caller(self.toolset, SystemClock(), self.secrets),
            cache=find_cache(self.options.env) if self.options.cache else None,
            profiles=find_profiles(self.options.env),
            leavings=self.leavings,
            startup=timing,
        )

    def _recorded(self, endpoints: tuple[EndpointModel, ...]) -> tuple[Model, ...]:
        if self.options.record is None:
            return endpoints
        path = Path(self.options.record)
        return tuple(RecordingModel(e, path, turn=turn) for turn, e in enumerate(endpoints))

    def _account(self, url: str) -> Account | None:
        name = self.options.account
        return find_accounts(self.options.env).get_for(name, url) if name is not None else None

    def _allowed(self, url: str) -> Allowed:
        return read_origins((url, *self.toolset.origins, *self.options.origins))

    async def _open_home(self, found: tuple[str, Browser], fence: Fence, url: str) -> Home:
        where, browser = found
        context = await open_context(
            browser,
            fence,
            base_url=self.options.url,
            account=self._account(url),
            foreign=bool(self.options.endpoints),
        )
        return Home(context, where)

    async def _start_browsers(self, timing: dict[str, float]) -> list[tuple[str, Browser]]:
        """Browsers, each with what to call it."""
        from playwright.async_api import async_playwright  # noqa: PLC0415 - not for `--help`

        options, started = self.options, perf_counter()
        playwright = await self.stack.enter_async_context(async_playwright())
        # Once the browser is closed: then whatever is being closed in it has an answer.
        self.stack.push_async_callback(self.leavings.aclose)
        # A bundled site is on loopback, at a port that is not known yet; names have no ports.
        places = self._allowed(options.url or f"http://{LOOPBACK}:1").places
        hosts = [place.host for place in places]
        found: list[tuple[str, Browser]] = []
        for address in options.endpoints:
            browser = await connect_browser(playwright, address)
            self.stack.push_async_callback(_close_quietly, browser)
            found.append((show_endpoint(address), browser))
        if not found:
            _, browser = await open_browser(
                playwright, options.env, headless=options.headless, hosts=[LOOPBACK, *hosts]
            )
            self.stack.push_async_callback(_close_quietly, browser)
            found.append(("this machine", browser))
        timing["browser start"] = perf_counter() - started
        return found

    async def _start_site(self, timing: dict[str, float]) -> str:
        options = self.options
        if options.url is not None:
            return options.url.rstrip("/")
        from agentjit.sites.common.serve import serving  # noqa: PLC0415 - brings the web server
        from agentjit.sites.common.settings import read_settings  # noqa: PLC0415

        assert self.site is not None
        started = perf_counter()
        names = ("seed", "latency", "today")
        settings = read_settings(options.env, {n: getattr(options, n) for n in names})
        addresses = await self.stack.enter_async_context(serving([self.site], settings))
        timing["site start"] = perf_counter() - started
        return addresses[self.site.name]


async def _warm_up() -> None:
    """Load what forecasts are made with, while the browser starts: a tenth of a second."""
    await asyncio.to_thread(import_module, "agentjit.scheduler.choosing")


async def _close_quietly(browser: Browser) -> None:
    """Close a browser that may be gone already."""
    with suppress(PlaywrightError):
        await browser.close()
