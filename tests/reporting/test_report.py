"""The report's page: goldens, what is escaped, and that no run's folder is too damaged for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.errors import UsageError
from agentjit.reporting import read_record, render_report, write_report
from agentjit.reporting.record import Event, RunRecord
from agentjit.reporting.timeline import follow
from tests.conftest import Golden
from tests.laws import LAW
from tests.reporting.folders import (
    event,
    start,
    write_crashed,
    write_folder,
    write_loan,
    write_shelves,
)

Write = Callable[[Path], Path]
RUNS: tuple[Write, ...] = (write_loan, write_shelves, write_crashed)


class _Elements(HTMLParser):
    """The elements of a page, and where its tags do not match."""

    VOID = frozenset({"meta", "br", "hr"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page_of(folder: Path) -> str:
    return write_report(folder).read_text("utf-8")


def text_of(folder: Path) -> str:
    return " ".join(_Elements(page_of(folder)).texts)


@pytest.mark.parametrize("write", RUNS, ids=["loan", "shelves", "crashed"])
def test_the_report_is_the_golden_one(write: Write, tmp_path: Path, golden: Golden) -> None:
    page = re.sub(r"(?s)<style>.*</style>", "<style>…</style>", page_of(write(tmp_path)))
    golden(f"reporting/{write.__name__.removeprefix('write_')}.html", page.replace("><", ">\n<"))


@pytest.mark.parametrize("write", RUNS, ids=["loan", "shelves", "crashed"])
def test_the_report_needs_nothing_else(write: Write, tmp_path: Path) -> None:
    page = page_of(write(tmp_path))
    found = _Elements(page)
    assert "script" not in found.names
    assert {"link", "img", "iframe", "object", "base"}.isdisjoint(found.names)
    links = [value or "" for name, value in found.attributes if name in {"href", "src"}]
    assert all(link.startswith("#") for link in links)
    assert "@import" not in page
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {
        f"#head-{kind}" for kind in ("tab", "data", "account", "sure", "control", "commit-order")
    }
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in found.attributes


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\u202e\x1b[2J"


def _poison(value: Any) -> Any:
    """The same, every text followed by what must not become markup; kinds and statuses stay."""
    match value:
        case str():
            return f"{value}{HOSTILE}"
        case list():
            return [_poison(each) for each in value]
        case dict():
            kept = {"kind", "status", "outcome", "strategy"}
            return {k: v if k in kept else _poison(v) for k, v in value.items()} | {HOSTILE: 1}
        case _:
            return value


@pytest.mark.parametrize("write", RUNS, ids=["loan", "shelves", "crashed"])
def test_nothing_that_a_page_a_task_or_a_model_says_becomes_markup(
    write: Write, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    before = _Elements(page_of(folder))
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    poisoned = [json.dumps(_poison(json.loads(line))) for line in lines if line.endswith("}")]
    (folder / "events.jsonl").write_text("\n".join(poisoned), "utf-8")
    for part in folder.glob("*.json"):
        part.write_text(json.dumps(_poison(json.loads(part.read_text("utf-8")))), "utf-8")
    with (folder / "plan.py").open("a", encoding="utf-8") as plan:
        plan.write(f"# {HOSTILE}\n")

    page = page_of(folder)
    found = _Elements(page)
    assert set(found.names) <= set(before.names) | {"li", "p", "strong", "table", "td"}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "<script>alert(1)" in " ".join(found.texts)
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_a_torn_last_line_is_told_and_a_stale_result_left_out(tmp_path: Path) -> None:
    record = read_record(write_crashed(tmp_path))
    assert record.status == "cut-short"
    assert len(record.events) == 12
    assert record.result == {}
    told = "\n".join(record.notes)
    assert "events.jsonl: its last line is torn" in told
    assert "result.json: it is of an earlier part of the run" in told


def test_lines_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    path = folder / "events.jsonl"
    path.write_text("no JSON\n[]\n" + path.read_text("utf-8"), "utf-8")
    record = read_record(folder)
    assert record.status == "done"
    assert record.notes == ("events.jsonl: line 1, 2 cannot be read and was left out",)


def test_a_line_may_hold_what_other_alphabets_end_lines_with(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "run", [start("two\u2028lines\x85here"), event(1.0, "x")])
    assert len(read_record(folder).events) == 2
    assert r"two\u2028lines\x85here" in page_of(folder)


@pytest.mark.parametrize("missing", ["plan.py", "graph.json", "schedule.json", "proof.json"])
def test_what_is_missing_is_told(missing: str, tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    (folder / missing).unlink()
    page = text_of(folder)
    assert "What this report lacks" in page
    assert missing in page


@pytest.mark.parametrize("damaged", ["result.json", "graph.json", "schedule.json", "proof.json"])
def test_what_is_damaged_is_told(damaged: str, tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    (folder / damaged).write_text('{"half', "utf-8")
    assert f"{damaged} is damaged: it holds no JSON object" in text_of(folder)


def test_a_run_without_events_is_told_by_its_result(tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    (folder / "events.jsonl").unlink()
    page = text_of(folder)
    assert "✓ Done" in page
    assert "borrow Emma from Fiction" in page
    assert "nothing is known of when what happened" in page


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no run's folder"):
        read_record(tmp_path)


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    with pytest.raises(UsageError, match="the report cannot be written"):
        write_report(folder, tmp_path / "nowhere" / "report.html")


def test_a_report_says_where_a_lost_attempt_stands(tmp_path: Path) -> None:
    page = text_of(write_crashed(tmp_path))
    assert "? unknown: look at the site before you run it again" in page


def test_a_run_that_had_no_plan_has_a_report(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "run",
        [
            start("sing"),
            event(0.5, "planning", planner="built-in"),
            event(1.0, "run-ended", status="no-plan", message="no word says what to do"),
        ],
        result={
            "task": "sing",
            "status": "no-plan",
            "error": {"code": "abstained", "message": "no word says what to do", "hint": "reword"},
            "diagnostics": [{"code": "unknown-tool", "message": "there is no tool sing()"}],
        },
    )
    page = text_of(folder)
    for told in ("No valid plan", "no word says what to do", "reword", "there is no tool sing()"):
        assert told in page


# --- any JSON at all ----------------------------------------------------------------------------

KINDS = (
    *(
        "run-started",
        "site-opened",
        "planning",
        "planned",
        "scheduled",
        "candidate",
        "performed",
        "run-ended",
    ),
    *("call-started", "call-done", "call-failed", "call-replayed", "call-repeated"),
    *("tab-opened", "tab-reset", "model-asked", "model-answered", "approval-asked"),
    *("commit-intent", "commit-attempted", "commit-done", "replanning", "downloaded", "dialog"),
)
NAMES = (
    *("tool", "arguments", "result", "node", "line", "tab", "rounds", "copy", "key", "seconds"),
    *("checking", "drift", "message", "code", "status", "task", "site", "url", "strategy", "terms"),
    *("question", "answer", "origin", "cost", "lost", "plan", "forecasts", "interval", "mean"),
    *(
        "calls",
        "facts",
        "end",
        "root",
        "nodes",
        "edges",
        "before",
        "after",
        "reasons",
        "id",
        "kind",
    ),
    *("text", "body", "prelude", "verdict", "independent", "commits", "record", "error", "timing"),
    *(
        "blocked",
        "past",
        "runs",
        "held",
        "tokens",
        "model_calls",
        "trials",
        "stretch",
        "diagnostics",
    ),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats(allow_nan=True)
    | st.text(max_size=5)
    | st.sampled_from(("t", "loop", "tool", "serial", "done", "1 start"))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)


@LAW
@given(
    moments=st.lists(
        st.tuples(st.floats(0, 5) | st.floats(0, 1e12), st.sampled_from(KINDS), OBJECTS),
        max_size=12,
    ),
    parts=st.tuples(OBJECTS, OBJECTS, OBJECTS, OBJECTS),
    plan=st.text(max_size=20),
)
def test_no_json_is_too_odd_for_a_report(
    moments: list[tuple[float, str, dict[str, Any]]],
    parts: tuple[dict[str, Any], ...],
    plan: str,
) -> None:
    moments.sort(key=lambda moment: moment[0])
    events = tuple(Event(at, kind, data) for at, kind, data in moments)
    result, graph, schedule, proof = parts
    record = RunRecord(
        name="run",
        events=events,
        plan=plan,
        result=result,
        graph=graph,
        schedule=schedule,
        proof=proof,
    )
    found = _Elements(render_report(record))
    assert found.names[0] == "html"
    assert all(0 <= bar.start <= bar.end <= record.end for bar in follow(record).bars)


def test_a_report_is_a_file_beside_the_others(tmp_path: Path) -> None:
    folder = write_loan(tmp_path)
    assert write_report(folder) == folder / "report.html"
    assert write_report(folder, tmp_path / "copy.html").read_text("utf-8") == page_of(folder)
