"""The plan, line by line: what was proven before each call, and how long its calls took."""

from __future__ import annotations

from collections import defaultdict

from agentjit.reporting.bars import Kind, State, Timeline
from agentjit.reporting.fields import record_of, records_of, text_of, whole_of
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.record import RunRecord
from agentjit.reporting.words import count, show_seconds


def render_listing(record: RunRecord, timeline: Timeline) -> Markup:
    """The plan with its facts; nothing but a remark where there is none."""
    if not record.plan:
        return element("p", "There is no plan in this run's folder.", class_="note")
    proven = _facts_by_line(record)
    took = _times_by_line(timeline)
    failed = whole_of(record_of(record.result, "error"), "line")
    items: list[Markup] = []
    for number, line in enumerate(record.plan.rstrip("\n").split("\n"), start=1):
        wrong = number == failed
        items.append(
            element(
                "li",
                *(element("span", f"⊢ {fact}", class_="fact") for fact in proven.get(number, ())),
                element(
                    "span",
                    element("span", number, class_="number"),
                    element("code", line),
                    element("span", took.get(number, ""), class_="took"),
                    class_="code",
                ),
                element("span", "✗ it failed here", class_="bad") if wrong else None,
                class_="failed" if wrong else None,
            )
        )
    end = record.proof.get("end")
    told = f"⊢ at the end: {end}" if isinstance(end, str) and end else None
    note = (
        "⊢ marks what is proven to hold before a call, on every path to it."
        if record.proof
        else "What was proven before each call was not kept with this run; "
        "agentjit check PLAN --facts proves it again."
    )
    return join(
        element("ol", *items, class_="plan"),
        element("p", told, class_="fact") if told else None,
        element("p", note, class_="note"),
    )


def _facts_by_line(record: RunRecord) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    calls = records_of(record.proof, "calls")
    for call in calls:
        line, facts = whole_of(call, "line"), text_of(call, "facts")
        if line is None or not facts:
            continue
        several = sum(whole_of(each, "line") == line for each in calls) > 1
        found[line].append(f"{text_of(call, 'tool')}(): {facts}" if several else facts)
    return found


def _times_by_line(timeline: Timeline) -> dict[int, str]:
    """How many calls a line made, and the seconds of all of them."""
    calls: defaultdict[int, list[float]] = defaultdict(list)
    for bar in timeline.of(Kind.CALL):
        if bar.line is None or not timeline.is_of_plan(bar):
            continue
        if bar.state is not State.REPLAYED:
            calls[bar.line].append(bar.seconds - bar.waited)
    return {
        line: f"{count(len(each), 'call')}, {show_seconds(sum(each))}"
        if len(each) > 1
        else show_seconds(each[0])
        for line, each in calls.items()
    }
