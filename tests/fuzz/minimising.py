"""From a text that breaks a target to a small one that breaks it in the same place."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from tests.fuzz.target import Target
from tests.fuzz.verdict import Finding, try_text


def minimise(target: Target, finding: Finding, *, seconds: float) -> Finding:
    """The smallest finding with the same key that is found within a time."""
    best, end = finding, time.monotonic() + seconds

    def breaks(text: str) -> bool:
        nonlocal best
        if time.monotonic() > end:
            return False
        found = try_text(target, text).finding
        if found is None or found.key != finding.key:
            return False
        best = found
        return True

    size = len(finding.text) + 1
    while len(best.text) < size:
        size = len(best.text)
        for cut in (_lines, _words, list):
            _shrink(cut(best.text), breaks)
    return best


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _shrink(parts: Sequence[str], breaks: Callable[[str], bool]) -> None:
    """Leave out parts, large ones first, as long as what is left still breaks."""
    kept, size = list(parts), len(parts) // 2
    while size:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            if breaks("".join(rest)):
                kept = rest
            else:
                at += size
        size //= 2
