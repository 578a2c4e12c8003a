"""The tools under answers that come late, some very late: the same results, every time."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from playwright.async_api import Browser

from agentjit.errors import ToolError
from tests.sites.gitlab.uses import A11Y, AT_REQUEST, INVITING, USES
from tests.sites.gitlab.visitor import Visitor
from tests.sites.guests import Steps, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: 300 ms on average, and one answer in twenty takes ten times as long.
LATE: Final = "lognormal:0.3:tail=0.05x10"

#: How many visitors there are at the same time: they mostly wait.
TOGETHER: Final = 6


async def test_late_content_is_waited_for(visitor: Visitor) -> None:
    await visitor.page.request.get(
        f"{visitor.address}/config?seed=3&latency=lognormal:0.02:tail=0.1x8"
    )
    await visitor.call("goto_project", project="a11yproject.com")
    await visitor.call("goto_project_commits")
    commits = await visitor.call("get_commits", date="2023-03-05")
    assert [each["author"] for each in commits].count("Kilian Valkhof") == 1
    await visitor.call("goto_project", project="primer/design")
    await visitor.call("goto_project_contributors")
    first = await visitor.call("list_project_contributors", top_n=3)
    assert [each["name"] for each in first] == [
        "Shawn Allen",
        "Inayaili León",
        "Aurora Pleguezuelo",
    ]
    await visitor.walk(INVITING)
    await visitor.call("invite_project_members", usernames=["vinta"], role="Developer")
    assert (await visitor.record())["members"]["byteblaze/dotfiles"]["vinta"] == "Developer"


@pytest.mark.parametrize(
    ("steps", "broken", "name", "arguments"),
    [
        ([("open", {"path": "/explore"})], "**/-/parts/projects*", "list_projects", {}),
        (
            [("open", {"path": f"{A11Y}/-/graphs/main"})],
            "**/-/parts/*",
            "list_project_contributors",
            {},
        ),
        (INVITING, "**/invitations", "invite_project_members", {"usernames": ["vinta"]}),
        (AT_REQUEST, "**/notes?*", "add_comment", {"text": "lgtm"}),
    ],
    ids=lambda value: value if isinstance(value, str) and "*" not in value else "",
)
async def test_what_the_site_does_not_answer_is_an_error_and_changes_nothing(
    visitor: Visitor, steps: Steps, broken: str, name: str, arguments: dict[str, Any]
) -> None:
    await visitor.page.route(broken, lambda route: route.abort())
    await visitor.walk(steps)
    record = await visitor.record()
    with pytest.raises(ToolError):
        await visitor.call(name, **arguments)
    assert await visitor.record() == record


@pytest.mark.slow
@pytest.mark.parametrize("repeat", range(20))
async def test_no_tool_minds_a_heavy_tail(
    browser: Browser, address: str, layout: str, repeat: int
) -> None:
    places = asyncio.Semaphore(TOGETHER)

    async def visit(name: str) -> None:
        async with places:
            await _use_late(browser, address, f"layout={layout}&seed={repeat % 5}", name)

    async with asyncio.TaskGroup() as group:
        for name in USES:
            group.create_task(visit(name), name=name)


async def _use_late(browser: Browser, address: str, query: str, name: str) -> None:
    steps, arguments = USES[name]
    async with visiting(Visitor, browser, address, query, timeout=30_000) as visitor:
        await visitor.walk(steps)
        await visitor.page.request.get(f"{address}/config?latency={LATE}")
        try:
            await visitor.try_out(name, **arguments)
        except (AssertionError, ToolError) as problem:
            problem.add_note(f"it was {name}")
            raise
