"""Tools for a Fossil repository: its tickets, its wiki and its forum.

Written against Fossil's default pages (2.21). FOSSIL_USER and FOSSIL_PASSWORD in the environment
say who signs in: in a plan they would be recorded.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fossil_pages import (
    draft_shown,
    feed,
    follow_menu,
    index_of,
    list_box,
    look,
    press,
    preview_post,
    save_wiki_page,
    table_shown,
    threads_shown,
    ticket_shown,
    wiki_editor,
)
from fossil_records import (
    Draft,
    Kind,
    Post,
    Severity,
    Status,
    Thread,
    ThreadTitle,
    Ticket,
    TicketDetails,
    TicketTitle,
    WikiName,
    WikiPage,
)

from agentjit import Effect, Scope, StateModel, StateVar, ToolError, Toolset, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE = StateModel(
    (
        StateVar(
            "page",
            values=(
                *("home", "tickets", "ticket", "wiki", "wiki_page"),
                *("forum", "thread", "draft", "other"),
            ),
            start="home",
            doc="which page the tab shows",
        ),
        StateVar("ticket", doc="the title of the ticket whose page it is"),
        StateVar("wiki_page", doc="the name of the wiki page whose page it is"),
        StateVar("thread", doc="the title of the thread that is shown or written to"),
        StateVar(
            "session",
            values=("anonymous", "signed_in"),
            start="anonymous",
            scope=Scope.ACCOUNT,
            doc="whether somebody is signed in; whoever is not may only read",
        ),
    )
)

#: What holds on every page that is no ticket's, wiki page's or thread's own.
NOTHING_OPEN = "ticket == None, wiki_page == None, thread == None"


async def observe(page: Page) -> dict[str, str | None]:
    """What the address and the header say; they are there as soon as the page is."""
    seen: dict[str, str | None] = await look(page)
    return seen


@tool(
    ensures=f"page == 'home', session == 'signed_in', {NOTHING_OPEN}",
    effect=Effect.WRITE,
    reads=(),
    writes={"session"},
    idempotent=True,
)
async def sign_in(page: Page) -> None:
    """Sign in, which everything but reading needs."""
    if (await look(page))["session"] == "signed_in":
        await follow_menu(page, "Home")
        return
    user, password = os.environ.get("FOSSIL_USER"), os.environ.get("FOSSIL_PASSWORD")
    if not user or not password:
        raise ToolError("nobody to sign in as", "set FOSSIL_USER and FOSSIL_PASSWORD")
    await follow_menu(page, "Login")
    await page.get_by_label("User ID:").fill(user)
    await page.get_by_label("Password:", exact=True).fill(password)
    await press(page, "Login")
    if await page.locator(".loginError").count():
        raise ToolError(f"Fossil does not let {user} in", "look at FOSSIL_PASSWORD")


@tool(
    ensures=f"page == 'tickets', {NOTHING_OPEN}",
    effect=Effect.NAVIGATE,
    reads=(),
)
async def goto_tickets(page: Page) -> None:
    """Go to the list of tickets."""
    await follow_menu(page, "Tickets")
    await page.get_by_role("link", name="All Tickets", exact=True).click()


@tool(requires="page == 'tickets'", effect=Effect.READ, reads={"tickets"}, writes=())
async def list_tickets(page: Page) -> list[Ticket]:
    """List all tickets with title, type and status of each."""
    rows = await table_shown(page)
    return [{"title": r["title"], "type": r["type"], "status": r["status"]} for r in rows]


@tool(
    requires="page == 'tickets'",
    ensures="page == 'ticket', ticket == $title",
    effect=Effect.NAVIGATE,
    reads={"tickets"},
    examples=("goto_ticket('Crash on start')",),
)
async def goto_ticket(page: Page, title: TicketTitle) -> None:
    """Open a ticket's page, from the list of tickets."""
    rows = await table_shown(page)
    row = rows[index_of(title, [r["title"] for r in rows], "ticket")]
    await page.get_by_role("link", name=row["#"], exact=True).click()


@tool(requires="page == 'ticket'", effect=Effect.READ, reads={"tickets"}, writes=())
async def read_ticket(page: Page) -> TicketDetails:
    """Read the open ticket: its title, type, status, severity and priority."""
    ticket: TicketDetails = await ticket_shown(page)
    return ticket


