from __future__ import annotations

import itertools
from typing import Any

from agentjit.cli.display import LiveDisplay, PlainDisplay
from agentjit.cli.progress import Progress, Step, describe
from agentjit.ports import RunEvent
from tests.cli.conftest import terminal_console
from tests.conftest import Golden

ORIGIN = "built-in symbolic planner, no language model"

#: A run that asks for an order and gets it.
EVENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("run-started", {"task": "t", "site": "dashdish", "url": "http://127.0.0.1:1"}),
    ("site-opened", {}),
    ("planning", {"planner": "built-in symbolic planner"}),
    ("looked-up", {"calls": ["goto_store", "list_menu_items"], "found": 26}),
    ("planned", {"origin": ORIGIN, "cost": 0.5}),
    ("call-started", {"tool": "add_to_cart", "arguments": {"item": "Taco"}, "line": 4, "node": 4}),
    ("call-done", {"result": {"name": "Taco", "price": 1.5}, "tool": "add_to_cart"}),
    ("call-started", {"tool": "place_order", "arguments": {}, "line": 6, "node": 6}),
    ("approval-asked", {"tool": "place_order", "terms": {"total": 5.81}}),
    ("commit-intent", {"tool": "place_order", "arguments": {}, "terms": {"total": 5.81}}),
    ("commit-done", {"tool": "place_order", "result": {"order_id": "A"}}),
    ("call-done", {"result": {"order_id": "A", "items": []}, "tool": "place_order"}),
    ("run-ended", {"status": "done"}),
)


class Ticks:
    """A clock that goes on by a second whenever it is read."""

    def __init__(self) -> None:
        self._ticks = itertools.count()

    def __call__(self) -> float:
        return float(next(self._ticks))


def follow(*events: tuple[str, dict[str, Any]]) -> list[Step]:
    steps: list[Step] = []
    progress = Progress(Ticks(), steps.append)
    progress.begin("starting")
    for kind, data in events:
        progress.watch(RunEvent(kind=kind, at=0.0, data=data))
    return steps


def test_a_plain_display_writes_a_line_a_step(golden: Golden) -> None:
    console = terminal_console()
    display = PlainDisplay(console, Ticks())
    with display:
        display.progress.begin("starting the browser and the site")
        for kind, data in EVENTS:
            display.progress.watch(RunEvent(kind=kind, at=0.0, data=data))
    golden("cli/progress/plain.txt", console.file.getvalue())  # type: ignore[attr-defined]


def test_a_site_that_is_opened_while_a_model_is_asked_is_told_beside_it() -> None:
    steps = follow(
        ("run-started", {"task": "t", "site": "dashdish", "url": "http://127.0.0.1:1"}),
        ("planning", {"planner": "m"}),
        ("site-opened", {}),
        ("planned", {"origin": "m #1", "cost": 0.5}),
    )
    assert [(step.title, step.note) for step in steps[1:]] == [
        ("opened the site", "the model is asked meanwhile"),
        ("planned and proved", "cost 0.5, m #1"),
    ]
    opened, planned = steps[1:]
    assert planned.seconds > opened.seconds > 0


def test_what_was_planned_for_another_start_is_told_as_such() -> None:
    steps = follow(
        ("planning", {"planner": "m"}),
        ("site-opened", {}),
        ("planning", {"planner": "m"}),
        ("planned", {"origin": "m #1", "cost": 0.5}),
    )
    assert [step.title for step in steps] == [
        "browser is up",
        "opened the site",
        "planned in vain",
        "planned and proved",
    ]


def test_planning_alone_tells_that_the_browser_is_up() -> None:
    steps = follow(("planning", {"planner": "m"}), ("site-opened", {}))
    assert [step.title for step in steps] == ["browser is up", "opened the site"]
    steps = follow(("site-opened", {}), ("planning", {"planner": "m"}))
    assert [step.title for step in steps] == ["opened the site"]


def test_a_live_display_leaves_only_finished_steps() -> None:
    console = terminal_console()
    with console.capture() as captured:
        display = LiveDisplay(console, Ticks())
        display.progress.begin("starting the browser and the site")
        for kind, data in EVENTS:
            display.progress.watch(RunEvent(kind=kind, at=0.0, data=data))
    lines = captured.get().splitlines()
    assert len(lines) == 8
    assert all(line.startswith("✓ ") for line in lines)
    assert "add_to_cart('Taco')  name Taco, price 1.5" in lines[4]
    assert lines[4].rstrip().endswith("line 4  1.00 s")


def test_what_is_under_way_is_shown_with_its_time() -> None:
    display = LiveDisplay(terminal_console(), Ticks())
    display.progress.begin("planning")
    with display._console.capture() as captured:
        display._console.print(display)
    assert "planning" in captured.get()
    assert captured.get().rstrip().endswith(" s")


def test_a_refusal_and_a_failure_are_marked() -> None:
    call = ("call-started", {"tool": "buy", "arguments": {}, "line": 1})
    asked = ("approval-asked", {"tool": "buy", "terms": None})
    *_, refused = follow(call, asked, ("approval-refused", {"tool": "buy"}))
    assert (refused.title, refused.note, refused.ok) == ("approval of buy()", "refused", False)
    (*_, failed) = follow(call, ("call-failed", {"message": "no such thing", "tool": "buy"}))
    assert (failed.title, failed.note, failed.ok) == ("buy()", "no such thing", False)


def test_candidates_are_told_while_planning_goes_on() -> None:
    good = ("candidate", {"origin": "m #1", "cost": 0.6, "problem": None})
    bad = ("candidate", {"origin": "m #2", "cost": None, "problem": "no such tool"})
    first, second = follow(("planning", {"planner": "m"}), good, bad)[1:]
    assert (first.note, first.ok) == ("cost 0.6", True)
    assert (second.note, second.ok) == ("no such tool", False)


def test_results_are_described_in_a_few_words() -> None:
    assert describe(None) == ""
    assert describe([1, 2]) == "2 found"
    assert describe({"a": 1, "b": [1], "c": "x", "d": True, "e": 2}) == "a 1, c x, d yes"
    assert describe("text") == "text"


def test_what_a_model_does_in_a_tools_place_is_told_step_by_step() -> None:
    call = {"tool": "goto_store", "line": 1}
    steps = follow(
        ("call-started", {**call, "arguments": {"store_name": "Taco Bell"}, "node": 1}),
        ("stepping", {**call, "code": "tool-failed", "message": "the list does not come"}),
        ("stepped", {**call, "number": 1, "actions": ['{"click": "e5"}'], "told": ["clicked"]}),
        ("stepping-ended", {**call, "outcome": "done", "reason": "", "steps": 1}),
        ("call-done", {**call, "result": None}),
        ("not-stepped", {"tool": "place_order", "line": 2, "reason": "it is irreversible"}),
        ("signed-out", {"url": "http://127.0.0.1:1/login"}),
    )
    assert [(step.title, step.note, step.ok) for step in steps] == [
        ("by clicks: goto_store()", "the list does not come", False),
        ("step 1", '{"click": "e5"}', True),
        ("goto_store() by clicks", "done", True),
        ("goto_store('Taco Bell')", "", True),
        ("no clicks for place_order()", "it is irreversible", False),
        ("signed out", "http://127.0.0.1:1/login", False),
    ]
