"""Bars out of events, the critical path, where the time went, what the graph says of the order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.reporting.bars import Bar, Kind, State, Timeline
from agentjit.reporting.comparison import measure
from agentjit.reporting.critical import find_critical_path
from agentjit.reporting.dependences import Dependences, read_graph
from agentjit.reporting.listing import render_listing
from agentjit.reporting.record import RunRecord, read_record
from agentjit.reporting.spending import APPROVAL, BROWSER, CHECKS, OWN, PAUSES, spend
from agentjit.reporting.timeline import follow
from tests.laws import LAW
from tests.reporting.folders import (
    LOAN_PLAN,
    Json,
    call,
    edge,
    event,
    shelves_graph,
    start,
    tool,
    write_crashed,
    write_folder,
    write_loan,
    write_shelves,
)


def record_of(tmp_path: Path, events: list[Json]) -> RunRecord:
    return read_record(write_folder(tmp_path / "run", events))


def spans(timeline: Timeline) -> list[tuple[str, str, float, float, str]]:
    return [(b.lane, b.title, b.start, b.end, b.state.value) for b in timeline.bars]


def test_a_serial_run_is_one_lane_after_the_runs_own(tmp_path: Path) -> None:
    timeline = follow(read_record(write_loan(tmp_path)))
    assert timeline.lanes() == ["run", "tab 0"]
    assert spans(timeline) == [
        ("run", "opening the site", 0.0, 0.5, "done"),
        ("run", "planning", 0.5, 1.5, "done"),
        ("tab 0", "open_shelf('Fiction')", 1.5, 2.0, "done"),
        ("tab 0", "take_book('Emma')", 2.0, 3.0, "done"),
        ("tab 0", "borrow()", 3.0, 5.5, "done"),
    ]
    borrow = timeline.bars[-1]
    assert borrow.waits == ((3.2, 5.2),)
    assert timeline.bars[-2].remarks == ("made again: it was slow",)


def test_a_site_is_opened_while_a_model_is_asked(tmp_path: Path) -> None:
    started = [
        event(0.0, "run-started", task="t", site="s", url="http://127.0.0.1"),
        event(0.1, "planning", planner="m"),
        event(0.6, "site-opened"),
        event(2.0, "planned", origin="m #1", plan=""),
        event(2.5, "run-ended", status="done"),
    ]
    assert spans(follow(record_of(tmp_path, started))) == [
        ("run", "opening the site", 0.0, 0.6, "done"),
        ("run 2", "planning", 0.1, 2.0, "done"),
    ]


def test_what_was_made_ahead_stands_where_it_was_made(tmp_path: Path) -> None:
    arguments = {"name": "Fiction"}
    opened = call(2.1, 2.1, "open_shelf", 1, 1, arguments=arguments)
    opened[1] |= {"seconds": 0.5, "checking": 0.1, "ahead": 0.9}
    events = [
        event(0.0, "run-started", task="t", site="s", url="http://127.0.0.1"),
        event(0.1, "planning", planner="m"),
        event(0.6, "site-opened"),
        event(1.2, "made-ahead", tool="open_shelf", arguments=arguments, seconds=0.5),
        event(1.6, "made-ahead", tool="list_books", arguments={}, seconds=0.25),
        event(2.0, "planned", origin="m #1", plan=LOAN_PLAN),
        *opened,
        *call(2.1, 2.5, "take_book", 2, 2, arguments={"title": "Emma"}),
        event(2.6, "run-ended", status="done"),
    ]
    timeline = follow(record_of(tmp_path, events))
    assert spans(timeline)[2:] == [
        ("tab 0", "open_shelf('Fiction')", 0.7, 1.2, "done"),
        ("ahead", "list_books()", 1.35, 1.6, "done"),
        ("tab 0", "take_book('Emma')", 2.1, 2.5, "done"),
    ]
    assert timeline.lanes() == ["run", "run 2", "tab 0", "ahead"]
    assert [timeline.is_of_plan(bar) for bar in timeline.bars[2:]] == [True, False, True]
    assert sum(spend(timeline).values()) == pytest.approx(2.6)


def test_a_late_call_ends_where_its_copy_has_won(tmp_path: Path) -> None:
    timeline = follow(read_record(write_shelves(tmp_path)))
    (cut,) = [bar for bar in timeline.bars if bar.state is State.CUT]
    assert (cut.lane, cut.start, cut.end) == ("tab 1", 1.25, 2.5)


def test_a_cancelled_call_ends_where_its_tab_is_used_again(tmp_path: Path) -> None:
    first = {"node": 1, "tool": "look", "line": 1, "tab": 1, "rounds": [0]}
    events = [
        start("look"),
        event(1.0, "call-started", arguments={}, **first),
        *call(2.0, 3.0, "look", 2, 2, tab=1, rounds=[1]),
        event(4.0, "run-ended", status="done"),
    ]
    cut, done = follow(record_of(tmp_path, events)).of(Kind.CALL)
    assert (cut.state, cut.end) == (State.CUT, 2.0)
    assert (done.state, done.end) == (State.DONE, 3.0)


def test_a_resumed_run_goes_on_behind_its_first_sitting(tmp_path: Path) -> None:
    record = read_record(write_crashed(tmp_path))
    timeline = follow(record)
    assert timeline.resumed == (1.25,)
    assert record.end == 2.0
    states = [(bar.title, bar.state) for bar in timeline.of(Kind.CALL)]
    assert states == [
        ("open_shelf('Fiction')", State.DONE),
        ("borrow(14)", State.CUT),
        ("open_shelf('Fiction')", State.REPLAYED),
    ]
    (question,) = timeline.of(Kind.MODEL)
    assert (question.start, question.end, question.state) == (2.0, 2.0, State.CUT)


def test_a_replayed_call_is_told_from_its_neighbours_by_its_name(tmp_path: Path) -> None:
    begun = [
        event(1.0, "call-started", arguments={}, node=1, tool="look", line=1, tab=t, rounds=[t])
        for t in (0, 1)
    ]
    replayed = event(2.0, "call-replayed", tool="look", result=None, key="1/1/0.1")
    events = [start("look"), *begun, replayed, event(3.0, "run-ended", status="failed")]
    first, second = follow(record_of(tmp_path, events)).of(Kind.CALL)
    assert (first.lane, first.state) == ("tab 0", State.REPLAYED)
    assert (second.lane, second.state) == ("tab 1", State.CUT)


def test_questions_that_are_asked_at_once_get_lanes_of_their_own(tmp_path: Path) -> None:
    events = [
        start("ask"),
        event(1.0, "model-asked", question="one?", node=1),
        event(1.0, "model-asked", question="one?", node=1),
        event(2.0, "model-answered", answer="yes", node=1, seconds=1.0, tokens=9),
        event(3.0, "model-answered", answer="no", node=1, seconds=2.0),
        event(4.0, "run-ended", status="done"),
    ]
    timeline = follow(record_of(tmp_path, events))
    assert timeline.lanes() == ["run", "model", "model 2"]
    assert [(b.end, b.note) for b in timeline.of(Kind.MODEL)] == [(2.0, "yes"), (3.0, "no")]


@pytest.mark.parametrize("code", ["approval-refused", "tool-failed"])
def test_a_call_that_was_not_granted_did_not_fail(code: str, tmp_path: Path) -> None:
    told = {"node": 1, "tool": "borrow", "line": 1}
    events = [
        start("borrow"),
        event(1.0, "call-started", arguments={}, **told),
        event(2.0, "approval-asked", tool="borrow", terms=None),
        event(3.0, "call-failed", code=code, message="no", **told),
        event(3.0, "run-ended", status="refused"),
    ]
    (bar,) = follow(record_of(tmp_path, events)).of(Kind.CALL)
    assert bar.state is (State.REFUSED if code == "approval-refused" else State.FAILED)
    assert bar.waits == ((2.0, 3.0),)


# --- the critical path --------------------------------------------------------------------------


def path_of(folder: Path) -> list[str]:
    record = read_record(folder)
    path = find_critical_path(follow(record), read_graph(record.graph))
    return [f"{bar.lane}: {bar.title}" for bar in path.bars]


def test_in_one_tab_every_call_is_on_the_path(tmp_path: Path) -> None:
    assert path_of(write_loan(tmp_path)) == [
        "tab 0: open_shelf('Fiction')",
        "tab 0: take_book('Emma')",
        "tab 0: borrow()",
    ]


def test_the_path_takes_the_copy_that_won(tmp_path: Path) -> None:
    assert path_of(write_shelves(tmp_path)) == [
        "tab 2: opening the tab",
        "tab 2: open_shelf('Poetry')",
        "tab 2: list_books()",
    ]


def test_the_path_goes_from_tab_to_tab_along_the_graph_alone(tmp_path: Path) -> None:
    """The last call waits for both of two tabs; the slower one is on the path, a third never."""
    events = [
        start("three tabs"),
        *call(1.0, 2.0, "quick", 1, 1, tab=0, rounds=[]),
        *call(1.0, 3.0, "slow", 2, 2, tab=1, rounds=[]),
        *call(1.0, 3.5, "alone", 3, 3, tab=2, rounds=[]),
        *call(4.0, 5.0, "last", 4, 4, tab=0, rounds=[]),
        event(5.0, "run-ended", status="done"),
    ]
    events.sort(key=lambda told: float(told["at"]))
    nodes = [tool(n, n, name, "read") for n, name in enumerate("quick slow alone last".split(), 1)]
    graph = {"root": {"nodes": nodes, "edges": [edge(1, 4, "data", ""), edge(2, 4, "data", "")]}}
    record = read_record(write_folder(tmp_path / "run", events, graph=graph))
    path = find_critical_path(follow(record), read_graph(record.graph))
    assert [bar.tool for bar in path.bars] == ["slow", "last"]
    assert (path.seconds, path.gaps) == (4.0, 1.0)


def test_what_another_plan_did_is_in_the_timeline_but_not_in_the_plan(tmp_path: Path) -> None:
    failed = {"node": 1, "tool": "look", "line": 1}
    events = [
        start("look"),
        event(1.0, "planned", origin="model #1", cost=1.0),
        event(1.0, "call-started", arguments={}, **failed),
        event(2.0, "call-failed", code="tool-failed", message="no", **failed),
        event(2.0, "replanning", code="tool-failed", message="no", line=1),
        event(2.0, "planning", planner="model"),
        event(3.0, "planned", origin="model #2", cost=1.0),
        *call(3.0, 3.5, "look", 1, 1),
        event(4.0, "run-ended", status="done"),
    ]
    folder = write_folder(tmp_path / "run", events, plan="look()\n")
    assert len(follow(read_record(folder)).of(Kind.CALL)) == 2
    assert path_of(folder) == ["tab 0: look()"]
    record = read_record(folder)
    listing = render_listing(record, follow(record))
    assert "0.50 s" in listing
    assert "2 calls" not in listing


def test_nothing_was_performed_and_there_is_no_path() -> None:
    path = find_critical_path(Timeline(), Dependences())
    assert (path.bars, path.seconds, path.gaps) == ((), 0.0, 0.0)


def test_the_graph_orders_calls_within_a_round_and_after_a_loop() -> None:
    graph = read_graph(shelves_graph())
    assert graph.orders((2, (0,)), (3, (0,)))
    assert not graph.orders((3, (0,)), (2, (0,)))
    assert not graph.orders((2, (0,)), (3, (1,))), "iterations are independent"
    assert graph.orders((2, (1,)), (5, ())), "what comes after a loop waits for all of it"
    assert graph.orders((2, None), (3, (1,))), "what is not known counts as the same round"
    assert not graph.orders((2, (0,)), (99, ()))


def test_rounds_that_depend_on_each_other_keep_their_order() -> None:
    data = shelves_graph()
    data["root"]["nodes"][0]["verdict"]["independent"] = False
    graph = read_graph(data)
    assert graph.orders((3, (0,)), (2, (1,)))
    assert not graph.orders((3, (1,)), (2, (0,)))


def test_an_edge_is_implied_by_a_way_around_it() -> None:
    nodes = [tool(n, n, "look()", "read") for n in (1, 2, 3)]
    edges = [edge(1, 2, "data", ""), edge(2, 3, "data", ""), edge(1, 3, "sure", "")]
    root = read_graph({"root": {"nodes": nodes, "edges": edges}}).root
    assert [root.implied(each) for each in root.edges] == [False, False, True]


# --- where the time went ------------------------------------------------------------------------


def test_a_call_is_the_site_checks_approval_and_pauses(tmp_path: Path) -> None:
    spent = spend(follow(read_record(write_loan(tmp_path))))
    assert spent[APPROVAL] == pytest.approx(2.0)
    assert spent[PAUSES] == pytest.approx(0.1)
    assert spent[CHECKS] == pytest.approx((0.5 + 1.0 + 2.5) / 4 - 0.125, abs=0.13)
    assert spent[OWN] == pytest.approx(0.25)
    assert sum(spent.values()) == pytest.approx(5.75)


MOMENTS = st.tuples(st.floats(0, 10), st.floats(0, 10), st.floats(0, 1), st.sampled_from(Kind))


@LAW
@given(st.lists(MOMENTS, max_size=8))
def test_the_parts_add_up_to_the_run(moments: list[tuple[float, float, float, Kind]]) -> None:
    bars = [
        Bar(
            kind=kind,
            title="planning",
            lane="tab 0",
            start=min(one, other),
            end=max(one, other),
            checking=share * abs(one - other),
            waits=((min(one, other), (one + other) / 2),),
        )
        for one, other, share, kind in moments
    ]
    bars.sort(key=lambda bar: bar.start)
    assert sum(spend(Timeline(tuple(bars), 10.0)).values()) == pytest.approx(10.0)


def test_all_of_two_calls_side_by_side_is_the_sites() -> None:
    bars = tuple(
        Bar(kind=Kind.CALL, title="look()", lane=f"tab {n}", start=0.0, end=2.0) for n in (0, 1)
    )
    assert spend(Timeline(bars, 2.0)) == {BROWSER: 2.0}


# --- beside the forecast ------------------------------------------------------------------------


def test_what_was_measured_is_told_by_the_run_or_else_by_its_bars(tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    told = read_record(folder)
    found = measure(told, follow(told))
    assert found is not None
    assert (found.seconds, found.told) == (2.0, True)

    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    rest = [line for line in lines if '"performed"' not in line]
    (folder / "events.jsonl").write_text("\n".join(rest), "utf-8")
    older = read_record(folder)
    derived = measure(older, follow(older))
    assert derived is not None
    assert (round(derived.seconds, 6), derived.told) == (2.0, False)


def test_nothing_was_measured_where_nothing_was_scheduled(tmp_path: Path) -> None:
    record = read_record(write_crashed(tmp_path))
    assert measure(record, follow(record)) is None
