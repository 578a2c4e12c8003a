"""Records a run for Playwright's trace viewer: what each tab showed, asked for, and was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from playwright.async_api import Error as PlaywrightError

from agentjit.runtime.secrets import Secrets

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

#: The file's name in a run's folder: `playwright show-trace` opens it. It has cookies in it.
TRACE: Final = "trace.zip"

#: Pictures, on which nothing can be replaced.
_PICTURES: Final = (".jpeg", ".jpg", ".png", ".webp", ".gif")


@asynccontextmanager
async def recorded_trace(
    context: BrowserContext, path: Path | None, secrets: Secrets
) -> AsyncIterator[None]:
    """Record all tabs of the context while the block lasts; nothing where `path` is None.

    Secrets are handles in it. Where there are any, it has no pictures: they might be read there.
    A trace that cannot be kept changes nothing else.
    """
    if path is None:
        yield
        return
    # Without a browser there is nothing to record, and the run itself finds that out.
    with suppress(PlaywrightError):
        await context.tracing.start(screenshots=True, snapshots=True)
    try:
        yield
    finally:
        raw = path.with_suffix(".part")
        with suppress(PlaywrightError):
            await context.tracing.stop(path=raw)
        if raw.exists():
            raw.chmod(0o600)
            # What was done is done: a full disk is no reason to lose how the run ended.
            with suppress(OSError, BadZipFile):
                hide_in_archive(raw, path, secrets)
            raw.unlink()


def hide_in_archive(source: Path, target: Path, secrets: Secrets) -> None:
    """Copy a zip file without the values of secrets; nobody else may read the copy."""
    target.touch(mode=0o600)
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if secrets.known and name.endswith(_PICTURES):
                continue
            text = data.decode("utf-8", "surrogateescape")
            hidden = secrets.hide(text)
            # What is no text at all stays as it is, byte for byte.
            new.writestr(
                secrets.hide(name),
                data if hidden == text else hidden.encode("utf-8", "surrogateescape"),
            )
