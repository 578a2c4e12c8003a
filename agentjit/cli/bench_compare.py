"""`agentjit bench compare`: two latency comparisons side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentjit.cli.options import AsJson


def bench_compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="A folder of `bench latency`.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Another one.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say which systems have become faster or slower, with intervals, and what else differs.

    Seconds of two machines cannot be compared; the ratios of systems within one can.
    """
    from agentjit.bench.latency.comparing import differ
    from agentjit.bench.latency.results import read_results
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.latency import render_difference

    difference = differ(read_results(before), read_results(after))
    if as_json:
        print_json(difference.to_json())
    else:
        show(standard_output(), render_difference(difference))
