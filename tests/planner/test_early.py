"""Reading a plan while it is written: what ends it, and what must not."""

from __future__ import annotations

import random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.early import Reading, find_errors, finished_part, is_stuck, settled_part
from agentjit.planner.prompt_examples import EXAMPLE_PLANS, EXAMPLE_TOOLSET
from agentjit.planner.select import judge
from tests.compiler.cases import Case, cases_in
from tests.compiler.programs import random_plan
from tests.compiler.shop import SHOP
from tests.compiler.toolsets import random_toolset
from tests.fixtures.toolhire.tools import TOOLSET
from tests.laws import LAW

TASK: Final = Task("how many machines does Millbrook have?", TOOLSET)
ACCEPTED: Final = cases_in("accepted")


def read(reply: str, task: Task = TASK) -> tuple[Reading, int]:
    """What a reading says of a reply that comes by the character, and after how many of them."""
    reading = Reading(task)
    for end in range(1, len(reply) + 1):
        if not reading(reply[:end]):
            return reading, end
    return reading, len(reply)


@pytest.mark.parametrize(
    ("plan", "settled"),
    [
        ("", ""),
        ("x = 1\n", ""),
        ("x = 1\ny", "x = 1\n"),
        ("if x:\n    y = 1\n", ""),
        ("if x:\n    y = 1\nelse:\n    y = 2\n", ""),
        ("if x:\n    y = 1\n\n# and\nelse:\n    y = 2\nz = 3\n", None),
        ("for a in b:\n    c()\nd = 1\n", "for a in b:\n    c()\n"),
        ("x = f(\n    1,\n)\ny = 2\n", "x = f(\n    1,\n)\n"),
    ],
)
def test_a_statement_is_settled_when_the_next_one_begins(plan: str, settled: str | None) -> None:
    assert settled_part(plan) == (plan.removesuffix("z = 3\n") if settled is None else settled)


@pytest.mark.parametrize(
    ("plan", "finished", "close"),
    [
        ("", "", ""),
        ("x = 1\n", "x = 1\n", ""),
        ("x = f(\n", "", ""),
        ("x = 1\nif x:\n    y = 1\n", "x = 1\n", ""),
        ("for a in b:\n", "", ""),
        ("for a in b:\n    c()\n", None, "    break\n"),
        ("for a in b:\n  c(\n", "", ""),
        ("x = 1\nfor a in b:\n  c()\n  d = 2\n", None, "  break\n"),
        ("for a in b:\n    c()\n    if a:\n        d()\n", "for a in b:\n    c()\n", "    break\n"),
        ("for a in b:\n    if a:\n        d()\n", "", ""),
        ("for a in b:\n    if a:\n        d()\n    c()\n", None, "    break\n"),
        ("for a in b:\n    c()\nelse:\n    d()\n", "", ""),
        ("for a in b:\n    c()\nd = 1\n", None, ""),
        ("while a:\n    c()\n", "", ""),
        ("def f(x):\n    return x\n", "", ""),
    ],
)
def test_a_statement_has_come_to_its_end_with_its_last_line(
    plan: str, finished: str | None, close: str
) -> None:
    assert finished_part(plan) == (plan if finished is None else finished, close)


@pytest.mark.parametrize(
    "before", ["", "Here it is.\n\n```python\n", "<think>short()\n</think>\n```\n"]
)
def test_who_listens_is_told_the_plan_a_line_at_a_time(before: str) -> None:
    heard: list[str] = []
    reading = Reading(TASK, heard.append)
    reply = f'{before}open_depot("Millbrook")\nresult = 1\n'
    for end in range(1, len(reply) + 1):
        assert reading(reply[:end])
    plans = [text for text in heard if text.startswith("open")]
    assert plans == ['open_depot("Millbrook")\n', 'open_depot("Millbrook")\nresult = 1\n']


