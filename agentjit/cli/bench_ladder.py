"""`agentjit bench ladder`: what a plan costs beside a script that a person wrote."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from agentjit.cli.options import AsJson
from agentjit.errors import UsageError


def bench_ladder(
    *,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", help="Orders of each length, by each of both.")
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Measure orders of 6, 10 and 20 browser actions: by plan, and by a Playwright script."""
    from agentjit.bench.ladder import measure_ladder

    if repeats < 1:
        raise UsageError("there is nothing to measure", "give --repeats 1 or more")
    ladder = asyncio.run(measure_ladder(repeats))
    print(json.dumps(ladder.to_json()) if as_json else ladder.show())
