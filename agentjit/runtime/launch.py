"""From a found browser to a running one, under Playwright's control."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import BrowserError
from agentjit.runtime.allowed import resolver_rules
from agentjit.runtime.discovery import find_browser, find_browsers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.async_api import Browser, Playwright

    from agentjit.runtime.discovery import FoundBrowser, SearchPlaces

#: What a browser does beside showing pages costs start-up time and network; Playwright switches
#: most of it off already, these are the rest.
QUIET_FLAGS: Final = ("--disable-domain-reliability", "--no-pings")

#: WebRTC would send its packets past every proxy; older and newer builds know one name each.
FENCED_FLAGS: Final = (
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)

#: What a kernel that forbids user namespaces (many containers, some distributions) makes Chromium
#: say before it gives up.
SANDBOX_FAILURES: Final = ("No usable sandbox", "Failed to move to new namespace", "setuid sandbox")

#: A browser that is not up after this many milliseconds will not come up.
LAUNCH_TIMEOUT_MS: Final = 30_000


async def open_browser(
    playwright: Playwright,
    env: Mapping[str, str],
    *,
    places: SearchPlaces | None = None,
    headless: bool = True,
    hosts: Sequence[str] | None = None,
) -> tuple[FoundBrowser, Browser]:
    """Start the best browser of this machine that comes up, and say which one it was.

    Where `hosts` are given it looks up no other names, and sends no packets past its proxy.

    Raises BrowserError when there is none, or when none comes up: then it is about the first.
    """
    flags = () if hosts is None else fenced_flags(hosts)
    first_failure: BrowserError | None = None
    for found in find_browsers(env, places, headed=not headless):
        try:
            browser = await launch_browser(playwright, found, headless=headless, flags=flags)
            return found, browser
        except BrowserError as failure:
            first_failure = first_failure or failure
    raise first_failure or missing_browser(headless=headless)


def require_browser(env: Mapping[str, str]) -> FoundBrowser:
    """The browser that would be started first. Raises BrowserError where there is none."""
    found = find_browser(env)
    if found is None:
        raise missing_browser()
    return found


def missing_browser(*, headless: bool = True) -> BrowserError:
    """Say that there is no browser, and the command that makes one."""
    if headless:
        return BrowserError("no Chromium or Chrome was found", "Install one: agentjit setup")
    return BrowserError(
        "no Chromium or Chrome that can show a window was found",
        "Install one: agentjit setup --headed",
    )


async def launch_browser(
    playwright: Playwright,
    found: FoundBrowser,
    *,
    headless: bool = True,
    flags: Sequence[str] = (),
) -> Browser:
    """Start a browser process; closing what is returned ends it and all its children.

    It runs in Chromium's own sandbox, except as root, where Chromium refuses to, or where the
    kernel does not let it make one.

    Raises BrowserError when it does not come up.
    """
    sandbox = os.geteuid() != 0
    begin = partial(start, playwright, found, headless=headless, flags=flags)
    try:
        try:
            return await begin(sandbox=sandbox)
        except PlaywrightError as failure:
            if not (sandbox and is_sandbox_failure(failure.message)):
                raise
            return await begin(sandbox=False)
    except PlaywrightError as failure:
        raise explain_failure(found, failure.message, headless=headless) from failure


async def start(
    playwright: Playwright,
    found: FoundBrowser,
    *,
    headless: bool,
    sandbox: bool,
    flags: Sequence[str] = (),
) -> Browser:
    """Start the process once, with or without Chromium's sandbox."""
    return await playwright.chromium.launch(
        executable_path=found.path,
        headless=headless,
        chromium_sandbox=sandbox,
        args=[*QUIET_FLAGS, *flags],
        timeout=LAUNCH_TIMEOUT_MS,
        # Ctrl-C is the engine's to handle: it settles open irreversible calls before it closes.
        handle_sigint=False,
    )


def fenced_flags(hosts: Sequence[str]) -> tuple[str, ...]:
    """What keeps a browser from the network where its proxy cannot: names, and WebRTC."""
    return (*FENCED_FLAGS, f"--host-resolver-rules={resolver_rules(hosts)}")


def is_sandbox_failure(message: str) -> bool:
    """Say whether a launch failed only because Chromium could not build its sandbox."""
    return any(sign in message for sign in SANDBOX_FAILURES)


def explain_failure(found: FoundBrowser, message: str, *, headless: bool) -> BrowserError:
    """Turn Playwright's report, often a page of log, into one line and what to do about it."""
    lines = [line.strip() for line in message.splitlines()]
    telling = next((line for line in lines if "error while loading" in line), None)
    if telling:
        hint = "Install the libraries that it misses: python -m playwright install-deps chromium"
    elif not headless and any("DISPLAY" in line or "ozone" in line for line in lines):
        hint = "There is no display to open a window on: run without --headed."
    else:
        hint = "See what is wrong with it: agentjit doctor"
    reason = telling or next((line for line in lines if line), "no reason given")
    return BrowserError(f"the browser at {found.path} did not start: {reason}", hint)
