from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from agentjit.errors import BrowserError
from agentjit.runtime.discovery import (
    COMPLETE_MARK,
    BrowserKind,
    FoundBrowser,
    Origin,
    SearchPlaces,
    default_places,
    find_browser,
    find_browsers,
)
from agentjit.runtime.installation import (
    Host,
    Outcome,
    ensure_browser,
    install_browser,
    mending_command,
    plan_installation,
    run_command,
    telling_line,
)

NOWHERE = {"PATH": ""}


def make_binary(path: Path, content: str = "\x7fELF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(0o755)
    return path


def make_build(registry: Path, binary: str, *, whole: bool = True) -> Path:
    path = make_binary(registry / binary)
    if whole:
        (registry / Path(binary).parts[0] / COMPLETE_MARK).touch()
    return path


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    places = SearchPlaces(registries=(tmp_path / "none",), binaries=(tmp_path / "chrome",))
    assert find_browser(NOWHERE, places) is None


def test_the_named_browser_goes_before_all_others(tmp_path: Path) -> None:
    named = make_binary(tmp_path / "mine" / "chrome")
    places = SearchPlaces(binaries=(make_binary(tmp_path / "system" / "chromium"),))
    found = find_browser({"AGENTJIT_BROWSER": str(named)}, places)
    assert found == FoundBrowser(named, BrowserKind.FULL, Origin.NAMED)


def test_a_named_browser_that_is_not_there_is_an_error_and_not_replaced(tmp_path: Path) -> None:
    places = SearchPlaces(binaries=(make_binary(tmp_path / "chromium"),))
    with pytest.raises(BrowserError, match="does not exist") as caught:
        find_browser({"AGENTJIT_BROWSER": str(tmp_path / "gone")}, places)
    assert "AGENTJIT_BROWSER" in caught.value.hint


def test_a_named_file_that_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    plain = tmp_path / "notes.txt"
    plain.write_text("not a browser")
    with pytest.raises(BrowserError, match="cannot be run"):
        find_browser({"AGENTJIT_BROWSER": str(plain)}, SearchPlaces())


def test_a_named_headless_shell_cannot_be_headed(tmp_path: Path) -> None:
    shell = make_binary(tmp_path / "chromium-headless-shell")
    with pytest.raises(BrowserError, match="cannot show a window"):
        find_browser({"AGENTJIT_BROWSER": str(shell)}, SearchPlaces(), headed=True)


def test_playwrights_own_build_goes_before_the_systems(tmp_path: Path) -> None:
    registry = tmp_path / "ms-playwright"
    shell = make_build(
        registry, "chromium_headless_shell-1200/chrome-linux64/chrome-headless-shell"
    )
    system = make_binary(tmp_path / "chromium-headless-shell")
    places = SearchPlaces(registries=(registry,), binaries=(system,))
    origins = [(found.path, found.origin) for found in find_browsers(NOWHERE, places)]
    assert origins == [(shell, Origin.PLAYWRIGHT), (system, Origin.SYSTEM)]


def test_of_playwrights_builds_a_shell_goes_first_and_a_newer_before_an_older(
    tmp_path: Path,
) -> None:
    full = make_build(tmp_path, "chromium-1300/chrome-linux/chrome")
    older = make_build(tmp_path, "chromium_headless_shell-999/chrome-linux/headless_shell")
    newer = make_build(tmp_path, "chromium_headless_shell-1200/chrome-linux/headless_shell")
    found = find_browsers(NOWHERE, SearchPlaces(registries=(tmp_path,)))
    assert [one.path for one in found] == [newer, older, full]


def test_a_download_that_was_cut_short_is_no_build(tmp_path: Path) -> None:
    make_build(tmp_path, "chromium-1300/chrome-linux/chrome", whole=False)
    assert find_browser(NOWHERE, SearchPlaces(registries=(tmp_path,))) is None


def test_a_headed_browser_is_never_a_shell(tmp_path: Path) -> None:
    shell = make_binary(tmp_path / "chromium-headless-shell")
    full = make_binary(tmp_path / "chromium")
    places = SearchPlaces(binaries=(shell, full))
    assert [one.path for one in find_browsers(NOWHERE, places, headed=True)] == [full]


def test_a_launcher_that_does_not_exec_is_replaced_by_what_it_launches(tmp_path: Path) -> None:
    real = make_binary(tmp_path / "lib" / "chromium-headless-shell")
    make_binary(tmp_path / "bin" / "chromium", f'#!/bin/sh -e\n\n{real} "$@"\n')
    places = SearchPlaces(commands=("chromium",))
    found = find_browser({"PATH": str(tmp_path / "bin")}, places)
    assert found == FoundBrowser(real, BrowserKind.HEADLESS_SHELL, Origin.SYSTEM)


def test_a_launcher_that_execs_is_as_good_as_the_binary(tmp_path: Path) -> None:
    real = make_binary(tmp_path / "lib" / "chrome")
    launcher = make_binary(tmp_path / "google-chrome", f'#!/bin/sh\nexec {real} "$@"\n')
    found = find_browser({"AGENTJIT_BROWSER": str(launcher)}, SearchPlaces())
    assert found == FoundBrowser(launcher, BrowserKind.FULL, Origin.NAMED)


@pytest.mark.parametrize(
    ("env", "platform", "registry"),
    [
        ({"HOME": "/home/ada"}, "linux", "/home/ada/.cache/ms-playwright"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "/fast"}, "linux", "/fast/ms-playwright"),
        ({"HOME": "/Users/ada"}, "darwin", "/Users/ada/Library/Caches/ms-playwright"),
        ({"HOME": "/home/ada", "PLAYWRIGHT_BROWSERS_PATH": "/pw"}, "linux", "/pw"),
    ],
)
def test_registries_are_where_playwright_keeps_them(
    env: dict[str, str], platform: str, registry: str
) -> None:
    assert default_places(env, platform).registries == (Path(registry),)


