"""From command line options to what they select: an engine, a toolset, a plan's text."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentjit.errors import CompileError, UsageError
from agentjit.source import Source

if TYPE_CHECKING:
    from agentjit.engine import AgentJIT
    from agentjit.toolspecs import Toolset
    from agentjit.toolspecs.state import StateModel, StateValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which site, which tools, which planner."""

    site: str | None = None
    tools: Path | None = None
    url: str | None = None
    seed: str | None = None
    latency: str | None = None
    model: Sequence[str] | None = None
    planner: str = "auto"
    cache: bool = True
    strategy: str = "auto"
    max_rounds: int = 1
    grammar: str = "auto"
    goals: bool = True
    agree: bool = False
    protocol: bool = True
    record: Path | None = None
    replay: Path | None = None
    replay_speed: float = 1.0
    max_cost: float | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None
    prices: Path | None = None
    headed: bool = False
    start: str | None = None
    har: bool = False
    trace: bool = False
    allow_origin: tuple[str, ...] = ()
    secrets: Path | None = None
    account: str | None = None
    cdp: Sequence[str] | None = None
    policy: Path | None = None
    head_start: bool = True
    retry: bool = True
    replan: bool = True
    steps: bool = True

    def make_engine(self, **more: Any) -> AgentJIT:
        """The engine that these options ask for, not yet open. Raises UsageError, ToolsetError."""
        seed, latency = self.site_settings()
        from agentjit.engine import AgentJIT

        return AgentJIT(
            self.site,
            tools=self.tools,
            url=self.url,
            seed=seed,
            latency=latency,
            model=self.model,
            planner=self.planner,
            cache=self.cache,
            strategy=self.strategy,
            max_rounds=self.max_rounds,
            grammar=self.grammar,
            goals=self.goals,
            agree=self.agree,
            protocol=self.protocol,
            record=self.record,
            replay=self.replay,
            replay_speed=self.replay_speed,
            max_cost=self.max_cost,
            max_tokens=self.max_tokens,
            max_seconds=self.max_seconds,
            prices=self.prices,
            headless=not self.headed,
            start_path=self.start,
            har=self.har,
            trace=self.trace,
            origins=self.allow_origin,
            secrets=self.secrets,
            account=self.account,
            cdp=self.cdp,
            policy=find_policy(self.policy),
            head_start=self.head_start,
            retry=self.retry,
            replan=self.replan,
            steps=self.steps,
            **more,
        )

    def site_settings(self) -> tuple[int, str]:
        """The bundled site's seed and latency: an option, else the environment, else none."""
        from agentjit.sites.common.settings import (
            LATENCY_VARIABLE,
            SEED_VARIABLE,
            make_settings,
        )

        if self.url is not None:
            if self.seed is not None or self.latency is not None:
                raise UsageError(
                    "--seed and --latency are for a site that agentjit starts itself",
                    "leave them out where --url says where the site is",
                )
            return 0, "0"
        seed = os.environ.get(SEED_VARIABLE, "0") if self.seed is None else self.seed
        latency = os.environ.get(LATENCY_VARIABLE, "0") if self.latency is None else self.latency
        return make_settings(seed=seed, latency=latency).seed, latency


def find_policy(named: Path | None) -> Path | None:
    """The policy that holds: the one that was named, else the one that lies here, if any."""
    from agentjit.runtime.policy import POLICY

    here = Path(POLICY)
    return named or (here if here.is_file() else None)


def select_again(folder: Path) -> tuple[str, Selection]:
    """The task of a run that is to be resumed, and where it was done. Raises UsageError."""
    from contextlib import closing

    from agentjit.engine.resuming import open_journal

    with closing(open_journal(folder)) as journal:
        known = {name: journal.fact(name) for name in ("task", "site", "tools", "url", "hosted")}
        start = journal.fact("start_path")
    if known["hosted"]:
        raise UsageError(
            f"the run in {folder} was on a replica that it had started itself, and which ended "
            "with it",
            "serve the site by itself (agentjit sites serve) and give --url: then a run can be "
            "resumed",
        )
    if known["site"] is None and known["tools"] is None:
        raise UsageError(
            f"the run in {folder} was made from Python, with tools of its own",
            "resume it from there: await jit.resume(folder)",
        )
    tools = Path(known["tools"]) if known["tools"] else None
    return known["task"], Selection(site=known["site"], tools=tools, url=known["url"], start=start)


def select_toolset(site: str | None, tools: Path | None) -> Toolset:
    """The toolset of a bundled site or of a file, no browser needed."""
    from agentjit.sites import load_site
    from agentjit.toolspecs import load_toolset

    if tools is None:
        return load_site(site or "dashdish").toolset
    if site is not None:
        raise UsageError("give a site or tools, not both")
    return load_toolset(tools)


def read_given(text: str | None, state: StateModel) -> dict[str, StateValue]:
    """What is said to hold where a plan starts: variable -> value. Raises UsageError."""
    if text is None:
        return {}
    from agentjit.diagnostics import Diagnostic
    from agentjit.toolspecs.contract import Constant, Equals
    from agentjit.toolspecs.grammar import parse_clauses

    hint = "say what is, as contracts do, e.g. --given \"page == 'store', cart == 'empty'\""
    clauses = parse_clauses(Source("--given", text))
    if isinstance(clauses, Diagnostic):
        raise UsageError(f"--given is no contract: {clauses.message}", hint)
    given: dict[str, StateValue] = {}
    for clause in clauses:
        variable = state.get(clause.var)
        if variable is None:
            known = ", ".join(state.names())
            raise UsageError(
                f"--given: the tools have no variable {clause.var!r}", f"it is {known}"
            )
        if not isinstance(clause, Equals) or not isinstance(clause.value, Constant):
            raise UsageError(f"--given: `{clause}` does not say what {clause.var} is", hint)
        if not variable.admits(clause.value.value):
            allowed = variable.show_type()
            raise UsageError(f"--given: `{clause}` can never hold", f"{clause.var} is {allowed}")
        if given.setdefault(clause.var, clause.value.value) != clause.value.value:
            raise UsageError(f"--given says two things of {clause.var!r}", hint)
    return given


def require_task(task: str) -> str:
    """The task's text; UsageError where there is none, before anything is started for it."""
    if not task.strip():
        raise UsageError("the task is empty", "say what you want, e.g. «order …»")
    return task


def read_plan(path: str) -> Source:
    """A plan's text from a file, or from standard input for `-`. Raises UsageError."""
    try:
        if path == "-":
            return Source("stdin", sys.stdin.read())
        return Source(path, Path(path).read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"cannot read {path!r}: {error.strerror}", "give a plan's path, or - for standard input"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path!r} is not UTF-8 text", "a plan is a text file") from error


def read_own_plan(path: str | None, toolset: Toolset) -> str | None:
    """The text of a plan that is to be run; None where none is given.

    Whatever is no plan for these tools at all is told at once, before a browser is started for it.
    Raises UsageError, CompileError.
    """
    if path is None:
        return None
    from agentjit.compiler.check import read_program

    source = read_plan(path)
    program = read_program(source, toolset)
    if isinstance(program, tuple):
        raise CompileError(f"{source.name} is not a valid plan", program, source)
    return source.text
