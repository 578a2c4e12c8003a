"""The head of a report: the task, how it ended, what it gave, and what cannot be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentjit.reporting.fields import (
    Data,
    number_of,
    record_of,
    records_of,
    text_of,
    whole_of,
)
from agentjit.reporting.markup import Markup, element
from agentjit.reporting.record import RunRecord
from agentjit.reporting.values import facts, render_value
from agentjit.reporting.words import ENDINGS, OUTCOMES, count, show_call, show_seconds


def task_of(record: RunRecord) -> str:
    """What was asked for."""
    return text_of(record.last("run-started"), "task") or text_of(record.result, "task", "a run")


def render_head(record: RunRecord) -> Markup:
    """Everything above the timeline."""
    mark, told = ENDINGS.get(record.status, ("✗", record.status))
    tone = {"✓": "good", "✗": "bad"}.get(mark, "open")
    return element(
        "header",
        element("p", f"{mark} {told}", class_=f"status {tone}"),
        element("h1", task_of(record)),
        _error(record),
        _about(record),
        _value(record),
        _commits(record),
        _changes(record),
    )


def _about(record: RunRecord) -> Markup:
    started, planned = record.last("run-started"), record.last("planned")
    scheduled = record.last("scheduled")
    site, url = text_of(started, "site"), text_of(started, "url")
    begun = record.begun
    resumed = f", resumed {count(len(record.resumed), 'time')}" if record.resumed else ""
    origin = text_of(planned, "origin") or text_of(record.result, "origin")
    strategy, because = text_of(scheduled, "strategy"), text_of(scheduled, "because")
    return facts(
        [
            ("run", record.name),
            ("when", f"{begun:%Y-%m-%d %H:%M:%S}{resumed}" if begun else resumed.strip(", ")),
            ("took", show_seconds(record.end) if record.events else None),
            ("site", f"{site} at {url}" if url else site),
            ("plan from", "a plan that was given" if origin == "given" else origin),
            ("scheduled", f"{strategy}, because {because}" if strategy else None),
            ("model", _usage(record.result)),
        ]
    )


def _usage(result: Data) -> str | None:
    calls, tokens = whole_of(result, "model_calls"), record_of(result, "tokens")
    if not calls:
        return "not asked" if calls == 0 else None
    total = (whole_of(tokens, "prompt") or 0) + (whole_of(tokens, "completion") or 0)
    dollars = number_of(result, "dollars")
    price = "price not known" if dollars is None else f"${dollars:.4f}"
    estimated = whole_of(result, "estimated_calls")
    note = f" ({estimated} of the calls ended early: theirs are estimated)" if estimated else ""
    return f"{count(calls, 'call')}, {total} tokens{note}, {price}"


def _error(record: RunRecord) -> Markup | None:
    error = record_of(record.result, "error")
    message = text_of(error, "message") or text_of(record.last("run-ended"), "message")
    if not message or record.status == "done":
        return None
    code, line = text_of(error, "code"), whole_of(error, "line")
    where = f"at line {line} of the plan" if line else ""
    found = [
        element("li", text_of(each, "code"), ": ", text_of(each, "message"))
        for each in records_of(record.result, "diagnostics")
    ]
    hint = text_of(error, "hint")
    return element(
        "div",
        element("p", element("strong", message)),
        element("p", ", ".join(filter(None, (code, where))), class_="note") if code else None,
        element("ul", *found) if found else None,
        element("p", f"Hint: {hint}") if hint else None,
        class_="error",
    )


def _value(record: RunRecord) -> Markup | None:
    value = record.result.get("result")
    if value is None:
        return None
    return element("section", element("h2", "Result"), render_value(value), class_="result")


def _commits(record: RunRecord) -> Markup:
    """What was attempted that cannot be undone, as the result tells it; else as the events do."""
    commits = records_of(record.result, "commits") if record.result else list(_attempts(record))
    title = element("h2", "Irreversible")
    if not commits:
        return element("section", title, element("p", "Nothing irreversible was done."))
    return element("section", title, *map(_commit, commits))


def _commit(commit: Data) -> Markup:
    outcome = text_of(commit, "outcome", "unknown")
    tone = {"done": "good", "not-done": "bad"}.get(outcome, "open")
    call = show_call(text_of(commit, "tool", "?"), record_of(commit, "arguments"))
    return element(
        "article",
        element(
            "p",
            element("code", call),
            " ",
            element("strong", OUTCOMES.get(outcome, outcome), class_=tone),
        ),
        _details("the terms that were granted", commit.get("terms")),
        _details("what it gave back", commit.get("result")),
        class_="commit",
    )


def _details(title: str, value: Any) -> Markup | None:
    if value is None:
        return None
    return element("details", element("summary", title), render_value(value))


def _attempts(record: RunRecord) -> list[Data]:
    """Of a run without a result: each attempt, unknown until it is told what came of it."""
    found: list[dict[str, Any]] = []
    outcomes = {"commit-done": "done", "commit-not-done": "not-done", "commit-unknown": "unknown"}
    intent: Data = {}
    for event in record.events:
        if event.kind == "commit-intent":
            intent = event.data
        elif event.kind == "commit-attempted":
            found.append({**intent, "outcome": "unknown", "result": None})
        elif event.kind in outcomes and found:
            found[-1] |= {
                "outcome": outcomes[event.kind],
                "result": event.data.get("result"),
            }
    return list[Data](found)


def _changes(record: RunRecord) -> Markup | None:
    """What the site's own record says has changed."""
    told = record.result.get("record")
    if not isinstance(told, Mapping):
        return None
    changed = {
        f"{name}: {kind}": entries
        for name, changes in told.items()
        if isinstance(changes, Mapping)
        for kind, entries in changes.items()
        if entries
    }
    title = element("h2", "The site's own record")
    if not changed:
        return element("section", title, element("p", "It shows no change."))
    return element("section", title, *(_details(name, each) for name, each in changed.items()))
