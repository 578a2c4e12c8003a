"""What a simpler checker gets wrong: each known fault of a path-counting prototype, right here.

(That prototype explores paths, looks at each block twice at most, and sees only calls that are
statements of their own.)
"""

from __future__ import annotations

import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.planner.cost import cost_of
from agentjit.source import Source
from tests.compiler.shop import SHOP


def broken(plan: str) -> list[PreconditionNotMet]:
    """The preconditions that may break; nothing else may be wrong with the plan."""
    checked = check(Source("plan", plan), SHOP)
    if isinstance(checked, CheckedProgram):
        return []
    assert all(isinstance(d, PreconditionNotMet) for d in checked), checked
    return [d for d in checked if isinstance(d, PreconditionNotMet)]


def test_the_third_path_into_a_merge_counts_too() -> None:
    """Three ways lead to one call, and only the last of them breaks it."""
    plan = (
        "rating = list_stores()[0]['rating']\n"
        "if rating > 4:\n    goto_store('Taco Bell')\n"
        "elif rating > 3:\n    goto_store('Subway')\n"
        "else:\n    goto_home()\n"
        "list_menu_items()\n"
    )
    (found,) = broken(plan)
    assert (found.tool, found.span and found.span.line) == ("list_menu_items", 8)
    assert any(step.startswith("goto_home()") for step in found.path)
    assert broken(plan.replace("goto_home()", "goto_store('Souvla')")) == []


@pytest.mark.parametrize(
    "plan",
    [
        "result = len(list_menu_items())\n",
        "write_to('Taco Bell', list_menu_items()[0]['name'])\n",
        "result = [list_stores(), [list_orders(), list_menu_items()]]\n",
        "result = {'menu': list_menu_items()}\n",
        "result = f'{list_menu_items()}'\n",
        "result = list_stores() and list_menu_items()\n",
        "result = max(len(list_stores()), len(list_menu_items()))\n",
    ],
)
def test_a_call_inside_an_expression_is_seen(plan: str) -> None:
    assert [d.tool for d in broken(plan)] == ["list_menu_items"]


def test_a_call_inside_an_expression_costs_as_much_as_one_outside() -> None:
    inside = check(Source("plan", "goto_store(list_stores()[0]['name'])\n"), SHOP)
    outside = check(Source("plan", "s = list_stores()\ngoto_store(s[0]['name'])\n"), SHOP)
    assert isinstance(inside, CheckedProgram)
    assert isinstance(outside, CheckedProgram)
    assert cost_of(inside.program) == cost_of(outside.program)


def test_a_comprehensions_second_round_starts_where_the_first_one_ended() -> None:
    (found,) = broken("[goto_store(s['name']) for s in list_stores()]\n")
    assert found.clause == "page == 'home'"
    assert [step.split("(")[0] for step in found.path] == ["list_stores", "goto_store"]
    assert broken("[(goto_store(s['name']), goto_home()) for s in list_stores()]\n") == []


def test_a_loops_second_round_starts_where_the_first_one_ended() -> None:
    loop = "for s in list_stores():\n    goto_store(s['name'])\n    list_menu_items()\n"
    assert [d.clause for d in broken(loop)] == ["page == 'home'"]
    assert broken(loop + "    goto_home()\n") == []


def test_some_value_is_a_value() -> None:
    """`known` after a call makes the next one's `known` hold."""
    assert [d.clause for d in broken("get_details()\n")] == ["selected_store known"]
    assert broken("reopen()\nget_details()\n") == []


def test_a_choice_of_values_is_no_text_with_bars() -> None:
    """`page in {'home', 'store'}` is met by either value, and ensures one of the two."""
    assert broken("read_help()\n") == []
    assert broken("goto_store('Taco Bell')\nread_help()\n") == []
    assert broken("surprise_me()\nread_help()\n") == []
    (found,) = broken("goto_store('a')\nadd_to_cart('b')\ngoto_checkout()\nread_help()\n")
    assert (found.clause, found.actual) == ("page in {'home', 'store'}", "`page` is 'checkout'")
    (found,) = broken("surprise_me()\nlist_menu_items()\n")
    assert found.actual == "`page` is 'home'"


def test_what_a_call_forgets_is_unknown_and_not_unset() -> None:
    """And it stays so when the next call promises something of another variable."""
    (found,) = broken("surprise_me()\npick_cuisine('Thai')\nget_details()\n")
    assert (found.clause, found.actual) == (
        "selected_store known",
        "`selected_store` is not known",
    )


def test_what_follows_a_loop_costs_the_same_however_it_is_left() -> None:
    loop = "for s in list_stores():\n    if s['rating'] > 4:\n        {}\n    list_orders()\n"
    after = "result = ai_eval('Which?')\n"
    costs = []
    for text in ("break", "pass"):
        checked = check(Source("plan", loop.format(text) + after), SHOP)
        assert isinstance(checked, CheckedProgram)
        costs.append(cost_of(checked.program))
    assert costs[0] == costs[1] == pytest.approx(0.1 + 10 * 0.1 + 10)


def test_advice_starts_from_the_point_that_fails() -> None:
    """At the start `goto_store` could be called; where it fails it could not, and need not."""
    plan = "goto_store('Taco Bell')\nadd_to_cart('Taco')\nplace_order()\n"
    (found,) = broken(plan)
    assert found.establishers == ("goto_checkout",)
    assert "goto_store" not in found.remedy
