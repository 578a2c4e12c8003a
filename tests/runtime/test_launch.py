from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from agentjit.errors import BrowserError
from agentjit.runtime.discovery import BrowserKind, FoundBrowser, Origin, SearchPlaces, find_browser
from agentjit.runtime.launch import (
    explain_failure,
    is_sandbox_failure,
    launch_browser,
    open_browser,
)
from tests.processes import leaked_browsers, running_browsers

#: Starts a browser, says so, and dies without closing anything.
DYING_PROGRAM = """
import asyncio, os, signal
from playwright.async_api import async_playwright
from agentjit.runtime.launch import open_browser

async def main():
    playwright = await async_playwright().start()
    await open_browser(playwright, os.environ)
    print("started", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.browser
async def test_a_browser_starts_shows_a_page_and_leaves_no_process(session_marker: str) -> None:
    found = find_browser(os.environ)
    assert found, "no browser on this machine: agentjit setup"
    async with async_playwright() as playwright:
        before = {process.pid for process in running_browsers(session_marker)}
        browser = await launch_browser(playwright, found)
        started = {process.pid for process in running_browsers(session_marker)} - before
        page = await browser.new_page()
        await page.set_content("<h1>hello</h1>")
        assert await page.inner_text("h1") == "hello"
        await browser.close()
    left = {process.pid for process in leaked_browsers(session_marker, seconds=5.0)}
    assert started
    assert left <= before


@pytest.mark.browser
def test_a_browser_ends_when_the_program_that_started_it_is_killed(session_marker: str) -> None:
    before = {process.pid for process in running_browsers(session_marker)}
    done = subprocess.run(
        (sys.executable, "-c", DYING_PROGRAM), capture_output=True, text=True, check=False
    )
    assert done.stdout == "started\n", done.stderr
    left = {process.pid for process in leaked_browsers(session_marker, seconds=10.0)}
    assert left <= before


@pytest.mark.browser
async def test_a_browser_that_does_not_come_up_is_passed_over_for_the_next(tmp_path: Path) -> None:
    broken = tmp_path / "chrome"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    real = find_browser(os.environ)
    assert real, "no browser on this machine: agentjit setup"
    places = SearchPlaces(binaries=(broken, real.path))
    async with async_playwright() as playwright:
        found, browser = await open_browser(playwright, {"PATH": ""}, places=places)
        await browser.close()
    assert found.path == real.path


async def test_no_browser_at_all_is_an_error_that_names_the_mending_command() -> None:
    async with async_playwright() as playwright:
        with pytest.raises(BrowserError) as caught:
            await open_browser(playwright, {"PATH": ""}, places=SearchPlaces())
    assert "agentjit setup" in caught.value.hint


BROKEN = FoundBrowser(Path("/opt/chrome"), BrowserKind.FULL, Origin.SYSTEM)


def test_missing_libraries_are_named_in_one_line() -> None:
    report = "Target closed\n  /opt/chrome: error while loading shared libraries: libnss3.so\nlog"
    failure = explain_failure(BROKEN, report, headless=True)
    assert failure.message.endswith("error while loading shared libraries: libnss3.so")
    assert "install-deps" in failure.hint


def test_a_missing_display_is_told_from_other_failures() -> None:
    report = "Target closed\nMissing X server or $DISPLAY"
    assert "display" in explain_failure(BROKEN, report, headless=False).hint
    assert "doctor" in explain_failure(BROKEN, report, headless=True).hint


def test_only_a_failing_sandbox_is_a_reason_to_start_without_it() -> None:
    assert is_sandbox_failure("[1:1:FATAL:zygote_host_impl_linux.cc] No usable sandbox! …")
    assert not is_sandbox_failure("Target page, context or browser has been closed")
