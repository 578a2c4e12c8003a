"""Nothing outside a site's origins is contacted, whatever its pages do."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from agentjit.engine import AgentJIT
from agentjit.ports import RunEvent
from agentjit.runtime.launch import open_browser
from tests.containment.hostile import HostilePage, hostile_site, open_canary, read_pages
from tests.containment.visiting import PATIENCE, Attempts, leave_page, make_tools, visit_page

CORPUS = read_pages()


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    assert len(CORPUS) >= 150
    assert len({page.name for page in CORPUS}) == len(CORPUS)


async def test_no_hostile_page_reaches_another_origin(tmp_path: Path) -> None:
    attempts, told = Attempts(), list[RunEvent]()
    plan = f"for name in {[page.name for page in CORPUS]}:\n    visit(name)\n"
    async with open_canary() as canary, hostile_site(canary) as url:
        engine = AgentJIT(
            tools=make_tools(CORPUS, attempts),
            url=url,
            runs_dir=tmp_path,
            listeners=(told.append,),
            planner="symbolic",
            cache=False,
            strategy="serial",
        )
        async with engine as jit:
            with jit.fence.heard(attempts.hear):
                result = await jit.run("visit every page", plan=plan)
        assert canary.came == []
    assert result.status == "done", (result.error, result.line, last_call(told))
    assert " ".join(attempts.tame) == "", "these do not even try"
    # Each origin is told once as an event, and counted as often as it was asked for.
    blocked = [event.data["origin"] for event in told if event.kind == "request-blocked"]
    assert len(blocked) == len(set(blocked))
    assert set(blocked) == set(result.blocked)
    assert Counter(result.blocked) <= Counter(attempts.origins)
    assert result.to_json()["blocked"] == dict(result.blocked)


@pytest.mark.slow
async def test_without_the_fence_every_hostile_page_reaches_it() -> None:
    """The corpus is worth something only if its pages do what they are kept from."""
    tame: list[str] = []
    async with (
        async_playwright() as playwright,
        open_canary() as canary,
        hostile_site(canary) as url,
    ):
        _, browser = await open_browser(playwright, os.environ)
        context = await browser.new_context(base_url=url)
        page = await context.new_page()
        for hostile in filter(is_worth_a_try, CORPUS):
            seen = len(canary.came) if not hostile.is_named else 0
            await visit_page(page, hostile)
            if not await canary.until(hostile, PATIENCE, since=seen):
                tame.append(hostile.name)
            await leave_page(page)
        await browser.close()
    assert " ".join(tame) == ""


def is_worth_a_try(page: HostilePage) -> bool:
    """Pages that ask; those that lead to the other kind of loopback may find nobody there."""
    return page.asks and "[::" not in page.html


def last_call(told: list[RunEvent]) -> object:
    """What was visited last."""
    return [event.data["arguments"] for event in told if event.kind == "call-started"][-1:]
