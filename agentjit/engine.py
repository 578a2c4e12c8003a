"""The engine: composes site, browser, planner, compiler and runtime; only it knows all of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import Error as PlaywrightError

from agentjit.diagnostics import Diagnostic
from agentjit.errors import AgentjitError, PlanningError, RunError, UsageError
from agentjit.planner.candidate import Candidate, Choice, Task, Verdict
from agentjit.planner.models import EndpointModel, ModelSettings, settings_from_env
from agentjit.planner.sampling import sample_plans
from agentjit.planner.select import choose, judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.ports import Approver, Usage
from agentjit.runtime.approval import Decide, as_approver
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.launch import open_browser
from agentjit.runtime.looking import SiteLookup
from agentjit.runtime.network import NETWORK, recorded_network
from agentjit.runtime.recorder import Forgetting, Listener, Recorder
from agentjit.runtime.result import RunResult, status_of
from agentjit.runtime.runfolder import RunFolder, new_run_folder
from agentjit.runtime.sandbox import open_sandbox
from agentjit.runtime.tabs import check_address, observe_start, open_tab
from agentjit.sites import load_site
from agentjit.sites.evidence import keep_evidence
from agentjit.sites.site import Site
from agentjit.toolspecs import Toolset, load_toolset

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

#: The site that is used where none is named.
DEFAULT_SITE = "dashdish"

#: A sentence, not a document.
MAX_TASK_CHARS = 10_000

#: Who may write plans: a model where a key is set, else the symbolic planner; or one of them.
PLANNERS = ("auto", "symbolic", "model")


class NoValidPlan(PlanningError):
    """Every candidate was rejected; the verdicts say why."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        if len(verdicts) == 1:
            first = verdicts[0].diagnostics[0]
            where = f" (line {first.span.line})" if first.span else ""
            message = f"the plan is not valid: {first.message}{where}"
            hint = first.remedy or "see the diagnostics"
        else:
            message = f"none of the {len(verdicts)} candidate plans is valid"
            hint = "see the diagnostics; another model (--model) or plainer words may help"
        super().__init__(message, hint)
        self.verdicts = tuple(verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an engine works. Every field is an argument of AgentJIT too."""

    url: str | None = None
    #: `provider/model`; None takes AGENTJIT_MODEL or the default. Only used where a key is set.
    model: str | None = None
    planner: str = "auto"
    #: Who grants irreversible calls: True, False, a function, or an Approver. None refuses.
    approve: Approver | Decide | bool | None = None
    #: Seed, latency and day ("2026-03-01") of a bundled site.
    seed: int = 0
    latency: str = "0"
    today: str | None = None
    #: Where a run begins, if not where the tools start.
    start_path: str | None = None
    #: Whether to keep the network of each run, as HAR, in its folder.
    har: bool = False
    headless: bool = True
    runs_dir: Path | str = "runs"
    listeners: tuple[Listener, ...] = ()
    #: The environment: OPENAI_API_KEY, AGENTJIT_BROWSER, …
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """What an open engine holds: a browser context that is signed in as one account."""

    context: BrowserContext
    url: str
    caller: Caller
    model: EndpointModel | None
    startup: Mapping[str, float]


class AgentJIT:
    """Turns sentences into verified runs on one site. Use it with `async with`.

    `site` names a bundled site; `tools` is a Toolset or the path of a file that holds one, and then
    `url` says where the site is. All runs of one engine share one account (one browser context).
    """

    def __init__(
        self, site: str | None = None, *, tools: Toolset | Path | str | None = None, **options: Any
    ) -> None:
        self.options = Options(**options)
        if self.options.planner not in PLANNERS:
            raise UsageError(
                f"there is no planner {self.options.planner!r}", f"use {', '.join(PLANNERS)}"
            )
        self.site: Site | None = None
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
        self._approver = as_approver(self.options.approve)
        self._settings = self._model_settings()
        self._stack = AsyncExitStack()
        # One account: two runs side by side would find each other's things in the cart.
        self._turn = asyncio.Lock()
        self._session: _Session | None = None

    async def __aenter__(self) -> Self:
        try:
            self._session = await self._open()
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
        recorder = Recorder(SystemClock(), Forgetting(), self.options.listeners)
        async with self._tab() as page:
            choice, _ = await self._choose(task, page, recorder, plan)
        return choice

    async def run(self, task: str, *, plan: str | None = None) -> RunResult:
        """Plan the task, check the plan, perform it; the result says how that ended.

        A run that fails is a result too, with `error` set. Raises UsageError for an empty task.
        """
        _check_text(task)
        live = self._live
        async with self._turn:
            return await self._record_run(task, plan, live)

    async def _record_run(self, task: str, plan: str | None, live: _Session) -> RunResult:
        begun, folder = perf_counter(), new_run_folder(Path(self.options.runs_dir))
        har = folder.path / NETWORK if self.options.har else None
        with closing(folder):
            recorder = Recorder(SystemClock(), folder, self.options.listeners)
            recorder.record("run-started", task=task, site=self.toolset.name, url=live.url)
            try:
                async with recorded_network(live.context, har):
                    result = await self._run(task, plan, folder, recorder)
            except asyncio.CancelledError:
                recorder.record("run-ended", status="interrupted", message="")
                raise
            timing = {**live.startup, **result.timing}
            result = replace(result, wall_seconds=perf_counter() - begun, timing=timing)
            return _keep(result, folder, recorder)

    async def _run(
        self, task: str, plan: str | None, folder: RunFolder, recorder: Recorder
    ) -> RunResult:
        live, timing = self._live, dict[str, float]()
        choice: Choice | None = None
        usage = Usage()
        outcome = Outcome()
        record: Any = None
        error: AgentjitError | None = None
        begun = perf_counter()
        try:
            async with self._tab() as page:
                started = perf_counter()
                timing["opening the site"] = started - begun
                choice, usage = await self._choose(task, page, recorder, plan)
                folder.write("plan.py", choice.winner.candidate.plan)
                timing["planning"] = perf_counter() - started
                outcome = await self._perform(choice, page, recorder)
                error = outcome.error
                timing["running"] = perf_counter() - started - timing["planning"]
                timing["checking contracts"] = outcome.check_seconds
                if self.site is not None and self.options.url is None:
                    record = await keep_evidence(self.site, live.url, live.context, folder)
        except AgentjitError as failure:
            # How the run itself ended says more than what went wrong after it.
            error = error or failure
        return RunResult(
            task=task,
            status=status_of(error) if error else "done",
            value=outcome.value,
            error=error,
            line=outcome.span.line if outcome.span else None,
            choice=choice,
            diagnostics=_diagnostics_of(error),
            commits=outcome.commits,
            usage=usage + outcome.usage,
            record=record,
            timing=timing,
            run_dir=folder.path,
        )

    async def _perform(self, choice: Choice, page: Page, recorder: Recorder) -> Outcome:
        live = self._live
        gate = CommitGate(live.caller, self._approver, recorder, account=live.url, commits=[])
        async with open_sandbox() as sandbox:
            driver = Driver(choice.checked, page, gate, sandbox, recorder, live.model)
            return await driver.run()

    async def _choose(
        self, text: str, page: Page, recorder: Recorder, plan: str | None
    ) -> tuple[Choice, Usage]:
        """Candidates, judged; the choice, and what the model calls cost."""
        _check_text(text)
        live = self._live
        anywhere = self.options.start_path is not None
        observed = await observe_start(page, live.caller, anywhere=anywhere)
        task = Task(text, self.toolset, tuple(observed.items()))
        recorder.record("planning", planner=self._planner_name(plan))
        if plan is not None:
            verdicts = [judge(Candidate(plan=plan, origin="given"), task, provenance=False)]
        elif live.model is not None and self._settings is not None:
            settings = self._settings
            verdicts = await sample_plans(
                task,
                live.model,
                workers=settings.workers,
                n_valid=settings.n_valid,
                temperature=settings.temperature,
                max_tokens=settings.max_tokens,
                on_verdict=lambda v: recorder.record(
                    "candidate",
                    origin=v.candidate.origin,
                    cost=v.cost,
                    problem=v.diagnostics[0].message if v.cost is None else None,
                ),
            )
        else:
            lookup = SiteLookup(live.context, live.url, page, live.caller, recorder)
            verdicts = [judge(await plan_symbolically(task, lookup), task)]
        choice = choose(verdicts, task)
        if choice is None:
            raise NoValidPlan(verdicts)
        winner = choice.winner
        text = winner.candidate.plan
        recorder.record("planned", origin=winner.candidate.origin, cost=winner.cost, plan=text)
        return choice, sum((v.candidate.usage for v in verdicts), Usage())

    def _tab(self) -> AbstractAsyncContextManager[Page]:
        return open_tab(self._live.context, self._live.url, self._live.caller)

    @property
    def _live(self) -> _Session:
        if self._session is None:
            hint = "use it with `async with AgentJIT(…) as jit`"
            raise UsageError("the engine is not open", hint)
        return self._session

    def _model_settings(self) -> ModelSettings | None:
        if self.options.planner == "symbolic":
            return None
        settings = settings_from_env(self.options.env, self.options.model)
        if settings is None and (self.options.planner == "model" or self.options.model):
            raise UsageError(
                "planning with a model needs OPENAI_API_KEY",
                "set it, and OPENAI_BASE_URL for an endpoint other than OpenAI's",
            )
        return settings

    def _planner_name(self, plan: str | None) -> str:
        if plan is not None:
            return "a plan that was given"
        return self._settings.name if self._settings else "built-in symbolic planner"

    async def _open(self) -> _Session:
        """Start the site and the browser side by side."""
        timing: dict[str, float] = {}
        browser = asyncio.create_task(self._start_browser(timing))
        site = asyncio.create_task(self._start_site(timing))
        # Both are waited for, so that what did start is closed when the other fails.
        await asyncio.gather(browser, site, return_exceptions=True)
        context, url = browser.result(), site.result()
        model = EndpointModel(self._settings) if self._settings else None
        if model is not None:
            self._stack.push_async_callback(model.aclose)
        return _Session(
            context=context,
            url=url,
            caller=Caller(self.toolset, SystemClock()),
            model=model,
            startup=timing,
        )

    async def _start_browser(self, timing: dict[str, float]) -> BrowserContext:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - not for `--help`

        started = perf_counter()
        playwright = await self._stack.enter_async_context(async_playwright())
        _, browser = await open_browser(
            playwright, self.options.env, headless=self.options.headless
        )
        self._stack.push_async_callback(_close_quietly, browser)
        context = await browser.new_context(base_url=self.options.url)
        timing["browser start"] = perf_counter() - started
        return context

    async def _start_site(self, timing: dict[str, float]) -> str:
        if self.options.url is not None:
            return self.options.url.rstrip("/")
        from agentjit.sites.common.serve import serving  # noqa: PLC0415 - brings the web server
        from agentjit.sites.common.settings import read_settings  # noqa: PLC0415

        assert self.site is not None
        started = perf_counter()
        names = ("seed", "latency", "today")
        settings = read_settings(self.options.env, {n: getattr(self.options, n) for n in names})
        addresses = await self._stack.enter_async_context(serving([self.site], settings))
        timing["site start"] = perf_counter() - started
        return addresses[self.site.name]


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


async def _close_quietly(browser: Browser) -> None:
    """Close a browser that may be gone already."""
    with suppress(PlaywrightError):
        await browser.close()


def _check_text(task: str) -> None:
    if not task.strip():
        raise UsageError("the task is empty", "say what you want, e.g. «order …»")
    if len(task) > MAX_TASK_CHARS:
        raise UsageError(f"the task is longer than {MAX_TASK_CHARS} characters", "shorten it")


def _keep(result: RunResult, folder: RunFolder, recorder: Recorder) -> RunResult:
    """Write how the run ended; where that is not possible, the result says so by its `run_dir`."""
    message = result.error.message if result.error else ""
    try:
        recorder.record("run-ended", status=result.status, message=message)
        folder.write("result.json", result.to_json())
    except RunError:
        # A full disk must not keep the caller from learning what was done.
        return replace(result, run_dir=None)
    return result


def _diagnostics_of(error: AgentjitError | None) -> tuple[Diagnostic, ...]:
    if not isinstance(error, NoValidPlan):
        return ()
    return tuple(d for v in error.verdicts for d in v.diagnostics)
