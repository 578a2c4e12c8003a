"""A sample of the fault test: nothing twice, no false success, no hang."""

from __future__ import annotations

import pytest

from tests.faults import Faulty, added, report, try_all

pytestmark = pytest.mark.browser


@pytest.mark.slow
async def test_runs_on_failing_sites_end_as_they_say() -> None:
    found = await try_all(6, "error@0.06,lost@0.03,modal@0.02", first=2)
    assert [faulty.wrong for faulty in found] == [""] * 6
    assert {faulty.status for faulty in found} <= {"done", "failed", "unknown"}


def test_what_was_added_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    record = {"orders": {"added": {"1": {}, "2": {}}}, "mails": [{}], "note": "text"}
    assert added(record) == {"orders": 2, "mails": 1}
    assert added(None) == {}
    assert report([Faulty("a", "done", "", 1), Faulty("b", "hangs", "", 0, 3, "hangs")]) == 1
    assert "hangs 1; calls repeated 1, copies 3" in capsys.readouterr().out
