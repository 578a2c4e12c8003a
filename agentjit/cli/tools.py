"""`agentjit tools`: list a site's tools, show one, check them all."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Site, Tools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentjit.diagnostics import Diagnostic


def list_tools(*, site: Site = None, tools: Tools = None, as_json: AsJson = False) -> None:
    """List the tools with their effects and contracts."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.selection import select_toolset
    from agentjit.cli.toolcards import render_toolset, toolset_to_json

    toolset = select_toolset(site, tools)
    if as_json:
        print_json(toolset_to_json(toolset))
    else:
        show(standard_output(), render_toolset(toolset))


def show_tool(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The tool's name.", show_default=False)
    ],
    *,
    site: Site = None,
    tools: Tools = None,
    as_json: AsJson = False,
) -> None:
    """Show everything about one tool."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.selection import select_toolset
    from agentjit.cli.toolcards import render_tool, tool_to_json
    from agentjit.errors import UsageError

    toolset = select_toolset(site, tools)
    tool = toolset.get(name)
    if tool is None:
        near = get_close_matches(name, toolset.by_name, n=1)
        hint = f"did you mean {near[0]}?" if near else "agentjit tools list"
        raise UsageError(f"{toolset.name} has no tool {name!r}", hint)
    if as_json:
        print_json(tool_to_json(tool))
    else:
        show(standard_output(), render_tool(tool))


def check_tools(*, site: Site = None, tools: Tools = None, as_json: AsJson = False) -> None:
    """Check the contracts and examples of all tools; exits with 2 when one is broken."""
    from agentjit.cli.consoles import print_json
    from agentjit.cli.selection import select_toolset
    from agentjit.compiler.examples import check_examples
    from agentjit.diagnostics import has_errors
    from agentjit.errors import ToolsetError
    from agentjit.toolspecs import lint

    name: str | None = None
    count = 0
    try:
        toolset = select_toolset(site, tools)
        found: Sequence[Diagnostic] = (*lint(toolset), *check_examples(toolset))
        name, count, ok = toolset.name, len(toolset.tools), not has_errors(found)
    except ToolsetError as broken:
        found, ok = broken.diagnostics, False
    if as_json:
        data: dict[str, Any] = {
            "toolset": name,
            "status": "done" if ok else "usage",
            "exit_code": 0 if ok else 2,
            "valid": ok,
            "error": None,
            "tools": count if ok else None,
            "diagnostics": [d.to_json() for d in found],
        }
        print_json(data)
    else:
        _show_lint(found, f"{name}: {count} tools" if ok else "")
    raise typer.Exit(0 if ok else 2)


def _show_lint(found: Sequence[Diagnostic], checked: str) -> None:
    from rich.text import Text

    from agentjit.cli.consoles import show, standard_output
    from agentjit.cli.findings import render_findings
    from agentjit.diagnostics import Severity

    console = standard_output()
    if found:
        show(console, render_findings(found), Text())
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = len(found) - errors
    told = ", ".join(
        f"{n} {word}{'' if n == 1 else 's'}"
        for n, word in ((errors, "error"), (warnings, "warning"))
        if n
    )
    if checked:
        show(console, Text.assemble(("ok", "bold green"), f"  {checked}, {told or 'no findings'}"))
    else:
        show(console, Text.assemble(("broken", "bold red"), f"  {told}"))
