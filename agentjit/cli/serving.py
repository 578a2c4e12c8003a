"""Serves sites in the foreground: prints their addresses, then waits for Ctrl-C."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from agentjit.cli.consoles import print_json
from agentjit.sites import Site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import read_settings


def serve(
    sites: Sequence[Site], *, port: int, given: Mapping[str, str | None], as_json: bool
) -> None:
    """Serve until Ctrl-C, which is the ordinary end. Raises UsageError.

    A setting that is not `given` is the environment's, if that has it.
    """
    settings = read_settings(os.environ, given)
    ports = {site.name: port + number for number, site in enumerate(sites)} if port else {}

    async def forever() -> None:
        async with serving(sites, settings, ports) as addresses:
            if as_json:
                print_json({"sites": addresses})
            else:
                for name, address in addresses.items():
                    print(f"{name}  {address}", flush=True)
                print("serving on this machine only; Ctrl-C ends it", flush=True)
            await asyncio.get_running_loop().create_future()

    with suppress(KeyboardInterrupt):
        asyncio.run(forever())
