"""Where the values of secrets are kept: the environment, a file in dotenv form, the keyring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

from agentjit.errors import UsageError
from agentjit.runtime.secrets import Secrets, check_value

#: What a variable of the environment begins with that holds a secret. No other is one: a plan that
#: says `secret:OPENAI_API_KEY` gets nothing.
PREFIX: Final = "AGENTJIT_SECRET_"
#: The keyring's service under which secrets are looked up.
SERVICE: Final = "agentjit"

_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_ESCAPES: Final = {r"\n": "\n", r"\t": "\t", r"\"": '"', r"\\": "\\"}


def open_secrets(env: Mapping[str, str], path: Path | None) -> Secrets:
    """All secrets that can be had: a file's go before the environment's, the keyring is last.

    Raises UsageError where the file cannot be read.
    """
    known = {
        name.removeprefix(PREFIX): value
        for name, value in env.items()
        if name.startswith(PREFIX) and name != PREFIX
    }
    if path is not None:
        known |= read_secrets(path)
    return Secrets(from_keyring, {name: check_value(name, value) for name, value in known.items()})


def read_secrets(path: Path) -> dict[str, str]:
    """The names and values of a file in dotenv form. Raises UsageError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(
            f"the secrets in {str(path)!r} cannot be read: {reason}",
            "a file of secrets has lines like SHOP_PASSWORD=…",
        ) from None
    found: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            # Not the line itself: it may be half of a secret.
            raise UsageError(
                f"line {number} of {str(path)!r} holds no secret",
                "write NAME=value, the name in letters, digits and _",
            )
        found[match[1]] = _unquote(match[2])
    return found


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\[nt\"\\]", lambda m: _ESCAPES[m[0]], value[1:-1])
    return re.split(r"\s+#", value, maxsplit=1)[0]


def from_keyring(name: str) -> str | None:
    """What the system's keyring has under a name, where the package `keyring` is installed."""
    with suppress(ImportError):
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
        with suppress(errors.KeyringError):
            found: str | None = keyring.get_password(SERVICE, name)
            return found
    return None
