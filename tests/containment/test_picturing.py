"""Pictures of pages with different secrets on them are the same picture."""

from __future__ import annotations

import os
from typing import Final

from playwright.async_api import async_playwright

from agentjit.runtime.launch import open_browser
from agentjit.runtime.picturing import take_picture
from agentjit.runtime.secrets import Secrets

#: A frame of the page has the secret too; letters are all as wide, so that only they differ.
PAGE: Final = """<style>* {{ font-family: monospace }}</style><h1>Receipt</h1>
<p>Your code: {0}</p><input value="{0}"><textarea>{0}</textarea><p contenteditable>{0}</p>
<iframe srcdoc="<p style='font-family: monospace'>{0}</p><input value='{0}'>"></iframe>"""


async def test_no_secret_can_be_read_in_a_picture() -> None:
    pictures = []
    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ)
        page = await browser.new_page(viewport={"width": 500, "height": 400})
        for shown, known in (
            ("swordfish", "swordfish"),
            ("xylophone", "xylophone"),
            ("swordfish", "xylophone"),
        ):
            await page.set_content(PAGE.format(shown))
            pictures.append(await take_picture(page, Secrets(known={"CODE": known})))
        await browser.close()
    assert pictures[0] == pictures[1]
    # It is the secrets that are covered, and not all text.
    assert pictures[0] != pictures[2]
