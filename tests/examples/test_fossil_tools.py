"""Fossil's tools on the live program: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from agentjit.compiler.examples import check_examples
from agentjit.errors import ContractBroken, ToolError
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.launch import open_browser
from agentjit.toolspecs import lint, load_toolset
from examples.fossil.facts import Facts, read_facts
from examples.fossil.seeding import PASSWORD, USER
from examples.fossil.serve import Served
from examples.fossil.tasks import HERE

TOOLSET = load_toolset(HERE / "tools.py")
pytestmark = pytest.mark.asyncio(loop_scope="module")

#: What the database does not show: a draft is in its tab only.
UNSEEN: Final = {"draft", "session"}

Steps = list[tuple[str, dict[str, Any]]]

CRASH: Final = "Crash when the log is empty"
COMPILERS: Final = "Which compilers do we support?"
IN: Final[Steps] = [("sign_in", {})]
TICKETS: Final[Steps] = [("goto_tickets", {})]
TICKET: Final[Steps] = [*TICKETS, ("goto_ticket", {"title": CRASH})]
WIKI: Final[Steps] = [("goto_wiki", {})]
WIKI_PAGE: Final[Steps] = [*WIKI, ("goto_wiki_page", {"name": "Release plan"})]
FORUM: Final[Steps] = [("goto_forum", {})]
THREAD: Final[Steps] = [*FORUM, ("goto_thread", {"title": COMPILERS})]
DRAFT: Final[Steps] = [*IN, *FORUM, ("draft_thread", {"title": "Ann & <b>", "text": "*Hi*"})]

#: From the start to where a tool can be used, and the arguments to use it with.
USES: Final[Mapping[str, tuple[Steps, dict[str, Any]]]] = {
    "sign_in": ([], {}),
    "goto_tickets": (THREAD, {}),
    "list_tickets": (TICKETS, {}),
    "goto_ticket": (TICKETS, {"title": CRASH.upper()}),
    "read_ticket": (TICKET, {}),
    "open_ticket": ([*IN, *TICKETS], {"title": "Ann & <b>", "description": "1 < 2\nand so on"}),
    "change_ticket": ([*IN, *TICKET], {"status": "Review"}),
    "goto_wiki": (TICKET, {}),
    "list_wiki_pages": (WIKI, {}),
    "goto_wiki_page": (WIKI, {"name": "Style of messages"}),
    "read_wiki_page": (WIKI_PAGE, {}),
    "edit_wiki_page": ([*IN, *WIKI_PAGE], {"passage": "Freeze two", "replacement": "Freeze 3"}),
    "create_wiki_page": ([*IN, *WIKI], {"name": "Ann & Bob", "text": "1 < 2"}),
    "goto_forum": (WIKI_PAGE, {}),
    "list_threads": (FORUM, {}),
    "goto_thread": (FORUM, {"title": COMPILERS}),
    "draft_thread": ([*IN, *FORUM], {"title": "Ann & <b>", "text": "*Hi*"}),
    "draft_reply": ([*IN, *THREAD], {"text": "*Hi*"}),
    "read_draft": (DRAFT, {}),
    "list_posts": ([], {}),
    "submit_draft": (DRAFT, {}),
}

#: Calls that must be refused: where from, the tool, its arguments, and what the error says.
SLIPS: Final[list[tuple[Steps, str, dict[str, Any], str]]] = [
    (TICKETS, "goto_ticket", {"title": "Crash"}, "no tickets called 'Crash'"),
    (WIKI, "goto_wiki_page", {"name": "Plan"}, "no wiki pages called 'Plan'"),
    (FORUM, "goto_thread", {"title": "Wel"}, "no threads called 'Wel'"),
    (
        [*IN, *WIKI_PAGE],
        "edit_wiki_page",
        {"passage": "ee", "replacement": ""},
        "'ee' 2 times",
    ),
    (
        [*IN, *WIKI],
        "create_wiki_page",
        {"name": "Release plan", "text": ""},
        "there is a wiki page 'Release plan' already",
    ),
    ([*IN, *TICKET], "change_ticket", {}, "nothing to change"),
]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A fresh browser context with one tab, opened at the start of a fresh repository."""

    page: Page
    site: Served

    async def call(self, name: str, /, **arguments: Any) -> Any:
        """Call a tool as a run does: requires, ensures and types are checked."""
        caller = Caller(TOOLSET, SystemClock())
        return (await caller.call(TOOLSET.by_name[name], self.page, arguments)).value

    async def walk(self, steps: Steps) -> None:
        """Call several, one after the other."""
        for name, arguments in steps:
            await self.call(name, **arguments)

    async def seen(self) -> Mapping[str, Any]:
        """What the page shows of the state."""
        return await TOOLSET.observe(self.page)

    def facts(self) -> Facts:
        """What the database holds."""
        return read_facts(self.site.repository)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(
    fossil_site: Served, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Visitor]:
    monkeypatch.setenv("FOSSIL_USER", USER)
    monkeypatch.setenv("FOSSIL_PASSWORD", PASSWORD)
    fossil_site.reset()
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto(fossil_site.url, wait_until="domcontentloaded")
    yield Visitor(page, fossil_site)
    await context.close()


