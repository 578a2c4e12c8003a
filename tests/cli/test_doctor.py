from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agentjit.cli.doctor import doctor
from agentjit.cli.setup import setup
from agentjit.errors import BrowserError

APP = typer.Typer()
APP.command()(doctor)
APP.command()(setup)


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AGENTJIT_BROWSER", str(tmp_path / "gone"))


@pytest.mark.browser
def test_doctor_is_content_where_everything_is_there() -> None:
    result = CliRunner().invoke(APP, ["doctor"])
    assert result.exit_code == 0, result.output
    assert "everything that a run needs is there" in result.stdout


@pytest.mark.usefixtures("no_browser")
def test_doctor_names_the_one_command_and_exits_with_1() -> None:
    result = CliRunner().invoke(APP, ["doctor"])
    assert result.exit_code == 1
    assert "to mend it: Set AGENTJIT_BROWSER" in result.stdout


@pytest.mark.usefixtures("no_browser")
def test_doctor_answers_machines_with_one_object() -> None:
    result = CliRunner().invoke(APP, ["doctor", "--json"])
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"]) == (1, False)
    assert answer["remedy"].startswith("Set AGENTJIT_BROWSER")
    names = [check["name"] for check in answer["checks"]]
    assert names == ["python", "packages", "sandbox", "browser", "loopback", "runs", "model"]


@pytest.mark.browser
def test_setup_with_a_browser_installs_nothing() -> None:
    result = CliRunner().invoke(APP, ["setup", "--json"])
    answer = json.loads(result.stdout)
    assert answer["steps"] == []
    assert Path(answer["path"]).is_file()


@pytest.mark.usefixtures("no_browser")
def test_setup_says_what_is_wrong_with_a_named_browser() -> None:
    result = CliRunner().invoke(APP, ["setup"])
    assert isinstance(result.exception, BrowserError)
    assert "AGENTJIT_BROWSER" in result.exception.hint
