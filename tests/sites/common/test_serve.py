"""Sites are served on loopback inside the running loop, and leave nothing behind."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx2 as httpx
import pytest

from agentjit.errors import UsageError
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import make_settings

DASHDISH = load_site("dashdish")


async def test_a_site_is_up_within_the_block_and_gone_after_it() -> None:
    before = asyncio.all_tasks()
    async with serving([DASHDISH]) as addresses, httpx.AsyncClient() as client:
        address = addresses["dashdish"]
        assert address.startswith("http://127.0.0.1:")
        assert (await client.get(f"{address}/finish")).status_code == 200
        # The client's connection is kept alive: the server has to close it by itself.
        leaving = time.perf_counter()
    assert time.perf_counter() - leaving < 0.5
    assert asyncio.all_tasks() == before
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) != 0


async def test_the_server_does_not_wait_for_an_answer_that_is_being_delayed() -> None:
    async with httpx.AsyncClient() as client:
        async with serving([DASHDISH], make_settings(latency="60")) as addresses:
            slow = asyncio.create_task(client.get(f"{addresses['dashdish']}/orders"))
            while (await client.get(f"{addresses['dashdish']}/truth")).json()["sessions"] == []:
                pass
            leaving = time.perf_counter()
        assert time.perf_counter() - leaving < 0.5
        with pytest.raises(httpx.HTTPError):
            await slow


async def test_a_taken_port_is_a_usage_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}"):
            async with serving([DASHDISH], ports={"dashdish": port}):
                pass


async def test_a_port_can_be_chosen_and_used_again_at_once() -> None:
    async with serving([DASHDISH]) as addresses:
        port = int(addresses["dashdish"].rpartition(":")[2])
    async with serving([DASHDISH], ports={"dashdish": port}) as addresses:
        assert addresses["dashdish"].endswith(f":{port}")
