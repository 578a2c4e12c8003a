"""A run's timeline on a terminal: a line a call, its time as a bar, the critical path marked."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agentjit.cli.consoles import printable
from agentjit.reporting import RunRecord
from agentjit.reporting.bars import Bar, Kind, State, Timeline
from agentjit.reporting.comparison import measure
from agentjit.reporting.critical import CriticalPath, find_critical_path
from agentjit.reporting.dependences import read_graph
from agentjit.reporting.head import task_of
from agentjit.reporting.spending import spend
from agentjit.reporting.timeline import follow
from agentjit.reporting.words import ENDINGS, count, shorten, show_seconds

#: Columns of the bars: a third of the terminal, but so many at least and at most.
NARROWEST: Final = 16
WIDEST: Final = 60
#: Characters of a call.
TITLE: Final = 44

_STATES: Final = {
    State.DONE: "",
    State.FAILED: "✗ ",
    State.REFUSED: "✗ ",
    State.CUT: "⊘ ",
    State.REPLAYED: "↺ ",
}
_STYLES: Final = {
    Kind.CALL: "cyan",
    Kind.MODEL: "magenta",
    Kind.TAB: "dim",
    Kind.PHASE: "dim",
}


def render_timeline(record: RunRecord, width: int) -> RenderableType:
    """The whole of it, for a terminal of so many columns."""
    timeline = follow(record)
    path = find_critical_path(timeline, read_graph(record.graph))
    mark, told = ENDINGS.get(record.status, ("✗", record.status))
    parts: list[RenderableType] = [Text(f"{mark} {printable(told)}  {printable(task_of(record))}")]
    if timeline.bars:
        columns = max(NARROWEST, min(WIDEST, width // 3))
        parts += [Text(), _bars(timeline, path, columns), Text()]
    if path.bars:
        seconds = f"{count(len(path.bars), 'bar')}, {show_seconds(path.seconds)}"
        parts.append(Text(f"◆ the critical path: {seconds}"))
    measured = measure(record, timeline)
    if measured is not None:
        parts.append(Text(f"performed in {show_seconds(measured.seconds)}"))
    spent = ", ".join(f"{part} {show_seconds(s)}" for part, s in spend(timeline).items())
    if spent:
        parts.append(Text(f"where the time went: {spent}"))
    parts += [Text(printable(note), style="dim") for note in record.notes]
    return Group(*parts)


def timeline_to_json(record: RunRecord) -> dict[str, Any]:
    """The same as data: times are seconds of the run's own time."""
    timeline = follow(record)
    path = find_critical_path(timeline, read_graph(record.graph))
    measured = measure(record, timeline)
    return {
        "run": record.name,
        "task": task_of(record),
        "status": record.status,
        "seconds": record.end,
        "performed": measured.seconds if measured else None,
        "critical_path": path.seconds,
        "spent": spend(timeline),
        "bars": [
            {
                "kind": bar.kind.value,
                "lane": bar.lane,
                "title": bar.title,
                "line": bar.line,
                "start": bar.start,
                "end": bar.end,
                "state": bar.state.value,
                "critical": bar in path,
            }
            for bar in timeline.bars
        ],
        "notes": list(record.notes),
    }


def _bars(timeline: Timeline, path: CriticalPath, columns: int) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for justify in ("right", "right", "left", "left", "left"):
        grid.add_column(justify="right" if justify == "right" else "left", no_wrap=True)
    for bar in timeline.bars:
        line = f"{bar.line}: " if bar.line else ""
        mark = "◆" if bar in path else " "
        title = shorten(f"{_STATES[bar.state]}{line}{printable(bar.title)}", TITLE)
        grid.add_row(
            f"{bar.start:.2f}",
            f"{bar.seconds:.2f}",
            Text(_draw(bar, timeline.end, columns), style=_STYLES[bar.kind]),
            mark,
            Text(f"{bar.lane:<6} {title}", style="red" if bar.state is State.FAILED else ""),
        )
    return grid


def _draw(bar: Bar, end: float, columns: int) -> str:
    """The bar at its place: at least one column, and never beyond the last."""
    scale = columns / (end or 1.0)
    begin = min(columns - 1, int(bar.start * scale))
    length = max(1, min(columns - begin, round(bar.seconds * scale)))
    return f"{' ' * begin}{'━' * length}".ljust(columns)
