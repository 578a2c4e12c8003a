"""The model is asked while the tab is on its way, and again where it comes to another place."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from agentjit.engine import AgentJIT
from tests.e2e.hire import BOOK, PLAN, open_hire
from tests.e2e.test_models import options
from tests.fixtures.fake_endpoint import Reply, Seen, fake_endpoint, writes
from tests.fixtures.toolhire.app import build_app
from tests.fixtures.toolhire.ledger import Ledger
from tests.fixtures.toolhire.serve import serve_app
from tests.fixtures.toolhire.tools import TOOLSET

pytestmark = pytest.mark.browser

CHOOSE = """\
open_depot("Millbrook")
choose_machine(show_machines()[0]["machine_name"], days=1)
"""


def opening_after(site: ASGIApp, asked: asyncio.Event) -> ASGIApp:
    """The site, whose first page answers nobody before that."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/":
            await asked.wait()
        await site(scope, receive, send)

    return app


async def test_a_model_is_asked_while_the_site_is_opened(tmp_path: Path) -> None:
    asked = asyncio.Event()

    def script(_: int, request: Seen) -> Reply:
        asked.set()
        return writes(PLAN)

    site = opening_after(build_app(Ledger(), 0.02), asked)
    async with fake_endpoint(script=script) as endpoint, serve_app(site) as url:
        engine = AgentJIT(tools=TOOLSET, url=url, runs_dir=tmp_path, **options(endpoint))
        async with engine as jit, asyncio.timeout(15):
            result = await jit.run(BOOK)
    assert result.status == "done"
    assert {"opening the site", "planning", "running"} <= result.timing.keys()


async def test_what_may_spend_little_asks_once_it_is_known_where_the_site_stands(
    tmp_path: Path,
) -> None:
    async with (
        fake_endpoint(writes(CHOOSE)) as endpoint,
        open_hire(tmp_path, **options(endpoint), max_tokens=1_000_000) as hire,
    ):
        await hire.run("choose the first machine at Millbrook")
        before = len(endpoint.requests)
        again = await hire.run("choose the first machine at Millbrook")
        starts = [seen.body["messages"][-1]["content"] for seen in endpoint.requests[before:]]
    assert again.status == "done"
    assert all("booking == 'draft'" in start for start in starts)


async def test_it_is_asked_again_where_the_site_stands_otherwise(tmp_path: Path) -> None:
    def script(_: int, request: Seen) -> Reply:
        return writes(CHOOSE)

    async with (
        fake_endpoint(script=script) as endpoint,
        open_hire(tmp_path, **options(endpoint)) as hire,
    ):
        first = await hire.run("choose the first machine at Millbrook")
        before = len(endpoint.requests)
        again = await hire.run("choose the first machine at Millbrook")
        starts = [seen.body["messages"][-1]["content"] for seen in endpoint.requests[before:]]
    assert (first.status, again.status) == ("done", "done")
    assert "booking == 'none'" in starts[0]
    assert "booking == 'draft'" in starts[-1]
    assert again.usage.calls == len(starts), "what was asked in vain is paid for as well"
