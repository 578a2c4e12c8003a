from __future__ import annotations

import pytest

from agentjit.diagnostics import render
from agentjit.planner.answer import PlanCutOff, PlanDoesNothing, extract_plan, name_answer
from tests.conftest import Golden

PLAN = "open_depot('A')\nresult = 1\n"


@pytest.mark.parametrize(
    "reply",
    [
        PLAN,
        f"```python\n{PLAN}```",
        f"```python\n{PLAN}",
        f"```\n{PLAN}```\n",
        f"~~~py\n{PLAN}~~~",
        f"````python\n{PLAN}````",
        f"Here you go:\n\n```python\n{PLAN}```\nIt opens the depot.",
        "  ```python\n  open_depot('A')\n  result = 1\n  ```",
        f"Sure! Here is the plan:\n\n{PLAN}\nI hope that it helps.",
        f"<think>\n```python\nwrong()\n```\n</think>\n```python\n{PLAN}```",
        f"```python\n\n```\n```python\n{PLAN}```\n```python\nother()\n```",
        f"```bash\npip install x\n```\n```python\n{PLAN}```",
        PLAN.replace("\n", "\r\n"),
        "```python\nopen_depot('A')   \nresult = 1  \n\n\n```",
    ],
)
def test_the_plan_is_found_in_what_is_around_it(reply: str) -> None:
    assert extract_plan(reply) == PLAN


@pytest.mark.parametrize(
    "reply",
    ["", "\n", "```python\n```", "I cannot do that.", "<think>open_depot('A')", "```json\n{}```"],
)
def test_a_reply_without_a_plan_gives_none(reply: str) -> None:
    assert extract_plan(reply) == ""


def test_code_that_does_not_parse_is_kept_whole() -> None:
    broken = "open_depot('A'\n\nresult = = 1\n\nconfirm(\n"
    assert extract_plan(broken) == broken


def test_blank_lines_and_indentation_inside_a_plan_are_kept() -> None:
    plan = "for d in depots():\n    open_depot(d)\n\n    back()\n"
    assert extract_plan(f"```python\n{plan}```") == plan


def test_a_stray_space_at_the_beginning_of_a_line_is_no_indentation() -> None:
    assert (
        extract_plan("```python\nopen('A')\n x = f()\nback()\n```")
        == "open('A')\nx = f()\nback()\n"
    )
    one_space = "for d in f():\n open(d)\n"
    assert extract_plan(one_space) == one_space


def test_backticks_in_a_string_do_not_end_the_plan() -> None:
    plan = 'note("```")\nresult = 1\n'
    assert extract_plan(f"```python\n{plan}```") == plan


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        ("x = f()\nprint(x)\n", "x = f()\nresult = x\n"),
        ("print(f()['a'])\n", "result = f()['a']\n"),
        ("result = f()\nprint(result)\n", "result = f()\n"),
        ("for d in f():\n    result = d\nprint(result)\n", "for d in f():\n    result = d\n"),
        ("open('A')\ncount = len(f())\n", "open('A')\ncount = len(f())\nresult = count\n"),
        ("n = 0\nn += len(f())\n", "n = 0\nn += len(f())\nresult = n\n"),
        # What other tools take for the end of a line is none to Python, and the other way round.
        ("x\f= f()\nprint(x)\n", "x\f= f()\nresult = x\n"),
        ("x = '\u2028\x85'\nprint(x)\n", "x = '\u2028\x85'\nresult = x\n"),
        ("x = 1\rprint(x)\n", "x = 1\rresult = x\n"),
    ],
)
def test_an_answer_that_is_printed_or_comes_last_is_named(plan: str, named: str) -> None:
    assert name_answer(plan) == named


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "result = f()\n",
        "open('A')\n",
        "x = f()\nopen(x)\n",
        "x = f(\n",
        "print(f(), g())\n",
        "x = f(); print(x)\n",
        "result = f()\nlast = 1\n",
        "a, b = f()\n",
        "for d in f():\n    print(d)\n",
    ],
)
def test_every_other_plan_stays_as_it_is(plan: str) -> None:
    assert name_answer(plan) == plan


def test_what_is_wrong_with_an_answer_is_told(golden: Golden) -> None:
    golden("planner/plan_cut_off.txt", f"{render(PlanCutOff(tokens=512))}\n")
    golden("planner/plan_does_nothing.txt", f"{render(PlanDoesNothing())}\n")
