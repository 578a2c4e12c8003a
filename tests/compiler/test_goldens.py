"""Plans and what the compiler says of them: a file a case, under tests/golden/compiler."""

from __future__ import annotations

import pytest

from agentjit.compiler import CheckedProgram, messages
from agentjit.diagnostics import CATALOGUE, render_all
from tests.compiler.cases import FOLDER, Case, cases_in
from tests.conftest import Golden


@pytest.mark.parametrize("case", cases_in("accepted"), ids=lambda c: c.path.stem)
def test_an_accepted_plan_shows_its_form_and_the_facts_before_each_call(
    case: Case, golden: Golden
) -> None:
    checked = case.answer()
    assert isinstance(checked, CheckedProgram), checked
    end = checked.final.show() if checked.final else "never reached"
    remarks = f"\n{render_all(checked.warnings, case.source)}\n" if checked.warnings else ""
    golden(case.golden, f"{checked.show()}end {end}\n{remarks}")


@pytest.mark.parametrize("case", cases_in("rejected"), ids=lambda c: c.path.stem)
def test_a_rejected_plan_says_what_is_wrong_where_and_what_to_do(
    case: Case, golden: Golden
) -> None:
    answer = case.answer()
    assert isinstance(answer, str), f"{case.path.stem} was accepted:\n{answer.show()}"
    golden(case.golden, answer)


def test_every_plan_has_its_answer_and_every_answer_its_plan() -> None:
    plans = {p.with_suffix("") for p in FOLDER.rglob("*.plan")}
    answers = {p.with_suffix("") for p in FOLDER.rglob("*.txt")}
    assert plans == answers
    assert len(plans) >= 180


def test_every_code_that_a_plan_can_get_has_a_case() -> None:
    cases = [*cases_in("accepted"), *cases_in("rejected")]
    told = {d.code for case in cases for d in case.diagnostics()}
    kinds = {c for c, k in CATALOGUE.items() if k.__module__ == messages.__name__}
    assert kinds == told
