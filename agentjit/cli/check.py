"""`agentjit check`: check a plan against a site's tools without running anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Site, Tools

if TYPE_CHECKING:
    from agentjit.compiler.check import CheckedProgram
    from agentjit.compiler.repair import Repair
    from agentjit.diagnostics import Diagnostic
    from agentjit.source import Source


def check(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN.py", help="The plan; - is stdin.", show_default=False)
    ],
    *,
    site: Site = None,
    tools: Tools = None,
    task: Annotated[
        str | None,
        typer.Option("--task", metavar="TEXT", help="Check that no argument is invented, too."),
    ] = None,
    given: Annotated[
        str | None,
        typer.Option(
            "--given",
            metavar="FACTS",
            help="What holds where the plan starts, if not at the site's start: page == 'store'.",
        ),
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Show what is proven to hold before each call.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a plan: language, types, contracts on every path.

    Exits with 0 when it is valid, 3 when it is not, 2 when it cannot be read.
    """
    from agentjit.cli.consoles import print_json
    from agentjit.cli.selection import read_given, read_plan, select_toolset
    from agentjit.compiler.check import CheckedProgram
    from agentjit.compiler.check import check as check_plan
    from agentjit.compiler.repair import advise, repair

    source, toolset = read_plan(plan), select_toolset(site, tools)
    start = read_given(given, toolset.state)
    checked = check_plan(source, toolset, task=task, start=start)
    valid = isinstance(checked, CheckedProgram)
    mended = None
    if isinstance(checked, tuple):
        mended = repair(source, toolset, task=task, start=start)
        checked = advise(checked, mended)
    if as_json:
        print_json(_to_json(source, checked) | {"repair": mended.diff if mended else None})
    elif isinstance(checked, CheckedProgram):
        _show_valid(source, checked, facts=facts)
    else:
        _show_invalid(source, checked, mended)
    raise typer.Exit(0 if valid else 3)


def _show_valid(source: Source, checked: CheckedProgram, *, facts: bool) -> None:
    from rich.text import Text

    from agentjit.cli.consoles import printable, show, standard_output
    from agentjit.cli.findings import render_findings
    from agentjit.cli.proof import render_proof
    from agentjit.compiler.ir import calls_in
    from agentjit.planner.cost import cost_of

    console = standard_output()
    calls = len(calls_in(checked.program.body))
    told = f"{calls} tool call{'' if calls == 1 else 's'}, cost {cost_of(checked.program):g}"
    show(console, Text.assemble(("valid", "bold green"), f"  {printable(source.name)}: {told}"))
    if facts:
        show(console, Text(), render_proof(checked))
    elif checked.final is not None:
        show(console, Text(f"at the end: {checked.final.show()}", style="dim"))
    else:
        show(console, Text("its end is never reached", style="dim"))
    if checked.warnings:
        show(console, Text(), render_findings(checked.warnings, source))


def _show_invalid(source: Source, found: tuple[Diagnostic, ...], mended: Repair | None) -> None:
    from rich.text import Text

    from agentjit.cli.consoles import printable, show, standard_output
    from agentjit.cli.findings import render_findings

    count = f"{len(found)} problem{'' if len(found) == 1 else 's'}"
    summary = Text.assemble(("not valid", "bold red"), f"  {printable(source.name)}: {count}")
    show(standard_output(), render_findings(found, source), Text(), summary)
    if mended is not None:
        title = Text("with these lines it is valid:", style="dim")
        diff = "\n".join(printable(line) for line in mended.diff.splitlines())
        show(standard_output(), Text(), title, Text(diff))


def _to_json(source: Source, checked: CheckedProgram | tuple[Diagnostic, ...]) -> dict[str, Any]:
    from agentjit.compiler.ir import calls_in
    from agentjit.planner.cost import cost_of

    data: dict[str, Any] = {
        "plan": source.name,
        "status": "no-plan",
        "exit_code": 3,
        "valid": False,
        "error": None,
        "tool_calls": None,
        "cost": None,
        "final": None,
        "proof": None,
    }
    if isinstance(checked, tuple):
        return {**data, "diagnostics": [d.to_json() for d in checked]}
    final = checked.final
    return data | {
        "status": "done",
        "exit_code": 0,
        "valid": True,
        "tool_calls": len(calls_in(checked.program.body)),
        "cost": cost_of(checked.program),
        "final": {k: str(f) for k, f in final.state.items()} if final else None,
        "proof": checked.show(),
        "diagnostics": [d.to_json() for d in checked.warnings],
    }
