"""`agentjit report`: the file, the newest run, a timeline in the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Agentjit
from tests.conftest import Golden
from tests.reporting.folders import write_crashed, write_loan, write_shelves


def test_the_report_is_written_into_the_runs_folder(tmp_path: Path, agentjit: Agentjit) -> None:
    folder = write_loan(tmp_path)
    called = agentjit("report", str(folder))
    assert (called.code, called.out) == (0, f"{folder / 'report.html'}\n")
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_run_may_be_named_by_its_folders_name(tmp_path: Path, agentjit: Agentjit) -> None:
    folder = write_loan(tmp_path)
    called = agentjit("report", folder.name, "--runs-dir", str(tmp_path))
    assert called.out == f"{folder / 'report.html'}\n"


def test_left_out_it_is_the_newest_run_and_says_so(tmp_path: Path, agentjit: Agentjit) -> None:
    write_loan(tmp_path).rename(tmp_path / "20300102-030405-abcdef")
    newest = write_crashed(tmp_path).rename(tmp_path / "20300103-000000-000000")
    (tmp_path / "20990101-000000-ffffff").mkdir()
    called = agentjit("report", "--runs-dir", str(tmp_path))
    assert called.out == f"{newest / 'report.html'}\n"
    assert called.err == f"the newest run: {newest.name}\n"


def test_it_may_be_written_elsewhere(tmp_path: Path, agentjit: Agentjit) -> None:
    folder, target = write_loan(tmp_path), tmp_path / "mine.html"
    assert agentjit("report", str(folder), "--output", str(target)).out == f"{target}\n"
    assert target.exists()
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("write", [write_loan, write_shelves, write_crashed])
def test_a_timeline_in_the_terminal(
    write: Callable[[Path], Path], tmp_path: Path, agentjit: Agentjit, golden: Golden
) -> None:
    folder = write(tmp_path)
    called = agentjit("report", str(folder), "--text")
    assert called.code == 0
    golden(f"cli/report_{write.__name__.removeprefix('write_')}.txt", called.out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "nowhere is no run's folder"),
        ((), "there is no run in"),
        (("--text", "--open"), "--text writes no file"),
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: tuple[str, ...], told: str, tmp_path: Path, agentjit: Agentjit
) -> None:
    called = agentjit("report", *arguments, "--runs-dir", str(tmp_path))
    assert called.code == 2
    assert told in " ".join(called.err.split())


def test_the_timeline_as_json(tmp_path: Path, agentjit: Agentjit) -> None:
    folder = write_shelves(tmp_path)
    data = agentjit("report", str(folder), "--json").data
    assert data["report"] == str(folder / "report.html")
    assert (data["status"], data["performed"], data["critical_path"]) == ("done", 2.0, 1.25)
    critical = [bar["title"] for bar in data["bars"] if bar["critical"]]
    assert critical == ["opening the tab", "open_shelf('Poetry')", "list_books()"]
    assert sum(data["spent"].values()) == pytest.approx(data["seconds"])


def test_it_is_shown_in_the_users_browser(tmp_path: Path) -> None:
    """A program of the test's own is the browser: it keeps what it is asked to show."""
    folder, shown, browser = write_loan(tmp_path), tmp_path / "shown", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {shown}\n', "utf-8")
    browser.chmod(0o755)
    subprocess.run(
        (sys.executable, "-m", "agentjit", "report", str(folder), "--open"),
        env={**os.environ, "BROWSER": f"{browser} %s"},
        check=True,
        capture_output=True,
    )
    assert shown.read_text("utf-8").strip() == (folder / "report.html").as_uri()
