"""How Fossil's pages are read and filled in; the tools beside it say what for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentjit import ToolError

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


async def look(page: Page) -> dict[str, str | None]:
    """The state, from the address and the header: they are there as soon as the page is."""
    seen: dict[str, str | None] = await page.evaluate(
        """() => {
            const text = (node) => (node?.textContent ?? "").trim();
            const header = document.querySelector(".header .title");
            if (!header) return {page: "other"};
            const title = text(header.lastChild);
            const [last, before] = location.pathname.split("/").reverse();
            const pages = {
                index: "home", home: "home", "": "home", rptview: "tickets", tktview: "ticket",
                wcontent: "wiki", forum: "forum", forumpost: "thread",
                forume1: "draft", forume2: "draft",
            };
            let page = pages[last] ?? pages[before] ?? "other";
            if (last === "wiki") page = location.search.includes("name=") ? "wiki_page" : "other";
            // The draft of a reply names its thread; that of a new one has its title in a box.
            const drafted = () => text(document.querySelector(".forumPostReplyTitle"))
                || document.querySelector("input[name=title]")?.value;
            const cells = [...document.querySelectorAll("td")];
            const label = cells.find((cell) => text(cell) === "Title:");
            return {
                page,
                ticket: page === "ticket" ? text(label?.nextElementSibling) : null,
                wiki_page: page === "wiki_page" ? title : null,
                thread: page === "thread" ? title : page === "draft" ? drafted() : null,
                session: text(document.querySelector(".header .status a")) === "Login"
                    ? "anonymous" : "signed_in",
            };
        }"""
    )
    return seen


async def _read(page: Page, script: str) -> Any:
    """What a script finds on the page once all of it is there: the header comes before the rest."""
    await page.wait_for_load_state("domcontentloaded")
    return await page.evaluate(script)


async def press(page: Page, name: str) -> None:
    """Press a button that leads to another page, and wait for all of that."""
    await page.get_by_role("button", name=name, exact=True).click()
    await page.wait_for_load_state("domcontentloaded")


async def follow_menu(page: Page, name: str) -> None:
    """Follow a link of the main menu; pages may have links of the same name."""
    await page.locator(".mainmenu").get_by_role("link", name=name, exact=True).click()


async def table_shown(page: Page) -> list[dict[str, Any]]:
    """The rows of the page's sortable table, by the names of its columns."""
    rows: list[dict[str, Any]] = await _read(
        page,
        """() => {
            const table = document.querySelector("table.sortable");
            const text = (cell) => cell.textContent.trim();
            const names = [...table.tHead.rows[0].cells].map(text);
            return [...table.tBodies[0].rows].map((row) =>
                Object.fromEntries([...row.cells].map((cell, i) => [names[i], text(cell)])));
        }""",
    )
    return rows


def index_of(wanted: str, names: list[str], kind: str) -> int:
    """Where the one thing of this name stands."""
    plain = [" ".join(name.split()).casefold() for name in names]
    count = plain.count(" ".join(wanted.split()).casefold())
    if count != 1:
        raise ToolError(f"there are {count or 'no'} {kind}s called {wanted!r}")
    return plain.index(" ".join(wanted.split()).casefold())


async def ticket_shown(page: Page) -> dict[str, str]:
    """What the open ticket's page says, field by field."""
    ticket: dict[str, str] = await _read(
        page,
        """() => {
            const text = (cell) => (cell?.textContent ?? "").trim();
            const cells = [...document.querySelectorAll(".content td")];
            const value = (label) =>
                text(cells.find((cell) => text(cell) === label)?.nextElementSibling);
            return {
                title: value("Title:"), type: value("Type:"), status: value("Status:"),
                severity: value("Severity:"), priority: value("Priority:"),
            };
        }""",
    )
    return ticket


def list_box(page: Page, label: str) -> Locator:
    """The list box in the row that begins with a label: Fossil's forms have no real labels."""
    cell = page.get_by_role("cell", name=label, exact=True)
    return page.get_by_role("row").filter(has=cell).get_by_role("combobox")


async def wiki_editor(page: Page, said: str) -> Locator:
    """The wiki editor's text box, once the editor says that it is ready."""
    await page.get_by_text(said).wait_for()
    return page.locator("textarea:visible")


async def save_wiki_page(page: Page, editor: Locator, text: str) -> None:
    """Save a text, and wait for the page that shows it."""
    await editor.fill(text)
    await page.get_by_role("button", name="Save & Close").click()
    await page.wait_for_url("**/wiki?name=*")


async def threads_shown(page: Page) -> list[dict[str, Any]]:
    """The forum's threads; the row of one without replies has no number."""
    threads: list[dict[str, Any]] = await _read(
        page,
        """() => [...document.querySelectorAll(".forumPosts tr")].map((row) => ({
            title: row.cells[1].textContent.trim(),
            posts: parseInt(row.cells[2].textContent) || 1,
        }))""",
    )
    return threads


async def preview_post(page: Page, text: str) -> None:
    """Write a post, and have it shown: Fossil takes nothing that was not previewed."""
    await page.get_by_label("Content:").fill(text)
    await page.get_by_role("button", name="Preview", exact=True).click()


async def draft_shown(page: Page) -> dict[str, str]:
    """The post that is being written."""
    draft: dict[str, str] = await _read(
        page,
        """() => {
            const title = document.querySelector("input[name=title]");
            return {
                thread: title?.value ?? document.querySelector(".forumPostReplyTitle").textContent,
                kind: title ? "new thread" : "reply",
                text: document.querySelector("textarea[name=content]").value,
            };
        }""",
    )
    return draft


async def feed(page: Page) -> list[dict[str, str]]:
    """Every post of the forum, read beside the page: the tab stays where it is."""
    posts: list[dict[str, str]] = await page.evaluate(
        """async () => {
            const menu = document.querySelector(".mainmenu a[href$='/timeline']");
            const answer = await fetch(`${menu.href}.rss?y=f&n=1000`);
            if (!answer.ok) throw new Error(`the feed answers ${answer.status}`);
            const feed = new DOMParser().parseFromString(await answer.text(), "text/xml");
            return [...feed.querySelectorAll("item")].map((item) => ({
                link: item.querySelector("link").textContent,
                title: item.querySelector("title").textContent,
                author: item.getElementsByTagName("dc:creator")[0].textContent,
            }));
        }"""
    )
    return posts
