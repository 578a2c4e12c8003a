"""From diagnostics to coloured text with snippets of the source that they point at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rich.text import Text

from agentjit.diagnostics import Diagnostic, render
from agentjit.source import Source

_RED: Final = "bold red"
_YELLOW: Final = "bold yellow"
_CYAN: Final = "cyan"
_DIM: Final = "dim"

_HEAD: Final = re.compile(r"(?P<kind>error|warning)(?P<code>\[[\w-]+\])?:")
_ARROW: Final = re.compile(r"\s*-->")
_GUTTER: Final = re.compile(r"\s*\d* \|")
_REMARK: Final = re.compile(r"\s*(?P<word>note|hint):")


def render_findings(diagnostics: Iterable[Diagnostic], source: Source | None = None) -> Text:
    """All diagnostics, a blank line between two, in colours."""
    blocks = [colour(render(d, source)) for d in diagnostics]
    return Text("\n\n").join(blocks)


def colour(text: str) -> Text:
    """The text of a diagnostic as `render` writes it, coloured; not a character is changed."""
    head = _HEAD.match(text)
    strong = _YELLOW if head and head["kind"] == "warning" else _RED
    lines = [_colour_line(line, strong) for line in text.split("\n")]
    return Text("\n").join(lines)


def _colour_line(line: str, strong: str) -> Text:
    shown = Text(line)
    if head := _HEAD.match(line):
        shown.stylize("bold")
        shown.stylize(strong, *head.span())
    elif _ARROW.match(line):
        shown.stylize(_DIM)
    elif gutter := _GUTTER.match(line):
        shown.stylize(_DIM, 0, gutter.end())
        if line[gutter.end() :].lstrip().startswith("^"):
            shown.stylize(strong, gutter.end())
    elif remark := _REMARK.match(line):
        shown.stylize(_CYAN if remark["word"] == "hint" else "blue", 0, remark.end())
    return shown
