"""The journal of a run: what was intended, granted, attempted and came of it; one SQLite file.

Every step of a call is a row, which is never changed. A process that opens the file owns the run
until it ends, however it ends: SQLite's exclusive lock is the process's own. What changes an
account is on the disk (fsync) before it is attempted; what only reads survives a crash of the
process, and that is enough for it.

    read, navigate    done
    write             attempt, then done | not-done | unknown
    commit            intent, grant, attempt, then done | not-done | unknown

A row with an attempt of a COMMIT names its grant, and no two of them may name the same one.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from agentjit.errors import RunError, UsageError

#: The file's name in a run's folder.
JOURNAL: Final = "journal.db"

#: Of the tables below; another number is another agentjit's.
VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS steps (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,               -- seconds since the epoch
    key TEXT NOT NULL,              -- which call of the plan
    step TEXT NOT NULL
        CHECK (step IN ('intent', 'grant', 'attempt', 'done', 'not-done', 'unknown')),
    of_grant INTEGER REFERENCES steps (id),
    data TEXT NOT NULL              -- JSON
);
CREATE UNIQUE INDEX IF NOT EXISTS one_attempt_a_grant ON steps (of_grant)
    WHERE of_grant IS NOT NULL;
"""

#: Steps that must be on the disk before anything else happens.
_FORCED: Final = frozenset({"grant", "attempt", "not-done", "unknown"})

#: Steps after which a call may have taken effect, and nobody knows.
OPEN: Final = frozenset({"attempt", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the journal knows of one call of the plan; `step` is its last."""

    key: str
    step: str
    #: Of the last attempt, or else of the last step: seconds since the epoch.
    at: float = 0.0
    #: The row of the last grant.
    grant: int | None = None
    #: All that its steps told, the later over the earlier: tool, arguments, value, state, …
    data: Mapping[str, Any] = field(default_factory=dict)


class RunJournal:
    """One run's journal, open and owned by this process."""

    def __init__(
        self, connection: sqlite3.Connection, now: Callable[[], float] = time.time
    ) -> None:
        self.now = now
        self._connection = connection
        self._forced: bool | None = None
        self._calls: dict[str, Past] = {}
        rows = connection.execute("SELECT id, at, key, step, data FROM steps ORDER BY id")
        for row, at, key, step, data in rows:
            self._remember(row, (at, key, step), json.loads(data))

    @classmethod
    def open(cls, path: Path, now: Callable[[], float] = time.time) -> Self:
        """The journal in this file, which is made where there is none.

        Raises UsageError where another process owns the run, or the file is no journal.
        """
        try:
            connection = sqlite3.connect(path, timeout=0.0, isolation_level=None)
        except sqlite3.Error as error:
            raise UsageError(f"{path} cannot be opened: {error}") from error
        try:
            _prepare(connection)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                return cls(connection, now)
            refusal = UsageError(
                f"{path} was written by another version of agentjit", "resume the run with that one"
            )
        except sqlite3.OperationalError as error:
            refusal = UsageError(
                f"{path.parent} belongs to another process, which is still running it"
                if "locked" in str(error)
                else f"{path} cannot be used: {error}",
                "wait for its end, or end it",
            )
        except (sqlite3.DatabaseError, ValueError) as error:
            refusal = UsageError(f"{path} is no journal of a run: {error}")
        connection.close()
        raise refusal

    @classmethod
    def in_memory(cls) -> Self:
        """A journal that is not kept."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        _prepare(connection)
        return cls(connection)

    def close(self) -> None:
        """Give the run away."""
        self._connection.close()

    # --- what is known of the run ---------------------------------------------------------------

    def tell(self, **facts: Any) -> None:
        """Keep facts of the whole run, as JSON; a later one replaces an earlier."""
        rows = [(name, _dump(value)) for name, value in facts.items()]
        self._force(True)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("REPLACE INTO facts VALUES (?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise _unwritable(error) from error

    def fact(self, name: str) -> Any:
        """A fact of the run; None where it was never told."""
        found = self._connection.execute(
            "SELECT value FROM facts WHERE name = ?", (name,)
        ).fetchone()
        return json.loads(found[0]) if found else None

    # --- what is known of its calls -------------------------------------------------------------

    def get(self, key: str) -> Past | None:
        """What is known of one call."""
        return self._calls.get(key)

    def __iter__(self) -> Iterator[Past]:
        """All calls, in the order in which they were first heard of."""
        return iter(self._calls.values())

    def __len__(self) -> int:
        return len(self._calls)

    def write(self, key: str, step: str, *, forced: bool = False, **data: Any) -> Past:
        """Keep one step of a call. An attempt uses the call's last grant up.

        Raises RunError where it cannot be kept, and where the grant was used before.
        """
        past = self._calls.get(key)
        grant = past.grant if past is not None and step == "attempt" else None
        at = self.now()
        self._force(forced or step in _FORCED)
        try:
            cursor = self._connection.execute(
                "INSERT INTO steps (at, key, step, of_grant, data) VALUES (?, ?, ?, ?, ?)",
                (at, key, step, grant, _dump(data)),
            )
        except sqlite3.IntegrityError as error:
            raise RunError(
                "an irreversible call was to be attempted a second time with one grant; it was not",
                "this is a defect of agentjit: please report it",
            ) from error
        except sqlite3.Error as error:
            raise _unwritable(error) from error
        assert cursor.lastrowid is not None
        return self._remember(cursor.lastrowid, (at, key, step), json.loads(_dump(data)))

    def _remember(self, row: int, what: tuple[float, str, str], data: dict[str, Any]) -> Past:
        at, key, step = what
        past = self._calls.get(key) or Past(key=key, step=step)
        self._calls[key] = replace(
            past,
            step=step,
            at=past.at if past.step in OPEN else at,
            grant=row if step == "grant" else past.grant,
            data={**past.data, **data},
        )
        return self._calls[key]

    def _force(self, forced: bool) -> None:
        if forced is not self._forced:
            level = "FULL" if forced else "NORMAL"
            self._connection.execute(f"PRAGMA synchronous = {level}")
            self._forced = forced


def _prepare(connection: sqlite3.Connection) -> None:
    # Exclusive before anything is read: the lock is kept from the first transaction on.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.strip().split(";"):
        connection.execute(statement)
    if not connection.execute("PRAGMA user_version").fetchone()[0]:
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _dump(value: Any) -> str:
    return json.dumps(value, default=str)


def _unwritable(error: sqlite3.Error) -> RunError:
    return RunError(
        f"the run's journal cannot be written: {error}",
        "make room there, or choose another place with --runs-dir",
    )
