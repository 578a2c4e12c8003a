"""Origins that a browser may speak to: read from text, matched, and written as Chromium's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from agentjit.errors import UsageError

_PORTS: Final = {"http": 80, "https": 443}
#: A name or an address; nothing that could end one rule of Chromium's and begin another.
_HOST: Final = re.compile(r"(\*\.)?[a-z0-9._-]+|[0-9a-f:.]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A host and its port; a host that begins with `*.` stands for all below it."""

    host: str
    port: int

    def admits(self, host: str, port: int) -> bool:
        """Whether this is where `host` and `port` lead."""
        if port != self.port:
            return False
        host = host.casefold().rstrip(".").strip("[]")
        if self.host.startswith("*."):
            return host.endswith(self.host[1:])
        return host == self.host

    def show(self) -> str:
        """As in an address: an IPv6 one in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """All places that a run's browser may contact."""

    places: tuple[Place, ...]

    def admits(self, host: str, port: int) -> bool:
        """Whether the place is one of them."""
        return any(place.admits(host, port) for place in self.places)

    def proxy_bypass(self) -> str:
        """The rules of what goes past the proxy, in Chromium's form."""
        return ",".join(place.show() for place in self.places)


def read_origins(origins: Iterable[str]) -> Allowed:
    """The places of some origins. Raises UsageError for what is no origin."""
    return Allowed(tuple(dict.fromkeys(read_origin(text) for text in origins)))


def read_origin(text: str) -> Place:
    """Read `https://host`, `http://host:port`, `https://*.host`; a path after it says nothing.

    Raises UsageError.
    """
    nonsense = UsageError(
        f"{text!r} is not an origin", "write a scheme and a host, e.g. https://cdn.example.com"
    )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise nonsense from None
    if not port or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise nonsense
    return Place(host.rstrip("."), port)


def resolver_rules(hosts: Iterable[str]) -> str:
    """Chromium's rules by which no name but these is ever looked up: names can carry data too."""
    kept = "".join(f", EXCLUDE {host}" for host in dict.fromkeys(hosts))
    return f"MAP * ~NOTFOUND{kept}"
