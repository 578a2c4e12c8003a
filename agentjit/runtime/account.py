"""Keeps the browser's side of an account in a run's folder, so that a resumed run is the same."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import RunError
from agentjit.runtime.guarding import browser_failure

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

#: The file's name in a run's folder: cookies and local storage, readable by its owner only.
ACCOUNT: Final = "account.json"


class AccountKeeper:
    """Writes what the browser knows of the account, whenever its cookies have changed."""

    def __init__(self, context: Callable[[], BrowserContext], folder: Path) -> None:
        self._context = context
        self._folder = folder
        self._kept: Any = None
        self._turn = asyncio.Lock()

    async def keep(self) -> None:
        """Write it down, unless it is the same as before. Raises a RunError."""
        async with self._turn:
            context = self._context()
            try:
                cookies = await context.cookies()
                if cookies == self._kept:
                    return
                _write(self._folder, await context.storage_state())
            except PlaywrightError as error:
                raise browser_failure(error, context, "keeping the account") from error
            self._kept = cookies


def _write(folder: Path, state: Any) -> None:
    partial = folder / f".{ACCOUNT}.partial"
    try:
        # Made with this mode: it is at no time readable by others.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file)
        partial.replace(folder / ACCOUNT)
    except OSError as error:
        raise RunError(
            f"the run's account cannot be written in {folder}: {error.strerror}",
            "make room there, or choose another place with --runs-dir",
        ) from error


async def take_account(context: BrowserContext, folder: Path) -> None:
    """Give the browser the account that the run had; nothing where none was kept."""
    path = folder / ACCOUNT
    if not path.is_file():
        return
    try:
        if hasattr(context, "set_storage_state"):
            await context.set_storage_state(path)
            return
        # Older releases of Playwright can only be given cookies afterwards.
        state: dict[str, Any] = json.loads(path.read_text("utf-8"))
        await context.clear_cookies()
        await context.add_cookies(state["cookies"])
    except PlaywrightError as error:
        raise browser_failure(error, context, "restoring the account") from error
