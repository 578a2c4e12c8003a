"""Calls, values, seconds and endings in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: Fields of a record that are told in short.
_FIELDS: Final = 3
#: Characters of a value within a call or a note.
_LONGEST: Final = 60

#: How a run ended, in words, and whether that is good (✓), bad (✗) or open (?).
ENDINGS: Final = {
    "done": ("✓", "Done"),
    "failed": ("✗", "Failed"),
    "usage": ("✗", "Not started: what was asked for makes no sense"),
    "no-plan": ("✗", "No valid plan: nothing was done"),
    "refused": ("✗", "Not granted: an irreversible call was not made"),
    "unknown": ("?", "Outcome unknown: an irreversible call may have been made"),
    "budget-spent": ("✗", "Broken off: a budget was spent"),
    "interrupted": ("✗", "Interrupted"),
    "cut-short": ("?", "Cut short: the run's record has no end"),
}

#: How an irreversible call came out.
OUTCOMES: Final = {
    "done": "✓ done",
    "unknown": "? unknown: look at the site before you run it again",
    "not-done": "✗ certainly not done",
}


def show_call(tool: str, arguments: Mapping[str, Any]) -> str:
    """A call as a plan would write it; names are left out where there is one argument."""
    if len(arguments) == 1:
        return f"{tool}({shorten(repr(next(iter(arguments.values()))))})"
    return f"{tool}({', '.join(f'{k}={shorten(repr(v))}' for k, v in arguments.items())})"


def describe(value: Any) -> str:
    """What a call gave back, in a few words."""
    match value:
        case None:
            return ""
        case list():
            return f"{len(value)} found"
        case dict():
            scalars = [(k, v) for k, v in value.items() if not isinstance(v, list | dict)]
            return ", ".join(f"{k} {inline(v)}" for k, v in scalars[:_FIELDS])
        case _:
            return shorten(inline(value))


def inline(value: Any) -> str:
    """A value on one line."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case str():
            return value or "–"
        case Mapping():
            return ", ".join(f"{k} {inline(v)}" for k, v in value.items()) or "–"
        case list() | tuple():
            return ", ".join(map(inline, value)) or "–"
        case _:
            return str(value)


def shorten(text: str, longest: int = _LONGEST) -> str:
    """The text, with an ellipsis where it is long."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def show_seconds(seconds: float) -> str:
    """Seconds, as precisely as they matter."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"


def count(number: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
