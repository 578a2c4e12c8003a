"""`agentjit bench`: measure the compiler, and whole runs, on this machine."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from agentjit.cli.options import AsJson
from agentjit.errors import UsageError


def bench(
    context: typer.Context,
    *,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Order once for each of the seeds 1 to N.")
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Measure the compiler, the choice of schedules, and a sentence's way to an order."""
    if context.invoked_subcommand is not None:
        return
    from agentjit.bench.compiling import measure_compiler
    from agentjit.bench.forecasting import measure_choices
    from agentjit.bench.measuring import show_spreads
    from agentjit.bench.ordering import TASK, measure_orders
    from agentjit.engine import DEFAULT_SITE
    from agentjit.sites import load_site

    if seeds < 1:
        raise UsageError("there is nothing to measure", "give --seeds 1 or more")
    toolset = load_site(DEFAULT_SITE).toolset
    compiler, choices = measure_compiler(toolset), measure_choices(toolset)
    if not as_json:
        print(compiler.show())
        print(f"\n{choices.show()}")
        print(f"\nordering: “{TASK}”, seeds 1 to {seeds} …", flush=True)
    orders = asyncio.run(measure_orders(seeds))
    if as_json:
        print(
            json.dumps(
                {
                    "compiler": compiler.to_json(),
                    "choices": choices.to_json(),
                    "orders": [s.to_json() for s in orders.spreads],
                    "right": orders.done,
                    "of": orders.runs,
                }
            )
        )
        return
    print(show_spreads("an order, browser and account opened anew each time", orders.spreads, "s"))
    print(f"  exactly one order in the site's own record: {orders.done} of {orders.runs}")
