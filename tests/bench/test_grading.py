"""A run's folder is judged by whom the task names; what cannot be judged is said so."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from agentjit.bench.graders.originals import VARIABLE, find_python
from agentjit.bench.grading import grade_run
from agentjit.bench.verdict import OUR_WORDING, WORDING
from agentjit.errors import RunError, UsageError
from agentjit.sites.dashdish.catalogue import catalogue
from agentjit.sites.tasks import SiteTask, parse_tasks

NOTHING: dict[str, Any] = {"added": {}, "deleted": {}, "updated": {}}
FIRST = [store.name for store in catalogue(2).stores[:3]]


def make_task(**changes: str) -> SiteTask:
    fields = {
        "id": "dashdish-5",
        "goal": "What are the first three restaurants?",
        "grader": "agentjit:first-stores-told",
        "class": "read",
        **changes,
    }
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in fields.items())
    (task,) = parse_tasks(f"[[task]]\n{lines}", "dashdish")
    return task


def make_run(folder: Path, answer: Any = None, *, status: str = "done", seed: int = 2) -> Path:
    state: dict[str, Any] = {"cart": {"cartItems": [], "foodOrders": {}}}
    record = {
        "initialstate": state,
        "finalstate": state,
        "initialfinaldiff": NOTHING,
        "differences": {"foodOrders": NOTHING, "cartItems": NOTHING},
    }
    served = {"site": "dashdish", "url": "http://127.0.0.1:1", "seed": seed, "today": "2026-03-02"}
    for name, content in {
        "result.json": {"result": answer, "status": status},
        "site.json": record,
        "served.json": served,
    }.items():
        (folder / name).write_text(json.dumps(content))
    return folder


def pretend_python(folder: Path, program: str) -> None:
    """A stand-in for an evaluator's Python, which does what the program says."""
    path = folder / "agisdk" / "bin" / "python"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{program}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_grader_of_ours_is_named_as_ours(tmp_path: Path) -> None:
    verdict = grade_run(make_run(tmp_path, FIRST), make_task())
    assert verdict.passed
    assert verdict.faultless
    assert not verdict.main.original
    text = verdict.render()
    assert text.startswith("passed  dashdish-5")
    assert OUR_WORDING in text
    assert WORDING not in text


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    verdict = grade_run(make_run(tmp_path, FIRST[::-1]), make_task())
    assert not verdict.passed
    assert "the answer names" in verdict.render()
    assert verdict.to_json()["findings"] == list(verdict.main.findings)


def test_the_truth_is_that_of_the_runs_own_seed(tmp_path: Path) -> None:
    assert not grade_run(make_run(tmp_path, FIRST, seed=3), make_task()).passed


def test_a_run_that_did_not_end_is_not_passed(tmp_path: Path) -> None:
    assert not grade_run(make_run(tmp_path, FIRST, status="failed"), make_task()).passed


def test_an_exact_grader_is_asked_besides(tmp_path: Path) -> None:
    task = make_task(exact="agentjit:order-placed")
    verdict = grade_run(make_run(tmp_path, FIRST), task)
    assert verdict.passed
    assert not verdict.faultless
    assert "exact check of ours (order-placed): failed" in verdict.render()


def test_other_seeds_are_judged_by_ours(tmp_path: Path) -> None:
    task = make_task(grader="agisdk:v1/dashdish-1", other_seeds="agentjit:first-stores-told")
    assert grade_run(make_run(tmp_path, FIRST), task).main.grader.evaluator == "agentjit"


@pytest.mark.parametrize("missing", ["result.json", "site.json", "served.json"])
def test_what_is_no_run_cannot_be_graded(missing: str, tmp_path: Path) -> None:
    (make_run(tmp_path) / missing).unlink()
    with pytest.raises(UsageError, match=missing):
        grade_run(tmp_path, make_task())
    (tmp_path / missing).write_text("{")
    with pytest.raises(UsageError, match="no JSON"):
        grade_run(tmp_path, make_task())


