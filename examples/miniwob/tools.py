"""Tools for the small pages of MiniWoB++: by what a control is and is called, not by its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin

from agentjit import Effect, StateModel, StateVar, ToolError, Toolset, tool

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

STATE = StateModel(
    (
        StateVar("page", doc="the name of the page that is open, such as click-button"),
        StateVar(
            "episode",
            values=("none", "waiting", "running", "done"),
            start="none",
            doc="waiting for START, running, or done: then there is a reward",
        ),
    )
)

Role = Literal["button", "checkbox", "radio", "tab", "text"]

#: Milliseconds: the page's own limit is 10 s, and what is judged here is not speed.
_NO_HURRY = 3_600_000


async def observe(page: Page) -> dict[str, Any]:
    """What the page's own variables say."""
    seen: dict[str, Any] = await page.evaluate(
        """() => {
            const name = location.pathname.match(/\\/miniwob\\/([\\w-]+)\\.html$/)?.[1] ?? null;
            if (name === null) return {page: null, episode: "none"};
            if (window.WOB_DONE_GLOBAL) return {page: name, episode: "done"};
            const cover = window.core?.cover_div;
            return {page: name, episode: cover?.style.display === "none" ? "running" : "waiting"};
        }"""
    )
    return seen


@tool(ensures="page == $name, episode == 'waiting'", effect=Effect.NAVIGATE, reads=())
async def open_page(page: Page, name: str, seed: int) -> None:
    """Open one of the pages; the same seed is the same task."""
    answer = await page.goto(urljoin(page.url, f"/miniwob/{name}.html?seed={seed}"))
    if answer is None or not answer.ok:
        raise ToolError(f"there is no page {name!r}")


@tool(requires="episode == 'waiting'", ensures="episode == 'running'", effect=Effect.NAVIGATE)
async def start_episode(page: Page) -> None:
    """Begin the page's task."""
    await page.evaluate(
        "limit => { core.EPISODE_MAX_TIME = limit; Math.seedrandom(core.QueryString.seed); }",
        _NO_HURRY,
    )
    await page.locator("#sync-task-cover").click()


@tool(requires="episode == 'running'", effect=Effect.READ, reads={"form"}, writes=())
async def read_task(page: Page) -> str:
    """Read what is to be done."""
    return " ".join((await page.locator("#query").inner_text()).split())


@tool(requires="episode == 'running'", effect=Effect.READ, reads={"form"}, writes=())
async def read_lines(page: Page) -> list[str]:
    """Read the texts below the task, line by line; a table's cells have a tab between them."""
    text = await page.locator("#area").inner_text()
    return [line.strip() for line in text.splitlines() if line.strip()]


@tool(requires="episode == 'running'", effect=Effect.READ, reads={"form"}, writes=())
async def list_buttons(page: Page) -> list[str]:
    """List what the buttons are called."""
    return [" ".join(text.split()) for text in await page.get_by_role("button").all_inner_texts()]


@tool(
    requires="episode == 'running'",
    ensures="episode == 'running'",
    effect=Effect.WRITE,
    reads={"form"},
    writes={"form"},
    examples=("click('Submit')", "click('brave', role='checkbox')"),
)
async def click(page: Page, name: str, role: Role = "button") -> None:
    """Click what is called so; the task goes on."""
    await (await _find(page, name, role)).click()


@tool(
    requires="episode == 'running'",
    effect=Effect.WRITE,
    reads={"form"},
    writes={"form"},
    idempotent=True,
    examples=("fill('Jerald')", "fill('secret', box=2)"),
)
async def fill(page: Page, text: str, box: int = 1) -> None:
    """Write a text into the first text box, or another; the boxes seldom have names."""
    boxes = page.locator("#area input:is([type=text], [type=password]):visible")
    if not 1 <= box <= await boxes.count():
        raise ToolError(f"there are {await boxes.count()} text boxes, and no number {box}")
    await boxes.nth(box - 1).fill(text)


@tool(
    requires="episode == 'running'",
    effect=Effect.WRITE,
    reads={"form"},
    writes={"form"},
    idempotent=True,
    examples=("choose('Bobine')",),
)
async def choose(page: Page, option: str) -> None:
    """Choose an option of the list box."""
    box = page.locator("#area select")
    if option not in await box.locator("option").all_inner_texts():
        raise ToolError(f"there is no option {option!r}")
    await box.select_option(option)


@tool(
    requires="episode == 'running'",
    ensures="episode == 'done'",
    effect=Effect.WRITE,
    reads={"form"},
    writes={"form", "reward"},
    examples=("finish('Submit')",),
)
async def finish(page: Page, name: str, role: Role = "button") -> None:
    """Click what is called so, and thereby end the task."""
    await (await _find(page, name, role)).click()


@tool(requires="episode == 'done'", effect=Effect.READ, reads={"reward"}, writes=())
async def read_reward(page: Page) -> float:
    """Read what the page gave for it: more than 0 where it was right."""
    return float(await page.evaluate("WOB_REWARD_GLOBAL"))


async def _find(page: Page, name: str, role: Role) -> Locator:
    """The first that is called so: pages repeat names. Raises ToolError."""
    if role == "text":
        found = page.locator("#area").get_by_text(name, exact=True)
    else:
        found = page.get_by_role(role, name=name, exact=True)
    if not await found.count():
        raise ToolError(f"there is no {role} {name!r}")
    return found.first


TOOLSET = Toolset(
    name="miniwob",
    title="MiniWoB++: small pages, each with one task and a reward",
    state=STATE,
    observe=observe,
    tools=(
        *(open_page, start_episode, read_task, read_lines, list_buttons),
        *(click, fill, choose, finish, read_reward),
    ),
)
