"""`agentjit report`: the report of a run, as a file or as a timeline in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentjit.cli.options import AsJson, RunsDir


def report(
    run: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN",
            help="The run's folder, or its name in --runs-dir; left out: the newest one there.",
            show_default=False,
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it there, not into the run's folder."
        ),
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show it in your browser.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="Print a timeline here; write no file.")
    ] = False,
    runs_dir: RunsDir = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Write report.html for a run: timeline, forecast, plan, dependences. One file, no network.

    It is made of what stands in the run's folder, of any run, also of one that was cut short.
    """
    from agentjit.errors import UsageError

    if text and (output or open_it or as_json):
        raise UsageError("--text writes no file", "leave out --text, or the options beside it")
    folder = _find(run, runs_dir)
    if text:
        _print(folder)
        return
    from agentjit.reporting import write_report

    path = write_report(folder, output)
    if as_json:
        _print_json(folder, path)
    else:
        print(path)
    if open_it:
        _show(path)


def _find(run: Path | None, runs_dir: Path) -> Path:
    """The run's folder. Raises UsageError where there is none."""
    import sys

    from agentjit.errors import UsageError

    if run is not None:
        return run if run.is_dir() else runs_dir / run
    # Names of runs begin with their time.
    found = sorted(events.parent for events in runs_dir.glob("*/events.jsonl"))
    if not found:
        raise UsageError(f"there is no run in {runs_dir}", "name a run's folder, or see --runs-dir")
    print(f"the newest run: {found[-1].name}", file=sys.stderr)
    return found[-1]


def _print(folder: Path) -> None:
    from agentjit.cli.consoles import show, standard_output
    from agentjit.cli.timeline import render_timeline
    from agentjit.reporting import read_record

    console = standard_output()
    show(console, render_timeline(read_record(folder), console.width))


def _print_json(folder: Path, path: Path) -> None:
    from agentjit.cli.consoles import print_json
    from agentjit.cli.timeline import timeline_to_json
    from agentjit.reporting import read_record

    print_json({"report": str(path), **timeline_to_json(read_record(folder))})


def _show(path: Path) -> None:
    import webbrowser

    from agentjit.errors import UsageError

    if not webbrowser.open(path.resolve().as_uri()):
        raise UsageError("there is no browser to show it in", f"open {path} yourself")
