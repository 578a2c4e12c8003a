"""`agentjit bench planner`: how long planning takes beyond the model's own time."""

from __future__ import annotations

import json

from agentjit.cli.options import AsJson


def bench_planner(*, as_json: AsJson = False) -> None:
    """Measure planning with a scripted model on this machine: needs no key and no browser."""
    from agentjit.bench.planning import measure_planning
    from agentjit.engine import DEFAULT_SITE
    from agentjit.sites import load_site

    figures = measure_planning(load_site(DEFAULT_SITE).toolset)
    print(json.dumps(figures.to_json()) if as_json else figures.show())
