"""The plan cache: what is kept is found again, changed tools and changed files find nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agentjit.errors import UsageError
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.plan_cache import PlanCache, find_cache
from tests.compiler.shop import SHOP

PLAN = """\
goto_store("Taco Bell")
items = list_menu_items()
item = min(items, key=lambda item: item["price"])
result = item["name"]
"""
TASK = Task("what is the cheapest item at Taco Bell?", SHOP)
CANDIDATE = Candidate(plan=PLAN, origin="some/model #2")


@pytest.fixture
def cache(tmp_path: Path) -> PlanCache:
    return PlanCache(tmp_path / "plans")


def _asks(text: str) -> Task:
    return replace(TASK, text=text)


def _file(cache: PlanCache) -> Path:
    (file,) = cache.folder.glob("*/*.json")
    return file


def test_a_kept_plan_is_found_for_the_same_task_and_for_other_values(cache: PlanCache) -> None:
    entry = cache.keep(TASK, CANDIDATE)

    assert entry is not None
    same, other = cache.find(TASK), cache.find(_asks("what is the cheapest item at Souvla?"))
    assert same.verdict is not None
    assert same.verdict.candidate.plan == PLAN
    assert other.verdict is not None
    assert other.verdict.candidate.plan == PLAN.replace("Taco Bell", "Souvla")
    assert other.verdict.candidate.kept_as == entry.id
    assert other.verdict.checked is not None
    assert "some/model #2" in other.verdict.candidate.remarks[0]


def test_another_task_finds_nothing(cache: PlanCache) -> None:
    cache.keep(TASK, CANDIDATE)

    assert cache.find(_asks("what is the dearest item at Souvla?")).verdict is None


def test_another_start_finds_nothing(cache: PlanCache) -> None:
    cache.keep(TASK, CANDIDATE)

    assert cache.find(replace(TASK, start=(("page", "store"),))).verdict is None


def test_tools_that_changed_find_nothing(cache: PlanCache) -> None:
    cache.keep(TASK, CANDIDATE)
    tools = (replace(SHOP.tools[0], doc="Something else."), *SHOP.tools[1:])

    assert cache.find(replace(TASK, toolset=replace(SHOP, tools=tools))).verdict is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plan", 'empty_cart()\nresult = "Taco Bell"\n'),
        ("fixed", ["what is ", "?"]),
        ("origin", "a person"),
    ],
)
def test_an_entry_that_was_edited_is_refused(cache: PlanCache, field: str, value: object) -> None:
    cache.keep(TASK, CANDIDATE)
    file = _file(cache)
    file.write_text(json.dumps({**json.loads(file.read_text()), field: value}))

    found = cache.find(_asks("what is Souvla?") if field == "fixed" else TASK)

    assert found.verdict is None
    assert [e.intact for e in found.refused] == [False]
    assert [e.intact for e in cache.entries()] == [False]


def test_an_entry_of_another_machine_is_refused(cache: PlanCache, tmp_path: Path) -> None:
    cache.keep(TASK, CANDIDATE)
    other = PlanCache(tmp_path / "elsewhere" / "plans")
    target = other.folder / _file(cache).parent.name / _file(cache).name
    target.parent.mkdir(parents=True)
    target.write_bytes(_file(cache).read_bytes())

    assert other.find(TASK).verdict is None
    assert len(other.find(TASK).refused) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"signature": 1}', "\udcff", "[" * 9999])
def test_what_is_no_entry_is_passed_over(cache: PlanCache, text: str) -> None:
    cache.keep(TASK, CANDIDATE)
    _file(cache).write_text(text, errors="surrogatepass")

    assert cache.find(TASK).verdict is None
    assert cache.entries() == []


def test_a_plan_whose_words_are_not_the_tasks_is_not_kept(cache: PlanCache) -> None:
    # Nothing in the sentence says Souvla: it may be right today, and wrong tomorrow.
    plan = PLAN.replace("Taco Bell", "Souvla")

    assert cache.keep(TASK, replace(CANDIDATE, plan=plan)) is None
    assert cache.entries() == []


def test_entries_are_shown_and_forgotten_by_how_their_id_begins(cache: PlanCache) -> None:
    entry = cache.keep(TASK, CANDIDATE)

    assert entry is not None
    assert cache.get(entry.id[:4]) == entry
    cache.forget(entry)
    with pytest.raises(UsageError, match="no kept plan begins with"):
        cache.get(entry.id)


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    cache = PlanCache(tmp_path / "plans", most=3)
    for word in ("one", "two", "three", "four", "five"):
        cache.keep(_asks(f"{word}: what is the cheapest item at Taco Bell?"), CANDIDATE)

    assert len(cache.entries()) == 3
    assert cache.find(_asks("five: what is the cheapest item at Souvla?")).verdict is not None


def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "plans").write_text("a file")

    with pytest.raises(UsageError, match="plan cache") as caught:
        PlanCache(tmp_path / "plans").keep(TASK, CANDIDATE)
    assert "AGENTJIT_CACHE" in str(caught.value.hint)


def test_the_key_is_its_owners_alone(cache: PlanCache) -> None:
    cache.keep(TASK, CANDIDATE)

    assert cache.folder.with_name("plans.key").stat().st_mode & 0o077 == 0


def test_the_environment_says_where(tmp_path: Path) -> None:
    named = find_cache({"AGENTJIT_CACHE": str(tmp_path), "HOME": "/nowhere"})
    usual = find_cache({"HOME": str(tmp_path)})

    assert named == PlanCache(tmp_path / "plans")
    assert usual == PlanCache(tmp_path / ".cache" / "agentjit" / "plans")
    assert find_cache({}) is None
