"""How an engine works: its options, and what is said of those that make no sense."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from agentjit.errors import UsageError
from agentjit.ports import Approver
from agentjit.runtime.approval import Decide
from agentjit.runtime.recorder import Listener

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
    #: Whether plans of verified runs are kept, and used again.
    cache: bool = True
    #: Whether to keep the network of each run, as HAR, in its folder.
    har: bool = False
    headless: bool = True
    runs_dir: Path | str = "runs"
    listeners: tuple[Listener, ...] = ()
    #: The environment: OPENAI_API_KEY, AGENTJIT_BROWSER, …
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        if self.planner not in PLANNERS:
            raise UsageError(f"there is no planner {self.planner!r}", f"use {', '.join(PLANNERS)}")


def check_text(task: str) -> None:
    """UsageError where the task is no sentence."""
    if not task.strip():
        raise UsageError("the task is empty", "say what you want, e.g. «order …»")
    if len(task) > MAX_TASK_CHARS:
        raise UsageError(f"the task is longer than {MAX_TASK_CHARS} characters", "shorten it")
