"""From trials to tables: groups, speed-ups, schedules, curves, and how they are told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentjit.bench.latency.comparing import differ
from agentjit.bench.latency.measuring import Findings, Plan, Skipped
from agentjit.bench.latency.page import render_page
from agentjit.bench.latency.results import (
    Results,
    make_results,
    read_results,
    write_results,
)
from agentjit.bench.latency.summary import Summary, summarise
from agentjit.bench.latency.systems import find_systems
from agentjit.bench.latency.trial import Trial
from agentjit.cli.latency import render_difference, render_results
from agentjit.errors import UsageError
from agentjit.planner.prices import Price
from tests.bench.latency.trials import MANY, comparison, exercises, trial
from tests.cli.conftest import Agentjit, text_of
from tests.conftest import Golden


@pytest.fixture
def summary() -> Summary:
    return summarise(comparison(), exercises(), Price(2.0, 8.0))


def results_of(trials: list[Trial], *more: str) -> Results:
    """The results of made-up trials, on a machine and with versions that are always the same."""
    plan = Plan(
        systems=find_systems(["jit", "jit-serial", "jit-warm"]),
        exercises=exercises(),
        browser=Path("browser"),
    )
    findings = Findings(trials, [Skipped("handwritten", "low-1", "nobody has written a script")])
    made = make_results(plan, findings, "agentjit bench latency", ("openai/x", Price(2.0, 8.0)))
    about: dict[str, Any] = {
        **made.about,
        "systems": ["step-loop", "jit", "jit-serial", "jit-warm", *more],
        "made_at": "2026-03-01T12:00:00+00:00",
        "versions": {"agentjit": "1.2.3"},
        "machine": {"system": "S", "processor": "P", "cores": 2, "memory_gib": 8, "load": [0.1]},
    }
    return Results(
        about=about,
        exercises=made.exercises,
        trials=made.trials,
        skipped=made.skipped,
        summary=made.summary,
    )


def test_a_row_is_of_all_trials_failures_among_them(summary: Summary) -> None:
    rows = {(row.group, row.system): row for row in summary.rows}
    warm = rows["all", "jit-warm"]
    assert [warm.trials, warm.passed] == pytest.approx([3, 2 / 3])
    assert warm.mean.value == pytest.approx(1.0)
    loop = rows["all", "step-loop"]
    assert (loop.calls, loop.prompt_tokens, loop.output_tokens) == (4, 4_000, 160)
    assert [loop.think, loop.harness] == pytest.approx([4.0, 12.0])
    assert loop.dollars == pytest.approx((4_000 * 2 + 160 * 8) / 1e6)
    assert (rows["all", "jit"].made, rows["all", "jit"].intended) == (3, 3)


def test_a_trial_that_never_began_makes_nobody_fast() -> None:
    made = [*comparison(), trial("low-1", "jit-warm", 0.0, passed=False, repeat=1)]
    made += [trial(task, "idle", 0.0, passed=False) for task in ("low-1", "low-2")]
    rows = {row.system: row for row in summarise(made, exercises()).whole}
    warm = rows["jit-warm"]
    assert [warm.trials, warm.begun, warm.passed] == pytest.approx([4, 3, 0.5])
    assert warm.mean.value == pytest.approx(1.0)
    told = text_of(render_results(results_of(made, "idle")), width=130)
    line = next(line for line in told.splitlines() if line.startswith("idle"))
    assert line.split() == ["idle", "2", "0", "%", *"–––––––"]
    page = render_page(results_of(made, "idle"), {})
    assert page.count("never began") == 1


def test_groups_are_those_of_the_paper(summary: Summary) -> None:
    assert summary.baseline == "step-loop"
    groups = {(group.kind, group.name): set(group.tasks) for group in summary.groups}
    assert groups["application", "dashdish"] == {"low-1", "low-2"}
    assert groups["cardinality", "high"] == {"high-1"}
    assert groups["length", "short"] == {"low-1"}
    assert groups["length", "long"] == {"high-1"}
    assert ("cardinality", "medium") not in groups


def test_a_speed_up_of_both_right_leaves_failures_out(summary: Summary) -> None:
    pairs = {(pair.fast, pair.slow): pair for pair in summary.pairs}
    warm = pairs["jit-warm", "step-loop"]
    assert warm.right is not None
    assert warm.right.value == pytest.approx(16.0)
    assert (warm.right_tasks, warm.whole_tasks) == (2, 3)
    assert pairs["jit", "step-loop"].whole.value == pytest.approx(4.0)


def test_the_curve_leaves_the_harness_as_it_was(summary: Summary) -> None:
    curves = {curve.system: curve for curve in summary.curves}
    assert curves["jit-warm"].tasks == 2
    assert len(set(curves["jit-warm"].seconds.values())) == 1
    # 4 calls of 40 tokens: the harness's 4 and 12 seconds, and 4 × (1 + 40/80) more.
    assert curves["step-loop"].seconds[1.0, 80.0] == pytest.approx((10 * 18) ** 0.5)


def test_the_choice_is_held_against_the_fixed_policies(summary: Summary) -> None:
    assert summary.schedules is not None
    assert summary.schedules.of("jit") == pytest.approx(-1.0)
    assert summary.calibration is not None
    assert [summary.calibration.runs, summary.calibration.held] == pytest.approx([6, 2 / 3])


def test_a_run_of_which_a_part_was_made_ahead_is_held_against_no_forecast() -> None:
    made = []
    for each in comparison():
        ahead = None if each.foretold is None else replace(each.foretold, ahead=1)
        made.append(replace(each, foretold=ahead) if each.system == "jit" else each)
    found = summarise(made, exercises())
    assert found.calibration is not None
    assert found.calibration.runs == 3
    assert found.schedules is not None
    assert found.schedules.of("jit") == pytest.approx(-1.0), "what is left is compared"


def test_where_it_pays_is_a_number_of_actions(summary: Summary) -> None:
    assert summary.break_even["jit"] == pytest.approx(0.0, abs=1e-9)
    json.dumps(summary.to_json(), allow_nan=False)


def test_calls_of_tools_are_no_browser_actions() -> None:
    plans = [t for t in comparison() if t.system.startswith("jit")]
    assert summarise(plans, exercises()).baseline == "jit"
    assert summarise(plans, exercises()).break_even == {}


def test_a_comparison_is_told_as_tables(golden: Golden) -> None:
    told = text_of(render_results(results_of(comparison())), width=130)
    golden("bench/latency.txt", told)


def test_the_page_needs_no_network_and_has_every_trial() -> None:
    page = render_page(results_of(comparison()), {"gantt": "<svg>drawn</svg>"})
    assert "<svg>drawn</svg>" in page
    assert "http" not in page.replace("http://127.0.0.1", "")
    assert page.count("the wrong store") == 1
    for task in ("low-1", "low-2", "high-1"):
        assert page.count(f"<td>{task}</td>") == 4


def test_pages_show_what_systems_say_as_text() -> None:
    hostile = trial("low-1", "jit", 1.0, passed=False)
    page = render_page(
        results_of([Trial(**{**_fields(hostile), "error": "<script>alert(1)</script>"})]), {}
    )
    assert "<script>" not in page


def _fields(each: Trial) -> dict[str, Any]:
    return {name: getattr(each, name) for name in Trial.__dataclass_fields__}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    results = results_of(comparison())
    write_results(results, tmp_path)
    about, trials = read_results(tmp_path)
    assert about == results.about
    assert tuple(trials) == results.trials
    lines = (tmp_path / "trials.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + len(results.trials)
    assert (tmp_path / "summary.csv").read_text("utf-8").startswith("group,kind,system,")


def test_the_same_twice_has_not_changed(tmp_path: Path) -> None:
    write_results(results_of(comparison()), tmp_path)
    kept = read_results(tmp_path)
    difference = differ(kept, kept)
    assert not any(change.shown for change in difference.changes)
    assert all(ratio.agrees for ratio in difference.ratios)
    assert (difference.made, difference.only_before) == ({}, ())


def test_what_became_faster_is_shown(tmp_path: Path, agentjit: Agentjit, golden: Golden) -> None:
    faster = [
        Trial(**{**_fields(t), "wall_seconds": t.wall_seconds / (2 if t.system == "jit" else 1)})
        for t in comparison(MANY)
    ]
    for name, trials in (("before", comparison(MANY)), ("after", faster)):
        write_results(results_of(trials), tmp_path / name)
    before, after = read_results(tmp_path / "before"), read_results(tmp_path / "after")
    golden("bench/compare.txt", text_of(render_difference(differ(before, after)), width=110))
    called = agentjit(
        "bench", "compare", str(tmp_path / "before"), str(tmp_path / "after"), "--json"
    )
    changed = {each["system"]: each for each in called.data["systems"]}
    assert changed["jit"]["speed_up"]["value"] == pytest.approx(2.0)
    assert changed["jit"]["shown"]
    assert not changed["step-loop"]["shown"]


def test_who_fails_at_once_has_not_become_fast() -> None:
    """Nor who never began, nor by the tasks that passed before only."""
    broken = [
        Trial(**{**_fields(t), "wall_seconds": seconds, "passed": False})
        if t.system == "jit" and (seconds := {"low-1": 0.0, "low-2": 0.1}.get(t.task)) is not None
        else t
        for t in comparison(MANY)
    ]
    difference = differ(({}, comparison(MANY)), ({}, broken))
    jit = next(change for change in difference.changes if change.system == "jit")
    assert (jit.tasks, jit.shown) == (5, False)
    assert jit.speed_up is not None
    assert jit.speed_up.value == pytest.approx(1.0)
    assert list(jit.passed) == pytest.approx([1.0, 5 / 7])
    ratio = next(r for r in difference.ratios if (r.fast, r.slow) == ("jit", "step-loop"))
    assert ratio.tasks == 5
    assert ratio.before.value == pytest.approx(4.0)


def test_a_few_tasks_show_no_difference() -> None:
    slower = [Trial(**{**_fields(t), "wall_seconds": 2 * t.wall_seconds}) for t in comparison()]
    difference = differ(({}, comparison()), ({}, slower))
    assert not any(change.shown for change in difference.changes)
    assert "no difference can be shown" in text_of(render_difference(difference))


def test_folders_that_hold_no_results_say_so(tmp_path: Path, agentjit: Agentjit) -> None:
    with pytest.raises(UsageError, match="holds no results"):
        read_results(tmp_path)
    (tmp_path / "results.json").write_text('{"form": 99}')
    with pytest.raises(UsageError, match="form 99"):
        read_results(tmp_path)
    assert agentjit("bench", "compare", str(tmp_path), str(tmp_path)).code == 2