def test_playwrights_zero_means_inside_its_package() -> None:
    (registry,) = default_places({"PLAYWRIGHT_BROWSERS_PATH": "0"}).registries
    assert registry.parts[-4:] == ("playwright", "driver", "package", ".local-browsers")


def words(host: Host, *, headed: bool = False) -> list[str]:
    return [" ".join(step.command) for step in plan_installation(host, headed=headed)]


def test_without_rights_only_playwrights_own_build_is_tried() -> None:
    host = Host(is_root=False, managers=frozenset({"apt-get"}), python="python3")
    assert words(host) == ["python3 -m playwright install --only-shell chromium"]
    assert mending_command(host).startswith("sudo apt-get install")


def test_root_goes_on_to_the_systems_packages_the_lighter_one_first() -> None:
    host = Host(is_root=True, managers=frozenset({"apt-get"}), python="python3")
    _, update, shell, full, libraries = words(host)
    assert update.startswith("apt-get")
    assert shell.endswith("chromium-headless-shell")
    assert full.endswith(" chromium")
    assert libraries == "python3 -m playwright install-deps chromium"


def test_a_headed_installation_never_installs_a_shell() -> None:
    host = Host(is_root=True, managers=frozenset({"apt-get", "dnf"}), python="python3")
    assert not any("shell" in line for line in words(host, headed=True))


class FakeShell:
    """Runs nothing: a command that ends in `brings` makes a browser, all others fail."""

    def __init__(self, browser: Path, brings: str = "nothing does") -> None:
        self.browser = browser
        self.brings = brings
        self.ran: list[str] = []

    def __call__(self, command: Sequence[str]) -> Outcome:
        if command[-1] == "--version":
            return 0, "Chromium 1.2.3"
        self.ran.append(command[-1])
        if command[-1] == self.brings:
            make_binary(self.browser)
            return 0, ""
        return 100, "E: no network"


def exhaust(progress: Generator[str, None, FoundBrowser]) -> tuple[list[str], FoundBrowser]:
    lines: list[str] = []
    while True:
        try:
            lines.append(next(progress))
        except StopIteration as end:
            return lines, end.value


def test_the_chain_ends_with_the_first_step_that_brings_a_browser(tmp_path: Path) -> None:
    browser = tmp_path / "chromium-headless-shell"
    shell = FakeShell(browser, brings="chromium-headless-shell")
    host = Host(is_root=True, managers=frozenset({"apt-get"}))
    places = SearchPlaces(binaries=(browser,))
    progress = install_browser(NOWHERE, host, places=places, run=shell)
    lines, found = exhaust(progress)
    assert found.path == browser
    assert shell.ran == ["chromium", "update", "chromium-headless-shell"]
    assert lines[1] == "Playwright's own Chromium: failed (E: no network)"


def test_a_chain_that_brings_nothing_ends_in_the_command_that_mends_it(tmp_path: Path) -> None:
    shell = FakeShell(tmp_path / "chrome")
    host = Host(is_root=True, managers=frozenset({"apt-get"}))
    with pytest.raises(BrowserError) as caught:
        list(ensure_browser(NOWHERE, host, places=SearchPlaces(), run=shell))
    assert caught.value.hint == mending_command(host)


def test_a_browser_that_starts_is_not_installed_again(tmp_path: Path) -> None:
    browser = make_binary(tmp_path / "chrome")
    shell = FakeShell(browser)
    host = Host(is_root=True, managers=frozenset({"apt-get"}))
    places = SearchPlaces(binaries=(browser,))
    assert list(ensure_browser(NOWHERE, host, places=places, run=shell)) == []
    assert shell.ran == []


def test_a_named_browser_that_does_not_start_is_not_replaced_by_an_installation(
    tmp_path: Path,
) -> None:
    named = make_binary(tmp_path / "chrome", "#!/bin/sh\nexit 3\n")
    host = Host(is_root=True, managers=frozenset({"apt-get"}))
    with pytest.raises(BrowserError, match="does not start"):
        list(ensure_browser({"AGENTJIT_BROWSER": str(named)}, host))


def test_a_command_that_is_not_there_is_an_outcome_and_not_an_exception() -> None:
    assert run_command(("agentjit-no-such-command",)) == (
        127,
        "there is no agentjit-no-such-command",
    )


def test_the_telling_line_is_the_first_error_or_else_the_last_line() -> None:
    assert telling_line("fetching\n", "trace\nE: no package x\nE: more\n") == "E: no package x"
    assert telling_line("one\ntwo\n\n", "") == "two"
    assert telling_line("", "") == ""
