"""Accounts: what a browser holds of somebody who has logged in, kept by a name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import UsageError
from agentjit.runtime.allowed import read_origin

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who one is on a site. `state` is what Playwright calls the storage state: a secret."""

    name: str
    #: The address at which it was logged in.
    url: str
    #: When, in UTC, as ISO 8601.
    saved: str
    state: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.url!r})"


@dataclass(frozen=True, slots=True)
class Accounts:
    """A folder of accounts that only its owner can read."""

    folder: Path

    def keep(self, name: str, url: str, state: Mapping[str, Any]) -> Account:
        """Keep an account, in place of one of the same name. Raises UsageError."""
        account = Account(
            name=name,
            url=url,
            saved=datetime.now(timezone.utc).isoformat(timespec="seconds"),  # noqa: UP017
            state=state,
        )
        path = self._path(name)
        text = json.dumps({"url": url, "saved": account.saved, "state": state})
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = path.with_suffix(".partial")
            # Nobody else may read it at any moment, so it is made with these rights.
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.fchmod(handle, 0o600)
                file.write(text)
            partial.replace(path)
        except OSError as error:
            raise UsageError(
                f"the account cannot be kept in {self.folder}: {error.strerror}",
                "AGENTJIT_ACCOUNTS names another folder",
            ) from error
        return account

    def get(self, name: str) -> Account:
        """The account of a name. Raises UsageError."""
        path = self._path(name)
        if not path.is_file():
            raise UsageError(
                f"there is no account {name!r}", f"log in once: agentjit auth save {name} --url …"
            )
        try:
            data = json.loads(path.read_text("utf-8"))
            return Account(name=name, url=data["url"], saved=data["saved"], state=data["state"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"the account {name!r} cannot be read in {self.folder}",
                f"log in again: agentjit auth save {name} --url …",
            ) from error

    def get_for(self, name: str, url: str) -> Account:
        """The account of a name, if it is one of the site at `url`. Raises UsageError."""
        account = self.get(name)
        if read_origin(account.url) != read_origin(url):
            raise UsageError(
                f"the account {name!r} belongs to {account.url}, not to {url}",
                "agentjit auth list shows the accounts and their sites",
            )
        return account

    def entries(self) -> Iterator[Account]:
        """All accounts that can be read, by name."""
        for path in sorted(self.folder.glob("*.json")):
            try:
                yield self.get(path.stem)
            except UsageError:
                continue

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot be the name of an account", "use letters, digits, . _ @ and -"
            )
        return self.folder / f"{name}.json"


def find_accounts(env: Mapping[str, str]) -> Accounts:
    """The accounts under AGENTJIT_ACCOUNTS, else where the user's settings are.

    Raises UsageError where there is no such place.
    """
    home = env.get("HOME") or env.get("USERPROFILE")
    settings = env.get("XDG_CONFIG_HOME") or (Path(home) / ".config" if home else None)
    given = env.get("AGENTJIT_ACCOUNTS")
    if given:
        return Accounts(Path(given).absolute())
    if settings:
        return Accounts(Path(settings).absolute() / "agentjit" / "accounts")
    raise UsageError("there is no place for accounts", "set AGENTJIT_ACCOUNTS to a folder")


async def read_state(context: BrowserContext) -> Mapping[str, Any]:
    """What a browser holds of whoever is logged in: cookies, local storage, IndexedDB."""
    return dict(await context.storage_state(indexed_db=True))