def test_who_listens_is_told_nothing_of_what_cannot_check() -> None:
    heard: list[str] = []
    reading = Reading(TASK, heard.append)
    assert not all(reading("```python\nopen_depot(1)\nshow_machines()\n"[:n]) for n in range(1, 52))
    assert [text for text in heard if text] == ["open_depot(1)\n"]


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "x = = 1",
        "x = nothing_of_the_kind()",
        'open_depot("Nowhere")',
        "x = len(1)",
        "rent = show_machines()",
        "show_machines().append(1)",
    ],
)
def test_a_statement_that_cannot_check_ends_the_answer_when_the_next_begins(line: str) -> None:
    reading, end = read(f"```python\n{line}\nx = 1\ny = 2\nz = 3\n```")
    assert reading.doomed == f"{line}\n"
    assert reading.findings
    assert end == len(f"```python\n{line}\nx = 1\n")


@pytest.mark.parametrize(
    "plan",
    [
        # repair would open a depot
        'x = "Millbrook"\nmachines = show_machines()\nresult = len(machines)\n',
        # the last print is the answer
        'open_depot("Millbrook")\nprint(len(show_machines()))\n\n',
        # a helper may use what is defined after it
        'def f(x):\n    return g(x)\n\ndef g(x):\n    return x\n\nopen_depot("Millbrook")\n',
        'text = """\nx = = 1\n"""\nopen_depot("Millbrook")\n',
        "x = [\n1,\n2,\n]\nopen_depot(\n'Millbrook')\ny = 1\n",
    ],
)
def test_what_may_yet_become_a_plan_goes_on(plan: str) -> None:
    reading, end = read(f"```python\n{plan}")
    assert (reading.doomed, end) == ("", len(f"```python\n{plan}"))


def test_nothing_is_heard_after_the_end_of_the_block() -> None:
    head = '<think>```python\nimport os\nx\n```\n</think>Here:\n```python\nopen_depot("x")\n```\n'
    reading, end = read(f"{head}That is all because …\n")
    assert reading.doomed == ""
    assert end == len(head)


@pytest.mark.parametrize("text", ["", "I import os\nimport os\nx = 1\n", "```json\n{\n1\n}\n"])
def test_what_is_no_python_block_is_heard_to_its_end(text: str) -> None:
    reading, end = read(text)
    assert (reading.doomed, end) == ("", len(text))


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.path.stem)
def test_no_beginning_of_a_plan_that_checks_is_ended(case: Case) -> None:
    text = case.source.text
    task = Task(text.partition("\n")[0].removeprefix("# task: "), SHOP)
    if judge(Candidate(plan=text, origin="case"), task).checked is not None:
        reading, _ = read(f"```python\n{text}", task)
        assert reading.findings == ()


@pytest.mark.parametrize(("text", "plan"), EXAMPLE_PLANS)
def test_the_examples_of_the_prompt_are_heard_to_their_end(text: str, plan: str) -> None:
    reading, end = read(f"```python\n{plan}", Task(text, EXAMPLE_TOOLSET))
    assert (reading.findings, end) == ((), len(f"```python\n{plan}"))


@LAW
@given(seed=st.integers(0, 2**32 - 1))
def test_random_plans_that_check_are_heard_to_their_end(seed: int) -> None:
    chance = random.Random(seed)
    toolset = random_toolset(chance)
    plan = random_plan(toolset, chance)
    # The task holds all literals, so that they are given by it.
    task = Task(plan, toolset)
    if judge(Candidate(plan=plan, origin="chance"), task).checked is not None:
        lines = plan.splitlines(keepends=True)
        for count in range(len(lines)):
            assert find_errors(settled_part("".join(lines[:count])), task) == ()


def test_an_answer_that_says_the_same_for_ever_is_ended() -> None:
    begun = 'x = 1\nopen_depot("Millbrook'
    reading, end = read(begun + ", Trash" * 500)
    assert end < len(begun) + 20 * len(", Trash")
    assert not reading.findings


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x" * 20,
        " " * 400 + "x = 1",
        "# " + "-" * 300,
        'x = "' + ", ".join(f"item {number}" for number in range(80)),
        "x = [" + "[], " * 100,
    ],
)
def test_what_only_looks_alike_is_not_stuck(line: str) -> None:
    assert not is_stuck(line)
