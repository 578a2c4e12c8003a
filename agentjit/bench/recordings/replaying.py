"""Does again what was recorded, with Playwright alone: no tools, no checks, no model."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from playwright.async_api import Error as PlaywrightError

from agentjit.bench.recordings.recorder import path_of, read_script
from agentjit.bench.recordings.recording import Action, Recording, Target
from agentjit.errors import RunError

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Page

#: Milliseconds that an element, or the page after an action, may take to be there.
PATIENCE_MS: Final = 10_000
#: How often an element that is replaced under the hand is looked for.
_ATTEMPTS: Final = 5


async def replay(page: Page, recording: Recording, url: str) -> None:
    """Do all actions, beginning on the recording's first page, which the tab shows.

    Raises RunError where an element is not there.
    """
    for number, action in enumerate(recording.actions, start=1):
        try:
            await perform(page, action, url)
        except PlaywrightError as error:
            raise RunError(
                f"{recording.task}: action {number}, {action.kind} "
                f"{action.target.name if action.target else action.value!r}, cannot be done",
                f"the page is {path_of(page.url)}, and was {action.path}: {error.message}",
            ) from error


async def perform(page: Page, action: Action, url: str) -> None:
    """Do one action, and wait for the page that it leads to."""
    if action.kind == "goto":
        assert action.value is not None
        await page.goto(urljoin(url, action.value), wait_until="domcontentloaded")
        return
    assert action.target is not None
    if not action.leaves:
        await _find_and_act(page, action, action.target)
        return
    async with page.expect_event(
        "framenavigated", lambda frame: frame.parent_frame is None, timeout=PATIENCE_MS
    ):
        await _find_and_act(page, action, action.target)
    await page.wait_for_load_state("domcontentloaded")


async def _find_and_act(page: Page, action: Action, target: Target) -> None:
    for _ in range(_ATTEMPTS):
        element = await find(page, target)
        try:
            return await _act(element, action)
        except PlaywrightError as error:
            # Part of the page was replaced between finding and acting, and nothing was done.
            if "not attached" not in error.message:
                raise
    raise RunError("the page replaces its elements faster than they can be used")


async def find(page: Page, target: Target) -> ElementHandle:
    """The element, once it is there. Raises PlaywrightError."""
    told = {name: getattr(target, name) for name in ("css", "tag", "name", "nth")}
    found = await page.wait_for_function(
        finder(), arg={**told, "attributes": dict(target.attributes)}, timeout=PATIENCE_MS
    )
    element = found.as_element()
    assert element is not None
    return element


@cache
def finder() -> str:
    """The function that finds in a page what was described."""
    return f"(target) => {{\n{read_script('targets.js')}\nreturn find(target);\n}}"


async def _act(element: ElementHandle, action: Action) -> None:
    value = action.value or ""
    match action.kind:
        case "click":
            await element.click(timeout=PATIENCE_MS)
        case "fill":
            await element.fill(value, timeout=PATIENCE_MS)
        case "select":
            await element.select_option(label=value, timeout=PATIENCE_MS)
        case _:
            await element.press(value, timeout=PATIENCE_MS)
