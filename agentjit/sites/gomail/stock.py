"""What the mailbox is made of, as written in data/*.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from agentjit.sites.gomail.mail import Person

#: A subject and a text, with gaps such as {day} to be filled.
Letter = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Letters of one sender; those that a task names have their ids."""

    sender: Person
    letters: tuple[Letter, ...]
    ids: tuple[int, ...] = ()
    #: Whether they have been read in every seed.
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Everything that is written in the data files."""

    owner: Person
    people: tuple[Person, ...]
    writers: tuple[Person, ...]
    groups: tuple[Group, ...]
    firms: tuple[Group, ...]
    spam: tuple[Group, ...]
    topics: tuple[Letter, ...]
    answers: tuple[str, ...]
    #: What gaps are filled with, by their names.
    gaps: dict[str, tuple[str, ...]]
    files: tuple[str, ...]
    #: Address, subject and text.
    sent: tuple[tuple[str, str, str], ...]
    drafts: tuple[tuple[str, str, str], ...]


@cache
def load_stock() -> Stock:
    """Read the data files; once."""
    people, topics = _read("people"), _read("topics")
    firms, letters = _read("firms"), _read("letters")
    known = tuple(Person(*entry) for entry in people["people"])
    return Stock(
        owner=Person(*people["owner"]),
        people=known,
        writers=tuple(p for p in known if p.name in people["writers"]),
        groups=tuple(_group(entry) for entry in letters["groups"]),
        firms=tuple(_group(entry) for entry in firms["firms"]),
        spam=tuple(_group(entry) for entry in firms["spam"]),
        topics=tuple(tuple(entry) for entry in topics["topics"]),
        answers=tuple(topics["answers"]),
        gaps={
            gap: tuple(topics[f"{gap}s"]) for gap in ("day", "hour", "month", "place", "project")
        },
        files=tuple(topics["files"]),
        sent=tuple(tuple(entry) for entry in topics["sent"]),
        drafts=tuple(tuple(entry) for entry in topics["drafts"]),
    )


def _group(entry: dict[str, Any]) -> Group:
    return Group(
        sender=Person(*entry["sender"]),
        letters=tuple(tuple(letter) for letter in entry["letters"]),
        ids=tuple(entry.get("ids", ())),
        read=entry.get("read", False),
    )


def _read(name: str) -> dict[str, Any]:
    folder = files("agentjit.sites.gomail") / "data"
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
