"""What a run keeps for its graders: the site's record and settings; the network where wanted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT

pytestmark = pytest.mark.browser

PLAN = 'goto_store("Petco")\nresult = len(list_menu_items())\n'


def _read(folder: Path | None, name: str) -> Any:
    assert folder is not None
    return json.loads((folder / name).read_text(encoding="utf-8"))


async def test_each_run_has_its_own_network_in_its_folder(tmp_path: Path) -> None:
    async with AgentJIT("dashdish", seed=4, har=True, runs_dir=tmp_path) as jit:
        first = await jit.run("how many things does Petco sell?", plan=PLAN)
        second = await jit.run("name the first category", plan="result = list_categories()[0]")
    paths = []
    for result in (first, second):
        assert result.ok, result.error
        entries = _read(result.run_dir, "network.har")["log"]["entries"]
        paths.append([entry["request"]["url"].partition("/store/")[2] for entry in entries])
        # What the evaluators look at is in it.
        assert {"method", "url", "headers"} <= entries[0]["request"].keys()
        assert {"status", "content", "redirectURL"} <= entries[0]["response"].keys()
    assert "petco" in paths[0]
    assert "petco" not in paths[1]


async def test_how_the_site_was_served_is_kept(tmp_path: Path) -> None:
    async with AgentJIT("dashdish", seed=4, today="2026-03-02", runs_dir=tmp_path) as jit:
        result = await jit.run("how many things does Petco sell?", plan=PLAN)
    served = _read(result.run_dir, "served.json")
    assert (served["site"], served["seed"], served["today"]) == ("dashdish", 4, "2026-03-02")
    assert served["url"].startswith("http://127.0.0.1:")
    assert _read(result.run_dir, "site.json")["differences"] == result.record
    assert result.run_dir is not None
    assert not (result.run_dir / "network.har").exists()


async def test_the_real_day_is_kept_as_a_day(tmp_path: Path) -> None:
    async with AgentJIT("dashdish", runs_dir=tmp_path) as jit:
        result = await jit.run("how many things does Petco sell?", plan=PLAN)
    assert date.fromisoformat(_read(result.run_dir, "served.json")["today"]).year >= 2026


async def test_a_run_may_begin_at_another_page(tmp_path: Path) -> None:
    plan = "result = get_store_details()['name']"
    async with AgentJIT("dashdish", start_path="/store/petco", runs_dir=tmp_path) as jit:
        result = await jit.run("what store is this?", plan=plan)
    assert result.value == "Petco", result.error
    async with AgentJIT("dashdish", runs_dir=tmp_path) as jit:
        assert (await jit.run("what store is this?", plan=plan)).status == "no-plan"
