"""What a Fossil repository holds, read from its database: never through its web pages."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The columns of a ticket that are compared, as Fossil calls them.
FIELDS: Final = ("title", "type", "status", "severity", "priority", "resolution", "comment")

_TICKETS: Final = f"""
    SELECT tkt_id, {", ".join(f"coalesce({field}, '') AS {field}" for field in FIELDS)}
    FROM ticket
"""  # noqa: S608 - of constants
_REMARKS: Final = """
    SELECT tkt_id, icomment FROM ticketchng WHERE coalesce(icomment, '') != '' ORDER BY tkt_mtime
"""
_WIKI: Final = """
    SELECT substr(tagname, 6), rid, max(tagxref.mtime)
    FROM tag JOIN tagxref USING (tagid) WHERE tagname GLOB 'wiki-*' GROUP BY tagname
"""
_POSTS: Final = "SELECT fpid, froot, firt FROM forumpost ORDER BY fmtime, fpid"
_BLOB: Final = """
    SELECT content, EXISTS (SELECT 1 FROM delta WHERE delta.rid = blob.rid) FROM blob WHERE rid = ?
"""

#: How an artifact writes what would end a word of it.
_MEANT: Final = {"s": " ", "n": "\n", "t": "\t", "\\": "\\"}
_ESCAPED: Final = re.compile(r"\\([snt\\])")


@dataclass(frozen=True, slots=True)
class Post:
    """One forum post; `answers` is the text of the post that it replies to."""

    thread: str
    author: str
    text: str
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a task could have changed."""

    #: Each ticket's FIELDS, and its remarks in order under "remarks".
    tickets: tuple[Mapping[str, str], ...]
    #: The text of each wiki page as it is now.
    wiki: Mapping[str, str]
    posts: tuple[Post, ...]
    #: How many changes were ever made: one that was made and taken back is seen, too.
    changes: int


def read_facts(repository: Path) -> Facts:
    """Read a repository, which may be served meanwhile. Raises sqlite3.Error, ValueError."""
    with closing(sqlite3.connect(f"{repository.as_uri()}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        ((changes,),) = database.execute("SELECT count(*) FROM event")
        return Facts(_tickets(database), _wiki(database), _posts(database), changes)


def _tickets(database: sqlite3.Connection) -> tuple[Mapping[str, str], ...]:
    remarks: dict[int, list[str]] = {}
    for ticket, remark in database.execute(_REMARKS):
        remarks.setdefault(ticket, []).append(remark)
    found = [
        {**{field: row[field] for field in FIELDS}, "remarks": "\n".join(remarks.get(row[0], ()))}
        for row in database.execute(_TICKETS)
    ]
    return tuple(sorted(found, key=lambda ticket: tuple(ticket.values())))


def _wiki(database: sqlite3.Connection) -> Mapping[str, str]:
    return {name: _read(database, rid)["W"] for name, rid, _ in database.execute(_WIKI)}


def _posts(database: sqlite3.Connection) -> tuple[Post, ...]:
    rows = database.execute(_POSTS).fetchall()
    cards = {row["fpid"]: _read(database, row["fpid"]) for row in rows}
    return tuple(
        Post(
            thread=cards[row["froot"]].get("H", ""),
            author=cards[row["fpid"]]["U"],
            text=cards[row["fpid"]]["W"],
            answers=cards[row["firt"]]["W"] if row["firt"] else None,
        )
        for row in rows
    )


def _read(database: sqlite3.Connection, rid: int) -> dict[str, str]:
    """The cards of an artifact, one a letter; "W" is the whole text that it carries."""
    ((content, is_delta),) = database.execute(_BLOB, (rid,))
    if is_delta:
        # Fossil keeps the newest version whole, and the older ones as what they differ in.
        raise ValueError(f"artifact {rid} is not the newest of its kind")
    # Four bytes of length, then zlib.
    rest = zlib.decompress(content[4:])
    cards: dict[str, str] = {}
    while rest:
        line, _, rest = rest.partition(b"\n")
        letter, _, value = line.decode().partition(" ")
        if letter == "W":
            length = int(value)
            # What is typed into a form arrives with the line ends of the web.
            value = rest[:length].decode().replace("\r\n", "\n")
            rest = rest[length + 1 :]
        else:
            value = _ESCAPED.sub(lambda match: _MEANT[match[1]], value)
        cards[letter] = value
    return cards
