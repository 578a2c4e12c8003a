"""From a run's events to bars: what began when, where, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from agentjit.reporting.bars import OPENING, PLANNING, Bar, Kind, Open, State, Timeline
from agentjit.reporting.fields import (
    Data,
    list_of,
    number_of,
    record_of,
    seconds_of,
    text_of,
    whole_of,
)
from agentjit.reporting.record import Event, RunRecord
from agentjit.reporting.words import describe, show_call

_RUN: Final = "run"
#: What was made before the plan was there, and is none of its calls.
_AHEAD: Final = "ahead"
#: Several models answer at once, and are asked while the site is opened.
_BESIDE: Final = (Kind.MODEL, Kind.PHASE)


def follow(record: RunRecord) -> Timeline:
    """The timeline of a run. What has no end in the events is cut short where it must have been."""
    following = _Following()
    for event in record.events:
        following.take(event)
    following.stop(record.end)
    bars = tuple(sorted(_settle(following.bars), key=lambda bar: (bar.start, bar.end)))
    planned = max((event.at for event in record.of("planned")), default=0.0)
    return Timeline(_spread(bars), record.end, record.resumed, planned)


@dataclass(slots=True)
class _Following:
    bars: list[Bar] = field(default_factory=list)
    phase: Open | None = None
    calls: list[Open] = field(default_factory=list)
    #: Questions that the model has not answered yet.
    asked: list[Open] = field(default_factory=list)
    #: Calls that were made before the plan was there, and that it has not taken over.
    ahead: list[Bar] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Go on by one event."""
        at, data = event.at, event.data
        match event.kind:
            case "run-started":
                self.stop(at)
                self._begin_phase(OPENING, at)
            case "planning":
                self._begin_phase(PLANNING, at)
            case "site-opened" if self.phase is not None and self.phase.title == PLANNING:
                # A model was asked meanwhile: both took their time.
                self.bars = [_until(bar, at) if bar.title == OPENING else bar for bar in self.bars]
            case "planned" | "scheduled":
                self._end_phase(at, State.DONE)
            case "call-started":
                self._end_phase(at, State.DONE)
                self.calls.append(_open_call(data, at))
            case "call-done":
                self._end_call(event, State.DONE)
            case "call-replayed":
                self._end_call(event, State.REPLAYED)
            case "call-failed":
                refused = text_of(data, "code") == "approval-refused"
                self._end_call(event, State.REFUSED if refused else State.FAILED)
            case "tab-opened" | "tab-reset" if whole_of(data, "tab") is not None:
                self.bars.append(_tab_bar(event))
            case "model-asked":
                self.asked.append(_open_question(data, at))
            case "model-answered":
                self._answer(data, at)
            case "run-ended":
                done = text_of(data, "status") == "done"
                self._end_phase(at, State.DONE if done else State.FAILED)
                self.stop(at)
            case _:
                self._aside(event)

    def stop(self, at: float) -> None:
        """All that is open ends here, without an end of its own."""
        self._end_phase(at, State.CUT)
        self.bars += [each.close(at, State.CUT) for each in (*self.calls, *self.asked)]
        self.bars += self.ahead
        self.calls, self.asked, self.ahead = [], [], []

    def _begin_phase(self, title: str, at: float) -> None:
        self._end_phase(at, State.DONE)
        self.phase = Open(kind=Kind.PHASE, title=title, lane=_RUN, start=at)

    def _end_phase(self, at: float, state: State) -> None:
        if self.phase is not None:
            self.bars.append(self.phase.close(at, state))
            self.phase = None

    def _end_call(self, event: Event, state: State) -> None:
        found = self._find(event.data)
        if found is None:
            return
        self.calls.remove(found)
        data = event.data
        note = text_of(data, "message") or describe(data.get("result"))
        checking = seconds_of(data, "checking")
        end, taken = event.at, None
        made = next((bar for bar in self.ahead if bar.title == found.title), None)
        if made is not None and "ahead" in data:
            self.ahead.remove(made)
            found.start, end, taken = made.start, made.end, event.at
        self.bars.append(found.close(end, state, note=note, checking=checking, taken=taken))

    def _find(self, data: Data) -> Open | None:
        """The open call that an event is about: told by all that the event tells."""
        tool, tab, node = text_of(data, "tool"), whole_of(data, "tab"), whole_of(data, "node")
        tests: tuple[Callable[[Open], bool], ...] = (
            lambda call: call.tool == tool,
            lambda call: tab is None or call.lane == f"tab {tab}",
            lambda call: node is None or call.node == node,
            lambda call: "rounds" not in data or call.rounds == _rounds(data),
            lambda call: "key" not in data or _is_named(call, text_of(data, "key")),
        )
        return next((call for call in reversed(self.calls) if all(t(call) for t in tests)), None)

    def _answer(self, data: Data, at: float) -> None:
        node = whole_of(data, "node")
        found = next((each for each in self.asked if each.node == node), None)
        if found is None:
            return
        self.asked.remove(found)
        # Where several are asked the same at once, it is told by how long it took which one it was.
        seconds = number_of(data, "seconds")
        found.start = found.start if seconds is None else max(found.start, at - max(seconds, 0.0))
        note = describe(data.get("answer"))
        tokens = whole_of(data, "tokens")
        remarks = () if tokens is None else (f"{tokens} tokens",)
        self.bars.append(replace(found.close(at, State.DONE, note=note), remarks=remarks))

    def _aside(self, event: Event) -> None:
        """What happens within a call, or before the plan is there."""
        at, data = event.at, event.data
        if event.kind in ("made-ahead", "failed-ahead"):
            self.ahead.append(_bar_ahead(event))
            return
        call = self._find({"tool": text_of(data, "tool")}) if "tool" in data else None
        if call is None:
            return
        # Of several calls of a tool at once, it is not told which one is made again.
        alone = sum(each.tool == call.tool for each in self.calls) == 1
        match event.kind:
            case "approval-asked":
                call.asked = at
            case "commit-intent" | "approval-refused" | "terms-changed":
                call.granted(at)
            case "call-repeated" if alone:
                call.pauses.append((at, at + seconds_of(data, "seconds")))
                call.remarks.append(f"made again: {text_of(data, 'message')}")
            case "stepping-ended":
                call.remarks.append(
                    f"by clicks of the model: {text_of(data, 'outcome')}, "
                    f"{whole_of(data, 'steps') or 0} steps, {whole_of(data, 'tokens') or 0} tokens"
                )
            case "obstacle-dismissed":
                call.remarks.append(f"dismissed {text_of(data, 'name')}")
            case _:
                pass


