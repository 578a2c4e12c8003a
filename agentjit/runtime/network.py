"""Records the network of a run as a HAR file, for evaluators that judge by requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import UsageError
from agentjit.runtime.secrets import Secrets

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

#: The file's name in a run's folder. It has cookies and forms in it, as they were sent.
NETWORK: Final = "network.har"


@asynccontextmanager
async def recorded_network(
    context: BrowserContext, path: Path | None, secrets: Secrets
) -> AsyncIterator[None]:
    """Record all that the context asks for while the block lasts; nothing where `path` is None.

    Secrets that were sent are handles in it. Where they cannot be hidden there is no record.

    Raises UsageError where Playwright is too old.
    """
    if path is None:
        yield
        return
    if not hasattr(context.tracing, "start_har"):
        raise UsageError("this Playwright cannot record a run's network", "install 1.60 or newer")
    # Without a browser there is nothing to record, and the run itself finds that out.
    with suppress(PlaywrightError):
        await context.tracing.start_har(path)
    try:
        yield
    finally:
        with suppress(PlaywrightError):
            await context.tracing.stop_har()
        # What was done is done: a full disk is no reason to lose how the run ended.
        with suppress(OSError):
            hide_in_file(path, secrets)


def hide_in_file(path: Path, secrets: Secrets) -> None:
    """Replace the values of secrets in a text file; nobody else may read it.

    Raises OSError; there is no file then.
    """
    if not path.exists():
        return
    try:
        path.chmod(0o600)
        text = path.read_text("utf-8", errors="surrogateescape")
        hidden = secrets.hide(text)
        if hidden != text:
            path.write_text(hidden, "utf-8", errors="surrogateescape")
    except OSError:
        path.unlink()
        raise
