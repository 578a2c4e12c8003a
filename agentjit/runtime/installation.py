"""From a machine without a browser to one with it: a chain of commands, the cheapest first.

Playwright's own build comes first, as it needs no rights; it fails within seconds where downloads
are blocked. The system's package manager comes second, as root only. Nothing ever asks a question.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from agentjit.errors import BrowserError
from agentjit.runtime.discovery import BROWSER_VARIABLE, find_browsers

if TYPE_CHECKING:
    from pathlib import Path

    from agentjit.runtime.discovery import FoundBrowser, SearchPlaces

#: Seconds that one command may take: a slow line needs minutes for a hundred megabytes.
COMMAND_SECONDS: Final = 600.0
#: Seconds for a browser to say its version, a cold disk included.
PROBE_SECONDS: Final = 30.0

#: For the commands: no questions, and no long wait for a download that will not come.
QUIET_ENVIRONMENT: Final = {
    "DEBIAN_FRONTEND": "noninteractive",
    "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000",
}

APT_INSTALL: Final = (
    "apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=120", "install", "--no-install-recommends",
)  # fmt: skip

#: A command in words, and what it came to: its exit code and the last thing it said.
Outcome = tuple[int, str]
Runner = Callable[[Sequence[str]], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What decides which ways there are to install a browser."""

    is_root: bool
    #: Package managers that are there: names of commands.
    managers: frozenset[str]
    #: Which interpreter has Playwright.
    python: str = sys.executable


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain."""

    label: str
    command: tuple[str, ...]
    #: False where it only makes the next one possible.
    ends_with_browser: bool = True


PACKAGE_LISTS: Final = Step(
    "the lists of the system's packages", ("apt-get", "-q", "update"), ends_with_browser=False
)


def describe_host() -> Host:
    """Look at this machine."""
    managers = frozenset(name for name in ("apt-get", "dnf", "pacman") if shutil.which(name))
    return Host(is_root=os.geteuid() == 0, managers=managers)


def plan_installation(host: Host, *, headed: bool = False) -> tuple[Step, ...]:
    """List the ways to install a browser on a host, in the order in which to try them."""
    shell_only = () if headed else ("--only-shell",)
    playwright = (host.python, "-m", "playwright")
    steps = [
        Step("Playwright's own Chromium", (*playwright, "install", *shell_only, "chromium")),
    ]
    if not host.is_root:
        return tuple(steps)
    if "apt-get" in host.managers:
        steps.append(PACKAGE_LISTS)
        names = ("chromium",) if headed else ("chromium-headless-shell", "chromium")
        steps += (Step(f"the system's package {name}", (*APT_INSTALL, name)) for name in names)
    if "dnf" in host.managers:
        name = "chromium" if headed else "chromium-headless"
        steps.append(Step(f"the system's package {name}", ("dnf", "-y", "install", name)))
    if "pacman" in host.managers:
        command = ("pacman", "-S", "--noconfirm", "--needed", "chromium")
        steps.append(Step("the system's package chromium", command))
    # A build that is there and does not start lacks libraries of the system.
    steps.append(
        Step("the libraries that Chromium needs", (*playwright, "install-deps", "chromium"))
    )
    return tuple(steps)


def ensure_browser(
    env: Mapping[str, str],
    host: Host,
    *,
    places: SearchPlaces | None = None,
    headed: bool = False,
    run: Runner | None = None,
) -> Generator[str, None, FoundBrowser]:
    """Return the browser that is there and starts, or else install one; yields progress.

    Raises BrowserError when there is none in the end, or when AGENTJIT_BROWSER names one that
    does not start: installing another would not change which one is used.
    """
    found = find_working(env, places, headed=headed, run=run)
    if found:
        return found
    named = env.get(BROWSER_VARIABLE)
    if named:
        hint = f"Set {BROWSER_VARIABLE} to a Chromium or Chrome that starts, or unset it."
        raise BrowserError(f"{BROWSER_VARIABLE} names a browser that does not start: {named}", hint)
    return (yield from install_browser(env, host, places=places, headed=headed, run=run))


def install_browser(
    env: Mapping[str, str],
    host: Host,
    *,
    places: SearchPlaces | None = None,
    headed: bool = False,
    run: Runner | None = None,
) -> Generator[str, None, FoundBrowser]:
    """Work through the chain, yielding a line of progress before and after each step.

    Returns the browser, which has said its version. Raises BrowserError, with the one command
    that mends it, when the chain ends without one.
    """
    run = run or run_command
    for step in plan_installation(host, headed=headed):
        yield f"installing {step.label} …"
        code, said = run(step.command)
        if code != 0:
            yield f"{step.label}: failed ({said or f'exit code {code}'})"
        elif step.ends_with_browser:
            found = find_working(env, places, headed=headed, run=run)
            if found:
                return found
            yield f"{step.label}: done, and still no browser that starts"
    raise BrowserError("no browser could be installed", mending_command(host, headed=headed))


def find_working(
    env: Mapping[str, str],
    places: SearchPlaces | None = None,
    *,
    headed: bool = False,
    run: Runner | None = None,
) -> FoundBrowser | None:
    """Find the first browser that can say its version: one that misses libraries can not."""
    candidates = find_browsers(env, places, headed=headed)
    return next((found for found in candidates if read_version(found.path, run)), None)


def read_version(path: Path, run: Runner | None = None) -> str | None:
    """Ask a browser its version, as in `Chromium 156.0.8078.79`; None if it does not start."""
    run = run or run_command
    code, said = run((str(path), "--version"))
    return said if code == 0 and said else None


def mending_command(host: Host, *, headed: bool = False) -> str:
    """Say what a person can type to get a browser on a host."""
    sudo = "" if host.is_root else "sudo "
    if "apt-get" in host.managers:
        name = "chromium" if headed else "chromium-headless-shell"
        return f"{sudo}apt-get install -y --no-install-recommends {name}"
    if "dnf" in host.managers:
        return f"{sudo}dnf install -y chromium"
    if "pacman" in host.managers:
        return f"{sudo}pacman -S chromium"
    return "Install Google Chrome or Chromium, or set AGENTJIT_BROWSER to where one is."


def run_command(command: Sequence[str]) -> Outcome:
    """Run a command without a terminal and give its exit code and its most telling line."""
    seconds = PROBE_SECONDS if "--version" in command else COMMAND_SECONDS
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, **QUIET_ENVIRONMENT},
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        return 127, f"there is no {command[0]}"
    except subprocess.TimeoutExpired:
        return 124, f"no end after {seconds:.0f} seconds"
    except OSError as failure:
        return 126, str(failure)
    return done.returncode, telling_line(done.stdout, done.stderr)


def telling_line(stdout: str, stderr: str) -> str:
    """Pick the line that says what went wrong, or else the last line there is."""
    lines = [line.strip() for text in (stderr, stdout) for line in text.splitlines()]
    errors = (line for line in lines if line.startswith(("Error:", "E: ", "error:")))
    return next(errors, next(filter(None, reversed(lines)), ""))
