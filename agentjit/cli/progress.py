"""From a run's events to steps: what is being done now, and what is finished and took how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentjit.cli.values import inline
from agentjit.ports import RunEvent

#: Fields of a record that are told when a call gives one back.
NOTED_FIELDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that is finished. `line` is the plan's, where it stands in the plan."""

    title: str
    seconds: float
    line: int | None = None
    #: What came of it.
    note: str = ""
    ok: bool = True


#: What is under way, and what is done, in words.
OPENING: Final = "opening the site"
PLANNING: Final = "planning"
OPENED: Final = "opened the site"
IN_VAIN: Final = "planned in vain"


@dataclass(frozen=True, slots=True)
class Pending:
    """Something under way."""

    title: str
    since: float
    line: int | None = None


class Progress:
    """Follows a run. `emit` gets each finished step; `pending` is what is going on."""

    def __init__(self, clock: Callable[[], float], emit: Callable[[Step], None]) -> None:
        self._clock = clock
        self._emit = emit
        self.pending: Pending | None = None
        #: Calls in several tabs at once, by what tells them apart.
        self._beside: dict[str, Pending] = {}
        #: When something was told last: what is told beside a step took the time since then.
        self._told = clock()

    def begin(self, title: str, *, line: int | None = None, since: float | None = None) -> None:
        """Something starts now, or has been under way for a while."""
        self._told = self._clock()
        self.pending = Pending(title, self._told if since is None else since, line)

    def finish(self, title: str = "", *, note: str = "", ok: bool = True) -> None:
        """What was under way has ended; `title` says it in the past tense."""
        pending, self.pending = self.pending, None
        if pending is None:
            return
        self._emit(
            Step(
                title=title or pending.title,
                seconds=self._clock() - pending.since,
                line=pending.line,
                note=note,
                ok=ok,
            )
        )

    def watch(self, event: RunEvent) -> None:
        """Take one event of the run: a listener."""
        data = event.data
        match event.kind:
            case "run-started":
                self.finish(f"browser is up, {data['site']} is at {data['url']}")
                self.begin(OPENING)
            case "planning":
                self._tell_planning(data["planner"])
            case "site-opened":
                self._tell_opened()
            case "run-resumed" | "call-replayed" | "call-repeated" | "call-settled":
                self._aside_of_call(event)
            case "stepping" | "stepped" | "stepping-ended" | "not-stepped" | "signed-out":
                self._aside_of_rung(event)
            case "tab-opened" if "calls" in data:
                self._aside_of_call(event)
            case "looked-up" | "candidate" | "plan-kept" | "plan-forgotten" | "plan-refused":
                self._aside(event)
            case "planned":
                self.finish("planned and proved", note=f"cost {data['cost']:g}, {data['origin']}")
            case "model-asked":
                self.begin(f"asking the model: {data['question']}")
            case "model-answered":
                self.finish(note=describe(data["answer"]))
            case "run-ended":
                self._end(data)
            case _:
                self._watch_call(event)

    def _tell_planning(self, planner: str) -> None:
        pending, since = self.pending, None
        if pending is not None and pending.title == OPENING:
            # A model is asked while the site is opened.
            since = pending.since
        elif pending is not None and pending.title.startswith(PLANNING):
            self.finish(IN_VAIN, note="the site stands otherwise than its tools say")
        else:
            self.finish("browser is up")
        self.begin(f"{PLANNING}: {planner}", since=since)

    def _tell_opened(self) -> None:
        pending = self.pending
        if pending is None or not pending.title.startswith(PLANNING):
            self.finish(OPENED)
            return
        seconds = self._clock() - pending.since
        self._emit(Step(title=OPENED, seconds=seconds, note="the model is asked meanwhile"))

    def _watch_call(self, event: RunEvent) -> None:
        data = event.data
        match event.kind:
            case "scheduled" if data["strategy"] != "serial":
                self._aside(event)
            case "call-started" | "call-done" | "call-failed" if "tab" in data:
                self._watch_tab(event)
            case "call-started":
                self.begin(show_call(data["tool"], data["arguments"]), line=data["line"])
            case "approval-asked":
                pending = self.pending
                self.finish("read the terms")
                self.begin(f"approval of {data['tool']}()", line=pending.line if pending else None)
            case "approval-refused":
                self.finish(note="refused", ok=False)
            case "commit-intent":
                line = self.pending.line if self.pending else None
                self.finish(note="granted")
                self.begin(show_call(data["tool"], data["arguments"]), line=line)
            case "call-done":
                self.finish(note=_what_came(data))
            case "call-failed":
                self.finish(note=data["message"], ok=False)
            case _:
                # What a display has no line for is in the run folder all the same.
                pass

    def _watch_tab(self, event: RunEvent) -> None:
        """A call of a woven run: others are under way beside it."""
        data = event.data
        place = repr((data["node"], data["rounds"], data["tab"], data["tool"]))
        if event.kind == "call-started":
            title = show_call(data["tool"], data["arguments"])
            self._beside[place] = Pending(title, self._clock(), data["line"])
            return
        pending = self._beside.pop(place)
        if self.pending is not None and self.pending.title == pending.title:
            # It was irreversible, and told as it went.
            self.pending = None
        done = event.kind == "call-done"
        told = _what_came(data) if done else data["message"]
        self._emit(
            Step(
                title=pending.title,
                seconds=self._clock() - pending.since,
                line=pending.line,
                note=f"{told}  tab {data['tab']}" if told else f"tab {data['tab']}",
                ok=done,
            )
        )

    def _aside_of_call(self, event: RunEvent) -> None:
        """A line about a call that is read out of the journal, or made again."""
        data, ok = event.data, True
        match event.kind:
            case "run-resumed":
                title, note = "resuming the run", f"{data['done']} calls are done"
            case "call-replayed":
                self.finish(note="done before")
                return
            case "call-repeated":
                title, note, ok = f"again: {data['tool']}()", data["message"], False
            case "call-settled":
                title, note = f"{data['tool']}() was under way", data["outcome"]
            case _:
                calls = [call["tool"] for call in data["calls"]]
                title, note = "opened a fresh tab", show_lookup(calls)
        self._tell_aside(title, note, ok=ok)

    def _aside_of_rung(self, event: RunEvent) -> None:
        """A line about what a model does in place of a tool."""
        data, ok = event.data, True
        match event.kind:
            case "stepping":
                title, note, ok = f"by clicks: {data['tool']}()", data["message"], False
            case "stepped":
                title, note = f"step {data['number']}", " ".join(data["actions"])
            case "stepping-ended":
                ok = data["outcome"] == "done"
                title, note = f"{data['tool']}() by clicks", data["reason"] or data["outcome"]
            case "not-stepped":
                title, note, ok = f"no clicks for {data['tool']}()", data["reason"], False
            case _:
                title, note, ok = "signed out", data["url"], False
        self._tell_aside(title, note, ok=ok)

    def _tell_aside(self, title: str, note: str, *, ok: bool) -> None:
        since, self._told = self._told, self._clock()
        self._emit(Step(title=title, seconds=self._told - since, note=note, ok=ok))

    def _aside(self, event: RunEvent) -> None:
        """A line beside what is under way, which goes on."""
        data, ok = event.data, True
        match event.kind:
            case "scheduled":
                title, note = f"scheduled: {data['strategy']}", f"{data['episodes']} episodes"
            case "looked-up":
                title, note = f"looked up {show_lookup(data['calls'])}", f"{data['found']} found"
            case "candidate":
                title, ok = f"candidate from {data['origin']}", data["cost"] is not None
                note = f"cost {data['cost']:g}" if ok else data["problem"]
            case "plan-kept":
                title, note = f"kept the plan for «{data['task']}»", data["id"]
            case "plan-forgotten":
                title, note = f"forgot the kept plan {data['id']}", "its run failed"
            case _:
                title, note, ok = f"refused the kept plan {data['id']}", data["message"], False
        self._tell_aside(title, note, ok=ok)

    def _end(self, data: Mapping[str, Any]) -> None:
        # A step that is still open was cut short by what ended the run.
        self.finish(ok=data["status"] == "done")
        self.begin("closing the browser")


def show_call(tool: str, arguments: Mapping[str, Any]) -> str:
    """A call as a plan would write it; names are left out where there is one argument."""
    if len(arguments) == 1:
        return f"{tool}({next(iter(arguments.values()))!r})"
    return f"{tool}({', '.join(f'{k}={v!r}' for k, v in arguments.items())})"


def show_lookup(calls: list[str]) -> str:
    """A lookup while planning, as the calls that it made."""
    return " > ".join(f"{name}()" for name in calls)


def describe(value: Any) -> str:
    """What a call gave back, in a few words."""
    match value:
        case None:
            return ""
        case list():
            return f"{len(value)} found"
        case dict():
            scalars = [(k, v) for k, v in value.items() if not isinstance(v, list | dict)]
            return ", ".join(f"{k} {inline(v)}" for k, v in scalars[:NOTED_FIELDS])
        case _:
            return inline(value)


def _what_came(data: Mapping[str, Any]) -> str:
    """What a call gave, and whether it was made before its plan was there."""
    told = describe(data["result"])
    return ", ".join(filter(None, [told, "made ahead" if "ahead" in data else ""]))
