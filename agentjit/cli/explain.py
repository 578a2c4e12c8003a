"""`agentjit explain`: the long text of a diagnostic's or an error's code."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from agentjit.cli.options import AsJson


def explain(
    code: Annotated[
        str | None,
        typer.Argument(
            metavar="[CODE]",
            help="A code, e.g. precondition-not-met; none lists all.",
            show_default=False,
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Explain the code of a diagnostic or an error; list them all."""
    from agentjit.cli.codes import list_codes as list_all
    from agentjit.cli.codes import render_code, render_codes
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.errors import UsageError

    known = {entry.code: entry for entry in list_all()}
    if code is None:
        if as_json:
            print_json({"codes": [entry.to_json() for entry in known.values()]})
        else:
            show(standard_output(), render_codes(known.values()))
        return
    entry = known.get(code.strip().strip("[]").casefold())
    if entry is None:
        near = get_close_matches(code.casefold(), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "agentjit explain lists them all"
        raise UsageError(f"there is no code {code!r}", hint)
    if as_json:
        print_json(entry.to_json())
    else:
        show(standard_output(), render_code(entry))
