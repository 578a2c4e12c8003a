"""A name that is used again for something else is another name; what belongs together stays so."""

from __future__ import annotations

from agentjit.compiler.show import show_program
from agentjit.scheduler.webs import split_names
from tests.scheduler.toy import compile_toy


def split(text: str) -> list[str]:
    return show_program(split_names(compile_toy(text).program)).splitlines()


def test_two_answers_under_one_name_get_two_names() -> None:
    assert split("x = fetch()\ngive(x)\nx = fetch()\ngive(x)\n") == [
        "%1 x = call fetch()",
        "%2 call give(number=x)",
        "%3 x_2 = call fetch()",
        "%4 result = call give(number=x_2)",
        "result result",
    ]


def test_what_either_branch_binds_stays_one_name() -> None:
    lines = split("x = fetch()\nif x:\n    x = fetch()\ngive(x)\n")
    assert lines[-2] == "%4 result = call give(number=x)"
    assert lines[2] == "    %3 x = call fetch()"


def test_what_a_round_hands_to_the_next_stays_one_name() -> None:
    lines = split("n = 0\nfor x in fetch_all():\n    n = n + x\n    give(n)\n")
    assert lines[3] == "    %4 let n = n + x"


def test_the_answer_keeps_its_name() -> None:
    lines = split("result = fetch()\ngive(result)\nresult = fetch()\n")
    assert lines[0] == "%1 result_2 = call fetch()"
    assert lines[-1] == "result result"


def test_the_variables_of_comprehensions_are_their_own() -> None:
    lines = split("x = fetch()\ngive(x)\nx = fetch()\nys = [x for x in range(x)]\ngive(ys[0])\n")
    assert lines[3] == "%4 let ys = [x for x in range(x_2)]"


def test_what_a_helper_reads_keeps_its_name() -> None:
    lines = split(
        "def twice():\n    return 2 * x\n\nx = fetch()\ngive(twice())\nx = fetch()\ngive(twice())\n"
    )
    assert [line for line in lines if "x_" in line] == []


def test_a_fresh_name_is_nobody_elses() -> None:
    lines = split("x = fetch()\nx_2 = fetch()\ngive(x)\nx = fetch()\ngive(x + x_2)\n")
    assert lines[3] == "%4 x_3 = call fetch()"
