"""The whole report: one HTML file that needs nothing else, no network and no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from agentjit.reporting.bars import Bar, Kind, Timeline
from agentjit.reporting.comparison import render_comparison
from agentjit.reporting.critical import CriticalPath, find_critical_path
from agentjit.reporting.dependences import Dependences, read_graph
from agentjit.reporting.drawing import render_graph
from agentjit.reporting.fields import record_of, seconds_of
from agentjit.reporting.gantt import render_gantt
from agentjit.reporting.head import render_head, task_of
from agentjit.reporting.incidents import render_candidates, render_incidents
from agentjit.reporting.listing import render_listing
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.record import RunRecord
from agentjit.reporting.spending import APPROVAL, spend
from agentjit.reporting.timeline import follow
from agentjit.reporting.values import table
from agentjit.reporting.words import count, show_seconds

#: Nothing is loaded and nothing is run, even if something that a page said were no text.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLES: Final = Path(__file__).with_name("report.css")


def render_report(record: RunRecord) -> str:
    """The text of `report.html`."""
    timeline, graph = follow(record), read_graph(record.graph)
    path = find_critical_path(timeline, graph)
    parts = [
        ("Timeline", "timeline", _timeline(timeline, path, graph)),
        ("Forecast and measurement", "forecast", render_comparison(record, timeline)),
        ("Where the time went", "time", _spending(record, timeline)),
        ("Plan", "plan", render_listing(record, timeline)),
        ("Dependences", "graph", render_graph(graph)),
        ("Candidates", "candidates", render_candidates(record)),
        ("Beside the plan", "beside", render_incidents(record)),
    ]
    links = [element("a", title, href=f"#{name}") for title, name, _ in parts]
    sections = [
        element("section", element("h2", title, id=name), body) for title, name, body in parts
    ]
    main = element(
        "main",
        render_head(record),
        element("nav", *links, aria_label="Parts of this report"),
        *sections,
        _notes(record),
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{task_of(record)} – agentjit"),
        element("style", _styles()),
    )
    page = element("html", head, element("body", main), lang="en")
    return f"<!doctype html>\n{page}\n"


@cache
def _styles() -> Markup:
    return Markup(_STYLES.read_text("utf-8"))


def _timeline(timeline: Timeline, path: CriticalPath, graph: Dependences) -> Markup:
    if not timeline.bars:
        return element("p", "Nothing is known of when what happened.", class_="note")
    note = None
    if path.bars:
        note = element(
            "p",
            f"The critical path has {count(len(path.bars), 'bar')} and takes "
            f"{show_seconds(path.seconds)}, of it {show_seconds(path.gaps)} between bars: code of "
            "the plan, scheduling, waiting until a copy is begun. It is found backwards from what "
            "ended last: of all that a bar had to wait for, by the dependence graph or because it "
            "was in the same tab, the one that ended last comes before it. Times are measured.",
            class_="note",
        )
    resumed = None
    if timeline.resumed:
        told = "The time between the end of the run and its being resumed is not drawn."
        resumed = element("p", told, class_="note")
    return join(render_gantt(timeline, path, graph), note, resumed, _calls(timeline, path))


def _calls(timeline: Timeline, path: CriticalPath) -> Markup:
    head = ("path", "from", "seconds", "checks", "where", "line", "what", "outcome")
    rows = [
        [
            "◆" if bar in path else "",
            f"{bar.start:.2f}",
            f"{bar.seconds:.2f}",
            f"{bar.checking:.2f}" if bar.checking else "",
            bar.lane,
            bar.line or "",
            element("code", bar.title) if bar.kind is Kind.CALL else bar.title,
            _outcome(bar),
        ]
        for bar in timeline.bars
    ]
    summary = element("summary", f"All {count(len(rows), 'bar')} as a table")
    return element("details", summary, table(head, rows, numbers=" nnn n  "))


def _outcome(bar: Bar) -> str:
    waited = f"approval was waited for {show_seconds(bar.waited)}" if bar.waits else ""
    return "; ".join(filter(None, [bar.state.value, bar.note, waited, *bar.remarks]))


def _spending(record: RunRecord, timeline: Timeline) -> Markup:
    spent = spend(timeline)
    if not spent:
        return element("p", "Nothing is known of it.", class_="note")
    total = sum(spent.values())
    at, pieces, rows = 0.0, list[Markup](), list[list[Markup | str]]()
    for part, seconds in spent.items():
        share, name = 100 * seconds / total, f"of-{part.partition(' ')[0]}"
        told = f"{part}: {show_seconds(seconds)}, {share:.0f}%"
        pieces.append(
            element(
                "svg",
                element("title", told),
                element("rect", width="100%", height=28),
                element("text", part, x=5, y=18),
                class_=f"part {name}",
                x=f"{at:.2f}%",
                width=f"{share:.2f}%",
                height=28,
            )
        )
        swatch = element("i", class_=f"swatch part {name}")
        rows.append([join(swatch, " ", part), show_seconds(seconds), f"{share:.0f}%"])
        at += share
    bar = element(
        "svg",
        element("title", "Where the time went"),
        element("desc", "The table below has the same figures."),
        *pieces,
        width="100%",
        height=28,
        role="img",
        class_="spent",
    )
    rows.append([element("strong", "the run"), element("strong", show_seconds(total)), ""])
    note = "What went on side by side shares its time evenly, so that the parts add up to the run."
    if APPROVAL in spent:
        note += " Waiting for approval ends when the terms have been read again."
    return join(
        bar,
        table(("part", "time", "share"), rows, numbers=" nn"),
        element("p", _before(record), note, class_="note"),
    )


def _before(record: RunRecord) -> str:
    """What was started before the run began."""
    timing = record_of(record.result, "timing")
    parts = [
        f"{name.removesuffix(' start')} {show_seconds(seconds_of(timing, name))}"
        for name in timing
        if name.endswith(" start")
    ]
    return f"Started before the run, side by side: {', '.join(parts)}. " if parts else ""


def _notes(record: RunRecord) -> Markup | None:
    if not record.notes:
        return None
    items = [element("li", note) for note in record.notes]
    title = element("h2", "What this report lacks", id="lacks")
    return element("section", title, element("ul", *items))
