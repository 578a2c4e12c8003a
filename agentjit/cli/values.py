"""From any JSON value to something that rich prints: scalars, small tables, tables of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agentjit.cli.consoles import printable, to_plain

#: Rows of a list that are shown; the rest is in the run folder.
MAX_ROWS: Final = 100

#: Decimals that a column is brought to; beyond, numbers are shown as they are.
MAX_DECIMALS: Final = 4


def render_value(value: Any, *, max_rows: int | None = MAX_ROWS) -> RenderableType:
    """The value, whatever it is; `max_rows` None leaves nothing out."""
    value = to_plain(value)
    if isinstance(value, Mapping):
        return render_record(value, max_rows=max_rows)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return render_list(value, max_rows=max_rows)
    return Text(inline(value))


def render_record(record: Mapping[str, Any], *, max_rows: int | None = MAX_ROWS) -> RenderableType:
    """A line a field, names at the left; a list of records gets a table of its own."""
    if not record:
        return Text("(nothing)", style="dim")
    # The names of all parts share one width, so that their values stand in one column.
    width = max((cell_len(printable(n)) for n, v in record.items() if is_short(v)), default=0)
    grid = label_grid(width)
    parts: list[RenderableType] = []
    for name, value in record.items():
        label = Text(printable(name), style="dim")
        if is_short(value):
            grid.add_row(label, Text(inline(value)))
            continue
        if grid.row_count:
            parts.append(grid)
            grid = label_grid(width)
        parts += [label, Padding(render_value(value, max_rows=max_rows), (0, 0, 0, 2))]
    if grid.row_count:
        parts.append(grid)
    return parts[0] if len(parts) == 1 else Group(*parts)


def render_list(values: Sequence[Any], *, max_rows: int | None = MAX_ROWS) -> RenderableType:
    """Records as a table, anything else a line each."""
    if not values:
        return Text("(none)", style="dim")
    shown = values if max_rows is None else values[:max_rows]
    if all(isinstance(v, Mapping) for v in values):
        body: RenderableType = render_records(shown)
    else:
        body = Group(*(Text(inline(v), overflow="fold") for v in shown))
    left = len(values) - len(shown)
    if not left:
        return body
    return Group(body, Text(f"… and {left} more in the run folder's result.json", style="dim"))


def render_records(records: Sequence[Mapping[str, Any]]) -> Table:
    """A row a record; numbers stand at the right, with the same decimals in a column."""
    names = list(dict.fromkeys(name for record in records for name in record))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    texts: list[list[str]] = []
    for name in names:
        column = [record.get(name) for record in records]
        numeric = all(is_number(v) or v is None for v in column)
        table.add_column(printable(name), justify="right" if numeric else "left", overflow="fold")
        texts.append(align_numbers(column) if numeric else [inline(v) for v in column])
    for row in zip(*texts, strict=True):
        table.add_row(*(Text(cell) for cell in row))
    return table


def align_numbers(column: Sequence[Any]) -> list[str]:
    """Numbers of one column, with as many decimals as the one that needs most."""
    decimals = max((_decimals(v) for v in column), default=0)
    if not 0 < decimals <= MAX_DECIMALS:
        return [inline(v) for v in column]
    return [f"{v:.{decimals}f}" if is_number(v) else inline(v) for v in column]


def inline(value: Any) -> str:
    """The value on one line."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case str():
            return printable(value) or "–"
        case Mapping():
            return ", ".join(f"{printable(k)} {inline(v)}" for k, v in value.items()) or "–"
        case Sequence():
            return ", ".join(inline(v) for v in value) or "–"
        case _:
            return printable(str(value))


def is_number(value: Any) -> bool:
    """Whether it is a number; truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_short(value: Any) -> bool:
    """Whether the value fits on a line: a scalar, or a list of scalars."""
    if isinstance(value, Mapping):
        return not value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return not any(isinstance(v, Mapping | list | tuple) for v in value)
    return True


def label_grid(width: int = 0) -> Table:
    """A table of names at the left, at least `width` wide, and what they are."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=width)
    grid.add_column(overflow="fold")
    return grid


def _decimals(value: Any) -> int:
    if not isinstance(value, float):
        return 0
    return len(repr(value).partition(".")[2].removesuffix("0")) if value != int(value) else 0
