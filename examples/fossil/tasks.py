"""The ten tasks as data, and their grader: the start facts, changed as told, and no more."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from examples.fossil.facts import FIELDS, Facts, Post
from examples.fossil.seeding import USER

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Task:
    """One task; `wanted` is its part of tasks.toml."""

    id: str
    text: str
    wanted: Mapping[str, Any]
    plan: str
    #: The same plan with one mistake in it, and who should notice: checker, run or grader.
    damaged: str
    noticed: str


def load_tasks() -> tuple[Task, ...]:
    """All tasks, in the order of the file. Raises ValueError for a damage that does not fit."""
    listed = tomllib.loads((HERE / "tasks.toml").read_text("utf-8"))["tasks"]
    return tuple(_load(wanted) for wanted in listed)


def _load(wanted: Mapping[str, Any]) -> Task:
    plan = (HERE / "plans" / f"{wanted['id']}.plan").read_text("utf-8")
    old, new = wanted["damage"]
    if plan.count(old) != 1:
        raise ValueError(f"{wanted['id']}: its plan has {old!r} {plan.count(old)} times")
    return Task(
        id=wanted["id"],
        text=wanted["text"],
        wanted=wanted,
        plan=plan,
        damaged=plan.replace(old, new),
        noticed=wanted["noticed"],
    )


def grade(task: Task, before: Facts, after: Facts, answer: Any) -> tuple[str, ...]:
    """What is wrong with the outcome; nothing where it is just what the task asks for."""
    expected = _expected(task.wanted, before)
    problems = [
        *_compare("tickets", _as_texts(expected.tickets), _as_texts(after.tickets)),
        *_compare("wiki", _as_texts(expected.wiki.items()), _as_texts(after.wiki.items())),
        *_compare(
            "forum", _as_texts(map(_post, expected.posts)), _as_texts(map(_post, after.posts))
        ),
    ]
    if not problems and expected.changes != after.changes:
        made, due = after.changes - before.changes, expected.changes - before.changes
        problems.append(f"{made} changes were made, {due} were asked for")
    if "answer" in task.wanted and answer != task.wanted["answer"]:
        problems.append(f"the answer is {answer!r}, not {task.wanted['answer']!r}")
    return tuple(problems)


def _expected(wanted: Mapping[str, Any], before: Facts) -> Facts:
    blank = {**dict.fromkeys((*FIELDS, "remarks"), ""), "status": "Open"}
    tickets = {ticket["title"]: dict(ticket) for ticket in before.tickets}
    wiki, posts = dict(before.wiki), list(before.posts)
    made = 0
    for ticket in wanted.get("opened", ()):
        tickets[ticket["title"]] = {**blank, **ticket}
        made += 1
    for ticket in wanted.get("changed", ()):
        tickets[ticket["title"]] |= ticket
        made += 1
    for page in wanted.get("rewritten", ()):
        wiki[page["name"]] = wiki[page["name"]].replace(page["passage"], page["by"])
        made += 1
    for name, text in wanted.get("written", {}).items():
        wiki[name] = text
        made += 1
    for post in wanted.get("posted", ()):
        posts.append(Post(author=USER, **post))
        made += 1
    return replace(
        before,
        tickets=tuple(tickets.values()),
        wiki=wiki,
        posts=tuple(posts),
        changes=before.changes + made,
    )


def _post(post: Post) -> tuple[str | None, ...]:
    return post.thread, post.author, post.text, post.answers


def _as_texts(things: Any) -> list[str]:
    return sorted(json.dumps(thing, ensure_ascii=False, sort_keys=True) for thing in things)


def _compare(where: str, expected: list[str], found: list[str]) -> Iterator[str]:
    """Each thing that is missing or too many; a thing may be there twice."""
    for name, has, lacks in (("lacks", expected, found), ("has too much", found, expected)):
        rest = list(lacks)
        for thing in has:
            if thing in rest:
                rest.remove(thing)
            else:
                yield f"{where} {name}: {thing}"
