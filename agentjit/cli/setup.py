"""`agentjit setup`: make sure that there is a browser, installing one if need be."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agentjit.runtime.discovery import FoundBrowser


def setup(
    *,
    headed: Annotated[
        bool, typer.Option("--headed", help="Ask for a browser that can show a window.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find a browser, or install one: Playwright's build first, then the system's package."""
    from agentjit.runtime.installation import read_version

    found, steps = follow(headed=headed)
    version = read_version(found.path) or "version unknown"
    if as_json:
        answer = {
            "path": str(found.path),
            "kind": found.kind.value,
            "origin": found.origin.value,
            "version": version,
            "steps": steps,
        }
        typer.echo(json.dumps(answer))
        return
    typer.echo(f"browser: {version} ({found.kind.value}, from {found.origin.value}) {found.path}")


def follow(*, headed: bool) -> tuple[FoundBrowser, list[str]]:
    """Work through the chain, showing each line of progress on standard error as it comes."""
    from rich.console import Console

    from agentjit.runtime.installation import describe_host, ensure_browser

    console = Console(stderr=True, highlight=False, markup=False)
    progress = ensure_browser(os.environ, describe_host(), headed=headed)
    lines: list[str] = []
    with console.status("looking for a browser …"):
        while True:
            try:
                line = next(progress)
            except StopIteration as end:
                found: FoundBrowser = end.value
                return found, lines
            lines.append(line)
            console.print(line)
