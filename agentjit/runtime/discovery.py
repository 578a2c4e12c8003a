"""From an environment and the places where browsers live to the browser to start, if there is one.

The order: the one named by AGENTJIT_BROWSER, Playwright's own build, a system Chromium or Chrome.
Nothing is started here, so that an answer costs a few file look-ups; `installation` makes a missing
browser and `launch` starts what was found.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Final

from agentjit.errors import BrowserError

#: The environment variable that names a browser and goes before everything else.
BROWSER_VARIABLE: Final = "AGENTJIT_BROWSER"


class BrowserKind(Enum):
    """What a binary can do: the shell is lighter in every way, and cannot show a window."""

    HEADLESS_SHELL = "headless shell"
    FULL = "full browser"


class Origin(Enum):
    """Who put the browser where it was found."""

    NAMED = BROWSER_VARIABLE
    PLAYWRIGHT = "Playwright's own build"
    SYSTEM = "the system"


@dataclass(frozen=True, slots=True)
class FoundBrowser:
    """A Chromium or Chrome binary that can be started, and why it was chosen."""

    path: Path
    kind: BrowserKind
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlaces:
    """Where to look, as data: a test gives its own."""

    #: Folders in which Playwright keeps its builds, one folder a build.
    registries: tuple[Path, ...] = ()
    #: Paths of real binaries, the lighter ones first.
    binaries: tuple[Path, ...] = ()
    #: Commands to look up on PATH when none of `binaries` is there.
    commands: tuple[str, ...] = ()


#: In a build's folder: the binary, by platform. Playwright has moved them between versions.
SHELL_PATTERNS: Final = (
    "chromium_headless_shell-*/chrome-*/chrome-headless-shell",
    "chromium_headless_shell-*/chrome-*/headless_shell",
    "chromium_headless_shell-*/chrome-*/chrome-headless-shell.exe",
)
FULL_PATTERNS: Final = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-*/chrome.exe",
)

#: Playwright puts this file beside a build once it is whole; a download cut short has none.
COMPLETE_MARK: Final = "INSTALLATION_COMPLETE"

#: The binaries themselves, not the scripts of the same name on PATH: a script that does not `exec`
#: is what gets closed, and the browser under it stays.
LINUX_BINARIES: Final = tuple(
    Path(path)
    for path in (
        "/usr/lib/chromium/chromium-headless-shell",
        "/usr/lib64/chromium-browser/headless_shell",
        "/usr/lib/chromium/chromium",
        "/usr/lib/chromium-browser/chromium-browser",
        "/usr/lib64/chromium-browser/chromium-browser",
        "/usr/lib64/chromium/chromium",
        "/opt/google/chrome/chrome",
        "/opt/chromium.org/chromium/chromium",
    )
)
MAC_APPLICATIONS: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
)
COMMANDS: Final = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)

#: A launcher script is short; anything longer is not read as one.
LAUNCHER_BYTES: Final = 4096

SHELL_NAME: Final = re.compile(r"headless[_-]shell")
ABSOLUTE_PATH: Final = re.compile(r"(?<![\w$}])/[\w./+-]+")


def default_places(env: Mapping[str, str], platform: str = sys.platform) -> SearchPlaces:
    """Say where browsers live on this platform, for the user that `env` describes."""
    home = Path(env.get("HOME", "~")).expanduser()
    if platform == "darwin":
        applications = (Path("/Applications"), home / "Applications")
        binaries = tuple(folder / app for folder in applications for app in MAC_APPLICATIONS)
        return SearchPlaces(
            registries=playwright_registries(env, home / "Library/Caches"),
            binaries=binaries,
            commands=COMMANDS,
        )
    cache = Path(env.get("XDG_CACHE_HOME") or home / ".cache")
    return SearchPlaces(
        registries=playwright_registries(env, cache),
        binaries=LINUX_BINARIES,
        commands=COMMANDS,
    )


def playwright_registries(env: Mapping[str, str], cache: Path) -> tuple[Path, ...]:
    """Say in which folders Playwright keeps its builds; its own variable can move them."""
    named = env.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named == "0":  # Playwright's way of saying: inside the package itself
        package = find_spec("playwright")
        roots = package.submodule_search_locations if package else None
        return tuple(Path(root) / "driver/package/.local-browsers" for root in roots or ())
    return (Path(named).absolute() if named else cache / "ms-playwright",)


def find_browser(
    env: Mapping[str, str], places: SearchPlaces | None = None, *, headed: bool = False
) -> FoundBrowser | None:
    """Find the browser to start, or say None. `headed` asks for one that can show a window.

    Raises BrowserError where AGENTJIT_BROWSER names something that cannot be used: a wish that
    was spelled out is not quietly replaced by something else.
    """
    return next(find_browsers(env, places, headed=headed), None)


def find_browsers(
    env: Mapping[str, str], places: SearchPlaces | None = None, *, headed: bool = False
) -> Iterator[FoundBrowser]:
    """Yield every usable browser, the best first."""
    named = env.get(BROWSER_VARIABLE)
    if named:
        yield take_named(Path(named).expanduser(), headed=headed)
        return
    places = places or default_places(env)
    search_path = env.get("PATH", os.defpath)
    on_path = (shutil.which(command, path=search_path) for command in places.commands)
    system = chain(places.binaries, (Path(path) for path in on_path if path))
    for origin, paths in (
        (Origin.PLAYWRIGHT, playwright_builds(places.registries)),
        (Origin.SYSTEM, system),
    ):
        found = (FoundBrowser(real, kind_of(real), origin) for real in real_binaries(paths))
        yield from (one for one in found if not headed or one.kind is BrowserKind.FULL)


def take_named(path: Path, *, headed: bool) -> FoundBrowser:
    """Take the browser that AGENTJIT_BROWSER names, or raise BrowserError saying what is wrong."""
    hint = f"Set {BROWSER_VARIABLE} to the path of a Chromium or Chrome binary, or unset it."
    if not path.exists():
        raise BrowserError(f"{BROWSER_VARIABLE} names a file that does not exist: {path}", hint)
    if not is_executable(path):
        raise BrowserError(f"{BROWSER_VARIABLE} names a file that cannot be run: {path}", hint)
    real = unwrap_launcher(path.absolute())
    kind = kind_of(real)
    if headed and kind is BrowserKind.HEADLESS_SHELL:
        raise BrowserError(f"{path} cannot show a window: it is a headless shell", hint)
    return FoundBrowser(real, kind, Origin.NAMED)


def playwright_builds(registries: Iterable[Path]) -> Iterator[Path]:
    """Yield the binaries of Playwright's whole builds: shells first, newer before older."""
    folders = tuple(folder for folder in registries if folder.is_dir())
    for patterns in (SHELL_PATTERNS, FULL_PATTERNS):
        builds = [
            (build_number(folder, path), path)
            for folder in folders
            for pattern in patterns
            for path in sorted(folder.glob(pattern))
            if build_folder(folder, path).joinpath(COMPLETE_MARK).exists()
        ]
        yield from (path for _, path in sorted(builds, key=lambda build: -build[0]))


