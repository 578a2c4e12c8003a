"""What happened beside the plan: candidates that lost, repetitions, obstacles, refused requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agentjit.reporting.fields import Data, number_of, records_of, text_of, whole_of
from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.record import RunRecord
from agentjit.reporting.values import table
from agentjit.reporting.words import count, show_seconds

#: What is said of an event, with its fields; those that are not here are told elsewhere, or not.
_SAID: Final = {
    "run-resumed": "the run was resumed: {done} calls were done before",
    "call-repeated": "{tool}() at line {line} was made again: {message}",
    "call-settled": "{tool}() was under way when the run ended; it turned out {outcome}",
    "obstacle-dismissed": "{name} stood before {tool}() at line {line}, and was dismissed",
    "tab-astray": "a fresh tab did not come to where the run stood: {message}",
    "tab-crashed": "a tab crashed at {url}",
    "browser-lost": "the browser was lost: {where}",
    "replanning": "the plan failed at line {line} ({message}); another one was asked for",
    "not-replanned": "there was no other plan: {message}",
    "begun-anew": "the plan was begun anew, so that the model may click where a tool cannot",
    "not-stepped": "{tool}() at line {line} was not left to the model: {reason}",
    "stepping": "{tool}() at line {line} cannot do its work ({message}); the model clicks instead",
    "stepped": "the model, step {number} of {tool}(): {actions} → {told}",
    "stepping-ended": "{tool}() by clicks: {outcome} after {steps} steps {reason}",
    "stopped-at": "the run stopped at {url}, where {state} was seen",
    "signed-out": "the site has signed the account out: {url}",
    "terms-changed": "the terms of {tool}() changed while they were looked at; asked again",
    "approval-kept": "{tool}() had been granted before, for the same terms",
    "approval-refused": "{tool}() was not granted",
    "commit-settled": "what became of {tool}() was settled: {outcome} ({reason})",
    "commit-not-done": "{tool}() certainly was not done: {reason}",
    "commit-unknown": "what became of {tool}() is not known: {reason}",
    "request-blocked": "the site's pages asked for {origin}, which was refused",
    "dialog": "the page opened a dialog “{message}”: {answer}",
    "popup-opened": "the site opened a tab at {url}",
    "popup-refused": "the site's tab at {url} was closed: there were too many",
    "file-asked": "the page at {url} asked for a file; none was given",
    "downloaded": "downloaded {path} ({size} bytes, sha256 {sha256})",
    "download-failed": "the download of {name} failed: {message}",
    "plan-refused": "the kept plan {id} was refused: {message}",
    "plan-kept": "the plan was kept for «{task}» as {id}",
    "plan-forgotten": "the kept plan {id} was forgotten: its run failed",
    "plan-not-kept": "the plan could not be kept: {message}",
    "profile-not-kept": "what was measured could not be kept: {message}",
}


def render_incidents(record: RunRecord) -> Markup:
    """What happened beside the calls, in its order, and the requests that were refused."""
    rows = [
        [show_seconds(event.at), _SAID[event.kind].format_map(_Told(event.data))]
        for event in record.events
        if event.kind in _SAID
    ]
    rows += [["", told] for told in _more_blocked(record)]
    rows += [["", f"{name} changed, though no contract says so"] for name in _drifted(record)]
    if not rows:
        return element("p", "Nothing: no obstacle, no repetition, no other plan.", class_="note")
    return table(("at", "what"), rows, numbers="n ")


def render_candidates(record: RunRecord) -> Markup:
    """Every plan that was proposed: which one won, and why the others did not."""
    planned = record.last("planned")
    cost = number_of(planned, "cost")
    rows: list[list[Markup | str]] = []
    if planned:
        price = "" if cost is None else f", cost {cost:g}"
        rows.append([text_of(planned, "origin", "?"), f"✓ won{price}"])
    told = records_of(planned, "lost")
    rows += [[text_of(lost, "origin", "?"), _lost(lost, "why")] for lost in told]
    if not told:
        rows += [
            [text_of(event.data, "origin", "?"), _lost(event.data, "problem")]
            for event in record.of("candidate")
            # One that was good may be the one that won.
            if not planned or event.data.get("problem")
        ]
    if not rows:
        return element("p", "No plan was proposed.", class_="note")
    only = len(rows) == 1 and bool(planned)
    note = element("p", "It was the only candidate.", class_="note") if only else None
    return join(table(("candidate", "what became of it"), rows), note)


def _lost(data: Data, reason: str) -> Markup:
    """Why a candidate did not win, with its plan where that was kept."""
    cost, plan = number_of(data, "cost"), text_of(data, "plan")
    why = text_of(data, reason) or ("not chosen" if cost is None else f"not chosen: cost {cost:g}")
    inner = join(element("summary", f"✗ {why}"), element("pre", plan))
    return element("details", inner) if plan else join(f"✗ {why}")


class _Told(dict[str, str]):
    """Fields as text; what an event does not tell is a dash."""

    def __init__(self, data: Data) -> None:
        super().__init__({name: str(value) for name, value in data.items() if value is not None})

    def __missing__(self, key: str) -> str:
        return "–"


def _more_blocked(record: RunRecord) -> list[str]:
    """How often each origin was refused; an event is told once an origin."""
    blocked = record.result.get("blocked")
    if not isinstance(blocked, Mapping):
        return []
    counts = [(str(origin), whole_of(blocked, origin) or 0) for origin in blocked]
    return [f"{origin}: {count(n, 'request')} refused in all" for origin, n in counts if n > 1]


def _drifted(record: RunRecord) -> list[str]:
    names = {
        str(name)
        for event in record.of("call-done")
        if isinstance(event.data.get("drift"), list)
        for name in event.data["drift"]
    }
    return sorted(names)
