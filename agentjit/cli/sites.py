"""`agentjit sites`: list the bundled sites, or serve them on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from agentjit.cli.options import AsJson, Faults, Latency, Layout, Seed, Today


def list_sites(*, as_json: AsJson = False) -> None:
    """List the bundled sites."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.values import render_records
    from agentjit.sites import load_site, site_names

    sites = [{"name": s.name, "title": s.title} for s in map(load_site, site_names())]
    if as_json:
        print_json({"sites": sites})
    else:
        show(standard_output(), render_records(sites))


def serve_sites(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Which; all of them where none is named."),
    ] = None,
    *,
    port: Annotated[
        int,
        typer.Option(
            "--port", metavar="N", help="The first site's port, the next one's is N+1; 0: any."
        ),
    ] = 0,
    seed: Seed = None,
    latency: Latency = None,
    faults: Faults = None,
    layout: Layout = None,
    today: Today = None,
    as_json: AsJson = False,
) -> None:
    """Serve sites on 127.0.0.1 until Ctrl-C."""
    from agentjit.cli.serving import serve
    from agentjit.sites import load_site, site_names

    sites = [load_site(name) for name in dict.fromkeys(names or site_names())]
    given = {
        "seed": seed,
        "latency": latency,
        "faults": faults,
        "layout": layout,
        "today": today,
    }
    serve(sites, port=port, given=given, as_json=as_json)
