"""A latency comparison as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agentjit.bench.latency.comparing import Difference
from agentjit.bench.latency.paper import SOURCE, published
from agentjit.bench.latency.results import Results
from agentjit.bench.latency.statistics import ENOUGH, Estimate
from agentjit.bench.latency.summary import Row

#: Where no interval is shown, and where nothing is.
NONE: Final = "–"


def render_results(results: Results) -> RenderableType:
    """All tables: over all tasks, speed-ups, groups beside the paper's, and remarks."""
    summary = results.summary
    parts: list[RenderableType] = [
        Text("all tasks", style="bold"),
        _overall(summary.whole),
        Text(""),
        Text("what it took, means of a trial; memory is the most", style="bold"),
        _work(summary.whole),
    ]
    if speed_ups := _speed_ups(results):
        parts += [
            Text(""),
            Text("times as fast, over the tasks that both passed", style="bold"),
            speed_ups,
        ]
    parts += [Text(""), Text("mean seconds by group; share passed where not all", style="bold")]
    parts += [_groups(results)]
    if any(published(group.name) for group in summary.groups):
        quoted = f"as published, not comparable (docs/benchmark.md): {SOURCE}"
        parts += [Text(""), Text(quoted, style="bold"), _paper(results)]
    parts += [Text(line) for line in _remarks(results)]
    return Group(*parts)


def _table(*columns: str, left: int = 1) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number < left else "right")
    return table


def _overall(rows: list[Row]) -> Table:
    table = _table(
        "system", "trials", "passed", "mean s", "interval", "p50", "p95", "harness", "think",
        "1st act",
    )  # fmt: skip
    for row in rows:
        if not row.begun:
            table.add_row(row.system, f"{row.trials}", "0 %", *[NONE] * 7)
            continue
        table.add_row(
            row.system,
            f"{row.trials}",
            f"{100 * row.passed:.0f} %",
            f"{row.mean.value:.2f}",
            f"{row.mean.low:.2f} to {row.mean.high:.2f}",
            f"{row.p50.value:.2f}",
            f"{row.p95.value:.2f}",
            f"{row.harness:.2f}",
            f"{row.think:.2f}",
            NONE if row.first_action is None else f"{row.first_action:.2f}",
        )
    return table


def _work(rows: list[Row]) -> Table:
    table = _table(
        "system", "calls", "tokens in", "out", "dollars", "actions", "MiB", "start s", "commits"
    )
    for row in rows:
        table.add_row(
            row.system,
            f"{row.calls:.1f}",
            f"{row.prompt_tokens:.0f}",
            f"{row.output_tokens:.0f}",
            NONE if row.dollars is None else f"{row.dollars:.4f}",
            f"{row.actions:.1f}",
            f"{row.peak_bytes / 2**20:.0f}" if row.peak_bytes else NONE,
            f"{row.startup:.2f}",
            f"{row.made} of {row.intended}" if row.intended else NONE,
        )
    return table


def _speed_ups(results: Results) -> Table | None:
    """Each system against the loops and the floors, over the tasks that both passed."""
    there = results.about["systems"]
    against = [name for name in there if "loop" in name or "browser-use" in name]
    against += [name for name in there if name in ("handwritten", "recorded-script")]
    against = against or [name for name in there if name == results.summary.baseline]
    pairs = {(pair.fast, pair.slow): pair.right for pair in results.summary.pairs}
    rows = [
        (name, [pairs.get((name, other)) for other in against])
        for name in there
        if name not in against or "loop" in name
    ]
    if not any(cell for _, cells in rows for cell in cells):
        return None
    table = _table("system", *(f"than {name}" for name in against))
    for name, cells in rows:
        table.add_row(name, *(NONE if cell is None else _ratio(cell) for cell in cells))
    return table