@tool(
    requires="page == 'tickets', session == 'signed_in'",
    ensures="page == 'ticket', ticket == $title",
    effect=Effect.WRITE,
    reads={"session"},
    writes={"tickets"},
    examples=("open_ticket('Crash on start', kind='Code_Defect', severity='Severe')",),
)
async def open_ticket(
    page: Page,
    title: str,
    kind: Kind = "Code_Defect",
    severity: Severity = "Minor",
    description: str = "",
) -> None:
    """Open a new ticket."""
    await page.get_by_role("link", name="New Ticket", exact=True).click()
    await page.get_by_role("row", name="one-line summary").get_by_role("textbox").fill(title)
    await list_box(page, "Type:").select_option(kind)
    await list_box(page, "Severity:").select_option(severity)
    await page.locator("textarea").fill(description)
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_role("button", name="Submit").click()


@tool(
    requires="page == 'ticket', session == 'signed_in'",
    effect=Effect.WRITE,
    reads={"session"},
    writes={"tickets"},
    idempotent=True,
    examples=("change_ticket(status='Fixed')", "change_ticket(severity='Critical')"),
)
async def change_ticket(
    page: Page, status: Status | None = None, severity: Severity | None = None
) -> None:
    """Change the status or the severity of the open ticket."""
    if status is None and severity is None:
        raise ToolError("nothing to change", "say a status, or a severity")
    await page.get_by_role("link", name="Edit", exact=True).click()
    for label, value in (("Status:", status), ("Severity:", severity)):
        if value is not None:
            await list_box(page, label).select_option(value)
    await page.get_by_role("button", name="Preview").click()
    await page.get_by_role("button", name="Submit").click()


@tool(
    ensures=f"page == 'wiki', {NOTHING_OPEN}",
    effect=Effect.NAVIGATE,
    reads=(),
)
async def goto_wiki(page: Page) -> None:
    """Go to the list of wiki pages."""
    await follow_menu(page, "Wiki")
    await page.get_by_role("link", name="List of All Wiki Pages").click()


@tool(requires="page == 'wiki'", effect=Effect.READ, reads={"wiki"}, writes=())
async def list_wiki_pages(page: Page) -> list[WikiPage]:
    """List the names of all wiki pages."""
    return [{"name": row["Name"]} for row in await table_shown(page)]


@tool(
    requires="page == 'wiki'",
    ensures="page == 'wiki_page', wiki_page == $name",
    effect=Effect.NAVIGATE,
    reads={"wiki"},
    examples=("goto_wiki_page('Release plan')",),
)
async def goto_wiki_page(page: Page, name: WikiName) -> None:
    """Open a wiki page, from the list of wiki pages."""
    names = [row["Name"] for row in await table_shown(page)]
    found = names[index_of(name, names, "wiki page")]
    await page.locator(".content").get_by_role("link", name=found, exact=True).click()


@tool(requires="page == 'wiki_page'", effect=Effect.READ, reads={"wiki"}, writes=())
async def read_wiki_page(page: Page) -> str:
    """Read the text of the open wiki page."""
    return await page.locator(".content").inner_text()


@tool(
    requires="page == 'wiki_page', session == 'signed_in'",
    effect=Effect.WRITE,
    reads={"session", "wiki"},
    writes={"wiki"},
    examples=("edit_wiki_page('planned for March', 'planned for April')",),
)
async def edit_wiki_page(page: Page, passage: str, replacement: str) -> None:
    """Replace a passage of the open wiki page, which must be there once, by another text."""
    await page.get_by_role("link", name="Edit", exact=True).click()
    editor = await wiki_editor(page, "Loaded page")
    source = await editor.input_value()
    if source.count(passage) != 1:
        times = source.count(passage)
        raise ToolError(f"the page has {passage!r} {times} times", "quote what it has once")
    await save_wiki_page(page, editor, source.replace(passage, replacement))


