"""Take a picture of a page on which no secret can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agentjit.runtime.secrets import Secrets

if TYPE_CHECKING:
    from playwright.async_api import Page

#: What people type into; whatever is in it is nobody's business.
_FIELDS: Final = "input:not([type=submit], [type=button]), textarea, [contenteditable]"


async def take_picture(page: Page, secrets: Secrets) -> bytes:
    """What the tab shows, as PNG. Fields, and texts that hold a secret, are covered.

    Raises Playwright's Error where the page cannot be pictured.
    """
    covered = [frame.locator(_FIELDS) for frame in page.frames]
    for value in secrets.known.values():
        covered += [frame.get_by_text(value) for frame in page.frames]
    return await page.screenshot(mask=covered, mask_color="#404040", animations="disabled")
