from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agentjit.runtime.checkup import (
    Check,
    check_browser,
    check_loopback,
    check_model,
    check_packages,
    check_python,
    check_runs,
    check_sandbox,
)

SECRET = "sk-never-to-be-seen"


@pytest.mark.parametrize("check", [check_python, check_packages, check_sandbox, check_loopback])
def test_what_the_tests_run_on_is_in_order(check: Callable[[], Check]) -> None:
    result = check()
    assert result.ok, result.detail
    assert result.remedy == ""


def test_a_distribution_that_is_not_installed_is_missing_with_a_remedy() -> None:
    result = check_packages("agentjit-no-such-distribution")
    assert not result.ok
    assert "pip install" in result.remedy


@pytest.mark.browser
async def test_the_browser_is_started_and_its_version_told() -> None:
    result = await check_browser(os.environ)
    assert result.ok, result.detail
    assert "launched in" in result.detail


async def test_a_browser_that_is_not_there_is_mended_where_it_was_named(tmp_path: Path) -> None:
    result = await check_browser({"AGENTJIT_BROWSER": str(tmp_path / "gone")})
    assert not result.ok
    assert "AGENTJIT_BROWSER" in result.remedy


def test_a_runs_folder_that_does_not_exist_yet_is_fine_and_not_made(tmp_path: Path) -> None:
    runs = tmp_path / "a" / "runs"
    assert check_runs(runs).ok
    assert not runs.parent.exists()


def test_a_runs_folder_below_a_file_is_not(tmp_path: Path) -> None:
    file = tmp_path / "runs"
    file.touch()
    assert not check_runs(file / "today").ok


def test_a_model_is_optional() -> None:
    result = check_model({})
    assert not result.ok
    assert not result.required


def test_a_key_is_never_shown() -> None:
    env = {
        "OPENAI_API_KEY": SECRET,
        "OPENAI_BASE_URL": f"https://user:{SECRET}@models.example/v1?key={SECRET}",
    }
    result = check_model(env)
    assert result.ok
    assert SECRET not in repr(result)
    assert "models.example" in result.detail
