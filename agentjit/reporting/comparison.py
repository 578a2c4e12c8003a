"""The forecast beside what was measured: every strategy's interval, and the run as a dot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.reporting.bars import Kind, Timeline
from agentjit.reporting.fields import (
    Data,
    list_of,
    number_of,
    record_of,
    records_of,
    seconds_of,
    text_of,
    whole_of,
)
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.record import RunRecord
from agentjit.reporting.values import table
from agentjit.reporting.words import count, show_seconds

#: Pixels of a strategy's row.
ROW: Final = 26
#: The share of runs that an interval is meant to cover, where the folder does not say.
COVERED: Final = 0.8


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the plan took, without the time of persons; and whether that was told or derived."""

    seconds: float
    told: bool


def measure(record: RunRecord, timeline: Timeline) -> Measured | None:
    """Seconds to hold against the forecast; None where nothing was performed.

    Of a run that was resumed it is the last sitting's: no forecast was of that.
    """
    told = number_of(record.last("performed"), "seconds")
    if told is not None:
        return Measured(told, told=True)
    scheduled = [event.at for event in record.of("scheduled")]
    bars = [bar for bar in timeline.bars if bar.kind is not Kind.PHASE]
    if not scheduled or not bars:
        return None
    waited = sum(bar.waited for bar in bars if bar.start >= scheduled[-1])
    return Measured(max(0.0, max(b.end for b in bars) - scheduled[-1] - waited), told=False)


def render_comparison(record: RunRecord, timeline: Timeline) -> Markup:
    """The chart, what can be said of it, and the figures."""
    schedule = record.schedule
    forecasts = records_of(schedule, "forecasts")
    if not forecasts:
        return element("p", "No forecast was kept with this run.", class_="note")
    measured = measure(record, timeline)
    chosen = text_of(schedule, "strategy")
    return join(
        element("p", _verdict(record, forecasts, measured)),
        _chart(forecasts, chosen, measured),
        _figures(forecasts, chosen),
        element("p", " ".join(_remarks(schedule, measured)), class_="note"),
    )


def _verdict(record: RunRecord, forecasts: list[Data], measured: Measured | None) -> Markup:
    covered = number_of(record_of(record.schedule, "past"), "covered") or COVERED
    chosen = text_of(record.schedule, "strategy")
    own = next((f for f in forecasts if text_of(f, "strategy") == chosen), None)
    span = _interval(own) if own is not None else None
    if own is None or span is None:
        return join(f"The chosen strategy, {chosen}, has no forecast.")
    told = (
        f"For {chosen}, {show_seconds(seconds_of(own, 'mean'))} were expected on average, and "
        f"{covered:.0%} of runs between {show_seconds(span[0])} and {show_seconds(span[1])}. "
    )
    if measured is None:
        return join(told, "Nothing was performed that could be held against it.")
    if record.resumed:
        return join(told, "The run was resumed: its last part is not what the forecast was of.")
    if record.status != "done":
        seconds = show_seconds(measured.seconds)
        return join(told, f"The run ended after {seconds}, but not at the plan's end.")
    ahead = whole_of(record.last("performed"), "ahead")
    if ahead:
        seconds = show_seconds(measured.seconds)
        calls = "call was" if ahead == 1 else "calls were"
        made = f"{ahead} {calls} made while the plan was written, which no forecast counts on."
        return join(told, f"Measured: {seconds}, but {made}")
    where = (
        "inside"
        if span[0] <= measured.seconds <= span[1]
        else "below"
        if measured.seconds < span[0]
        else "above"
    )
    return join(
        told,
        element("strong", f"Measured: {show_seconds(measured.seconds)}, {where} the interval."),
    )


def _chart(forecasts: list[Data], chosen: str, measured: Measured | None) -> Markup:
    spans = [_interval(forecast) or (0.0, 0.0) for forecast in forecasts]
    ends = [high for _, high in spans] + ([measured.seconds] if measured else [])
    widest = 1.05 * max(ends) or 1.0
    rows: list[Markup] = []
    for place, (forecast, (low, high)) in enumerate(zip(forecasts, spans, strict=True)):
        y, name = place * ROW + ROW / 2, text_of(forecast, "strategy", "?")
        p50, mean = seconds_of(forecast, "p50"), seconds_of(forecast, "mean")
        told = (
            f"{name}: {show_seconds(low)} to {show_seconds(high)}, middle {show_seconds(p50)}, "
            f"mean {show_seconds(mean)}"
        )
        rows.append(
            element(
                "g",
                element("title", told),
                _rect(low, high, widest, y),
                _upright("middle", p50, widest, y, 7),
                class_="span chosen" if name == chosen else "span",
            )
        )
    if measured is not None:
        rows.append(_dot(measured, forecasts, chosen, widest))
    names = [text_of(forecast, "strategy", "?") for forecast in forecasts]
    labels = [
        element("span", f"{'→ ' if name == chosen else ''}{name}", title=name) for name in names
    ]
    chart = element(
        "svg",
        element("title", "Forecast of each strategy, and the run"),
        element("desc", "The table below has the same figures."),
        *rows,
        width="100%",
        height=ROW * len(forecasts) + 18,
        role="img",
    )
    lanes = element("div", *labels, class_="lanes")
    return element("div", lanes, element("div", chart, class_="chart"), class_="forecast")


