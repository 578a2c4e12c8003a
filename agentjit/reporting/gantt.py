"""The timeline as SVG: a lane a tab, bars by time, the critical path marked."""

from __future__ import annotations

from math import floor, log10
from typing import Final

from agentjit.reporting.bars import Bar, Kind, State, Timeline
from agentjit.reporting.critical import GRAIN, CriticalPath
from agentjit.reporting.dependences import Dependences
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.words import show_seconds

#: Pixels: of the axis, of a lane, of a bar in it.
AXIS: Final = 22
LANE: Final = 34
BAR: Final = 24
#: Of the whole width, what a bar has at least.
SHORTEST: Final = 0.002

#: The class of a bar, the letter in it, and what it means.
_MARKS: Final = {
    "phase": ("", "before the plan: opening the site, planning"),
    "navigate": ("N", "navigates"),
    "read": ("R", "reads"),
    "write": ("W", "changes the account"),
    "commit": ("C", "irreversible"),
    "model": ("M", "asks a model"),
    "tab": ("T", "opens a tab, or brings it back to the start"),
}
_STATES: Final = {
    State.FAILED: "✗ ",
    State.REFUSED: "✗ ",
    State.CUT: "⊘ ",
    State.REPLAYED: "↺ ",
    State.DONE: "",
}
_OTHERS: Final = (
    ("path", "◆ on the critical path: underlined, joined by lines"),
    ("failed", "✗ failed, or not granted"),
    ("cut", "⊘ cut short: cancelled, or the run ended"),
    ("waiting", "part of a call in which approval was waited for"),
)


def render_gantt(timeline: Timeline, path: CriticalPath, graph: Dependences) -> Markup:
    """The chart with its lanes' names and its legend."""
    lanes = timeline.lanes()
    rows = {lane: AXIS + LANE * place for place, lane in enumerate(lanes)}
    height = AXIS + LANE * len(lanes)
    scale = _Scale(timeline.end)
    told = (
        f"{len(timeline.bars)} bars in {len(lanes)} lanes over {show_seconds(timeline.end)}. "
        "The table of all calls below says the same in words."
    )
    chart = element(
        "svg",
        element("title", "Timeline of the run"),
        element("desc", told),
        *(_tick(scale, at, height) for at in _ticks(timeline)),
        *(_resumption(scale, at, height) for at in timeline.resumed),
        *_links(scale, path, rows),
        *(_bar(scale, bar, rows[bar.lane], graph, marked=bar in path) for bar in timeline.bars),
        width="100%",
        height=height,
        role="img",
    )
    names = element("div", *(element("span", lane) for lane in lanes), class_="lanes")
    box = element("div", names, element("div", chart, class_="chart"), class_="gantt", tabindex="0")
    note = element("p", "Numbers in bars are lines of the plan.", class_="note")
    return join(box, _legend(timeline, path, graph), note)


class _Scale:
    """Seconds as percent of the width: text keeps its size whatever the width is."""

    def __init__(self, end: float) -> None:
        self.end = end or 1.0

    def __call__(self, seconds: float) -> str:
        return f"{100 * seconds / self.end:.3f}%"


def kind_of(bar: Bar, graph: Dependences) -> str:
    """What a bar is drawn as: a call by its effect."""
    if bar.kind is not Kind.CALL:
        return str(bar.kind.value)
    effect = graph.effect_of(bar.tool)
    return effect if effect in _MARKS else "call"


def _bar(scale: _Scale, bar: Bar, top: int, graph: Dependences, *, marked: bool) -> Markup:
    kind = kind_of(bar, graph)
    letter, _ = _MARKS.get(kind, ("", ""))
    mark = f"{'◆ ' if marked else ''}{_STATES[bar.state]}"
    line = f"{bar.line}: " if bar.line else ""
    label = " ".join(filter(None, [f"{mark}{letter}", f"{line}{bar.title}"]))
    states = {State.FAILED: " failed", State.REFUSED: " failed", State.CUT: " cut"}
    inner = [
        element("title", f"{told_of(bar)}{', on the critical path' if marked else ''}"),
        element("rect", width="100%", height=BAR, rx=3),
        *(_part(bar, *stretch) for stretch in bar.waits),
        element("text", label, x=4, y=16),
        element("rect", class_="path", y=BAR - 3, width="100%", height=3) if marked else None,
    ]
    # A bar of no length at all is still to be seen, and to be pointed at.
    width = scale(max(bar.seconds, SHORTEST * scale.end))
    return element(
        "svg",
        *inner,
        class_=f"bar {kind}{states.get(bar.state, '')}",
        x=scale(bar.start),
        y=top + (LANE - BAR) // 2,
        width=width,
        height=BAR,
    )


