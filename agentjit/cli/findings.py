"""From diagnostics to coloured text with snippets of the source that they point at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agentjit.cli.consoles import printable
from agentjit.diagnostics import Diagnostic, render
from agentjit.source import Source

_RED: Final = "bold red"
_YELLOW: Final = "bold yellow"
_CYAN: Final = "cyan"
_DIM: Final = "dim"

_HEAD: Final = re.compile(r"(?P<kind>error|warning|note(?=\[))(?P<code>\[[\w-]+\])?:")
_ARROW: Final = re.compile(r"\s*-->")
_GUTTER: Final = re.compile(r"\s*\d* \|")
_REMARK: Final = re.compile(r"\s*(?P<word>note|hint):")


def render_findings(
    diagnostics: Iterable[Diagnostic], source: Source | None = None
) -> RenderableType:
    """All diagnostics, a blank line between two, in colours."""
    parts: list[RenderableType] = []
    for diagnostic in diagnostics:
        parts += [Text()] if parts else []
        parts.append(colour(render(diagnostic, source)))
    return Group(*parts)


def colour(text: str) -> RenderableType:
    """The text of a diagnostic as `render` writes it, in colours; notes and hints hang."""
    head = _HEAD.match(text)
    strong = _YELLOW if head and head["kind"] == "warning" else _RED
    return Group(*(_colour_line(line, strong) for line in text.split("\n")))


def _colour_line(line: str, strong: str) -> RenderableType:
    # A tab of the source stays, so that the caret below stands where it should.
    line = "\t".join(map(printable, line.split("\t")))
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
        label = Text(remark.group(), style=_CYAN if remark["word"] == "hint" else "blue")
        return _hanging(label, line[remark.end() :].lstrip())
    return shown


def _hanging(label: Text, text: str) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(label, Text(text))
    return grid
