"""What goes wrong on a site, on purpose: from a short text to faults, and when each is due.

error@3                 the 3rd answer is an error page (500), and nothing was done
lost@POST:1             the first POST is done, but its connection closes without an answer
slow@/checkout:1x5      the first answer under /checkout takes 5 s more (5 unless said)
layout@2                the 2nd page comes in the site's other layout
expire@/cart            whatever is asked for under /cart: "your session expired, sign in again"
modal@0.1               a dialog lies over one page in ten, drawn by the seed
error@POST/orders:2     both a method and a beginning of the path
error, error@*          every answer

Several are joined by commas; "none" is none. Each counts for itself the answers that fit its
method and path; `layout` and `modal` count pages only, and not what a page's scripts ask for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final

from agentjit.errors import UsageError
from agentjit.sites.common.latency import LONGEST

#: How much longer a slow answer takes where no seconds are said.
SLOW_SECONDS: Final = 5.0

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_WHERE: Final = re.compile(r"(?P<method>[A-Z]+)?(?P<path>/[^\s:,]*)?")
_WHEN: Final = re.compile(r"(?P<when>\*|\d{1,9}|\d*\.\d{1,6})(?:x(?P<seconds>\d+(?:\.\d{1,3})?))?")
_HINT: Final = 'write it like "error@3", "lost@POST:1", "modal@0.1", "slow@/checkout:1x5", "none"'


class FaultKind(StrEnum):
    """What can go wrong."""

    ERROR = "error"
    LOST = "lost"
    SLOW = "slow"
    LAYOUT = "layout"
    EXPIRE = "expire"
    MODAL = "modal"


#: Kinds that are about whole pages.
_OF_PAGES: Final = (FaultKind.LAYOUT, FaultKind.MODAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, and with which answers."""

    kind: FaultKind
    #: Only answers to this method, and below this path; empty for any.
    method: str = ""
    path: str = ""
    #: The how manieth answer that fits; None where the share decides.
    nth: int | None = None
    #: How many of the answers that fit, drawn by the seed; 1 is every one.
    share: float = 1.0
    #: What a slow answer takes more.
    seconds: float = SLOW_SECONDS

    def fits(self, method: str, path: str, *, page: bool) -> bool:
        """Whether an answer is one of those that this fault counts."""
        return (
            self.method in ("", method)
            and path.startswith(self.path)
            and (page or self.kind not in _OF_PAGES)
        )

    def strikes(self, count: int, random: Random) -> bool:
        """Whether the answer is hit that is the `count`th of those that fit."""
        if self.nth is not None:
            return count == self.nth
        return self.share >= 1 or random.random() < self.share

    def __str__(self) -> str:
        """The text that parses back to this fault."""
        when = _show(self.share, 6) if self.nth is None else str(self.nth)
        when = "*" if self.nth is None and self.share >= 1 else when
        if self.seconds != SLOW_SECONDS:
            when += f"x{_show(self.seconds, 3)}"
        parts = [part for part in (self.method + self.path, when) if part not in ("", "*")]
        return "@".join(filter(None, (str(self.kind), ":".join(parts))))


@dataclass(frozen=True, slots=True)
class Faults:
    """All that is to go wrong."""

    each: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        """The text that parses back to these faults."""
        return ",".join(map(str, self.each)) or "none"

    def __contains__(self, kind: FaultKind) -> bool:
        return any(fault.kind is kind for fault in self.each)


@dataclass(slots=True)
class FaultCounter:
    """Counts one session's answers, fault by fault."""

    counts: dict[int, int] = field(default_factory=dict)

    def strike(
        self, faults: Faults, method: str, path: str, *, page: bool, seed: int
    ) -> tuple[Fault, ...]:
        """Count an answer; the faults that hit it. The same seed and count give the same."""
        struck: list[Fault] = []
        for index, fault in enumerate(faults.each):
            if fault.fits(method, path, page=page):
                count = self.counts[index] = self.counts.get(index, 0) + 1
                if fault.strikes(count, Random(f"fault/{seed}/{index}/{count}")):
                    struck.append(fault)
        return tuple(struck)


def parse_faults(text: str) -> Faults:
    """The faults that `text` describes; UsageError where it describes none."""
    if text.strip() in ("", "none"):
        return Faults()
    return Faults(tuple(_parse_fault(part.strip()) for part in text.split(",")))


def _parse_fault(text: str) -> Fault:
    name, at, place = text.partition("@")
    try:
        kind = FaultKind(name)
    except ValueError:
        known = ", ".join(FaultKind)
        raise UsageError(
            f"fault {text!r}: there is no fault {name!r}", f"there are: {known}; {_HINT}"
        ) from None
    if not at:
        return Fault(kind=kind)
    where, when = ("", place) if place[:1] in "*.0123456789" else _split(place)
    target = _WHERE.fullmatch(where)
    if target is None or (target["method"] or "GET") not in _METHODS:
        raise UsageError(
            f"fault {text!r}: {where!r} is neither a method nor a path",
            f"methods are {', '.join(_METHODS)}; paths begin with a slash; {_HINT}",
        )
    nth, share, seconds = _parse_when(kind, when, text)
    return Fault(
        kind=kind,
        method=target["method"] or "",
        path=target["path"] or "",
        nth=nth,
        share=share,
        seconds=seconds,
    )


def _parse_when(kind: FaultKind, when: str, text: str) -> tuple[int | None, float, float]:
    found = _WHEN.fullmatch(when)
    if found is None:
        raise UsageError(f"fault {text!r}: {when!r} does not say when", _HINT)
    seconds = float(found["seconds"] or SLOW_SECONDS)
    if found["seconds"] and kind is not FaultKind.SLOW:
        raise UsageError(f"fault {text!r}: only slow answers have seconds", _HINT)
    if seconds > LONGEST:
        raise UsageError(f"fault {text!r}: {seconds:g} s are more than {LONGEST:g}", _HINT)
    if found["when"].isdecimal():
        if not int(found["when"]):
            raise UsageError(f"fault {text!r}: answers are counted from 1", _HINT)
        return int(found["when"]), 1.0, seconds
    share = 1.0 if found["when"] == "*" else float(found["when"])
    if not 0 < share <= 1:
        raise UsageError(f"fault {text!r}: a share is above 0 and at most 1", _HINT)
    return None, share, seconds


def _split(place: str) -> tuple[str, str]:
    where, colon, when = place.partition(":")
    return where, when if colon else "*"


def _show(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")
