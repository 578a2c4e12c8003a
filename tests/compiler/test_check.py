"""The compiler's entrance, and the laws of its analysis that no golden shows."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.check import check_or_raise
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.errors import CompileError
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateValue, StateVar, Toolset, tool
from tests.compiler.shop import SHOP


def checked(text: str, **options: object) -> CheckedProgram:
    """A plan that is accepted."""
    return check_or_raise(Source("plan", text), SHOP, **options)  # type: ignore[arg-type]


def test_nothing_but_check_makes_a_checked_program() -> None:
    good = checked("goto_home()")
    with pytest.raises(TypeError, match="made by"):
        CheckedProgram(good.program, SHOP, good.facts, good.final)


def test_a_bad_plan_raises_with_its_diagnostics_and_its_text() -> None:
    with pytest.raises(CompileError, match="precondition-not-met") as caught:
        checked("list_menu_items()")
    assert caught.value.exit_code == 3
    assert "1 | list_menu_items()" in str(caught.value)


def test_a_precondition_is_told_as_data() -> None:
    answer = check(Source("plan", "goto_home()\nlist_menu_items()"), SHOP)
    assert isinstance(answer, tuple)
    (found,) = answer
    assert isinstance(found, PreconditionNotMet)
    assert found.tool == "list_menu_items"
    assert found.clause == "page == 'store'"
    assert found.path == ("goto_home() (line 1)",)
    assert found.establishers == ("goto_store", "open_first", "reopen")


def test_what_requires_the_same_is_no_help_and_harmless_tools_are_named_first() -> None:
    @tool(requires="open == True", ensures="open == True", effect=Effect.WRITE, writes={"note"})
    async def add_note(page: Any) -> None:
        """Add a note, which opens nothing."""

    @tool(ensures="open == True", effect=Effect.WRITE, writes={"note"})
    async def start_note(page: Any) -> None:
        """Make a note, open."""

    @tool(ensures="open == True", effect=Effect.NAVIGATE)
    async def open_note(page: Any) -> None:
        """Open the note."""

    async def observe(page: Any) -> dict[str, StateValue]:
        """Nothing is ever seen."""
        return {}

    state = StateModel((StateVar("open", type=bool, start=False), StateVar("note", type=str)))
    tools = (add_note, start_note, open_note)
    notes = Toolset(name="notes", title="Notes", state=state, observe=observe, tools=tools)
    answer = check(Source("plan", "add_note()"), notes)
    assert isinstance(answer, tuple)
    assert isinstance(answer[0], PreconditionNotMet)
    assert answer[0].establishers == ("open_note", "start_note")
    assert answer[0].remedy.startswith("call `open_note()` or `start_note()` before it")


def test_the_start_may_be_another_than_the_models() -> None:
    text = "list_menu_items()"
    assert isinstance(check(Source("plan", text), SHOP), tuple)
    final = checked(text, start={"page": "store"}).final
    assert final is not None
    assert final.show() == "page = 'store', selected_store = None, cuisine = None, cart = 'empty'"


def test_the_end_knows_of_every_path_that_leads_there() -> None:
    for text in (
        "if len('ab') > 1:\n    goto_store('a')",
        "for x in list(str(1)):\n    goto_home()\n    goto_store('a')",
        "while len('ab') > 1:\n    goto_home()\n    goto_store('a')\n    if x:\n        break",
    ):
        final = checked(text.replace("if x", "if len('x') > 2")).final
        assert final is not None
        assert "page = 'home' | 'store'" in final.show()


def test_an_end_that_is_never_reached_has_no_facts() -> None:
    assert checked("while True:\n    goto_home()").final is None


def test_the_analysis_ends_when_paths_disagree_about_a_loops_variable() -> None:
    # One way round keeps the name, the other gives it a new value: the facts must not swing
    # between what the two ways say.
    checked(
        "name = list_orders()[0]['order_id']\n"
        "while True:\n"
        "    goto_home()\n"
        "    goto_store(name)\n"
        "    if len(name) > 1:\n"
        "        continue\n"
        "    if len(name) > 2:\n"
        "        break\n"
        "    name = list_orders()[0]['order_id']\n"
    )


def test_values_of_a_joined_name_and_of_a_node_are_never_mistaken_for_each_other() -> None:
    # Enough joins and definitions of one name that their numbers meet.
    text = "".join(
        f"if len('{i}') > 1:\n    name = read_help()\nelse:\n    name = read_help()\n"
        for i in range(6)
    )
    for other in range(6):
        plan = (
            f"{text}goto_store(name)\n"
            + f"if len('x') > {other}:\n    name = read_help()\n" * (other + 1)
            + "list_reviews(name)"
        )
        answer = check(Source("plan", plan), SHOP)
        assert isinstance(answer, tuple), plan


def test_dozens_of_branches_are_joined_not_multiplied() -> None:
    text = "".join(f"if len('{i}') > 1:\n    goto_home()\n" for i in range(200))
    assert checked(text).final is not None


@pytest.mark.parametrize(
    "text",
    [
        f"x = {' and '.join(['list_orders()'] * 900)}",
        f"x = {' < '.join(['get_total()'] * 1500)}",
        f"x = [list_orders() {'for a in [1] ' * 1500}]",
        f"x = [list_orders() for a in [1] {'if list_orders() ' * 1500}]",
        f"x = [a for a in [1] if {' or '.join(['a'] * 150)} or ({' and '.join(['a'] * 150)})]",
        "".join(f"n{i} = read_help()\n" for i in range(400)),
        "def f(a): return a\n" + "".join(f"f(lambda n{i}: n{i})\n" for i in range(400)),
    ],
    ids=range(7),
)
def test_what_lowering_would_nest_or_multiply_is_limited(text: str) -> None:
    answer = check(Source("plan", text), SHOP)
    assert isinstance(answer, tuple)
    assert [d.code for d in answer] == ["plan-too-large"]


def test_a_stack_that_is_nearly_full_is_told_as_a_diagnostic() -> None:
    source = Source("plan", f"x = {' and '.join(['list_orders()'] * 150)}")

    def checked_at(depth: int) -> object:
        return checked_at(depth - 1) if depth else check(source, SHOP)

    answer = checked_at(sys.getrecursionlimit() - len(inspect.stack(0)) - 120)
    assert isinstance(answer, tuple)
    assert [d.code for d in answer] == ["plan-too-large"]


def test_names_that_change_places_round_after_round_keep_the_analysis_short() -> None:
    names = [f"n{i}" for i in range(100)]
    starts = "".join(f"{name} = read_help()\n" for name in names)
    turns = "".join(f"    {a} = {b}\n" for a, b in zip(names, [*names[1:], "kept"], strict=True))
    final = checked(f"{starts}while len(n0) > 2:\n    kept = n0\n{turns}    goto_home()\n").final
    assert final is not None


def test_values_that_share_their_parts_are_traced_in_one_go() -> None:
    # Followed name by name, sixty doublings would never end.
    text = "n0 = ['Taco Bell']\n" + "".join(f"n{i + 1} = [*n{i}, *n{i}]\n" for i in range(60))
    checked(f"{text}goto_store(n60[0])", task="go to Taco Bell")
    found = check(Source("plan", f"{text}goto_store(n60[0])"), SHOP, task="go to Wingstop")
    assert isinstance(found, tuple)
    assert [d.code for d in found] == ["invented-argument"]
