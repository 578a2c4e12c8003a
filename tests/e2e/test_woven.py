"""A plan gives the same in several tabs as in one, whatever becomes of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT
from agentjit.ports import RunEvent
from agentjit.runtime.profile_store import find_profiles

pytestmark = pytest.mark.browser

STORES = """\
found = []
for store in list_all_stores()[:5]:
    goto_store(store["name"])
    items = list_menu_items()
    cheapest = min(items, key=lambda item: item["price"])
    found.append((store["name"], cheapest["name"], cheapest["price"]))
    goto_home()
result = found
"""

#: The third store has what is looked for, or none has it.
BROKEN_OFF = """\
found = None
for store in list_all_stores()[:6]:
    goto_store(store["name"])
    if get_store_details()["review_count"] > 500:
        found = store["name"]
        break
    goto_home()
result = found
"""

FAILING = """\
names = []
for name in ["Taco Bell", "Souvla", "No Such Store", "Popeyes Louisiana Kitchen"]:
    goto_store(name)
    names.append(list_menu_items()[0]["name"])
    goto_home()
result = names
"""

ORDER = """\
prices = []
for name in ["Taco Bell", "Souvla"]:
    goto_store(name)
    prices.append(min(item["price"] for item in list_menu_items()))
    goto_home()
goto_store("Taco Bell")
items = [item for item in list_menu_items() if item["available"]]
add_to_cart(min(items, key=lambda item: item["price"])["name"])
goto_checkout()
order = place_order()
result = [order["total"], prices]
"""


async def _run(plan: str, strategy: str, runs: Path, events: list[RunEvent], **options: Any) -> Any:
    engine = AgentJIT(
        "dashdish",
        approve=True,
        seed=2,
        strategy=strategy,
        cache=False,
        runs_dir=runs,
        listeners=(events.append,),
        **options,
    )
    async with engine as jit:
        return await jit.run("something of the stores", plan=plan)


_SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("plan", "strategy"),
    [
        pytest.param(ORDER, "parallel:2+hedge:2"),
        pytest.param(FAILING, "parallel:3"),
        pytest.param(STORES, "parallel:3", marks=_SLOW),
        pytest.param(BROKEN_OFF, "parallel:3", marks=_SLOW),
        pytest.param(ORDER, "parallel:3", marks=_SLOW),
        pytest.param(STORES, "parallel:2+hedge:2", marks=_SLOW),
        pytest.param(BROKEN_OFF, "parallel:2+hedge:2", marks=_SLOW),
        pytest.param(FAILING, "parallel:2+hedge:2", marks=_SLOW),
    ],
)
async def test_several_tabs_give_what_one_gives(plan: str, strategy: str, tmp_path: Path) -> None:
    events: list[RunEvent] = []
    serial = await _run(plan, "serial", tmp_path, [])
    woven = await _run(plan, strategy, tmp_path, events)

    assert (woven.status, woven.value, woven.line) == (serial.status, serial.value, serial.line)
    assert [c.outcome for c in woven.commits] == [c.outcome for c in serial.commits]
    ordered = [len(r.record["foodOrders"]["added"]) for r in (serial, woven)]
    assert ordered == [1, 1] if plan is ORDER else ordered == [0, 0]
    tabs = {e.data["tab"] for e in events if e.kind == "call-started"}
    assert len(tabs) > 1
    assert woven.run_dir is not None
    assert (woven.run_dir / "graph.json").exists()
    page = (woven.run_dir / "report.html").read_text("utf-8")
    assert "⊢ page = " in page
    assert "What this report lacks" not in page


async def test_tabs_begin_where_they_are_opened_not_where_the_tools_say(tmp_path: Path) -> None:
    plan = "goto_home()\nresult = len(list_all_stores())\n"
    result = await _run(plan, "parallel:2", tmp_path, [], start_path="/orders")

    assert result.status == "done", result.error
    assert result.value > 1


async def test_what_has_nothing_to_gain_runs_in_one_tab(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    plan = 'goto_store("Taco Bell")\nresult = list_menu_items()[0]["name"]\n'
    result = await _run(plan, "auto", tmp_path, events)

    assert result.status == "done"
    assert [e.data["strategy"] for e in events if e.kind == "scheduled"] == ["serial"]


async def test_a_run_is_scheduled_by_forecast_and_teaches_the_next(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    result = await _run(STORES, "auto", tmp_path, events)

    assert result.status == "done"
    assert [e.data["strategy"] for e in events if e.kind == "scheduled"] == ["parallel(4)"]
    assert result.run_dir is not None
    schedule = json.loads((result.run_dir / "schedule.json").read_text("utf-8"))
    assert schedule["strategy"] == "parallel:4"
    assert {"serial", "parallel:4"} <= {f["strategy"] for f in schedule["forecasts"]}
    store = find_profiles(os.environ)
    assert store is not None
    (profile,) = store.profiles()
    assert len(profile.tools["list_menu_items"].times) == 5
    assert len(profile.opening.values) == 4, "three more to work in, and a spare"
    assert [(r.strategy, r.measured > 0) for r in profile.records] == [("parallel:4", True)]


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param('get_item_details("No Such Dish")["price"]', id="a call"),
        pytest.param("names[len(list_menu_items()) + 99]", id="code after a call"),
    ],
)
async def test_where_it_failed_is_what_is_kept_of_a_run(failing: str, tmp_path: Path) -> None:
    events: list[RunEvent] = []
    plan = (
        'goto_store("Taco Bell")\n'
        "names = [item['name'] for item in list_menu_items()]\n"
        "goto_home()\n"
        'goto_store("Souvla")\n'
        f"found = {failing}\n"
        "goto_home()\n"
        "result = [names, found]\n"
    )
    result = await _run(plan, "parallel:1", tmp_path, events, steps=False)

    assert result.status == "failed"
    assert [e for e in events if e.kind == "tab-opened"], "it has changed places with a spare one"
    (stop,) = [e.data for e in events if e.kind == "stopped-at"]
    assert stop["state"]["selected_store"] == "Souvla"
