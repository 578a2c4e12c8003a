"""A site that nothing was written for: whole bookings, by what the site's own server says."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agentjit.ports import ApprovalRequest
from agentjit.runtime.approval import digest_of
from agentjit.toolspecs import load_toolset
from tests.e2e.hire import BOOK, CHEAPEST_DRILL, PLAN, events_of, open_hire
from tests.fixtures.toolhire import tools
from tests.fixtures.toolhire.renamed import OPAQUE, SYNONYMS, renamed_toolset
from tests.fixtures.toolhire.tools import TOOLSET

pytestmark = pytest.mark.browser


async def test_a_sentence_ends_in_exactly_one_verified_booking(tmp_path: Path) -> None:
    async with open_hire(tmp_path, approve=True) as hire:
        result = await hire.run(BOOK)
        assert result.status == "done", result.error
        assert result.exit_code == 0
        assert await hire.truth() == {
            "reservation": [],
            "bookings": [{"number": "TH-4101", "lines": [CHEAPEST_DRILL], "total": 28.0}],
        }
    assert result.value == {"booking_number": "TH-4101", "total_cost": 28.0}
    (commit,) = result.commits
    assert (commit.tool, commit.outcome, commit.value) == ("confirm_booking", "done", result.value)
    assert commit.terms["total_cost"] == 28.0
    assert commit.terms["machines"][0]["machine_name"] == "Wren cordless drill"
    assert result.record is None, "only a bundled site has a record that the engine can read"

    assert result.run_dir is not None
    assert (result.run_dir / "plan.py").read_text("utf-8") == result.plan
    assert json.loads((result.run_dir / "result.json").read_text("utf-8")) == result.to_json()
    kinds = [event["kind"] for event in events_of(result.run_dir)]
    assert (kinds[0], kinds[-1]) == ("run-started", "run-ended")
    commits = [kind for kind in kinds if kind.startswith(("commit-", "approval-"))]
    assert commits == ["approval-asked", "commit-intent", "commit-attempted", "commit-done"]


async def test_a_refused_booking_is_not_made(tmp_path: Path) -> None:
    asked: list[ApprovalRequest] = []

    async def refuse(request: ApprovalRequest) -> bool:
        asked.append(request)
        assert await hire.bookings() == []
        return False

    async with open_hire(tmp_path, approve=refuse) as hire:
        result = await hire.run(BOOK)
        assert await hire.truth() == {"reservation": [CHEAPEST_DRILL], "bookings": []}
    assert (result.status, result.exit_code) == ("refused", 4)
    assert result.commits == ()
    assert result.error is not None
    assert result.error.hint
    (request,) = asked
    assert request.tool == "confirm_booking"
    assert request.terms["total_cost"] == 28.0
    assert request.digest == digest_of("confirm_booking", {}, request.terms, hire.url)


async def test_nobody_to_ask_is_a_refusal(tmp_path: Path) -> None:
    async with open_hire(tmp_path) as hire:
        assert (await hire.run(BOOK)).status == "refused"
        assert await hire.bookings() == []


@dataclass(frozen=True, slots=True)
class Wish:
    """A task, what it should book, and the names under which it has to be understood."""

    task: str
    line: dict[str, Any]
    understood: frozenset[str]


def wish(task: str, *line: Any, understood: str) -> Wish:
    keys = ("depot", "machine", "days", "rate")
    return Wish(task, dict(zip(keys, line, strict=True)), frozenset(understood.split()))


#: Docstrings keep their words under any name; the names of fields and parameters do not.
WISHES = (
    wish(
        "Book the Diamond core drill from Calderford",
        *("Calderford", "Diamond core drill", 1, 58.2),
        understood="own synonyms opaque",
    ),
    wish(
        "book the cheapest drill at Millbrook",
        *("Millbrook", "Wren cordless drill", 1, 14.0),
        understood="own synonyms",
    ),
    wish(
        "book the heaviest machine at Port Sallow",
        *("Port Sallow", "Lantern 20 silent generator", 1, 104.6),
        understood="own",
    ),
    wish(
        "book the Wren cordless drill at Eastwick for 2 days",
        *("Eastwick", "Wren cordless drill", 2, 12.6),
        understood="own",
    ),
)
NAMES = {"own": {}, "synonyms": SYNONYMS, "opaque": OPAQUE}


@pytest.mark.parametrize("kind", NAMES)
async def test_under_any_names_the_right_thing_is_booked_or_nothing(
    tmp_path: Path, kind: str
) -> None:
    renamed = renamed_toolset(NAMES[kind]) if NAMES[kind] else TOOLSET
    booked: list[list[Any]] = []
    async with open_hire(tmp_path, tools=renamed, approve=True) as hire:
        for each in WISHES:
            result = await hire.run(each.task)
            if result.status == "done":
                booked.append([each.line])
            else:
                assert result.status == "no-plan", f"{each.task}: {result.error}"
                assert kind not in each.understood, f"{each.task}: {result.error}"
            assert await hire.bookings() == booked, each.task


@pytest.mark.parametrize("at_once", [False, True], ids=["in-turn", "at-once"])
async def test_two_runs_of_one_engine_are_two_bookings(tmp_path: Path, at_once: bool) -> None:
    async with open_hire(tmp_path, approve=True) as hire:
        if at_once:
            first, second = await asyncio.gather(hire.run(plan=PLAN), hire.run(plan=PLAN))
        else:
            first, second = await hire.run(plan=PLAN), await hire.run(plan=PLAN)
        assert await hire.bookings() == [[CHEAPEST_DRILL], [CHEAPEST_DRILL]]
    assert (first.status, second.status) == ("done", "done")
    assert first.value["booking_number"] != second.value["booking_number"]
    assert first.run_dir != second.run_dir


async def test_a_plan_of_ones_own_and_tools_from_a_file(tmp_path: Path) -> None:
    path = Path(tools.__file__)
    assert load_toolset(path).version == TOOLSET.version
    async with open_hire(tmp_path, tools=path, approve=True) as hire:
        choice = await hire.jit.plan("anything", plan=PLAN)
        assert choice.winner.candidate.plan == PLAN
        assert await hire.truth() == {"reservation": [], "bookings": []}, "planning does nothing"
        result = await hire.run("hire something small", plan=PLAN)
        assert result.status == "done", result.error
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
    assert result.origin == "given"


async def test_a_question_changes_nothing(tmp_path: Path) -> None:
    async with open_hire(tmp_path) as hire:
        result = await hire.run("which depot is the nearest?")
        assert result.status == "done", result.error
        assert result.value["depot_name"] == "Millbrook"
        assert await hire.truth() == {"reservation": [], "bookings": []}
