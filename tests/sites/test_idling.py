"""Whoever does nothing passes nothing: no grader is content with a run that left all as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentjit.bench.grading import grade_run
from agentjit.sites import load_site, site_names
from agentjit.sites.common.settings import make_settings
from agentjit.sites.tasks import SiteTask, all_tasks, load_tasks
from tests.sites.references import installed

#: One request for the home page, which is all that the network has of such a run.
VISIT: dict[str, Any] = {
    "request": {"method": "GET", "url": "http://127.0.0.1:1/", "headers": []},
    "response": {"status": 200, "headers": [], "redirectURL": "", "content": {}},
}
ORIGINALS = [task for task in all_tasks() if task.grader.evaluator != "agentjit"]


def idle(folder: Path, site: str, seed: int = 1) -> Path:
    """The folder of a run that looked at the site and ended with nothing to say."""
    settings = make_settings(seed=seed, today="2026-03-02")
    visitor = TestClient(load_site(site).create_app(settings))
    visitor.get("/")
    served = {"site": site, "url": "http://127.0.0.1:1", **settings.show()}
    for name, content in {
        "result.json": {"result": None, "status": "done"},
        "site.json": visitor.get("/finish").json(),
        "served.json": served,
        "network.har": {"log": {"entries": [VISIT]}},
    }.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize("site", site_names())
def test_graders_of_ours_are_not_content_with_nothing(site: str, tmp_path: Path) -> None:
    folder = idle(tmp_path, site)
    content = [
        f"{task.id}: {grader.name}"
        for task in load_tasks(site)
        for grader in (task.grader, task.other_seeds, task.exact)
        if grader is not None
        and grader.evaluator == "agentjit"
        and grade_run(folder, replace(task, grader=grader, other_seeds=None, exact=None)).passed
    ]
    assert content == []


@pytest.mark.slow
@pytest.mark.parametrize("task", ORIGINALS, ids=lambda task: task.id)
def test_original_evaluators_are_not_content_with_nothing(task: SiteTask, tmp_path: Path) -> None:
    if not installed(task.grader.evaluator):
        pytest.skip("`make graders` installs the originals")
    folder = idle(tmp_path, task.site, seed=0)
    assert not grade_run(folder, replace(task, exact=None)).passed
