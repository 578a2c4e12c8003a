"""What a run's browser does beside the calls, told as events of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agentjit.engine.session import Session
from agentjit.runtime.browsers import Home
from agentjit.runtime.fence import Refusal
from agentjit.runtime.happenings import Downloaded, attended
from agentjit.runtime.network import NETWORK, recorded_network
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tracing import TRACE, recorded_trace

if TYPE_CHECKING:
    from playwright.async_api import Browser


@dataclass(slots=True)
class Seen:
    """What happened beside the calls so far."""

    #: How often each origin was refused.
    blocked: Counter[str] = field(default_factory=Counter)
    downloads: list[Downloaded] = field(default_factory=list)


@asynccontextmanager
async def recorded(session: Session, folder: Path) -> AsyncIterator[None]:
    """Record the network and all tabs while the block lasts, as far as that was asked for.

    What other browsers than the first do has files of its own: `network-2.har`, `trace-2.zip`.
    """
    options, secrets = session.options, session.secrets
    async with AsyncExitStack() as stack:
        for number, home in enumerate(session.browsers.homes, 1):
            har = _numbered(folder / NETWORK, number) if options.har else None
            trace = _numbered(folder / TRACE, number) if options.trace else None
            await stack.enter_async_context(recorded_network(home.context, har, secrets))
            await stack.enter_async_context(recorded_trace(home.context, trace, secrets))
        yield


def _numbered(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_stem(f"{path.stem}-{number}")


@asynccontextmanager
async def watched(session: Session, folder: Path, recorder: Recorder) -> AsyncIterator[Seen]:
    """Record what happens in the session's browser while the block lasts."""
    seen = Seen()

    def refused(refusal: Refusal) -> None:
        seen.blocked[refusal.origin] += 1
        if seen.blocked[refusal.origin] == 1:
            # Once an origin: a page that asks without end fills no disk.
            recorder.record("request-blocked", origin=refusal.origin, method=refusal.method)

    async with AsyncExitStack() as stack:
        stack.enter_context(session.fence.heard(refused))
        for home in session.browsers.homes:
            stack.enter_context(_told_when_lost(home, recorder))
            await stack.enter_async_context(
                attended(home.context, folder, recorder, seen.downloads)
            )
        yield seen


@contextmanager
def _told_when_lost(home: Home, recorder: Recorder) -> Iterator[None]:
    def lost(_: Browser) -> None:
        recorder.record("browser-lost", where=home.where)

    browser = home.context.browser
    if browser is None:
        yield
        return
    browser.on("disconnected", lost)
    try:
        yield
    finally:
        browser.remove_listener("disconnected", lost)
