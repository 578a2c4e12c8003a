"""A run's folder: nothing that was recorded is lost, and no reader sees half a file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from agentjit.errors import RunError, UsageError
from agentjit.ports import RunEvent
from agentjit.runtime.recorder import Forgetting, Recorder
from agentjit.runtime.runfolder import RunFolder, new_run_folder
from tests.runtime.pretend import Diary, VirtualClock


@pytest.fixture
def folder(tmp_path: Path) -> Any:
    opened = new_run_folder(tmp_path / "deep" / "runs")
    yield opened
    opened.close()


def events(folder: RunFolder) -> list[dict[str, Any]]:
    text = (folder.path / "events.jsonl").read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_in_the_file_as_soon_as_it_is_recorded(folder: RunFolder) -> None:
    folder.record(RunEvent(kind="call-started", at=0.123456, data={"tool": "pick"}))
    assert events(folder) == [{"at": 0.1235, "kind": "call-started", "tool": "pick"}]
    folder.record(RunEvent(kind="call-done", at=1.0))
    assert [e["kind"] for e in events(folder)] == ["call-started", "call-done"]


def test_what_a_commit_hangs_on_is_forced_to_the_disk(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[str] = []
    real = os.fsync

    def fsync(number: int) -> None:
        forced.append(events(folder)[-1]["kind"])
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    for kind in ("call-started", "approval-asked", "commit-intent", "commit-done"):
        folder.record(RunEvent(kind=kind, at=0.0))
    assert forced == ["commit-intent", "commit-done"]


def test_what_is_no_unicode_or_no_json_is_recorded_all_the_same(folder: RunFolder) -> None:
    folder.record(RunEvent(kind="odd", at=0.0, data={"half": "a\udcffb\n", "path": Path("x")}))
    assert events(folder) == [{"at": 0.0, "kind": "odd", "half": "a\udcffb\n", "path": "x"}]
    folder.write("plan.py", "x = '\udcff'\n")
    assert folder.write("result.json", {"task": "\udcff", "name": "café"}).read_text("utf-8") == (
        '{\n  "task": "\\udcff",\n  "name": "café"\n}\n'
    )


def test_an_artefact_is_replaced_whole(folder: RunFolder) -> None:
    first = folder.write("result.json", {"a": 1})
    seen_by_a_reader = first.open(encoding="utf-8")
    folder.write("result.json", {"a": 2})
    with seen_by_a_reader:
        assert json.load(seen_by_a_reader) == {"a": 1}
    assert json.loads(first.read_text("utf-8")) == {"a": 2}
    assert sorted(p.name for p in folder.path.iterdir()) == ["events.jsonl", "result.json"]


def test_a_failed_write_leaves_the_old_artefact(folder: RunFolder) -> None:
    target = folder.write("result.json", {"a": 1})
    (folder.path / ".result.json.partial").mkdir()
    with pytest.raises(RunError) as caught:
        folder.write("result.json", {"a": 2})
    assert "cannot be written" in caught.value.message
    assert caught.value.hint
    assert json.loads(target.read_text("utf-8")) == {"a": 1}


def test_a_full_disk_is_an_error_with_a_hint(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="No space left on device") as caught:
        folder.record(RunEvent(kind="commit-intent", at=0.0))
    assert caught.value.hint


def test_a_place_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(UsageError) as caught:
        new_run_folder(tmp_path / "runs")
    assert str(tmp_path / "runs") in caught.value.message
    assert "--runs-dir" in caught.value.hint


def test_folders_are_private_new_each_time_and_sorted_by_time(tmp_path: Path) -> None:
    folders = [new_run_folder(tmp_path) for _ in range(3)]
    for folder in folders:
        folder.close()
    assert len({f.path for f in folders}) == 3
    assert all(f.path.stat().st_mode & 0o077 == 0 for f in folders)
    assert all(f.path.name[8] == "-" and f.path.name[:8].isdigit() for f in folders)


def test_a_recorder_stamps_keeps_and_then_shows() -> None:
    clock, diary = VirtualClock(5.0), Diary()
    shown: list[tuple[str, float, int]] = []
    recorder = Recorder(clock, diary, (lambda e: shown.append((e.kind, e.at, len(diary.events))),))
    recorder.record("first")
    clock.time = 7.5
    recorder.record("second", tool="pick")
    assert shown == [("first", 0.0, 1), ("second", 2.5, 2)]
    assert diary.data("second") == {"tool": "pick"}


def test_a_listener_sees_what_is_not_kept() -> None:
    shown: list[str] = []
    Recorder(VirtualClock(), Forgetting(), (lambda e: shown.append(e.kind),)).record("planning")
    assert shown == ["planning"]
