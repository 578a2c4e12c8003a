"""Where output goes: consoles for people, plain text for pipes, one JSON object for machines."""

from __future__ import annotations

import json
import math
import os
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: Columns where nobody's window sets them: wide enough for tables, narrow enough for a log.
PIPED_WIDTH: Final = 120


def standard_output() -> Console:
    """A console on standard output: results."""
    return _console(stderr=False)


def standard_error() -> Console:
    """A console on standard error: progress, questions, errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def show(console: Console, *parts: RenderableType) -> None:
    """Print each part; where no terminal reads it, without the padding that fills lines up."""
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    for line in captured.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def print_json(data: Any) -> None:
    """Print one JSON object on standard output: indented for a person, on one line for a pipe."""
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(to_plain(data), indent=indent, allow_nan=False) + "\n")
    sys.stdout.flush()


def to_plain(value: Any) -> Any:
    """The value in what JSON has: a plan's may hold sets, tuples, or numbers that it lacks."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {_key(k): to_plain(v) for k, v in value.items()}
        case list() | tuple():
            return [to_plain(v) for v in value]
        case set() | frozenset():
            return sorted((to_plain(v) for v in value), key=repr)
        case _:
            return str(value)


def _key(key: Any) -> str:
    return key if isinstance(key, str) else str(key)


def printable(text: str) -> str:
    """The text without what steers a terminal or hides in it: escapes, bidi marks, new lines."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
