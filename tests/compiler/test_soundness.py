"""What the checker accepts breaks no precondition, whatever the site and the model answer."""

from __future__ import annotations

import ast
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.compiler.contracts import prove
from agentjit.compiler.lower import lower
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from tests.compiler.programs import random_plan, random_toolset
from tests.compiler.reference import run_once
from tests.laws import LAW

#: Concrete runs of one plan, each with other luck.
RUNS = 12


def accepted(text: str, toolset: Toolset) -> bool:
    """Whether the contract stage alone accepts a plan; the types are ty's, and slower."""
    source = Source("plan", text)
    tree = parse_plan(source)
    assert isinstance(tree, ast.Module), text
    assert not check_subset(tree, source, toolset.by_name), text
    program, hidden = lower(tree, source, toolset)
    assert not hidden, text
    _, broken, _ = prove(program, toolset)
    return not broken


def what_breaks(text: str, toolset: Toolset) -> str | None:
    """A precondition that some concrete run breaks."""
    tree = ast.parse(text)
    return next((b for seed in range(RUNS) if (b := run_once(tree, toolset, seed))), None)


def describe(text: str, toolset: Toolset) -> str:
    """A failure's whole story."""
    tools = [
        f"{t.signature()} requires {t.contract.show_requires()} ensures {t.contract.show_ensures()}"
        for t in toolset.tools
    ]
    return "\n".join([text, *tools])


@settings(LAW, max_examples=120)
@given(st.randoms(use_true_random=False))
def test_an_accepted_plan_never_breaks_a_precondition(chance: Random) -> None:
    toolset = random_toolset(chance)
    text = random_plan(toolset, chance)
    if accepted(text, toolset):
        assert what_breaks(text, toolset) is None, describe(text, toolset)


def test_the_checker_is_sound_and_not_just_strict() -> None:
    kept = refused = alarms = 0
    for seed in range(500):
        chance = Random(seed)
        toolset = random_toolset(chance)
        text = random_plan(toolset, chance)
        broken = what_breaks(text, toolset)
        if accepted(text, toolset):
            assert broken is None, f"{seed}: {broken}\n{describe(text, toolset)}"
            kept += 1
        elif broken:
            refused += 1
        else:
            alarms += 1
    assert kept > 250
    assert refused > 80
    # Of the plans that broke nothing on any run tried, most are accepted.
    assert kept / (kept + alarms) > 0.88
