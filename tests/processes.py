"""From a marker in this process's environment to the processes that it left behind.

A browser whose parent has died is nobody's descendant any more, but it still carries the
environment that it was started with.
"""

from __future__ import annotations

import os
import select
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Everything that the test session starts inherits this variable.
MARKER_VARIABLE: Final = "AGENTJIT_TEST_SESSION"

#: What a browser's command line has in it, whoever built it.
BROWSER_NAMES: Final = ("chrom", "headless_shell", "headless-shell")

PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A running process, as /proc shows it."""

    pid: int
    parent: int
    command: str
    environment: str


def mark_session() -> str:
    """Give this process, and all that it starts from now on, a marker of its own."""
    marker = f"{MARKER_VARIABLE}={uuid.uuid4().hex}"
    name, _, value = marker.partition("=")
    os.environ[name] = value
    return marker


def running_browsers(marker: str) -> tuple[Process, ...]:
    """List the browser processes that carry a marker, or descend from one that does."""
    processes = {process.pid: process for process in list_processes()}
    marked = {pid for pid, process in processes.items() if marker in process.environment}
    grown = True
    while grown:
        children = {pid for pid, process in processes.items() if process.parent in marked}
        grown = not children <= marked
        marked |= children
    found = (processes[pid] for pid in sorted(marked - {os.getpid()}))
    return tuple(process for process in found if is_browser(process))


def leaked_browsers(marker: str, *, seconds: float) -> tuple[Process, ...]:
    """List the browsers that are still there after all had some time to end."""
    for process in running_browsers(marker):
        wait_for_end(process.pid, seconds)
    return running_browsers(marker)


def wait_for_end(pid: int, seconds: float) -> None:
    """Wait until a process has ended, but not longer than some seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([handle], [], [], seconds)
    finally:
        os.close(handle)


def is_browser(process: Process) -> bool:
    """Tell a browser from Playwright's driver and whatever else a test starts."""
    program = process.command.partition("\0")[0].rpartition("/")[2].lower()
    return any(name in program for name in BROWSER_NAMES)


def list_processes() -> Iterator[Process]:
    """Yield the processes of this machine; nothing where there is no /proc to read."""
    for folder in PROC.glob("[0-9]*"):
        try:
            # The name in parentheses may hold anything, so fields count from its closing one.
            state, parent, *_ = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            command = (folder / "cmdline").read_text("utf-8", "replace")
            environment = (folder / "environ").read_text("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is another user's
        if state != "Z":
            yield Process(int(folder.name), int(parent), command, environment)
