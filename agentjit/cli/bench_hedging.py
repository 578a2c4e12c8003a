"""`agentjit bench hedging`: what a second copy of late calls brings, and what it costs."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from agentjit.cli.options import AsJson
from agentjit.errors import UsageError


def bench_hedging(
    *,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="Runs with copies, and as many without.")
    ] = 40,
    as_json: AsJson = False,
) -> None:
    """Measure a plan that reads on a site where one answer in ten is very slow."""
    from agentjit.bench.hedging import measure_hedging

    if runs < 2:
        raise UsageError("there is no tail to measure", "give --runs 2 or more, better 40")
    hedged = asyncio.run(measure_hedging(runs))
    print(json.dumps(hedged.to_json()) if as_json else hedged.show())
