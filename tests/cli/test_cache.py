"""`agentjit cache`: list, show, forget, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentjit.cli.app import main
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.plan_cache import Entry, PlanCache
from tests.compiler.shop import SHOP

PLAN = 'goto_store("Taco Bell")\nresult = list_menu_items()[0]["name"]\n'


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    monkeypatch.setenv("AGENTJIT_CACHE", str(tmp_path))
    task = Task("what is first at Taco Bell?", SHOP)
    entry = PlanCache(tmp_path / "plans").keep(task, Candidate(plan=PLAN, origin="some/model #1"))
    assert entry is not None
    return entry


def test_what_is_kept_is_listed(kept: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "list"]) == 0

    shown = capsys.readouterr().out
    assert kept.id in shown
    assert "what is first at {name}?" in shown
    assert "some/model #1" in shown


def test_an_empty_cache_says_where_it_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "list"]) == 0
    assert "no plans are kept yet" in capsys.readouterr().out


def test_a_plan_is_shown_with_its_slots(kept: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "show", kept.id[:5]]) == 0

    shown = capsys.readouterr().out
    assert "# slot: name, here 'Taco Bell'" in shown
    assert shown.endswith(PLAN)


def test_all_is_exported_as_json(kept: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "export"]) == 0

    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["id"], entry["plan"], entry["intact"]) == (kept.id, PLAN, True)


@pytest.mark.parametrize("how", ["id", "--all"])
def test_a_plan_is_forgotten(kept: Entry, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "forget", kept.id if how == "id" else how]) == 0
    assert main(["cache", "list"]) == 0
    assert "no plans are kept yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["forget"], "which plan"),
        (["forget", "abc", "--all"], "which plan"),
        (["show", "zzz"], "no kept plan begins with 'zzz'"),
    ],
)
def test_a_mistake_is_told(
    arguments: list[str],
    told: str,
    kept: Entry,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cache", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert kept.intact


def test_a_change_on_disk_is_shown(
    kept: Entry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = tmp_path.glob("plans/*/*.json")
    file.write_text(file.read_text().replace("list_menu_items()[0]", "list_menu_items()[1]"))

    assert main(["cache", "list"]) == 0
    assert "never used" in capsys.readouterr().out
    assert main(["cache", "show", kept.id]) == 0
    assert "# CHANGED" in capsys.readouterr().out