def changed(before: Facts, after: Facts) -> frozenset[str]:
    """The account resources that differ, as the contracts call them."""
    return frozenset(
        name
        for name in ("tickets", "wiki", "posts")
        if getattr(before, name) != getattr(after, name)
    )


async def test_every_tool_is_tried_and_the_toolset_is_sound() -> None:
    assert set(USES) == set(TOOLSET.by_name)
    assert lint(TOOLSET) == ()
    assert check_examples(TOOLSET) == ()


@pytest.mark.browser
@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(visitor: Visitor, name: str) -> None:
    steps, arguments = USES[name]
    tool = TOOLSET.by_name[name]
    await visitor.walk(steps)
    before = visitor.facts()
    report = await Caller(TOOLSET, SystemClock()).call(tool, visitor.page, arguments)
    after = visitor.facts()
    assert report.drift == ()
    # What is written is on the page and in the database, or the contract says too much.
    assert changed(before, after) == (tool.touches.writes or frozenset()) - UNSEEN
    assert (before.changes == after.changes) == (before == after)
    if tool.effect.harmless and not tool.ensures:
        assert report.before == report.after


@pytest.mark.browser
@pytest.mark.parametrize("name", [tool.name for tool in TOOLSET.tools if tool.requires])
async def test_a_tool_whose_requirement_is_broken_does_nothing(visitor: Visitor, name: str) -> None:
    facts, seen = visitor.facts(), await visitor.seen()
    _, arguments = USES[name]
    with pytest.raises(ContractBroken):
        await visitor.call(name, **arguments)
    assert visitor.facts() == facts
    assert await visitor.seen() == seen


@pytest.mark.browser
@pytest.mark.parametrize(
    ("steps", "name", "arguments", "complaint"),
    SLIPS,
    ids=[name for _, name, _, _ in SLIPS],
)
async def test_a_tool_that_cannot_says_why_and_changes_nothing(
    visitor: Visitor, steps: Steps, name: str, arguments: dict[str, Any], complaint: str
) -> None:
    await visitor.walk(steps)
    facts = visitor.facts()
    with pytest.raises(ToolError, match=complaint):
        await visitor.call(name, **arguments)
    assert visitor.facts() == facts


@pytest.mark.browser
async def test_what_is_read_is_what_the_database_holds(visitor: Visitor) -> None:
    facts = visitor.facts()
    await visitor.walk(TICKETS)
    listed = await visitor.call("list_tickets")
    assert sorted((t["title"], t["type"], t["status"]) for t in listed) == sorted(
        (t["title"], t["type"], t["status"]) for t in facts.tickets
    )
    await visitor.walk(TICKET)
    ticket = await visitor.call("read_ticket")
    assert [f for f in facts.tickets if ticket.items() <= f.items()] == [
        f for f in facts.tickets if f["title"] == CRASH
    ]
    await visitor.walk(WIKI)
    assert {page["name"] for page in await visitor.call("list_wiki_pages")} == set(facts.wiki)
    await visitor.walk(FORUM)
    assert {t["title"]: t["posts"] for t in await visitor.call("list_threads")} == {
        title: sum(post.thread == title for post in facts.posts)
        for title in {post.thread for post in facts.posts}
    }
    assert len(await visitor.call("list_posts")) == len(facts.posts)


@pytest.mark.browser
async def test_what_is_typed_arrives_as_it_was_typed(visitor: Visitor) -> None:
    await visitor.walk([*IN, *TICKETS])
    await visitor.call("open_ticket", title="Ann & <b>", severity="Severe", description="1 < 2")
    assert (await visitor.call("read_ticket"))["severity"] == "Severe"
    await visitor.walk(DRAFT[1:])
    draft = await visitor.call("read_draft")
    assert draft == {"thread": "Ann & <b>", "kind": "new thread", "text": "*Hi*"}
    await visitor.call("submit_draft")
    facts = visitor.facts()
    (ticket,) = (t for t in facts.tickets if t["title"] == "Ann & <b>")
    assert (ticket["remarks"], ticket["status"]) == ("1 < 2", "Open")
    (post,) = (p for p in facts.posts if p.thread == "Ann & <b>")
    assert (post.author, post.text, post.answers) == (USER, "*Hi*", None)


@pytest.mark.browser
async def test_signing_in_twice_is_signing_in_once(visitor: Visitor) -> None:
    await visitor.walk([*IN, *TICKET, *IN])
    assert (await visitor.seen())["session"] == "signed_in"


@pytest.mark.browser
async def test_without_a_password_signing_in_says_so(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOSSIL_PASSWORD")
    with pytest.raises(ToolError, match="nobody to sign in as") as caught:
        await visitor.call("sign_in")
    assert "FOSSIL_PASSWORD" in caught.value.hint


@pytest.mark.browser
async def test_a_password_that_is_wrong_is_told(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOSSIL_PASSWORD", "not this")
    with pytest.raises(ToolError, match="does not let robin in"):
        await visitor.call("sign_in")
