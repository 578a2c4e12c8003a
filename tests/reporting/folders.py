"""Run folders made by hand, small enough to be read: what reports are tested with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TERMS: Json = {"book": "Emma", "days": 14, "copies": [{"id": 7, "shelf": "Fiction"}]}


def write_folder(
    folder: Path, events: list[Json], *, plan: str = "", torn: str = "", **parts: Json
) -> Path:
    """A run's folder; `parts` are JSON files by their name without its end."""
    folder.mkdir(parents=True)
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    (folder / "events.jsonl").write_text(lines + torn, "utf-8")
    if plan:
        (folder / "plan.py").write_text(plan, "utf-8")
    for name, content in parts.items():
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    return folder


def event(at: float, kind: str, **data: Any) -> Json:
    """One event as it stands in a run's folder."""
    return {"at": at, "kind": kind, **data}


def call(start: float, end: float, tool: str, node: int, line: int, **where: Any) -> list[Json]:
    """A call that was done; what it is called with, gives and is where, in `where`."""
    result, arguments = where.pop("result", None), where.pop("arguments", {})
    told = {"node": node, "tool": tool, "line": line, **where}
    checking = round((end - start) / 4, 4)
    return [
        event(start, "call-started", arguments=arguments, **told),
        event(
            end,
            "call-done",
            result=result,
            seconds=end - start,
            checking=checking,
            drift=[],
            **told,
        ),
    ]


def tool(node: int, line: int, text: str, effect: str, **more: Any) -> Json:
    """A node of the graph that is a call."""
    name = text.partition("(")[0].rpartition(" ")[2]
    told = {"id": node, "line": line, "text": text, "kind": "tool", "tool": name}
    return {**told, "effect": effect, **more}


def edge(before: int, after: int, kind: str, text: str) -> Json:
    """An edge of the graph with one reason."""
    return {"before": before, "after": after, "reasons": [{"kind": kind, "text": text}]}


def forecast(strategy: str, low: float, middle: float, high: float) -> Json:
    """What was expected of one strategy."""
    return {
        "strategy": strategy,
        "mean": middle,
        "p50": middle,
        "p95": high,
        "interval": [low, high],
        "best": 0.5,
        "requests": 3.0,
        "success": 0.9,
        "problem": "",
    }


def start(task: str) -> Json:
    """The first event of a run."""
    return event(0.0, "run-started", task=task, site="shop", url="http://127.0.0.1:1")


LOAN_PLAN = 'open_shelf("Fiction")\ntake_book("Emma")\nresult = borrow()\n'


def write_loan(root: Path) -> Path:
    """A serial run that borrows a book: a person was asked, and another plan lost."""
    commit = {"tool": "borrow", "arguments": {}, "terms": TERMS}
    lost = {"origin": "model #2", "cost": 1.5, "why": "cost 1.5 against 0.5", "plan": "borrow()\n"}
    events = [
        start("borrow Emma from Fiction"),
        event(0.5, "planning", planner="model"),
        event(1.5, "planned", origin="model #1", cost=0.5, plan=LOAN_PLAN, lost=[lost]),
        event(1.5, "scheduled", strategy="serial", because="nothing can run at the same time"),
        *call(1.5, 2.0, "open_shelf", 1, 1, arguments={"name": "Fiction"}),
        event(2.2, "call-repeated", tool="take_book", line=2, seconds=0.1, message="it was slow"),
        *call(2.0, 3.0, "take_book", 2, 2, arguments={"title": "Emma"}, result={"copies": 1}),
        event(3.0, "call-started", arguments={}, node=3, tool="borrow", line=3),
        event(3.2, "approval-asked", tool="borrow", digest="d", terms=TERMS),
        event(5.2, "commit-intent", digest="d", **commit),
        event(5.2, "commit-attempted", tool="borrow"),
        event(5.5, "commit-done", tool="borrow", result="L-1"),
        *call(3.0, 5.5, "borrow", 3, 3, result="L-1")[1:],
        event(5.5, "performed", seconds=2.0),
        event(5.6, "request-blocked", origin="https://elsewhere.example", method="GET"),
        event(5.75, "run-ended", status="done", message=""),
    ]
    events.sort(key=lambda told: float(told["at"]))
    nodes = [
        tool(1, 1, "open_shelf(name='Fiction')", "navigate"),
        tool(2, 2, "take_book(title='Emma')", "write"),
        tool(3, 3, "result = borrow()", "commit"),
    ]
    edges = [
        edge(1, 2, "tab", "same tab (episode 1)"),
        edge(2, 3, "account", "take_book writes basket, borrow reads it"),
        edge(1, 3, "sure", "borrow happens only when all before it went well"),
    ]
    facts = "page = 'shelf', basket = 'empty'"
    return write_folder(
        root / "20300102-030405-abcdef",
        events,
        plan=LOAN_PLAN,
        graph={"root": {"nodes": nodes, "edges": edges}},
        schedule={
            "strategy": "serial",
            "trials": 1000,
            "stretch": 1.5,
            "forecasts": [forecast("serial", 1.0, 1.5, 3.0)],
            "past": {"covered": 0.8, "runs": 5, "held": 4, "plan": {"runs": 0, "held": 0}},
        },
        proof={
            "calls": [{"node": 2, "line": 2, "tool": "take_book", "facts": facts}],
            "end": "page = 'loan'",
        },
        result={
            "task": "borrow Emma from Fiction",
            "status": "done",
            "result": "L-1",
            "error": None,
            "origin": "model #1",
            "timing": {"site start": 0.25, "browser start": 1.0},
            "model_calls": 2,
            "tokens": {"prompt": 900, "completion": 100},
            "dollars": 0.01,
            "commits": [{**commit, "outcome": "done", "result": "L-1"}],
            "record": {"loans": {"added": {"0": {"id": "L-1"}}, "deleted": {}, "updated": {}}},
            "blocked": {"https://elsewhere.example": 3},
        },
    )