def test_a_run_on_another_site_cannot_be_graded(tmp_path: Path) -> None:
    make_run(tmp_path)
    served = json.loads((tmp_path / "served.json").read_text())
    (tmp_path / "served.json").write_text(json.dumps({**served, "site": "gomail"}))
    with pytest.raises(UsageError, match="was on gomail"):
        grade_run(tmp_path, make_task())


def test_requests_that_nobody_recorded_cannot_be_judged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"network\.har") as caught:
        grade_run(make_run(tmp_path), make_task(grader="webarena-verified:132"))
    assert "--har" in caught.value.hint


def test_a_grader_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="agentjit:nobody"):
        grade_run(make_run(tmp_path), make_task(grader="agentjit:nobody"))


def test_without_the_originals_the_way_to_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(UsageError, match="not installed") as caught:
        grade_run(make_run(tmp_path), make_task(grader="agisdk:v2/dashdish-3"))
    assert "make graders" in caught.value.hint


@pytest.mark.parametrize(
    ("program", "error", "message"),
    [
        ("echo oh no >&2; exit 1", RunError, "oh no"),
        ("exit 1", RunError, "no message"),
        ("""echo '{"version": "0", "error": "a model judges"}'""", UsageError, "a model judges"),
    ],
)
def test_an_evaluator_that_fails_is_no_verdict(
    program: str,
    error: type[Exception],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pretend_python(tmp_path, program)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(error, match=message):
        grade_run(make_run(tmp_path), make_task(grader="agisdk:v2/dashdish-3"))


def test_an_evaluators_word_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_python(
        tmp_path, """echo '{"version": "9", "passed": false, "findings": ["too dear"]}'"""
    )
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    verdict = grade_run(make_run(tmp_path), make_task(grader="agisdk:v2/dashdish-3"))
    assert not verdict.passed
    assert f"{WORDING}: v2/dashdish-3, agisdk 9, seed 2\n  - too dear" in verdict.render()


def installed(evaluator: str) -> bool:
    try:
        find_python(evaluator)
    except UsageError:
        return False
    return True


@pytest.mark.skipif(not installed("agisdk"), reason="`make graders` installs the originals")
def test_reals_own_evaluator_is_asked(tmp_path: Path) -> None:
    make_run(tmp_path)
    task = make_task(grader="agisdk:v2/dashdish-7")
    assert not grade_run(tmp_path, task).passed
    record = json.loads((tmp_path / "site.json").read_text())
    item = {"name": "Lemon Pepper Wings", "restaurantName": "Wingstop", "quantity": 1}
    record["differences"]["foodOrders"]["added"] = {"0": {"cartItems": [item]}}
    (tmp_path / "site.json").write_text(json.dumps(record))
    verdict = grade_run(tmp_path, task)
    assert verdict.passed
    assert verdict.main.evaluator.startswith("agisdk 0.")
    for impossible in ("v1/dashdish-1", "v1/dashdish-99"):
        with pytest.raises(UsageError, match=impossible):
            grade_run(tmp_path, make_task(grader=f"agisdk:{impossible}"))


@pytest.mark.skipif(
    not installed("webarena-verified"), reason="`make graders` installs the originals"
)
def test_webarenas_own_evaluator_is_asked(tmp_path: Path) -> None:
    make_run(tmp_path, [1])
    request = {"method": "GET", "url": "http://127.0.0.1:1/", "headers": []}
    response = {"status": 200, "headers": [], "redirectURL": "", "content": {}}
    entries = [{"request": request, "response": response}]
    (tmp_path / "network.har").write_text(json.dumps({"log": {"entries": entries}}))
    served = json.loads((tmp_path / "served.json").read_text())
    (tmp_path / "served.json").write_text(json.dumps({**served, "site": "gitlab"}))

    def grade(grader: str) -> bool:
        (task,) = parse_tasks(
            f'[[task]]\nid = "x"\ngoal = "x"\nclass = "read"\ngrader = "{grader}"', "gitlab"
        )
        return grade_run(tmp_path, task).passed

    assert grade("webarena-verified:132")
    assert not grade("webarena-verified:133")
    assert not grade("webarena-verified:747")
    with pytest.raises(UsageError, match="99999"):
        grade("webarena-verified:99999")
