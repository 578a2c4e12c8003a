"""Repair by insertion: the fewest harmless calls, and what comes out checks."""

from __future__ import annotations

import pytest

from agentjit.compiler.ir import calls_in
from agentjit.compiler.repair import repair
from agentjit.source import Source
from agentjit.toolspecs import Effect
from tests.fixtures.toolhire.tools import TOOLSET


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        ('x = "Millbrook"\nshow_machines()\n', ["open_depot(x)"]),
        ('open_depot("A")\nopen_depot("B")\nshow_machines()\n', ["back_to_start()"]),
        (
            'for d in show_depots():\n    open_depot(d["depot_name"])\n    show_machines()\n',
            ["    back_to_start()"],
        ),
        (
            'open_depot("A")\nchoose_machine("B")\nconfirm_booking()\n',
            ["review_booking()"],
        ),
    ],
)
def test_the_missing_calls_are_inserted(plan: str, lines: list[str]) -> None:
    found = repair(Source("plan.py", plan), TOOLSET)
    assert found is not None
    added = [line[1:] for line in found.diff.splitlines()[2:] if line.startswith("+")]
    assert added == lines
    assert [i.text for i in found.insertions] == [line.strip() for line in lines]


@pytest.mark.parametrize(
    "plan",
    [
        "show_machines()\n",  # which depot?
        "confirm_booking()\n",  # needs a WRITE, which is never inserted
        "show_depots()\n",  # nothing is wrong
        "x = (\n",
        "import os\n",
        'open_depot(3)\nopen_depot("B")\n',  # mended contracts do not mend types
    ],
)
def test_what_cannot_be_mended_is_left_alone(plan: str) -> None:
    assert repair(Source("plan.py", plan), TOOLSET) is None


def test_only_harmless_calls_are_inserted() -> None:
    plan = 'x = "A"\nchoose_machine("B")\nconfirm_booking()\n'
    found = repair(Source("plan.py", plan), TOOLSET)
    assert found is not None
    before = plan.count("choose_machine") + plan.count("confirm_booking")
    acting = [
        c
        for c in calls_in(found.checked.program.body)
        if TOOLSET.by_name[c.tool].effect in (Effect.WRITE, Effect.COMMIT)
    ]
    assert len(acting) == before