def _until(bar: Bar, at: float) -> Bar:
    return replace(bar, end=at) if bar.kind is Kind.PHASE else bar


def _open_call(data: Data, at: float) -> Open:
    tool = text_of(data, "tool", "?")
    return Open(
        kind=Kind.CALL,
        title=show_call(tool, record_of(data, "arguments")),
        lane=f"tab {whole_of(data, 'tab') or 0}",
        start=at,
        tool=tool,
        line=whole_of(data, "line"),
        node=whole_of(data, "node"),
        rounds=_rounds(data),
        copy=whole_of(data, "copy") or 0,
    )


def _open_question(data: Data, at: float) -> Open:
    question, node = text_of(data, "question"), whole_of(data, "node")
    return Open(kind=Kind.MODEL, title=question, lane="model", start=at, node=node)


def _tab_bar(event: Event) -> Bar:
    tab, seconds = whole_of(event.data, "tab"), seconds_of(event.data, "seconds")
    title = "opening the tab" if event.kind == "tab-opened" else "back to the start"
    start = max(0.0, event.at - seconds)
    return Bar(kind=Kind.TAB, title=title, lane=f"tab {tab}", start=start, end=event.at)


def _bar_ahead(event: Event) -> Bar:
    data = event.data
    return Bar(
        kind=Kind.CALL,
        title=show_call(text_of(data, "tool", "?"), record_of(data, "arguments")),
        lane=_AHEAD,
        start=max(0.0, event.at - seconds_of(data, "seconds")),
        end=event.at,
        state=State.DONE if event.kind == "made-ahead" else State.FAILED,
        note=text_of(data, "message"),
        remarks=("made while the plan was written, and not used",),
    )


def _rounds(data: Data) -> tuple[int, ...] | None:
    if "rounds" not in data:
        return None
    return tuple(each for each in list_of(data, "rounds") if isinstance(each, int))


def _is_named(call: Open, key: str) -> bool:
    """Whether the journal's name of a call, `PREFIX/NODE/ROUND~COPY.COUNT`, can be this one's."""
    if call.rounds is None:
        return True
    place = "/".join(map(str, (call.node, *call.rounds))) + (f"~{call.copy}" if call.copy else "")
    return f"/{key.rpartition('.')[0]}".endswith(f"/{place}")


def _settle(bars: list[Bar]) -> list[Bar]:
    """Cut-short calls end where their copy won, or where their tab was used again."""
    settled = []
    for bar in bars:
        if bar.state is not State.CUT or bar.kind is not Kind.CALL:
            settled.append(bar)
            continue
        ends = [b.start for b in bars if b.lane == bar.lane and b.start > bar.start]
        if bar.rounds is not None:
            ends += [
                b.end
                for b in bars
                if (b.node, b.rounds) == (bar.node, bar.rounds)
                and b.state is State.DONE
                and b.end > bar.start
            ]
        settled.append(replace(bar, end=min([bar.end, *ends])))
    return settled


def _spread(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """Bars that share a lane at the same time get one of their own."""
    spread, busy = [], dict[str, float]()
    for bar in bars:
        lane, number = bar.lane, 1
        while bar.kind in _BESIDE and busy.get(lane, 0.0) > bar.start:
            number += 1
            lane = f"{bar.lane} {number}"
        busy[lane] = bar.end
        spread.append(replace(bar, lane=lane))
    return tuple(spread)
