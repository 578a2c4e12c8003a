"""`agentjit doctor`: say what is there, what is missing, and the one command that mends it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from agentjit.runtime.checkup import Check


def doctor(
    *,
    runs: Annotated[
        Path, typer.Option("--runs", help="The folder that runs are written to.")
    ] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check everything that a run needs; exit with 1 when something of it is missing."""
    from rich.console import Console

    from agentjit.runtime.checkup import check_up

    console = Console(stderr=True, highlight=False)
    checks: list[Check] = []
    with console.status("looking …") as status:
        for check in check_up(os.environ, runs=runs):
            checks.append(check)
            status.update(f"{check.name} done …")
    remedy = next((check.remedy for check in checks if check.required and not check.ok), None)
    if as_json:
        ok = remedy is None
        answer = {"ok": ok, "remedy": remedy, "checks": [asdict(check) for check in checks]}
        typer.echo(json.dumps(answer))
    else:
        show(checks, remedy)
    raise typer.Exit(0 if remedy is None else 1)


def show(checks: Sequence[Check], remedy: str | None) -> None:
    """Print the table, and below it what to do."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        table.add_row(mark(check), check.name, Text(check.detail))
    console = Console(highlight=False)
    console.print(table)
    if remedy is None:
        console.print("everything that a run needs is there", style="green")
    else:
        console.print(Text.assemble("to mend it: ", (remedy, "bold")), soft_wrap=True)


def mark(check: Check) -> Text:
    """Show in one word how a check ended."""
    from rich.text import Text

    if check.ok:
        return Text("ok", style="green")
    return Text("missing", style="red") if check.required else Text("not set", style="dim")
