"""The compiler's entrance, and the laws of its analysis that no golden shows."""

from __future__ import annotations

import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.check import check_or_raise
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.errors import CompileError
from agentjit.source import Source
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
    assert found.path == ("line 1: goto_home()",)
    assert found.establishers == ("goto_store", "open_first", "reopen")


def test_the_start_may_be_another_than_the_models() -> None:
    text = "list_menu_items()"
    assert isinstance(check(Source("plan", text), SHOP), tuple)
    final = checked(text, start={"page": "store"}).final
    assert final is not None
    assert final.show() == "page = 'store', selected_store = None, cuisine = None, cart = 'empty'"


def test_the_end_knows_of_every_path_that_leads_there() -> None:
    for text in (
        "if len('ab') > 1:\n    goto_store('a')",
        "for x in [1]:\n    goto_home()\n    goto_store('a')",
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
