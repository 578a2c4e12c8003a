"""Recordings, made and done again by Playwright alone, and what the graders say of it.

python -m tests.bench.replays [TASK …] [--seed 0] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from urllib.parse import urljoin

from playwright.async_api import BrowserContext, Page, async_playwright

from agentjit.bench.grading import grade_run
from agentjit.bench.recordings.making import recorded
from agentjit.bench.recordings.recording import Recording, read_recording
from agentjit.bench.recordings.replaying import replay
from agentjit.bench.verdict import Verdict
from agentjit.errors import AgentjitError
from agentjit.runtime.launch import open_browser
from agentjit.runtime.network import NETWORK
from agentjit.sites import load_site
from agentjit.sites.common.serve import serving
from agentjit.sites.common.settings import SiteSettings
from agentjit.sites.evidence import RECORD, SERVED, describe_served
from agentjit.sites.tasks import SiteTask, all_tasks, find_task
from tests.sites.references import without_originals

#: Does what was recorded on a page of the replica at this address.
Doing: TypeAlias = Callable[[Page, Recording, str], Awaitable[None]]


async def replay_and_grade(
    task: SiteTask, recording: Recording, folder: Path, do: Doing = replay
) -> Verdict:
    """Do what was recorded on a fresh replica, and ask the graders that are there."""
    task = without_originals(task, recording.seed)
    site = load_site(task.site)
    async with AsyncExitStack() as stack:
        settings = SiteSettings(seed=recording.seed, today=task.today)
        url = (await stack.enter_async_context(serving([site], settings)))[site.name]
        playwright = await stack.enter_async_context(async_playwright())
        _, browser = await open_browser(playwright, os.environ)
        stack.push_async_callback(browser.close)
        context = await browser.new_context(record_har_path=folder / NETWORK)
        page = await context.new_page()
        await page.goto(urljoin(url, recording.start), wait_until="domcontentloaded")
        await do(page, recording, url)
        await _keep(context, url, recording, folder)
        await context.close()
    return grade_run(folder, task)


async def _keep(context: BrowserContext, url: str, recording: Recording, folder: Path) -> None:
    """Write what a run of agentjit leaves behind for its graders."""
    record = await (await context.request.get(f"{url}/finish")).json()
    settings = await (await context.request.get(f"{url}/config")).json()
    kept = {
        "result.json": {"result": recording.answer, "status": "done"},
        RECORD: record,
        SERVED: describe_served(load_site(recording.site), url, settings),
    }
    for name, content in kept.items():
        (folder / name).write_text(json.dumps(content), "utf-8")


async def main() -> int:
    """Print a line for each task; 1 where one does not pass."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replays")
    parser.add_argument("task", nargs="*", help="the paper's tasks, unless any is named")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where recordings are taken from and kept")
    options = parser.parse_args()
    tasks = [find_task(each) for each in options.task] or [
        each for each in all_tasks() if each.paper
    ]
    failed = 0
    for task in tasks:
        with TemporaryDirectory() as scratch:
            folder = Path(scratch)
            try:
                recording = read_recording(
                    await recorded(task, options.seed, options.keep or folder)
                )
                verdict = await replay_and_grade(task, recording, folder)
            except AgentjitError as error:
                print(f"{task.id}: {error}; {error.hint}", flush=True)
                failed += 1
                continue
        failed += not verdict.faultless
        told = "passed" if verdict.faultless else verdict.render()
        print(f"{task.id}: {len(recording.actions)} actions, {told}", flush=True)
    print(f"{len(tasks) - failed} of {len(tasks)} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