def told_of(bar: Bar) -> str:
    """A bar in words: what is shown where it is pointed at."""
    parts = [f"{bar.lane}: {bar.title}"]
    if bar.line:
        parts[0] += f", line {bar.line}"
    if bar.rounds:
        parts.append(f"round {', '.join(str(each + 1) for each in bar.rounds)}")
    parts.append(f"{show_seconds(bar.seconds)} from {show_seconds(bar.start)} on")
    if bar.checking:
        parts.append(f"of it checking contracts {show_seconds(bar.checking)}")
    if bar.waits:
        parts.append(f"waiting for approval {show_seconds(bar.waited)}")
    if bar.state is not State.DONE:
        parts.append(bar.state.value)
    return "; ".join([*parts, *filter(None, [bar.note]), *bar.remarks])


def _part(bar: Bar, start: float, end: float) -> Markup:
    scale = _Scale(bar.seconds)
    x, width = scale(start - bar.start), scale(end - start)
    return element("rect", class_="waiting", x=x, width=width, height=BAR)


def _links(scale: _Scale, path: CriticalPath, rows: dict[str, int]) -> list[Markup]:
    """Lines from each bar of the path to the next one."""
    middle = LANE // 2
    return [
        element(
            "line",
            class_="link",
            x1=scale(one.end),
            y1=rows[one.lane] + middle,
            x2=scale(max(other.start, one.end)),
            y2=rows[other.lane] + middle,
        )
        for one, other in zip(path.bars, path.bars[1:], strict=False)
    ]


def _ticks(timeline: Timeline) -> list[float]:
    """Round times, at most ten of them, where there is room for their names."""
    end = timeline.end
    if end < GRAIN:
        return []
    rough = end / 8
    power = float(f"1e{floor(log10(rough))}")
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    times = [step * place for place in range(int(end / step) + 1)]
    # The name of a resumption stands at the right of its line.
    taken = [(at - 0.03 * end, at + 0.09 * end) for at in timeline.resumed]
    return [at for at in times if not any(low < at < high for low, high in taken)]


def _tick(scale: _Scale, at: float, height: int) -> Markup:
    x = scale(at)
    return join(
        element("line", class_="tick", x1=x, x2=x, y1=AXIS - 4, y2=height),
        element("text", f"{at:g} s", class_="axis", x=x, y=AXIS - 8),
    )


def _resumption(scale: _Scale, at: float, height: int) -> Markup:
    x = scale(at)
    return join(
        element("line", class_="resumed", x1=x, x2=x, y1=0, y2=height),
        element("text", "resumed", class_="axis resumed", x=x, dx=3, y=AXIS - 8),
    )


def _legend(timeline: Timeline, path: CriticalPath, graph: Dependences) -> Markup:
    """What the marks mean that are there."""
    kinds = {kind_of(bar, graph) for bar in timeline.bars}
    there = {
        "path": bool(path.bars),
        "failed": any(b.state in {State.FAILED, State.REFUSED} for b in timeline.bars),
        "cut": any(b.state is State.CUT for b in timeline.bars),
        "waiting": any(b.waits for b in timeline.bars),
    }
    entries = [
        (name, f"{letter} {told}".strip())
        for name, (letter, told) in _MARKS.items()
        if name in kinds
    ]
    entries += [(name, told) for name, told in _OTHERS if there[name]]
    items = [
        element("li", element("i", class_=f"swatch {name}"), " ", told) for name, told in entries
    ]
    return element("ul", *items, class_="legend")
