"""Whatever text comes in, the compiler answers with a program or with diagnostics."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.limits import MAX_PLAN_CHARS
from agentjit.diagnostics import render_all
from agentjit.source import Source
from tests.compiler.cases import cases_in
from tests.compiler.shop import SHOP
from tests.laws import LAW

PLANS = [case.source.text for folder in ("accepted", "rejected") for case in cases_in(folder)]
PIECES = sorted({word for plan in PLANS for word in plan.replace("(", " ( ").split(" ")})


def answer(text: str) -> CheckedProgram | str:
    """The program, or the diagnostics, rendered: rendering must not fail either."""
    source = Source("plan", text)
    checked = check(source, SHOP, task="order a taco")
    if isinstance(checked, CheckedProgram):
        assert checked.show()
        return checked
    assert checked
    for diagnostic in checked:
        assert diagnostic.to_json()
        if diagnostic.span is not None:
            assert diagnostic.span.line >= 1
            assert diagnostic.span.column >= 1
            assert diagnostic.span.line <= len(source.lines())
    return render_all(checked, source)


def mutated(plan: str, chance: Random) -> str:
    """A plan with a few characters, words or lines dropped, doubled, swapped or put in."""
    for _ in range(chance.randint(1, 3)):
        glue = chance.choice(("", " ", "\n"))
        parts = list(plan) if glue == "" else plan.split(glue)
        at, other = chance.randrange(len(parts) or 1), chance.randrange(len(parts) or 1)
        match chance.randrange(4) if parts else 3:
            case 0:
                del parts[at]
            case 1:
                parts.insert(other, parts[at])
            case 2:
                parts[at], parts[other] = parts[other], parts[at]
            case _:
                parts.insert(at, chance.choice(PIECES))
        plan = glue.join(parts)
    return plan


@settings(LAW, max_examples=80)
@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_any_text_gets_an_answer(text: str) -> None:
    answer(text)


@settings(LAW, max_examples=80)
@given(st.sampled_from(PLANS), st.randoms(use_true_random=False))
def test_any_mutated_plan_gets_an_answer(plan: str, chance: Random) -> None:
    answer(mutated(plan, chance))


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "x = '\ud800'",
        "\ufeffx = 1",
        "x = 1\\",
        "\x0cx = 1\nif x:\n\x0c    y = 2",
        "x = 1\rif x:\r    y = 2\r",
        "if True:\n\tx = 1\n\tif x:\n\t\ty = 2",
        "x = '\u2028'; y = 'a'.upper()",
        "-" * 50_000 + "1",
        "not " * 10_000 + "1",
        "x" + "[0]" * 10_000,
        "1" + "+1" * 10_000,
        "x = " + "9" * 10_000,
        "x = 1e999",
        "x = 2 ** 10 ** 8",
        "x = 1 << 10 ** 9",
        "x = 'a' * 10 ** 9",
        "x = [1] * 10 ** 9",
        "x = 0x" + "f" * 10_000,
        "if 1:\n pass\n" + "elif 1:\n pass\n" * 5_000,
        "(" * 30_000,
        "x = '" + "(" * 30_000 + "'",
        "x = 1\n" * 3_000,
        "f'{'" * 100,
        "lambda: " * 5_000 + "1",
        "a = b = " * 5_000 + "1",
        "x = {1: 2, **3}",
        "break",
        "for x in []:\n    def f(): break",
        "def f():\n    continue",
        "nonlocal x",
        "x: int = y: str",
        "*x = 1",
        "*a, *b = [1]",
        "f(**a, *b)",
        "None = 1",
        "__debug__ = 1",
        "lambda x, x: 1",
        "dict(a=1, a=2)",
        "for goto_home() in []: pass",
        "goto_home() = 1",
        "goto_home() += 1",
        "[goto_home(), x] = 1, 2",
        "list_stores()[0], y = 1, 2",
        "x: goto_home() = 1",
        "def f(x=goto_home()): return x",
        "def f(x: goto_home()): return x",
        "ai_eval(**a, **b, question=x)",
        "ai_eval('q', returns=goto_home())",
        "ai_eval(goto_home(), question=goto_home())",
        "goto_store(goto_store=goto_store)",
        "result: int",
        "def result(): pass",
        "result = result",
    ],
    ids=range(54),
)
def test_an_odd_text_gets_an_answer(text: str) -> None:
    answer(text)


def test_a_text_over_the_limit_is_refused_unread() -> None:
    assert "plan-too-large" in str(answer("x = 1\n" * MAX_PLAN_CHARS))
