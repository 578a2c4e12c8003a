"""`agentjit bench scale`: runs side by side, long plans, long loops."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from agentjit.cli.options import AsJson
from agentjit.errors import UsageError


def bench_scale(
    *,
    runs: Annotated[
        str, typer.Option("--runs", metavar="N,…", help="Runs side by side, one level each.")
    ] = "1,4,16,64",
    tabs: Annotated[
        int, typer.Option("--tabs", min=1, metavar="N", help="Tabs that they have together.")
    ] = 16,
    rounds: Annotated[
        str, typer.Option("--rounds", metavar="N,…", help="Rounds of loops, one loop each.")
    ] = "10,100,1000",
    as_json: AsJson = False,
) -> None:
    """Measure how time and memory grow: runs at once, long plans, long loops."""
    from agentjit.bench.scale import Scale, measure_crowds, measure_loops, measure_plans
    from agentjit.engine import DEFAULT_SITE
    from agentjit.sites import load_site

    sizes, counts = _numbers(runs), _numbers(rounds)
    _tell("long plans")
    plans = measure_plans(load_site(DEFAULT_SITE).toolset)

    async def measure() -> Scale:
        crowds = await measure_crowds(sizes, tabs, _tell)
        return Scale(crowds, plans, await measure_loops(counts, tell=_tell))

    scale = asyncio.run(measure())
    print(json.dumps(scale.to_json()) if as_json else scale.show())


def _tell(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr, flush=True)


def _numbers(text: str) -> list[int]:
    try:
        numbers = [int(each) for each in text.split(",") if each.strip()]
    except ValueError:
        numbers = [0]
    if any(number < 1 for number in numbers):
        raise UsageError(f"{text!r} are no numbers to measure with", "write them like 1,4,16")
    return numbers
