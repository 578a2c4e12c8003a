"""A plan's text on a terminal: highlighted, numbered, marked where it stopped; and diffs."""

from __future__ import annotations

from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text


def render_plan(plan: str, *, failed_line: int | None = None) -> Table:
    """The plan, a number a line; `failed_line` is the one that it failed at."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    # The theme uses the terminal's own sixteen colours, so it fits dark and light ones.
    highlighted = Syntax("", "python", theme="ansi_dark").highlight(plan.rstrip("\n"))
    highlighted.rstrip()
    for number, line in enumerate(highlighted.split("\n"), start=1):
        if number == failed_line:
            grid.add_row(Text(f"> {number}", style="bold red"), line)
        else:
            grid.add_row(Text(str(number), style="dim"), line)
    return grid


def render_diff(diff: str) -> Text:
    """A unified diff without its head: what was put in and taken out, in the terminal's colours."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---"))]
    shown = Text()
    for line in lines:
        shown.append(f"{line}\n", style=styles.get(line[:1], "dim"))
    shown.rstrip()
    return shown
