"""What running a program needs, in which order: compared with Python running the same text."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentjit.compiler.check import CheckedProgram, check
from agentjit.compiler.limits import MAX_FOR_TRIPS, MAX_WHILE_TRIPS
from agentjit.scheduler.machine import Abort, Finish
from agentjit.scheduler.walk import Code, TooManyTripsError
from agentjit.source import Source
from tests.scheduler.toy import TOOLSET, World, play

PROGRAMS = {
    "straight line": """
        a = fetch()
        b = a + 1
        result = give(b, note=f"{a}+1")
        """,
    "result of pure code": """
        numbers = fetch_all()
        result = [n * 2 for n in sorted(numbers)]
        """,
    "if": """
        if fetch() == 1:
            give(10)
        else:
            give(20)
        result = 1
        """,
    "else": """
        if fetch() == 2:
            give(10)
        elif fetch() == 3:
            give(15)
        else:
            give(20)
        """,
    "for": """
        total = 0
        for n in fetch_all():
            total += give(n)
        result = total
        """,
    "for else": """
        for n in fetch_all():
            give(n)
        else:
            give(99)
        """,
    "for break skips else": """
        for n in fetch_all():
            if n == 1:
                break
            give(n)
        else:
            give(99)
        give(100)
        """,
    "for continue": """
        for n in fetch_all():
            if n == 1:
                continue
            give(n)
        else:
            give(99)
        """,
    "for over pairs": """
        for i, n in enumerate(fetch_all()):
            give(i * n)
        """,
    "no rounds": """
        for n in []:
            give(n)
        else:
            give(5)
        """,
    "the loop variable stays": """
        n = 0
        for n in fetch_all():
            give(n)
        result = n
        """,
    "while": """
        n = 0
        while n < 3:
            n = give(n)
        else:
            give(50)
        result = n
        """,
    "while asks anew every round": """
        while fetch() < 3:
            give(0)
        """,
    "while break": """
        n = 0
        while True:
            n = fetch()
            if n == 4:
                break
            if n == 2:
                continue
            give(n)
        else:
            give(99)
        result = n
        """,
    "nested": """
        for a in fetch_all():
            for b in fetch_all():
                if b > a:
                    break
                if a == b:
                    continue
                give(10 * a + b)
            else:
                give(1000 + a)
                continue
            give(2000 + a)
        """,
    "continue out of an else reaches the outer loop": """
        for a in fetch_all():
            while fetch() % 3:
                give(a)
            else:
                continue
            give(99)
        """,
    "calls inside arguments run before the call": """
        give(give(fetch()) + fetch())
        """,
    "calls in a comprehension": """
        result = [give(n) + fetch() for n in fetch_all() if n > 1]
        """,
    "an untaken branch calls nothing": """
        result = give(1) if False else 2
        """,
    "short circuit": """
        result = (fetch() == 2 and give(1) == 1) or give(2) == 1
        """,
    "one name for several answers": """
        a = fetch()
        b = a
        a = fetch()
        c = a
        a = fetch()
        result = [a, b, c]
        """,
    "a helper": """
        def twice(n):
            return n * 2
        give(twice(fetch()))
        """,
    "nothing at all": "pass",
}


def python(text: str) -> World:
    """The same text run by Python itself, the tools being functions."""
    world = World()

    def fetch() -> Any:
        return world.call("fetch")

    def fetch_all() -> Any:
        return world.call("fetch_all")

    def give(number: int, note: str | None = None) -> Any:
        return world.call("give", number=number, **({"note": note} if note is not None else {}))

    names = {"fetch": fetch, "fetch_all": fetch_all, "give": give}
    exec(text, names)
    world.seen.append(f"result {names.get('result')!r}")
    return world


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_calls_what_python_would_call(text: str) -> None:
    text = textwrap.dedent(text).strip() + "\n"
    played = play(text)
    assert isinstance(played.end, Finish)
    expected = python(text).seen
    seen = list(played.seen)
    if "result" in text:
        seen.append(f"result {played.end.value!r}")
    assert seen == expected[: len(seen)]
    assert len(seen) >= len(expected) - 1


def blocks(depth: int, *, loop: bool) -> st.SearchStrategy[list[str]]:
    """Random blocks, as lines; `loop` says whether break and continue make sense."""
    simple = st.sampled_from(
        [
            ["a = fetch()"],
            ["b = give(a)"],
            ["a, b = b, a + 1"],
            ["give(a * 10 + b)"],
            ["b = max(fetch_all()) + fetch()"],
            *([["if a > b:", "    break"], ["if b % 2:", "    continue"]] if loop else []),
        ]
    )
    if depth == 0:
        return st.lists(simple, min_size=1, max_size=3).map(flat)
    inner, looped = blocks(depth - 1, loop=loop), blocks(depth - 1, loop=True)
    test = st.sampled_from(["a < b", "fetch() % 2", "b % 3 == 0", "give(b) > 2"])
    name = f"n{depth}"
    compound = st.one_of(
        st.tuples(test, inner, inner).map(
            lambda t: [f"if {t[0]}:", *indent(t[1]), "else:", *indent(t[2])]
        ),
        st.tuples(st.sampled_from(["fetch_all()", "range(2)", "[]"]), looped, inner).map(
            lambda t: [f"for {name} in {t[0]}:", *indent(t[1]), "else:", *indent(t[2])]
        ),
        st.tuples(looped, inner).map(
            lambda t: [
                f"{name} = 0",
                f"while {name} < 3:",
                *indent([f"{name} += 1", *t[0]]),
                "else:",
                *indent(t[1]),
            ]
        ),
    )
    return st.lists(st.one_of(simple, compound), min_size=1, max_size=3).map(flat)


def flat(parts: list[list[str]]) -> list[str]:
    return [line for part in parts for line in part]


def indent(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks(2, loop=False))
def test_any_program_calls_what_python_would_call(lines: list[str]) -> None:
    text = "\n".join(["a = 1", "b = 2", *lines, "result = [a, b]"]) + "\n"
    checked = check(Source("plan.py", text), TOOLSET)
    assert isinstance(checked, CheckedProgram), f"{text}\n{checked}"
    played = play(text)
    assert isinstance(played.end, Finish), text
    assert [*played.seen, f"result {played.end.value!r}"] == python(text).seen, text


def test_a_question_carries_its_values() -> None:
    played = play(
        'numbers = fetch_all()\nresult = ai_eval(f"which of {len(numbers)}?", returns=int, '
        "numbers=numbers, question_number=1)\n"
    )
    assert played.seen == [
        "fetch_all()",
        "ask('which of 3?', {'numbers': [3, 1, 2], 'question_number': 1})",
    ]
    assert played.end == Finish(7)


def test_pure_code_goes_to_the_sandbox_in_one_piece_with_the_answers_it_reads() -> None:
    played = play("a = fetch()\nb = a + 1\nc = b * 2\ngive(c)\nresult = c\n")
    codes = [need for need in played.needs() if isinstance(need, Code)]
    assert [(c.text, c.inputs) for c in codes] == [
        ("b = a + 1\nc = b * 2\n{'number': c}", {"a": 1}),
        ("result = c\nresult", {}),
    ]
    assert [s.line for s in codes[0].spans] == [2, 3, 4]


def test_a_literal_argument_needs_no_sandbox() -> None:
    played = play("give(1)\nresult = give(2, note='x')\n")
    kinds = [type(need).__name__ for need in played.needs()]
    assert kinds == ["ToolUse", "ToolUse", "Code"], "the last is the value of the plan"


def test_code_at_the_end_that_nobody_reads_is_still_run() -> None:
    played = play("a = fetch()\nb = [a][0]\n")
    kinds = [type(need).__name__ for need in played.needs()]
    assert kinds == ["ToolUse", "Code"]
    assert played.end == Finish(None)


def test_a_loop_goes_over_what_the_list_held_when_it_began() -> None:
    played = play("numbers = fetch_all()\nfor n in list(numbers):\n    numbers.append(give(n))\n")
    assert played.seen == ["fetch_all()", *(f"give(number={n})" for n in (3, 1, 2))]


@pytest.mark.parametrize(
    ("rounds", "ends"), [(MAX_WHILE_TRIPS, True), (MAX_WHILE_TRIPS + 1, False)]
)
def test_a_while_has_a_limit(rounds: int, ends: bool) -> None:
    played = play(f"n = 0\nwhile n < {rounds}:\n    n = give(0)\nresult = n\n")
    if ends:
        assert played.end == Finish(rounds)
    else:
        assert isinstance(played.end, Abort)
        assert isinstance(played.end.reason, TooManyTripsError)
        assert played.end.span is not None
        assert played.end.span.line == 2
        assert len(played.seen) == MAX_WHILE_TRIPS


def test_a_for_over_too_much_is_refused_before_its_first_round() -> None:
    played = play(
        "give(0)\nfor n in fetch_all():\n    give(n)\n", World((0,) * (MAX_FOR_TRIPS + 1))
    )
    assert isinstance(played.end, Abort)
    assert isinstance(played.end.reason, TooManyTripsError)
    assert str(MAX_FOR_TRIPS) in played.end.reason.message
    assert played.end.reason.hint
    assert played.seen == ["give(number=0)", "fetch_all()"]


def test_a_for_over_just_enough_is_run_to_its_end() -> None:
    played = play("for n in fetch_all():\n    give(n)\n", World((0,) * MAX_FOR_TRIPS))
    assert isinstance(played.end, Finish)
    assert len(played.seen) == MAX_FOR_TRIPS + 1
