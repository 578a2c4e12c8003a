"""The figures of a model as a planner, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agentjit.bench.passing import KS, TOTAL, Figures, Hopeless, Row

#: So many reasons why plans are not valid are told.
_MOST_PROBLEMS: Final = 5


def render_figures(figures: Figures) -> RenderableType:
    """The table by site, and what it leaves out."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("site")
    table.add_column("protocol")
    right = ["tasks", "samples", "valid", "right", *(f"pass@{k}" for k in KS)]
    for name in (*right, "tokens in", "out", "seconds"):
        table.add_column(name, justify="right")
    for row in figures.rows:
        table.add_row(*_cells(row), style="bold" if row.site == TOTAL else None)
    return Group(table, *map(Text, _remarks(figures)))


def _cells(row: Row) -> Iterator[str]:
    yield row.site
    yield "with" if row.protocol else "without"
    yield str(row.tasks)
    yield str(row.samples)
    yield _percent(row.valid)
    yield _percent(row.right)
    for k in KS:
        yield _percent(row.passes[k]) if k in row.passes else "–"
    yield f"{row.prompt_tokens:.0f}"
    yield f"{row.completion_tokens:.0f}"
    yield f"{row.seconds:.1f}"


def _remarks(figures: Figures) -> Iterator[str]:
    yield ""
    for row in figures.rows:
        if row.site == TOTAL:
            yield (
                f"{_protocol(row.protocol)}: valid by repair {_percent(row.repaired)}, wrong and "
                f"not to be undone {_percent(row.harmful)}, "
                f"tokens estimated {_percent(row.estimated)}"
            )
    for each in figures.hopeless:
        yield _hopeless(each)
    for protocol, counts in figures.problems.items():
        if counts:
            told = ", ".join(f"{code} {number}" for code, number in counts[:_MOST_PROBLEMS])
            yield f"{_protocol(protocol)}: not valid for {told}"


def _hopeless(each: Hopeless) -> str:
    return (
        f"{_protocol(each.protocol)}: of {each.samples} samples for tasks that nobody could do "
        f"({each.tasks}), {each.answered} valid, {each.harmful} did what cannot be undone"
    )


def _protocol(protocol: bool) -> str:
    return "with the protocol" if protocol else "without it"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
