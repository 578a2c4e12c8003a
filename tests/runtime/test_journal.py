"""The journal: one owner, nothing lost, and no grant used twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from agentjit.errors import RunError, UsageError
from agentjit.runtime.journal import JOURNAL, RunJournal

OPEN_IT = """\
import sys
from pathlib import Path
from agentjit.errors import UsageError
from agentjit.runtime.journal import RunJournal
try:
    RunJournal.open(Path(sys.argv[1]))
except UsageError as error:
    print(error.message)
"""


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    times = iter((10.0, 11.0, 12.0, 13.0, 14.0))
    journal = RunJournal.open(tmp_path / JOURNAL, lambda: next(times))
    journal.tell(task="pay", plan={"text": "pay()"})
    journal.tell(task="pay twice")
    journal.write("1.1", "intent", tool="pay", arguments={"tip": 1.0, "note": "\ud800"})
    journal.write("1.1", "grant", digest="d")
    journal.write("1.1", "attempt", entries=[1])
    journal.write("1.1", "unknown")
    journal.write("2.1", "done", value=[1, None])
    journal.close()
    again = RunJournal.open(tmp_path / JOURNAL)
    assert (again.fact("task"), again.fact("plan")) == ("pay twice", {"text": "pay()"})
    assert again.fact("url") is None
    assert [past.key for past in again] == ["1.1", "2.1"]
    past = again.get("1.1")
    assert past is not None
    assert (past.step, past.at) == ("unknown", 12.0), "the attempt's moment"
    assert past.data["arguments"] == {"tip": 1.0, "note": "\ud800"}
    assert (past.data["digest"], past.data["entries"]) == ("d", [1])


def test_a_grant_is_good_for_one_attempt() -> None:
    journal = RunJournal.in_memory()
    journal.write("1.1", "grant")
    journal.write("1.1", "attempt")
    with pytest.raises(RunError, match="a second time with one grant"):
        journal.write("1.1", "attempt")
    journal.write("1.1", "not-done")
    with pytest.raises(RunError, match="a second time with one grant"):
        journal.write("1.1", "attempt")
    journal.write("1.1", "grant")
    assert journal.write("1.1", "attempt").step == "attempt"


def test_one_process_owns_a_run(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    journal = RunJournal.open(path)
    with pytest.raises(UsageError, match="belongs to another process"):
        RunJournal.open(path)
    command = (sys.executable, "-c", OPEN_IT, str(path))
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "belongs to another process" in told
    journal.close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


def test_a_killed_process_gives_the_run_away_and_loses_no_step(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    pid = os.fork()
    if pid == 0:
        journal = RunJournal.open(path)
        for number in range(50):
            journal.write(f"{number}.1", "done", value=number)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    assert [past.data["value"] for past in RunJournal.open(path)] == list(range(50))


def test_attempts_are_on_the_disk_and_reads_are_not_waited_for(tmp_path: Path) -> None:
    journal = RunJournal.open(tmp_path / JOURNAL)

    def synchronous() -> int:
        (level,) = journal._connection.execute("PRAGMA synchronous").fetchone()
        return int(level)

    levels = {}
    for step in ("intent", "grant", "attempt", "done"):
        journal.write("1.1", step)
        levels[step] = synchronous()
    assert levels == {"intent": 1, "grant": 2, "attempt": 2, "done": 1}
    assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as one" * 9])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / JOURNAL
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is no journal"):
        RunJournal.open(path)


def test_the_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    RunJournal.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UsageError, match="another version of agentjit"):
        RunJournal.open(path)


def test_a_full_disk_is_a_run_error(tmp_path: Path) -> None:
    journal = RunJournal.open(tmp_path / JOURNAL)
    journal._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(RunError, match="cannot be written"):
        journal.write("1.1", "attempt", value="x" * 100_000)