def _dot(measured: Measured, forecasts: list[Data], chosen: str, widest: float) -> Markup:
    names = [text_of(forecast, "strategy") for forecast in forecasts]
    row = names.index(chosen) if chosen in names else 0
    x, bottom = _percent(measured.seconds, widest), ROW * len(forecasts)
    told = f"measured {show_seconds(measured.seconds)}"
    late = measured.seconds > widest / 2
    return element(
        "g",
        element("title", told),
        element("line", class_="measured", x1=x, x2=x, y1=0, y2=bottom),
        element("circle", class_="measured", cx=x, cy=row * ROW + ROW / 2, r=5),
        element(
            "text",
            told,
            class_="axis",
            x=x,
            dx=-4 if late else 4,
            y=bottom + 13,
            text_anchor="end" if late else "start",
        ),
    )


def _rect(low: float, high: float, widest: float, y: float) -> Markup:
    width = _percent(max(0.0, high - low), widest)
    return element("rect", x=_percent(low, widest), y=y - 5, width=width, height=10, rx=5)


def _upright(name: str, at: float, widest: float, y: float, reach: float) -> Markup:
    x = _percent(at, widest)
    return element("line", class_=name, x1=x, x2=x, y1=y - reach, y2=y + reach)


def _percent(seconds: float, widest: float) -> str:
    return f"{100 * seconds / widest:.3f}%"


def _figures(forecasts: list[Data], chosen: str) -> Markup:
    head = ("strategy", "mean", "p50", "p95", "interval", "best", "calls", "success", "")
    rows: list[list[str]] = []
    for forecast in forecasts:
        name, span = text_of(forecast, "strategy", "?"), _interval(forecast)
        problem = text_of(forecast, "problem")
        remark = "→ chosen" if name == chosen else f"× {problem}" if problem else ""
        rows.append(
            [
                name,
                *(show_seconds(seconds_of(forecast, which)) for which in ("mean", "p50", "p95")),
                f"{show_seconds(span[0])} to {show_seconds(span[1])}" if span else "–",
                f"{seconds_of(forecast, 'best'):.0%}",
                f"{seconds_of(forecast, 'requests'):.1f}",
                f"{seconds_of(forecast, 'success'):.1%}",
                remark,
            ]
        )
    return table(head, rows, numbers=" nnnnnnn ")


def _remarks(schedule: Data, measured: Measured | None) -> list[str]:
    """What the intervals rest on, and how earlier ones did."""
    trials, stretch = whole_of(schedule, "trials"), number_of(schedule, "stretch")
    told = []
    told.append(
        "A bar is the interval, its upright line the middle of the simulated runs; "
        "“best” is the share of trials in which no other strategy is faster."
    )
    if trials:
        told.append(f"From {count(trials, 'simulated run')} of each strategy.")
    if stretch is not None and stretch != 1.0:
        told.append(f"Simulated intervals were stretched {stretch:g} times by earlier runs.")
    past = record_of(schedule, "past")
    covered = number_of(past, "covered") or COVERED
    for of, data in (("the site", past), ("this plan", record_of(past, "plan"))):
        runs, held = whole_of(data, "runs"), whole_of(data, "held")
        if runs is None or held is None:
            continue
        share = f" ({held / runs:.0%})" if runs else ""
        told.append(
            f"Earlier runs of {of}: {held} of {runs} within their {covered:.0%} interval{share}."
            if runs
            else f"There is no earlier run of {of} to compare with."
        )
    if measured is not None and not measured.told:
        told.append("Measured from the choice of the strategy to the end of the last call.")
    elif measured is not None:
        told.append("What a person took to decide is not counted as measured.")
    return told


def _interval(forecast: Data) -> tuple[float, float] | None:
    ends = list_of(forecast, "interval")
    if len(ends) != 2 or not all(isinstance(end, int | float) for end in ends):
        return None
    low, high = sorted(seconds_of({"s": end}, "s") for end in ends)
    return low, high
