"""`agentjit tasks` and `agentjit bench grade`: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentjit.sites.dashdish.catalogue import catalogue
from tests.cli.conftest import Agentjit

FIRST = [store.name for store in catalogue(0).stores[:3]]


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A run that answered the paper's fifth Dashdish task."""
    state: dict[str, Any] = {"cart": {"cartItems": [], "foodOrders": {}}}
    record = {"initialstate": state, "finalstate": state, "differences": {}}
    served = {"site": "dashdish", "url": "http://127.0.0.1:1", "seed": 0, "today": "2026-03-02"}
    (tmp_path / "result.json").write_text(json.dumps({"result": FIRST, "status": "done"}))
    (tmp_path / "site.json").write_text(json.dumps(record))
    (tmp_path / "served.json").write_text(json.dumps(served))
    return tmp_path


def test_tasks_are_listed_for_all_sites_or_one(agentjit: Agentjit) -> None:
    everything = agentjit("tasks", "list", "--json").data["tasks"]
    some = agentjit("tasks", "list", "--site", "dashdish", "--json").data["tasks"]
    assert {task["site"] for task in some} == {"dashdish"}
    assert [task for task in everything if task["site"] == "dashdish"] == some
    called = agentjit("tasks", "list", "--site", "dashdish")
    assert called.code == 0
    assert all(task["id"] in called.out for task in some)
    assert agentjit("tasks", "list", "--site", "dashdsh").code == 2


def test_a_task_is_shown_with_how_to_run_and_grade_it(agentjit: Agentjit) -> None:
    called = agentjit("tasks", "show", "dashdish-9")
    assert called.code == 0
    assert "agentjit:cheapest-fries-told" in called.out
    assert "\nagentjit run 'Which of Wingstop" in called.out
    assert called.out.endswith("bench grade runs/… --task dashdish-9\n")
    assert agentjit("tasks", "show", "dashdish-9", "--json").data["paper"] == "dashdish-9"
    assert agentjit("tasks", "show", "dashdish-99").code == 2


def test_passed_is_0_and_failed_is_1(run_dir: Path, agentjit: Agentjit) -> None:
    called = agentjit("bench", "grade", str(run_dir), "--task", "dashdish-5")
    assert called.code == 0, called.err
    assert called.out.startswith("passed  dashdish-5: ")
    assert "graded by a grader of ours" in called.out
    called = agentjit("bench", "grade", str(run_dir), "--task", "dashdish-7")
    assert (called.code, called.out[:18]) == (1, "failed  dashdish-7")


def test_a_verdict_is_json_where_that_is_wanted(run_dir: Path, agentjit: Agentjit) -> None:
    verdict = agentjit("bench", "grade", str(run_dir), "--task", "dashdish-5", "--json").data
    assert (verdict["passed"], verdict["original"], verdict["exact"]) == (True, False, None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["/nowhere", "--task", "dashdish-5"], "no result.json"),
        (["/nowhere", "--task", "dashdish-55"], "no task 'dashdish-55'"),
        (["/nowhere"], "--task"),
    ],
)
def test_what_cannot_be_graded_exits_with_2(
    words: list[str], message: str, agentjit: Agentjit
) -> None:
    called = agentjit("bench", "grade", *words)
    assert (called.code, called.out) == (2, "")
    assert message in called.err
