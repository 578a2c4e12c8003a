"""How an engine works: its options, and what is said of those that make no sense."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agentjit.errors import UsageError
from agentjit.planner.budget import Ceilings
from agentjit.planner.capability import GRAMMAR_CHOICES
from agentjit.ports import Approver
from agentjit.runtime.approval import Decide
from agentjit.runtime.policy import Policy
from agentjit.runtime.recorder import Listener
from agentjit.scheduler.strategies import parse_strategy
from agentjit.stepping.outcome import StepLimits

#: The site that is used where none is named.
DEFAULT_SITE: Final = "dashdish"

#: A sentence, not a document.
MAX_TASK_CHARS: Final = 10_000

#: Who may write plans: a model where a key is set, else the symbolic planner; or one of them.
PLANNERS: Final = ("auto", "symbolic", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an engine works. Every field is an argument of AgentJIT too."""

    url: str | None = None
    #: `provider/model`, or several; None takes AGENTJIT_MODEL or the default. Only used where a
    #: key is set.
    model: str | Sequence[str] | None = None
    planner: str = "auto"
    #: Whether a plan by way of a goal is made beside the samples: read from the task's own words,
    #: and where they do not suffice asked of the model as one line.
    goals: bool = True
    #: Whether calls that only look and move are made, each proven, while a model still writes the
    #: rest of the plan.
    head_start: bool = True
    #: Whether a plan that more candidates agree with goes before a cheaper one, and one that nobody
    #: agrees with is not run where it commits something.
    agree: bool = False
    #: Whether the prompt tells of state, contracts and effects; plans are checked by them anyhow.
    protocol: bool = True
    #: Attempts of each sample: those after the first are told what is wrong with the one before.
    max_rounds: int = 1
    #: A file to which all answers of the models are recorded, or out of which they are given, and
    #: how many times as fast as they were.
    record: Path | str | None = None
    replay: Path | str | None = None
    replay_speed: float = 1.0
    #: How the endpoint takes grammars, one of GRAMMAR_CHOICES; "auto" finds out.
    grammar: str = "auto"
    #: The most that one run may spend on models, in dollars and in tokens, and take, in seconds.
    max_cost: float | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None
    #: A file with prices of models, which go before those that are built in.
    prices: Path | str | None = None
    #: Who grants irreversible calls: True, False, a function, or an Approver. None refuses.
    approve: Approver | Decide | bool | None = None
    #: A policy that decides before anybody is asked, or the TOML file that it is in.
    policy: Policy | Path | str | None = None
    #: Whether calls that may be repeated safely are, when they fail; and whether, where nothing was
    #: changed yet, another plan is made for a run that fails.
    retry: bool = True
    replan: bool = True
    #: Whether, where a tool fails because its page has changed, and no other plan is left, a model
    #: may do that one call's work by clicks; and how much it may take for it.
    steps: bool = True
    step_limits: StepLimits = field(default_factory=StepLimits)
    #: Seed, latency and day ("2026-03-01") of a bundled site.
    seed: int = 0
    latency: str = "0"
    today: str | None = None
    #: Origins that the site may load from beside its own and those of its tools.
    origins: tuple[str, ...] = ()
    #: Where a run begins, if not where the tools start.
    start_path: str | None = None
    #: How a plan is run: auto, serial, parallel:K, hedge:N, parallel:K+hedge:N.
    strategy: str = "auto"
    #: Whether plans of verified runs are kept, and used again.
    cache: bool = True
    #: Whether to keep the network of each run, as HAR, in its folder.
    har: bool = False
    #: Whether to keep a trace of each run in its folder, for Playwright's trace viewer.
    trace: bool = False
    #: A file in dotenv form with values for `secret:NAME`.
    secrets: Path | str | None = None
    #: The name of an account that was kept with `agentjit auth save`; each engine has one.
    account: str | None = None
    #: The address of a browser that runs already, or several, instead of one that is started.
    cdp: str | Sequence[str] | None = None
    headless: bool = True
    runs_dir: Path | str = "runs"
    listeners: tuple[Listener, ...] = ()
    #: The environment: OPENAI_API_KEY, AGENTJIT_BROWSER, …
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        parse_strategy(self.strategy)
        if self.planner not in PLANNERS:
            raise UsageError(f"there is no planner {self.planner!r}", f"use {', '.join(PLANNERS)}")
        if self.grammar not in GRAMMAR_CHOICES:
            raise UsageError(
                f"there is no way to take a grammar called {self.grammar!r}",
                f"use {', '.join(GRAMMAR_CHOICES)}",
            )
        if self.max_rounds < 1:
            raise UsageError(f"{self.max_rounds} rounds are none", "give 1 or more")
        if self.record is not None and self.replay is not None:
            raise UsageError("a replay is not recorded again", "leave one of them out")
        _ = self.ceilings  # it says what is wrong with them

    @property
    def ceilings(self) -> Ceilings:
        """The most that one run may take. Raises UsageError where that is nothing."""
        return Ceilings(dollars=self.max_cost, tokens=self.max_tokens, seconds=self.max_seconds)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The addresses of browsers that run already, each once."""
        given = (self.cdp,) if isinstance(self.cdp, str) else self.cdp or ()
        return tuple(dict.fromkeys(given))

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were asked for by name, each once."""
        named = (self.model,) if isinstance(self.model, str) else self.model or ()
        return tuple(dict.fromkeys(filter(None, (name.strip() for name in named))))


def check_text(task: str) -> None:
    """UsageError where the task is no sentence."""
    if not task.strip():
        raise UsageError("the task is empty", "say what you want, e.g. «order …»")
    if len(task) > MAX_TASK_CHARS:
        raise UsageError(f"the task is longer than {MAX_TASK_CHARS} characters", "shorten it")
