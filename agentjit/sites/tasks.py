"""From a site's `tasks.toml` to its tasks: what is asked for, where it begins, who judges it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from agentjit.errors import UsageError
from agentjit.sites import site_names
from agentjit.toolspecs import JsonValue

#: Who may judge a run: REAL's evaluators, WebArena's, or ours in the site's `grade.py`.
EVALUATORS: Final = ("agisdk", "webarena-verified", "agentjit")

#: What doing the task changes: nothing, the account, or more than can be taken back.
CLASSES: Final = ("read", "write", "commit")

#: How many things a task is about, in the paper's three groups.
CARDINALITIES: Final = ("low", "medium", "high")

_ID: Final = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


class GraderName(NamedTuple):
    """Which evaluator judges, and what the task is called there. Written `agisdk:v2/dashdish-4`."""

    evaluator: str
    name: str

    def __str__(self) -> str:
        return f"{self.evaluator}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTask:
    """One task on one bundled site. No planner is given anything of it but the goal."""

    id: str
    goal: str
    site: str
    grader: GraderName
    #: Who judges where the seed is not 0; None where the grader does not depend on the site's data.
    other_seeds: GraderName | None = None
    #: A grader of ours that is asked besides, at every seed: the goal was done, and nothing more.
    exact: GraderName | None = None
    #: One of CLASSES; `class` in the file.
    kind: str
    #: The path at which the browser begins.
    start: str = "/"
    #: The day that the site is served for, where the goal names dates; None for the real day.
    today: date | None = None
    #: Its name among the paper's 37.
    paper: str | None = None
    #: One of CARDINALITIES, where the paper groups it.
    cardinality: str | None = None
    #: What our own grader needs to know besides the goal.
    expect: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def start_path(self) -> str | None:
        """The same, as an engine is told it; None for where the tools begin."""
        return None if self.start == "/" else self.start

    def grader_at(self, seed: int) -> GraderName:
        """Who judges a run on the data of this seed."""
        return self.grader if seed == 0 or self.other_seeds is None else self.other_seeds

    def by_ours(self) -> SiteTask:
        """The task with our exact grader alone, where it has one: it judges at every seed."""
        return replace(self, grader=self.exact or self.grader, other_seeds=None, exact=None)


@cache
def load_tasks(site: str) -> tuple[SiteTask, ...]:
    """The tasks of one site, in the order of its file. UsageError says which entry is wrong."""
    source = files(f"agentjit.sites.{site}") / "tasks.toml"
    if not source.is_file():
        return ()
    return parse_tasks(source.read_text(encoding="utf-8"), site)


def all_tasks() -> tuple[SiteTask, ...]:
    """The tasks of all sites. UsageError where two have the same id."""
    tasks = tuple(task for site in site_names() for task in load_tasks(site))
    _refuse_twins("id", [task.id for task in tasks])
    _refuse_twins("paper", [task.paper for task in tasks if task.paper is not None])
    return tasks


def find_task(name: str) -> SiteTask:
    """The task with this id; UsageError with the nearest ids where there is none."""
    tasks = {task.id: task for task in all_tasks()}
    if name in tasks:
        return tasks[name]
    near = get_close_matches(name, tasks, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "`agentjit tasks list` shows them"
    raise UsageError(f"there is no task {name!r}", hint)


def parse_tasks(text: str, site: str) -> tuple[SiteTask, ...]:
    """Tasks from the text of a `tasks.toml`. Raises UsageError, naming the entry and the field."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"tasks.toml of {site} is no TOML: {error}") from error
    unknown = sorted(document.keys() - {"task"})
    if unknown:
        raise UsageError(
            f"tasks.toml of {site} has {', '.join(unknown)}", "it holds [[task]] entries only"
        )
    tasks = tuple(
        _Entry(site, index, entry).read() for index, entry in enumerate(document.get("task", []))
    )
    _refuse_twins("id", [task.id for task in tasks])
    return tasks


#: Field of the file -> field of SiteTask; all others have the same name.
_RENAMED: Final = {"class": "kind"}
_FIELDS: Final = {
    next((name for name, to in _RENAMED.items() if to == spec.name), spec.name)
    for spec in fields(SiteTask)
} - {"site"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One [[task]], which may be wrong in any way."""

    site: str
    index: int
    data: Mapping[str, Any]

    def read(self) -> SiteTask:
        unknown = sorted(self.data.keys() - _FIELDS)
        if unknown:
            raise self._wrong(f"unknown field {', '.join(unknown)}", f"known: {sorted(_FIELDS)}")
        if not _ID.fullmatch(self._text("id")):
            raise self._wrong("its id is not in kebab-case", "write it like dashdish-3")
        if not (start := self._text("start", "/")).startswith("/"):
            raise self._wrong(f"start {start!r} is no path", "it begins with /")
        return SiteTask(
            id=self._text("id"),
            goal=self._text("goal"),
            site=self.site,
            grader=self._grader(self._text("grader")),
            other_seeds=self._ours("other_seeds"),
            exact=self._ours("exact"),
            kind=self._one_of("class", CLASSES),
            start=start,
            today=self._day(),
            paper=self._optional("paper"),
            cardinality=self._one_of("cardinality", CARDINALITIES)
            if "cardinality" in self.data
            else None,
            expect=self._expect(),
        )

    def _wrong(self, what: str, hint: str) -> UsageError:
        name = self.data.get("id", f"number {self.index + 1}")
        return UsageError(f"tasks.toml of {self.site}, task {name}: {what}", hint)

    def _optional(self, name: str) -> str | None:
        return self._text(name) if name in self.data else None

    def _text(self, name: str, default: str | None = None) -> str:
        value = self.data.get(name, default)
        if not isinstance(value, str) or value.strip() != value or not value:
            raise self._wrong(f"{name} is not a text", f'write {name} = "…", without outer blanks')
        return value

    def _one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._text(name)
        if value not in allowed:
            raise self._wrong(f"{name} {value!r} is unknown", f"it is one of {', '.join(allowed)}")
        return value

    def _grader(self, text: str) -> GraderName:
        evaluator, _, name = text.partition(":")
        if evaluator not in EVALUATORS or not name:
            raise self._wrong(
                f"grader {text!r} is unknown",
                "write agisdk:v1/ID, agisdk:v2/ID, webarena-verified:NUMBER or agentjit:NAME",
            )
        return GraderName(evaluator, name)

    def _ours(self, name: str) -> GraderName | None:
        if name not in self.data:
            return None
        grader = self._grader(self._text(name))
        if grader.evaluator != "agentjit":
            raise self._wrong(f"{name} {grader} is not one of ours", "write agentjit:NAME")
        return grader

    def _day(self) -> date | None:
        day = self.data.get("today")
        # A TOML date with a time of day is a datetime, which is a date to isinstance.
        if day is not None and type(day) is not date:
            raise self._wrong("today is not a day", "write today = 2026-03-01, without quotes")
        return day

    def _expect(self) -> Mapping[str, JsonValue]:
        expect = self.data.get("expect", {})
        if not isinstance(expect, dict):
            raise self._wrong("expect is no table", "write expect = { name = value }")
        return expect


def _refuse_twins(what: str, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise UsageError(f"two tasks have the same {what}: {', '.join(twins)}")
