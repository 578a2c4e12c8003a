"""The reference plans: each does its task, as its graders say; and damaged, it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentjit.sites import site_names
from agentjit.sites.tasks import load_tasks
from tests.sites.references import Reference, references, run_reference

REFERENCES = [reference for site in site_names() for reference in references(site)]
PAPERS = [reference for reference in REFERENCES if reference.task.paper is not None]


def _cases() -> list[Any]:
    """Of the paper's tasks one of each site and kind always; all others by `make check-slow`."""
    kinds = {(each.task.site, each.task.kind): each.task.id for each in reversed(PAPERS)}
    always = set(kinds.values())
    return [
        pytest.param(
            reference,
            seed,
            id=f"{reference.task.id}, seed {seed}",
            marks=[] if seed == 1 and reference.task.id in always else [pytest.mark.slow],
        )
        for reference in REFERENCES
        for seed in range(1, 6)
    ]


def _damages() -> list[Any]:
    """One damage of a plan of each site always, all others by `make check-slow`."""
    changing = [reference for reference in PAPERS if reference.task.kind != "read"]
    firsts = {reference.task.site: reference for reference in reversed(changing)}.values()
    always = [(reference.task.id, min(reference.damages)) for reference in firsts]
    return [
        pytest.param(
            reference,
            name,
            id=f"{reference.task.id}, {name}",
            marks=[] if (reference.task.id, name) in always else [pytest.mark.slow],
        )
        for reference in REFERENCES
        for name in reference.damages
    ]


@pytest.mark.parametrize("site", site_names())
def test_every_task_of_the_paper_has_a_reference_plan(site: str) -> None:
    wanted = {task.id for task in load_tasks(site) if task.paper is not None}
    assert wanted <= {reference.task.id for reference in references(site)}


@pytest.mark.parametrize("site", site_names())
def test_every_plan_file_is_that_of_a_task(site: str) -> None:
    plans = {path.stem for path in (Path(__file__).parent / site / "plans").glob("*.plan")}
    assert plans == {reference.task.id for reference in references(site)}


@pytest.mark.parametrize("reference", PAPERS, ids=lambda reference: reference.task.id)
def test_the_plans_of_the_paper_can_be_damaged_in_ways_that_matter(reference: Reference) -> None:
    assert len(reference.damages) >= 2
    damaged = {reference.damaged(name).plan for name in reference.damages}
    assert len(damaged | {reference.plan}) == len(reference.damages) + 1


@pytest.mark.browser
@pytest.mark.parametrize(("reference", "seed"), _cases())
async def test_the_reference_plan_passes(reference: Reference, seed: int, tmp_path: Path) -> None:
    graded = await run_reference(reference, seed, tmp_path)
    assert graded.passed, graded


@pytest.mark.browser
@pytest.mark.parametrize(("reference", "name"), _damages())
async def test_a_damaged_plan_fails(reference: Reference, name: str, tmp_path: Path) -> None:
    graded = await run_reference(reference.damaged(name), 1, tmp_path)
    assert graded.result.choice is not None, "the damage should be one that can be run"
    assert not graded.passed, graded
