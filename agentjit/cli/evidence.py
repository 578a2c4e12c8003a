"""From the end of a run to what a person reads: what was done, how that is known, where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from agentjit.cli.code import render_plan
from agentjit.cli.consoles import printable
from agentjit.cli.failures import render_failure
from agentjit.cli.phases import Phase, render_phases
from agentjit.cli.progress import show_call
from agentjit.cli.usage import show_usage
from agentjit.cli.values import inline, label_grid, render_value
from agentjit.cli.verdicts import render_rejected
from agentjit.engine import NoValidPlan
from agentjit.ports import RunEvent
from agentjit.runtime.committing import Commit
from agentjit.runtime.result import RunResult

#: Refused origins that are named; the rest are counted.
SHOWN: Final = 4

#: A heading for each status; what is not listed is a failure.
_HEADINGS: Final = {
    "done": ("✓ done", "bold green"),
    "refused": ("✗ refused", "bold yellow"),
    "no-plan": ("✗ no plan", "bold yellow"),
    "unknown": ("? outcome unknown", "bold red"),
    "interrupted": ("✗ interrupted", "bold yellow"),
}


def render_error(result: RunResult) -> RenderableType:
    """How a run failed: one block, and the plans that were rejected where there was no good one."""
    assert result.error is not None
    parts: list[RenderableType] = [
        Text(),
        _heading(result.status, result.task),
        Text(),
        render_failure(result.error, line=result.line),
    ]
    if isinstance(result.error, NoValidPlan):
        parts += [Text(), render_rejected(result.error.verdicts)]
    return Group(*parts)


def render_end(
    result: RunResult, events: Sequence[RunEvent], phases: Sequence[Phase]
) -> RenderableType:
    """The end of a run: what it gave, the evidence, the plan, and where the time went."""
    parts: list[RenderableType] = []
    if result.error is None:
        parts += [Text(), _heading(result.status, result.task)]
    if result.value is not None:
        parts += section("Result", render_value(result.value))
    parts += section("Evidence", render_evidence(result, events))
    if result.plan is not None:
        failed = result.line if result.error else None
        parts += section(
            "Plan", render_plan(result.plan, failed_line=failed), remark=result.origin or ""
        )
    parts += section("Time", render_phases(phases))
    return Group(*parts)


def render_interruption(task: str, commits: Sequence[Commit]) -> RenderableType:
    """What a run that Ctrl-C ended had done."""
    parts: list[RenderableType] = [Text(), _heading("interrupted", task)]
    if not commits:
        parts.append(Text("  nothing irreversible was done"))
    parts += [Padding(render_commit(commit), (0, 0, 0, 2)) for commit in commits]
    if any(c.outcome != "done" for c in commits):
        parts.append(Text("  look at the site before you run it again", style="bold"))
    return Group(*parts)


def section(title: str, body: RenderableType, *, remark: str = "") -> list[RenderableType]:
    """A titled part of the output."""
    head = Text.assemble((title, "bold"), (f"  {printable(remark)}" if remark else "", "dim"))
    return [Text(), head, Padding(body, (0, 0, 0, 2))]


def render_evidence(result: RunResult, events: Sequence[RunEvent]) -> RenderableType:
    """What was observed, what was committed, what the site itself says, where it is all kept."""
    grid = label_grid()
    done = [e for e in events if e.kind == "call-done"]
    if done:
        calls = f"{len(done)} call{'s' if len(done) > 1 else ''}"
        grid.add_row("contracts", f"seen to hold on the page before and after {calls}")
    drifted = sorted({name for e in done for name in e.data.get("drift", ())})
    if drifted:
        text = f"{', '.join(drifted)} changed though no contract says so"
        grid.add_row("", Text(text, style="yellow"))
    for label, commit in zip(_labels("irreversible"), result.commits, strict=False):
        grid.add_row(label, render_commit(commit))
    if not result.commits:
        grid.add_row("irreversible", "nothing was done")
    if result.record is not None:
        grid.add_row("site's record", render_record_changes(result.record))
    if result.blocked:
        origins = ", ".join(
            f"{printable(o)} ({n})" for o, n in list(result.blocked.items())[:SHOWN]
        )
        more = f" and {len(result.blocked) - SHOWN} more" if len(result.blocked) > SHOWN else ""
        total = sum(result.blocked.values())
        told = f"{total} request{'s' if total > 1 else ''} to other origins: {origins}{more}"
        grid.add_row("refused", Text(told, style="yellow"))
    for label, download in zip(_labels("downloaded"), result.downloads, strict=False):
        told = f"{download.path}  {download.size} bytes, sha256 {download.sha256[:16]}…"
        grid.add_row(label, Text(printable(told), overflow="fold"))
    if result.run_dir is not None:
        grid.add_row("kept in", Text(str(result.run_dir), overflow="fold"))
        if result.report is not None and result.report.is_file():
            grid.add_row("report", Text(str(result.report), overflow="fold"))
    if result.usage.calls:
        usage = show_usage(result.usage)
        grid.add_row("model", usage)
    return grid


def render_commit(commit: Commit) -> RenderableType:
    """One irreversible call that was attempted."""
    done = commit.outcome == "done"
    text = Text(printable(show_call(commit.tool, commit.arguments)))
    text.append(f"  {commit.outcome}", style="green" if done else "bold red")
    return text


def render_record_changes(record: Any) -> RenderableType:
    """What the site's own record says has changed: counts, and the new entries in short."""
    if not isinstance(record, Mapping):
        return render_value(record)
    lines: list[RenderableType] = []
    for name, changes in record.items():
        if not isinstance(changes, Mapping):
            continue
        counts = {kind: len(v) for kind, v in changes.items() if isinstance(v, Mapping) and v}
        if not counts:
            continue
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        lines.append(Text(f"{printable(name)}: {told}"))
        added = changes.get("added")
        if isinstance(added, Mapping):
            lines += [Padding(render_entry(entry), (0, 0, 0, 2)) for entry in added.values()]
    return Group(*lines) if lines else Text("no changes")


def render_entry(entry: Any) -> RenderableType:
    """A new entry of the record: a line a field, and one for each thing that is nested in it."""
    if not isinstance(entry, Mapping):
        return Text(inline(entry))
    grid = label_grid()
    for name, value in entry.items():
        nested = _nested(value)
        if nested is None:
            grid.add_row(printable(name), Text(inline(value)))
            continue
        for label, line in zip(_labels(printable(name)), nested, strict=False):
            grid.add_row(label, line)
    return grid


def _nested(value: Any) -> list[Text] | None:
    """A list's elements, or a record's records, a line each; None for what is one line itself."""
    if isinstance(value, Mapping) and any(isinstance(v, Mapping) for v in value.values()):
        return [
            Text.assemble((f"{printable(name)}  ", "dim"), inline(_told(inner)))
            for name, inner in value.items()
        ]
    if isinstance(value, list) and value:
        return [Text(inline(_told(element))) for element in value]
    return None


def _told(element: Any) -> Any:
    """Without what is empty or nested deeper."""
    if not isinstance(element, Mapping):
        return element
    return {
        k: v for k, v in element.items() if v not in ("", None) and not isinstance(v, list | dict)
    }


def _labels(first: str) -> Iterator[str]:
    """The label, then nothing: one label for several rows."""
    yield first
    while True:
        yield ""


def _heading(status: str, task: str) -> Text:
    mark, style = _HEADINGS.get(status, ("✗ failed", "bold red"))
    return Text.assemble((mark, style), "  ", printable(task))
