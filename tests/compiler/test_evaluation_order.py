"""Lowering keeps Python's order of calls, their arguments and the values that come of them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.expressions import random_text
from tests.compiler.running import restricted, run_lowered, run_python
from tests.laws import LAW

WRITTEN = {
    "siblings": "x = [num(1), len([1]), num(2), flag(3)]",
    "a pure sibling is computed before the call after it": "x = [1 // 0, num(1)]",
    "a pure sibling after a call waits": "x = [num(1), 1 // 0, num(2)]",
    "arguments by name": "x = num(y=num(1), x=num(2))",
    "and": "x = flag(1) and flag(2) and flag(3) and flag(4)",
    "or": "x = not flag(1) or not flag(2) or flag(3)",
    "ternary": "x = num(1) if flag(2) else num(3)\ny = num(4) if not flag(5) else num(6)",
    "chain": "x = num(1) < num(2) < num(3) < num(4)",
    "chain of a pure middle": "x = num(1) < 1 // 1 < num(3)",
    "filters": "x = [num(i) for i in items(1) if flag(i) if num(i) > 0]",
    "nested loops": "x = [num(i, j) for i in items(3) for j in items(i) if flag(j)]",
    "dict of a comprehension": "x = {num(i): num(-i) for i in [1, 2, 3]}",
    "set of a comprehension": "x = sorted({num(i) for i in [1, 2, 3]})",
    "any": "x = any(flag(i) and num(i) > 0 for i in [1, 2, 3])",
    "all": "x = all(flag(i) for i in [1, 2, 3] if num(i) < 9)",
    "sum": "x = sum(num(i) for i in [1, 2, 3])",
    "min with a default": "x = min((num(i) for i in items(0) if flag(i)), default=7)",
    "a generator over a call": "x = sum(i * 2 for i in items(1)) + num(2)",
    "its source comes before its siblings": "x = sum((i for i in items(1)), num(2))",
    "join": "x = ','.join(str(num(i)) for i in [1, 2])",
    "extend": "xs = [0]\nxs.extend(num(i) for i in [1, 2])",
    "next": "x = next(i for i in [*items(1), 5] if i > 1)",
    "next with a default": "x = next((i for i in items(1) if i > 8), None)",
    "f-string": "x = f'{num(1)}{num(2)!r:>{abs(num(3))}}'",
    "subscript": "x = [num(1), num(2), num(3)][abs(num(4)) % 3]",
    "slice": "x = [1, 2, 3, 4][num(1):num(2):abs(num(3)) + 1]",
    "dict display": "x = {num(1): num(2), **{5: num(3)}, num(4): flag(5)}",
    "starred": "x = [*items(1), num(2), *items(3)]",
    "receiver": "x = items(3).count(num(1))",
    "mutation with a call's result": "xs = [1]\nxs.append(num(len(xs)))\ny = xs.pop(num(1) * 0)",
    "a loop over a copy": "xs = [1, 2]\nfor x in list(xs):\n    xs.remove(x)\n    num(x)",
    "target after value": "d = {}\nd[num(1)] = num(2)",
    "targets from left to right": "d = {}\nd[num(1)], d[num(2)] = num(3), num(4)",
    "value fails before the target": "d = {}\nd[num(1)] = 1 // 0",
    "augmented target before value": "d = {6 % 5: 1}\nd[num(1)] += num(2)",
    "augmented target is read first": "d = {}\nd['x'] += num(2)",
    "nested target": "d = [[1, 2]]\nd[0][abs(num(1)) % 2] = num(2)",
    "target of a call's result": "items(3)[0] = num(1)",
    "two names": "x = y = num(1)",
    "unpacking": "x, *y = [num(1), num(2), num(3)]",
    "loop target hides": "i = 9\nx = [num(i) for i in [1, 2]]\ny = i",
    "inner hides outer": "x = [[num(i) for i in items(i)] + [i] for i in [1, 2, 3]]",
    "lambda hides": "x = [max([i, num(i)], key=lambda i: -i) for i in [1, 2]]\ni = 3",
    "lambda's default is the outer one": (
        "x = [max([1, num(i)], key=lambda v, k=i: v * k) for i in [1, -1]]\ni = 3"
    ),
    "first iterable is outside": "i = [1, 2]\nx = [num(i) for i in i]",
    "for else": "for i in items(2):\n    num(i)\n    if flag(i):\n        break\nelse:\n    num(9)",
    "while": "n = 0\nwhile n < 5 and flag(n):\n    n += 1 + abs(num(n))\nelse:\n    num(9)",
    "continue": "for i in [1, 2, 3]:\n    if flag(i):\n        continue\n    num(i)",
    "helper": "def twice(v):\n    return 2 * v\nx = twice(num(twice(1))) + num(2)",
    "as many operands as there may be": f"x = {' and '.join(['[num(1)]'] * 200)}",
    "as many comparisons as there may be": f"x = {' != '.join(['[items(1)]'] * 200)}",
    "as many filters as there may be": f"x = [1 for i in [1]{' if [num(i)]' * 199}]",
    "question": "x = ai_eval(a=num(1), question=str(num(2)), b=num(3))",
    "a call as a statement": "num(1)\nitems(2)\nnum(3)",
    "multi-line text": 'x = """a\nb""" + str(num(1))',
}


def same(text: str) -> bool:
    """Whether both ways of running a plan make the same calls and come to the same values."""
    python = run_python(text)
    return restricted(run_lowered(text), python) == python


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_lowered_plan_does_what_python_does(text: str) -> None:
    assert same(text)


@settings(LAW, max_examples=50)
@given(st.randoms(use_true_random=False))
def test_any_lowered_plan_does_what_python_does(chance: Random) -> None:
    text = random_text(chance)
    assert same(text), text


def test_many_plans_do_what_python_does() -> None:
    for seed in range(80):
        text = random_text(Random(seed))
        assert same(text), f"{seed}\n{text}"