def _ratio(estimate: Estimate) -> str:
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _groups(results: Results) -> Table:
    groups = results.summary.groups
    rows = {(row.group, row.system): row for row in results.summary.rows}
    table = _table("system", *(group.name for group in groups))
    table.add_row("(tasks)", *(str(len(group.tasks)) for group in groups))
    for system in results.about["systems"]:
        table.add_row(system, *(_mean(rows.get((group.name, system))) for group in groups))
    return table


def _mean(row: Row | None) -> str:
    if row is None:
        return NONE
    right = "" if row.passed == 1.0 else f" {100 * row.passed:.0f}%"
    return f"{row.mean.value:.2f}{right}" if row.begun else f"{NONE}{right}"


def _paper(results: Results) -> Table:
    table = _table("", "browser-use", "", "+cache", "", "planner", "", "speed-up")
    for group in results.summary.groups:
        theirs = published(group.name)
        if theirs is not None:
            cells = [
                text
                for seconds, right in (theirs.step_loop, theirs.with_tools, theirs.planner)
                for text in (f"{seconds:.1f} s", f"{right:.0f} %")
            ]
            table.add_row(group.name, *cells, f"{theirs.speed_up:.1f}×")
    return table


def _remarks(results: Results) -> Iterator[str]:
    summary = results.summary
    if summary.schedules is not None:
        table = summary.schedules
        told = ", ".join(
            f"{name} {seconds:.2f} s ({table.of(name):+.2f})"
            for name, seconds in table.seconds.items()
        )
        best = ", ".join(f"{name} {count}" for name, count in table.best.items())
        yield ""
        yield f"schedules, performing alone: {told}"
        yield f"  the best fixed one of each task: {table.oracle:.2f} s; it was {best}"
    if summary.calibration is not None:
        found = summary.calibration
        yield (
            f"forecasts: {100 * found.held:.0f} % of {found.runs} runs in the interval that should "
            f"hold 80 %; measured by forecast {found.ratio:.2f} (median)"
        )
    for system, actions in summary.break_even.items():
        where = (
            "from no number of browser actions on"
            if actions is None
            else f"from {actions:.1f} browser actions on"
        )
        yield f"{system} is faster than {summary.baseline}: {where}"
    if not results.about["complete"]:
        yield "not all trials were made: its time was over, or it was interrupted"
    whys: dict[tuple[str, str], int] = {}
    for each in results.skipped:
        whys[each.system, each.why] = whys.get((each.system, each.why), 0) + 1
    for (system, why), count in whys.items():
        yield f"{system} took no part in {count} of the tasks: {why}"


def render_difference(difference: Difference) -> RenderableType:
    """What changed between two comparisons."""
    table = _table("system", "tasks", "times as fast", "", "passed", "calls", "tokens out")
    for change in difference.changes:
        table.add_row(
            change.system,
            str(change.tasks),
            NONE if change.speed_up is None else _ratio(change.speed_up),
            "changed" if change.shown else "",
            " → ".join(f"{100 * each:.0f} %" for each in change.passed),
            " → ".join(f"{each:.1f}" for each in change.calls),
            " → ".join(f"{each:.0f}" for each in change.output_tokens),
        )
    ratios = _table("system", "than", "tasks", "before", "after", "", left=2)
    for ratio in difference.ratios:
        mark = "" if ratio.agrees else "differs"
        cells = (str(ratio.tasks), _ratio(ratio.before), _ratio(ratio.after), mark)
        ratios.add_row(ratio.fast, ratio.slow, *cells)
    made = [f"{name}: {old} → {new}" for name, (old, new) in difference.made.items()]
    only = [f"only before: {each}" for each in difference.only_before]
    only += [f"only after: {each}" for each in difference.only_after]
    if all(change.tasks < ENOUGH for change in difference.changes):
        few = f"under {ENOUGH} tasks that passed then and now, no difference can be shown"
        only.append(few)
    return Group(*map(Text, made), table, Text(""), ratios, *map(Text, only))
