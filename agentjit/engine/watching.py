"""What a run's browser does beside the calls, told as events of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agentjit.engine.session import Session
from agentjit.runtime.fence import Refusal
from agentjit.runtime.happenings import Downloaded, attended
from agentjit.runtime.recorder import Recorder

if TYPE_CHECKING:
    from playwright.async_api import Browser


@dataclass(slots=True)
class Seen:
    """What happened beside the calls so far."""

    #: How often each origin was refused.
    blocked: Counter[str] = field(default_factory=Counter)
    downloads: list[Downloaded] = field(default_factory=list)


@asynccontextmanager
async def watched(session: Session, folder: Path, recorder: Recorder) -> AsyncIterator[Seen]:
    """Record what happens in the session's browser while the block lasts."""
    seen = Seen()

    def refused(refusal: Refusal) -> None:
        seen.blocked[refusal.origin] += 1
        if seen.blocked[refusal.origin] == 1:
            # Once an origin: a page that asks without end fills no disk.
            recorder.record("request-blocked", origin=refusal.origin, method=refusal.method)

    def lost(_: Browser) -> None:
        recorder.record("browser-lost", where=session.options.cdp or "this machine")

    browser = session.context.browser
    if browser is not None:
        browser.on("disconnected", lost)
    with session.fence.heard(refused):
        async with attended(session.context, folder, recorder) as happenings:
            seen.downloads = happenings.downloads
            try:
                yield seen
            finally:
                if browser is not None:
                    browser.remove_listener("disconnected", lost)