SHELVES_PLAN = (
    'for name in ["Fiction", "Poetry"]:\n'
    "    open_shelf(name)\n"
    "    books.append(list_books())\n"
    "result = books\n"
)


def shelves_graph() -> Json:
    """A loop of two calls whose iterations are independent."""
    body = {
        "nodes": [
            tool(2, 2, "open_shelf(name=name)", "navigate"),
            tool(3, 3, "_1 = list_books()", "read"),
            tool(4, 3, "open_home()", "navigate", dropped=True),
        ],
        "edges": [edge(2, 3, "tab", "same tab (episode 1)")],
    }
    loop = {
        "id": 1,
        "line": 1,
        "text": "for name in ['Fiction', 'Poetry']",
        "kind": "loop",
        "verdict": {"independent": True, "text": "iterations are independent"},
        "prelude": {"nodes": [], "edges": []},
        "body": body,
        "orelse": {"nodes": [], "edges": []},
    }
    end = {"id": 5, "line": 4, "text": "result = books", "kind": "code"}
    return {"root": {"nodes": [loop, end], "edges": [edge(1, 5, "data", "reads `books`")]}}


def write_shelves(root: Path) -> Path:
    """A woven run in two tabs; the second shelf's tab is late, and its copy wins."""
    first, second = {"tab": 0, "rounds": [0]}, {"tab": 1, "rounds": [1]}
    copy = {"tab": 2, "rounds": [1], "copy": 1}
    late = {"node": 2, "tool": "open_shelf", "line": 2, **second}
    events = [
        start("the books of two shelves"),
        event(1.0, "planning", planner="a plan that was given"),
        event(1.0, "planned", origin="given", cost=1.0, plan=SHELVES_PLAN, lost=[]),
        event(1.0, "scheduled", strategy="parallel(2) + hedge(2)", because="it was asked for"),
        *call(1.0, 1.5, "open_shelf", 2, 2, arguments={"name": "Fiction"}, **first),
        event(1.25, "tab-opened", tab=1, seconds=0.25),
        event(1.25, "call-started", arguments={"name": "Poetry"}, **late),
        *call(1.5, 2.0, "list_books", 3, 3, result=[1, 2], **first),
        event(2.0, "tab-opened", tab=2, seconds=0.25),
        *call(2.0, 2.5, "open_shelf", 2, 2, arguments={"name": "Poetry"}, **copy),
        *call(2.5, 3.0, "list_books", 3, 3, result=[3], **copy),
        event(3.0, "performed", seconds=2.0),
        event(3.25, "run-ended", status="done", message=""),
    ]
    events.sort(key=lambda told: float(told["at"]))
    return write_folder(
        root / "shelves",
        events,
        plan=SHELVES_PLAN,
        graph=shelves_graph(),
        schedule={
            "strategy": "parallel:2+hedge:2",
            "trials": 1000,
            "stretch": 1.0,
            "forecasts": [
                forecast("serial", 2.0, 3.0, 4.0),
                forecast("parallel:2+hedge:2", 0.5, 1.0, 1.5),
            ],
        },
        result={
            "task": "the books of two shelves",
            "status": "done",
            "result": [[{"title": "Emma"}, {"title": "Ulysses", "year": 1922}], []],
        },
    )


def write_crashed(root: Path) -> Path:
    """A run that was killed while a loan was being made, resumed, and killed again."""
    intent = {"tool": "borrow", "arguments": {"days": 14}, "terms": TERMS}
    events = [
        start("borrow Emma from Fiction"),
        event(0.5, "planned", origin="plan cache (1a)", cost=0.5, plan=LOAN_PLAN),
        *call(0.5, 1.0, "open_shelf", 1, 1, arguments={"name": "Fiction"}),
        event(1.0, "call-started", arguments={"days": 14}, node=3, tool="borrow", line=3),
        event(1.25, "commit-intent", digest="d", **intent),
        event(1.25, "commit-attempted", tool="borrow"),
        start("borrow Emma from Fiction"),
        event(0.25, "run-resumed", done=1),
        event(
            0.5, "call-started", arguments={"name": "Fiction"}, node=1, tool="open_shelf", line=1
        ),
        event(0.5, "call-replayed", tool="open_shelf", result=None, key="1.1"),
        event(0.75, "model-asked", question="which one?", node=2),
    ]
    return write_folder(
        root / "crashed",
        events,
        plan=LOAN_PLAN,
        torn='{"at": 1.0, "kind": "model-ans',
        result={"task": "borrow Emma from Fiction", "status": "refused", "result": "stale"},
    )
