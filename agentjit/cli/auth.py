"""`agentjit auth`: log in once in a visible browser, and use the account in runs."""

from __future__ import annotations

from typing import Annotated

import typer

from agentjit.cli.options import AsJson

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="What to call the account.", show_default=False)
]


def save_account(
    name: Name,
    *,
    url: Annotated[
        str, typer.Option("--url", metavar="URL", help="Where to log in.", show_default=False)
    ],
) -> None:
    """Open a browser window, wait until you have logged in, and keep the account.

    What is kept are cookies and storage, never a password; the file is readable by you alone.
    """
    import asyncio
    import os
    import sys

    from agentjit.cli.consoles import printable
    from agentjit.errors import UsageError
    from agentjit.runtime.accounts import find_accounts
    from agentjit.runtime.tabs import check_address

    check_address(url)
    accounts = find_accounts(os.environ)
    if not sys.stdin.isatty():
        raise UsageError(
            "logging in needs somebody at the terminal",
            "run it in a terminal, on a machine with a display",
        )
    state = asyncio.run(_log_in(url))
    account = accounts.keep(name, url, state)
    print(f"kept {printable(account.name)} for {printable(url)} in {accounts.folder}")
    print(f"use it: agentjit run TASK --url {printable(url)} --account {printable(name)} …")


async def _log_in(url: str) -> dict[str, object]:
    """The state of a browser in which somebody has logged in."""
    import asyncio
    import os

    from playwright.async_api import Error, async_playwright

    from agentjit.errors import BrowserError, UsageError
    from agentjit.runtime.accounts import read_state
    from agentjit.runtime.launch import open_browser

    async with async_playwright() as playwright:
        _, browser = await open_browser(playwright, os.environ, headless=False)
        try:
            context = await browser.new_context(no_viewport=True)
            await (await context.new_page()).goto(url)
            print("Log in, in the window. Then press Enter here; Ctrl-C keeps nothing.")
            try:
                await asyncio.to_thread(input)
            except EOFError:
                raise UsageError("nothing was kept", "press Enter once you are logged in") from None
            return dict(await read_state(context))
        except Error as error:
            raise BrowserError(
                f"logging in at {url} failed: {error.message.splitlines()[0]}",
                "leave the window open until you have pressed Enter",
            ) from error
        finally:
            await browser.close()


def list_accounts(*, as_json: AsJson = False) -> None:
    """List the accounts that are kept, and their sites; never what is in them."""
    import os

    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.values import render_records
    from agentjit.runtime.accounts import find_accounts

    accounts = find_accounts(os.environ)
    rows = [{"name": a.name, "url": a.url, "saved": a.saved} for a in accounts.entries()]
    if as_json:
        print_json({"folder": str(accounts.folder), "accounts": rows})
    elif rows:
        show(standard_output(), render_records(rows))
    else:
        print(f"no accounts are kept yet (in {accounts.folder}): agentjit auth save NAME --url URL")
