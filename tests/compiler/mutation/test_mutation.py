"""Valid plans with one call changed: what the checker lets pass breaks no precondition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard

import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.diagnostics import Diagnostic
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from agentjit.toolspecs.contract import Contract
from tests.compiler.mutation.known import GAPS, Gap
from tests.compiler.mutation.mutants import Kind, Mutant, mutants_of
from tests.compiler.mutation.plans import Plan, load_plans
from tests.compiler.mutation.running import End, run_everywhere
from tests.compiler.mutation.table import render
from tests.compiler.mutation.verdicts import Judged, judge
from tests.compiler.mutation.worlds import odd_worlds, usual_worlds

#: One mutant of so many is tried in every run of the tests; it shares no factor with the patterns
#: in which mutants come.
STRIDE = 17


@pytest.mark.parametrize("plan", load_plans(), ids=lambda plan: plan.name)
def test_a_plan_is_accepted_and_runs_to_its_end_under_every_seed(plan: Plan) -> None:
    checked = check(Source("plan", plan.text), TOOLSET, task=plan.task)
    assert isinstance(checked, CheckedProgram), checked
    ends = {run.world: (run.end, run.why) for run in run_everywhere(plan.text, usual_worlds())}
    assert set(ends.values()) == {(End.UNBROKEN, "")}, ends
    odd = [run.end for run in run_everywhere(plan.text, odd_worlds())]
    assert End.BROKEN not in odd


def all_mutants() -> list[Mutant]:
    return [mutant for plan in load_plans() for mutant in mutants_of(plan)]


def assert_sound(judged: Sequence[Judged]) -> None:
    """Nothing that breaks, and no value of a wrong type, is let pass."""
    assert [j.mutant.text for j in judged if j.missed] == []
    mistyped = [j for j in judged if j.accepted and j.worst.end is End.MISTYPED]
    # One of the known gaps.
    unknown = [j.mutant.text for j in mistyped if not j.worst.why.endswith("not []")]
    assert unknown == []


def assert_telling(judged: Sequence[Judged]) -> None:
    """Of all kinds of mutants many are accepted, and many rejected because they break.

    What an argument is does not move Dashdish's state: those are rejected for what they are.
    """
    kept = [j for j in judged if j.accepted and j.worst.end is End.UNBROKEN]
    caught = [j for j in judged if not j.accepted and j.outcome == End.BROKEN]
    assert len(kept) > len(judged) / 8, render(judged)
    assert len(caught) > len(judged) / 15, render(judged)
    assert {j.mutant.kind for j in kept} == set(Kind)
    assert {j.mutant.kind for j in caught} >= {Kind.DELETE, Kind.SWAP, Kind.DOUBLE}
    assert Kind.ARGUMENT in {j.mutant.kind for j in judged if not j.accepted}


def test_of_a_sample_of_mutants_none_that_breaks_is_accepted() -> None:
    judged = [judge(mutant) for mutant in all_mutants()[::STRIDE]]
    assert len(judged) > 100
    assert_sound(judged)
    assert_telling(judged)


@pytest.mark.slow
def test_no_mutant_that_breaks_is_accepted() -> None:
    judged = [judge(mutant) for mutant in all_mutants()]
    assert len(judged) > 2000
    assert_sound(judged)
    assert_telling(judged)
    # Of what is rejected for the state's sake alone, few break nothing.
    alarms = [j for j in judged if j.alarm and j.diagnostics[0].code == "precondition-not-met"]
    caught = [j for j in judged if not j.accepted and j.outcome == End.BROKEN]
    assert len(alarms) < len(caught) / 5, render(judged)

    # Where a requirement is dropped, or ignored, at least one mutant tells.
    blamed = {(d.tool, d.clause) for j in caught for d in j.diagnostics if is_unmet(d)}
    unblamed = {(t.name, str(c)) for t in TOOLSET.tools for c in t.requires} - blamed
    # These two forbid what the site would do.
    assert unblamed <= {
        ("filter_stores", "page == 'home'"),
        ("goto_checkout", "page in {'store', 'home'}"),
    }


def is_unmet(diagnostic: Diagnostic) -> TypeGuard[PreconditionNotMet]:
    return isinstance(diagnostic, PreconditionNotMet)


def without(name: str, clause: str) -> Toolset:
    """Dashdish with a clause of one contract left out."""
    tool = TOOLSET.by_name[name]
    requires = tuple(c for c in tool.requires if str(c) != clause)
    ensures = tuple(c for c in tool.ensures if str(c) != clause)
    assert len(requires) + len(ensures) < len(tool.requires) + len(tool.ensures)
    weaker = replace(tool, contract=Contract(requires, ensures))
    return replace(TOOLSET, tools=tuple(weaker if t is tool else t for t in TOOLSET.tools))


@pytest.mark.parametrize(
    ("tool", "clause", "plan"),
    [
        ("list_menu_items", "page == 'store'", "dearest_item"),
        ("goto_store", "page == 'home'", "either_store"),
        ("goto_checkout", "cart == 'filled'", "ask_before_checkout"),
        ("remove_from_cart", "cart == 'filled'", "in_and_out"),
        ("empty_cart", "page != 'checkout'", "carts_in_turn"),
        ("place_order", "cart == 'empty'", "two_orders"),
    ],
)
def test_a_contract_that_says_less_is_found_out(tool: str, clause: str, plan: str) -> None:
    weaker = without(tool, clause)
    (chosen,) = (each for each in load_plans() if each.name == plan)
    assert any(judge(mutant, weaker).missed for mutant in mutants_of(chosen))


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(gap, id=gap.name, marks=pytest.mark.xfail(strict=True, reason=gap.why))
        for gap in GAPS
    ],
)
def test_what_stops_in_mid_run_is_not_accepted(gap: Gap) -> None:
    judged = judge(gap.mutant)
    assert not judged.accepted


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)
def test_a_known_gap_does_stop_in_mid_run(gap: Gap) -> None:
    assert judge(gap.mutant).worst.end in (End.BROKEN, End.MISTYPED, End.CRASHED)