def build_folder(registry: Path, binary: Path) -> Path:
    """Say which of the registry's folders holds a binary."""
    return registry / binary.relative_to(registry).parts[0]


def build_number(registry: Path, binary: Path) -> int:
    """Read a build's number off its folder's name; 0 where there is none."""
    _, _, number = build_folder(registry, binary).name.rpartition("-")
    return int(number) if number.isdigit() else 0


def real_binaries(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield those paths that can be run, launcher scripts replaced by what they launch."""
    return (unwrap_launcher(path) for path in paths if is_executable(path))


def is_executable(path: Path) -> bool:
    """Say whether a path is a file that may be run."""
    return path.is_file() and os.access(path, os.X_OK)


def unwrap_launcher(path: Path) -> Path:
    """Return the binary that a script starts as a child, or the path itself.

    A script that says `exec` becomes the browser and is as good as the binary.
    """
    with path.open("rb") as file:
        head = file.read(LAUNCHER_BYTES)
    if not head.startswith(b"#!"):
        return path
    _, _, body = head.decode("utf-8", "replace").partition("\n")
    if re.search(r"^\s*exec\s", body, re.MULTILINE):
        return path
    launched = (Path(text) for text in ABSOLUTE_PATH.findall(body))
    return next((target for target in launched if target != path and is_executable(target)), path)


def kind_of(path: Path) -> BrowserKind:
    """Tell a headless shell from a full browser by the binary's name."""
    return BrowserKind.HEADLESS_SHELL if SHELL_NAME.search(path.name) else BrowserKind.FULL
