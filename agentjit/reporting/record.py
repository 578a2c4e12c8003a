"""A run's folder as it was found: of any run, also of one that was cut short in the midst."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from agentjit.errors import UsageError
from agentjit.reporting.fields import Data, number_of, text_of

EVENTS: Final = "events.jsonl"

#: What a report is made of, beside the events; and what a report without it lacks.
_PARTS: Final = {
    "plan.py": "no plan was kept",
    "result.json": "how the run ended was not kept, nor what it gave",
    "graph.json": "no dependences were kept",
    "schedule.json": "no forecast was kept",
    "proof.json": "what was proven before each call was not kept",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, `at` seconds of the run's own time, which runs on when resumed."""

    at: float
    kind: str
    data: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """All that a report is made of. What is not there, or cannot be read, is empty; `notes` say."""

    name: str
    events: tuple[Event, ...] = ()
    #: When the run was resumed, in its own time.
    resumed: tuple[float, ...] = ()
    plan: str = ""
    result: Data = field(default_factory=dict)
    graph: Data = field(default_factory=dict)
    schedule: Data = field(default_factory=dict)
    proof: Data = field(default_factory=dict)
    #: What the folder does not tell, in words.
    notes: tuple[str, ...] = ()

    @property
    def end(self) -> float:
        """When the last thing happened."""
        return self.events[-1].at if self.events else 0.0

    @property
    def status(self) -> str:
        """How the run ended, by its last sitting; `cut-short` where that has no end."""
        if not self.events:
            return text_of(self.result, "status", "cut-short")
        return _ended(self.events) or "cut-short"

    @property
    def begun(self) -> datetime | None:
        """When it was begun, by the clock of the machine that it ran on: its name tells."""
        try:
            return datetime.strptime(self.name[:15], "%Y%m%d-%H%M%S")  # noqa: DTZ007 - local time
        except ValueError:
            return None

    def last(self, kind: str) -> Data:
        """What the last event of a kind tells; nothing where there was none."""
        return next((e.data for e in reversed(self.events) if e.kind == kind), {})

    def of(self, *kinds: str) -> Iterator[Event]:
        """The events of these kinds, in their order."""
        return (event for event in self.events if event.kind in kinds)


def read_record(folder: Path) -> RunRecord:
    """What a run's folder holds. Raises UsageError where it is none."""
    if not (folder / EVENTS).is_file() and not (folder / "result.json").is_file():
        raise UsageError(f"{folder} is no run's folder: it has no {EVENTS}", "see --runs-dir")
    notes: list[str] = []
    events, resumed = _read_events(folder / EVENTS, notes)
    found: dict[str, str] = {name: _read(folder / name, notes) for name in _PARTS}
    # A run that had no plan to perform has nothing that belongs to one.
    planned = bool(found["plan.py"])
    for name, told in _PARTS.items():
        if not found[name] and (planned or name in {"plan.py", "result.json"}):
            notes.append(f"{name}: {told}")
    result = _parse("result.json", found["result.json"], notes)
    if result and events and text_of(result, "status") != _ended(events):
        notes.append("result.json: it is of an earlier part of the run, and was left out")
        result = {}
    return RunRecord(
        name=folder.resolve().name,
        events=events,
        resumed=resumed,
        plan=found["plan.py"],
        result=result,
        graph=_parse("graph.json", found["graph.json"], notes),
        schedule=_parse("schedule.json", found["schedule.json"], notes),
        proof=_parse("proof.json", found["proof.json"], notes),
        notes=tuple(notes),
    )


def _ended(events: tuple[Event, ...]) -> str:
    """The status with which the last sitting ended; nothing where it did not."""
    for event in reversed(events):
        if event.kind in {"run-ended", "run-started"}:
            return text_of(event.data, "status")
    return ""


def _read(path: Path, notes: list[str]) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        notes.append(f"{path.name} cannot be read: {error.strerror}")
        return ""


def _parse(name: str, text: str, notes: list[str]) -> Data:
    if not text:
        return {}
    parsed = _object(text)
    if parsed is None:
        notes.append(f"{name} is damaged: it holds no JSON object")
    return parsed or {}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _read_events(path: Path, notes: list[str]) -> tuple[tuple[Event, ...], tuple[float, ...]]:
    """The events, each sitting of the run put behind the one before; damaged lines left out."""
    # By line feeds alone: a text may hold other ends of lines.
    lines = _read(path, notes).removesuffix("\n").split("\n")
    lines = [] if lines == [""] else lines
    events, resumed, torn = list[Event](), list[float](), list[int]()
    begun = 0.0
    for number, line in enumerate(lines, start=1):
        data = _object(line)
        at = None if data is None else number_of(data, "at")
        if data is None or at is None:
            torn.append(number)
            continue
        kind = text_of(data, "kind")
        if kind == "run-started" and events:
            begun = events[-1].at
            resumed.append(begun)
        # A clock that went backwards must not turn a bar around.
        at = max(begun + at, events[-1].at if events else 0.0)
        events.append(Event(at, kind, data))
    if torn == [len(lines)]:
        notes.append(f"{path.name}: its last line is torn, as a crash leaves it")
    elif torn:
        told = ", ".join(map(str, torn[:5])) + (", …" if len(torn) > 5 else "")
        notes.append(f"{path.name}: line {told} cannot be read and was left out")
    if not lines:
        notes.append(f"{path.name}: there is none, so that nothing is known of when what happened")
    return tuple(events), tuple(resumed)
