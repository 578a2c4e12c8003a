"""Repair by insertion: the fewest harmless calls, and what comes out checks."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.compiler.ir import calls_in
from agentjit.compiler.repair import repair
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateValue, StateVar, Toolset, tool
from tests.compiler.shop import SHOP
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


def lines_for(plan: str, toolset: Toolset = SHOP) -> list[str] | None:
    """The lines that are inserted into a plan; None where it is left alone."""
    found = repair(Source("plan.py", plan), toolset)
    return [i.text for i in found.insertions] if found else None


@pytest.mark.parametrize(
    "plan", ["x = 1\n", "x = list_stores()\n", "x = [1, 2]\n", "x = True\ny = 2.5\nz = None\n", ""]
)
def test_names_of_other_types_do_not_stand_in_the_way(plan: str) -> None:
    assert lines_for(f"{plan}list_menu_items()\n") == ["open_first()"]


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        # A dish is no store, whatever holds it.
        ('add_to_cart("Nachos")\n', ["open_first()"]),
        ('dish = "Nachos"\nadd_to_cart(dish)\n', ["open_first()"]),
        ('write_to("Taco Bell", "Hello")\nlist_menu_items()\n', ["open_first()"]),
        (
            'goto_store("Subway")\nadd_to_cart("Nachos")\ngoto_home()\nadd_to_cart("Sub")\n',
            ["goto_store('Subway')"],
        ),
        ('list_reviews("Subway")\n', ["goto_store('Subway')"]),
        ('store = "Subway"\nadd_to_cart("Nachos")\n', ["goto_store(store)"]),
    ],
)
def test_texts_keep_their_meaning(plan: str, lines: list[str]) -> None:
    assert lines_for(plan) == lines


def test_many_names_and_many_parameters_are_not_multiplied() -> None:
    @tool(ensures="open == True", effect=Effect.NAVIGATE)
    async def look_up(page: Any, a: str, b: str, c: str, d: str) -> None:
        """Look something up by four words."""

    @tool(requires="open == True", effect=Effect.READ)
    async def read_it(page: Any) -> str:
        """Read it."""
        raise NotImplementedError

    state = StateModel((StateVar("open", type=bool, start=False),))
    wide = Toolset(
        name="wide", title="Wide", state=state, observe=observe, tools=(look_up, read_it)
    )
    names = "".join(f"v{i} = 'x{i}'\n" for i in range(100))
    assert lines_for(f"{names}read_it()\n", wide) == ["look_up(v0, v0, v0, v0)"]


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is ever seen."""
    return {}


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
