"""Which model, and where: settings from the environment."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from agentjit.errors import UsageError

DEFAULT_MODEL: Final = "openai/gpt-4.1"
OPENAI_URL: Final = "https://api.openai.com/v1"
#: Seconds for one completion.
DEFAULT_TIMEOUT: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """Which model, where, and how long it is waited for."""

    #: `provider/model`; the provider `openai/` is not part of what is sent.
    name: str
    base_url: str
    api_key: str = field(repr=False)
    #: Seconds for one completion, retries included.
    timeout: float = DEFAULT_TIMEOUT
    #: Attempts after the first, where the endpoint is busy or broken; each waits longer.
    retries: int = 2
    #: The longest that an endpoint may ask to wait, in seconds, and still be waited for.
    patience: float = 120.0

    @property
    def sent_name(self) -> str:
        """The name that the endpoint knows the model by."""
        return self.name.removeprefix("openai/")

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine, and so costs nothing."""
        host = urlsplit(self.base_url).hostname or ""
        return host in {"localhost", "::1"} or host.startswith("127.")

    @property
    def shown_url(self) -> str:
        """The address without any user or password in it."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def settings_from_env(
    env: Mapping[str, str], model_option: str | None = None
) -> ModelSettings | None:
    """The endpoint that the environment names; None where it holds no key.

    Reads OPENAI_API_KEY, OPENAI_BASE_URL, AGENTJIT_MODEL, which `model_option` overrides, and
    AGENTJIT_MODEL_TIMEOUT (seconds). Raises UsageError for what cannot be one of them.
    """
    key = env.get("OPENAI_API_KEY", "").strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(
            "OPENAI_API_KEY holds characters that no key has",
            "copy the key again: letters, digits, - and _ only",
        )
    url = env.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL
    name = (model_option or env.get("AGENTJIT_MODEL", "")).strip() or DEFAULT_MODEL
    settings = ModelSettings(
        name=name if "/" in name else f"openai/{name}",
        base_url=url,
        api_key=key,
        timeout=_seconds(env.get("AGENTJIT_MODEL_TIMEOUT", "").strip()),
    )
    if not _is_http(url):
        raise UsageError(
            f"OPENAI_BASE_URL is not an address: {settings.shown_url!r}",
            "it looks like http://127.0.0.1:8000/v1",
        )
    return settings


def _seconds(text: str) -> float:
    try:
        seconds = float(text or DEFAULT_TIMEOUT)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise UsageError(
            f"AGENTJIT_MODEL_TIMEOUT is not a number of seconds: {text!r}", "it looks like 300"
        )
    return seconds


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        return bool(named) and url.isascii() and not re.search(r"\s", url)
    except ValueError:  # what urlsplit says to a port that is no number
        return False
