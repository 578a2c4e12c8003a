"""Where a run that failed came to a stop: the address, what is observed there, and a picture."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from playwright.async_api import Error as PlaywrightError

from agentjit.engine.replanning import Run
from agentjit.engine.session import Session
from agentjit.errors import AgentjitError, BrowserError, OutcomeUnknown, RunError, SignedOut
from agentjit.runtime.picturing import take_picture
from agentjit.runtime.signing import is_signed_out
from agentjit.runtime.tabkeeping import Tab

#: The picture's name in a run's folder.
PICTURE: Final = "stopped.png"
#: Seconds that looking may take.
STOP_SECONDS: Final = 3.0


async def keep_stop(session: Session, run: Run, tab: Tab, error: AgentjitError | None) -> None:
    """Keep what can be seen of the run's tab, where the site is what the run failed at.

    Evidence that cannot be had does not change what happened.
    """
    if not isinstance(error, RunError | OutcomeUnknown) or isinstance(error, BrowserError):
        return
    with suppress(PlaywrightError, OSError, RunError, TimeoutError):
        # A page whose own script never ends shows nothing.
        async with asyncio.timeout(STOP_SECONDS):
            if not isinstance(error, SignedOut) and await is_signed_out(tab.page, session.toolset):
                # What was attempted may have been done before that, so that this is no SignedOut.
                run.recorder.record("signed-out", url=tab.page.url)
            state = await session.caller.look(tab.page)
            picture = await take_picture(tab.page, session.secrets)
        run.recorder.record("stopped-at", url=tab.page.url, state=dict(state or {}))
        _write(run.folder.path / PICTURE, picture)


def _write(path: Path, picture: bytes) -> None:
    # Made with this mode: it is at no time readable by others.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(picture)
