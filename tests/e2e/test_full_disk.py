"""A disk that is full once the plan is performed takes nothing from its result."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.errors import RunError
from agentjit.ports import RunEvent
from tests.e2e.hire import CHEAPEST_DRILL, PLAN, open_hire


@pytest.mark.browser
async def test_what_was_done_is_told_where_its_measurements_cannot_be_kept(tmp_path: Path) -> None:
    def full(event: RunEvent) -> None:
        if event.kind == "performed":
            raise RunError("events.jsonl cannot be written: no space left on device")

    async with open_hire(tmp_path, approve=True, listeners=(full,)) as hire:
        result = await hire.run(plan=PLAN)
        assert (result.status, result.error) == ("done", None)
        assert result.value is not None
        assert await hire.bookings() == [[CHEAPEST_DRILL]]