@tool(
    requires="page == 'wiki', session == 'signed_in'",
    ensures="page == 'wiki_page', wiki_page == $name",
    effect=Effect.WRITE,
    reads={"session", "wiki"},
    writes={"wiki"},
    examples=("create_wiki_page('How to build', 'Type make.')",),
)
async def create_wiki_page(page: Page, name: str, text: str) -> None:
    """Create a wiki page, its text in Markdown."""
    names = [row["Name"] for row in await table_shown(page)]
    if name in names:
        raise ToolError(f"there is a wiki page {name!r} already", "edit_wiki_page() changes it")
    await page.get_by_role("link", name="New", exact=True).click()
    await page.locator(".content").get_by_role("textbox").fill(name)
    await page.get_by_role("button", name="Create").click()
    await save_wiki_page(page, await wiki_editor(page, "new, unsaved page"), text)


@tool(
    ensures=f"page == 'forum', {NOTHING_OPEN}",
    effect=Effect.NAVIGATE,
    reads=(),
)
async def goto_forum(page: Page) -> None:
    """Go to the forum, to its list of threads."""
    await follow_menu(page, "Forum")


@tool(requires="page == 'forum'", effect=Effect.READ, reads={"posts"}, writes=())
async def list_threads(page: Page) -> list[Thread]:
    """List the threads of the forum with the title and the number of posts of each."""
    threads: list[Thread] = await threads_shown(page)
    return threads


@tool(
    requires="page == 'forum'",
    ensures="page == 'thread', thread == $title",
    effect=Effect.NAVIGATE,
    reads={"posts"},
    examples=("goto_thread('Welcome')",),
)
async def goto_thread(page: Page, title: ThreadTitle) -> None:
    """Open a thread of the forum."""
    titles = [thread["title"] for thread in await threads_shown(page)]
    await page.locator(".forumPosts a").nth(index_of(title, titles, "thread")).click()


@tool(
    requires="page == 'forum', session == 'signed_in'",
    ensures="page == 'draft', thread == $title",
    effect=Effect.WRITE,
    reads={"session"},
    writes={"draft"},
    examples=("draft_thread('A question', 'Does it run on a raspberry?')",),
)
async def draft_thread(page: Page, title: str, text: str) -> None:
    """Write a post that starts a thread, without sending it yet."""
    await page.get_by_role("link", name="New Thread", exact=True).click()
    await page.locator("input[name=title]").fill(title)
    await preview_post(page, text)


@tool(
    requires="page == 'thread', session == 'signed_in'",
    ensures="page == 'draft'",
    effect=Effect.WRITE,
    reads={"session"},
    writes={"draft"},
    examples=("draft_reply('Yes, it does.')",),
)
async def draft_reply(page: Page, text: str) -> None:
    """Write a reply to the first post of the open thread, without sending it yet."""
    await page.get_by_role("button", name="Reply", exact=True).first.click()
    await preview_post(page, text)


@tool(requires="page == 'draft'", effect=Effect.READ, reads={"draft"}, writes=())
async def read_draft(page: Page) -> Draft:
    """Read what is about to be posted."""
    draft: Draft = await draft_shown(page)
    return draft


@tool(effect=Effect.READ, reads={"posts"}, writes=())
async def list_posts(page: Page) -> list[Post]:
    """List all posts of the forum, from its feed."""
    posts: list[Post] = await feed(page)
    return posts


@tool(
    requires="page == 'draft', session == 'signed_in'",
    ensures="page == 'thread'",
    effect=Effect.COMMIT,
    reads={"draft", "session"},
    writes={"draft", "posts"},
    terms="read_draft",
    verify="list_posts",
)
async def submit_draft(page: Page) -> None:
    """Post the draft to the forum, for everybody to read."""
    await press(page, "Submit")


TOOLSET = Toolset(
    name="fossil",
    title="A Fossil repository: tickets, a wiki, a forum",
    state=STATE,
    observe=observe,
    tools=(
        *(sign_in, goto_tickets, list_tickets, goto_ticket, read_ticket, open_ticket),
        *(change_ticket, goto_wiki, list_wiki_pages, goto_wiki_page, read_wiki_page),
        *(edit_wiki_page, create_wiki_page, goto_forum, list_threads, goto_thread),
        *(draft_thread, draft_reply, read_draft, list_posts, submit_draft),
    ),
)
