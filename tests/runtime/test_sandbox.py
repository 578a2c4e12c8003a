"""Pure code in the real sandbox: values come out as JSON, errors with their line, limits hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from agentjit.runtime import sandbox as module
from agentjit.runtime.sandbox import MAX_DEPTH, MAX_DIGITS, CodeFailed, Sandbox, open_sandbox
from agentjit.runtime.sandbox import to_json as as_json


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with open_sandbox() as opened:
        yield opened


async def test_variables_stay_from_one_piece_of_code_to_the_next(sandbox: Sandbox) -> None:
    assert await sandbox.run("a = 1\na + b", {"b": 2}) == 3
    assert await sandbox.run("def twice(n):\n    return n * 2\ntwice(a + b)", {}) == 6
    assert await sandbox.run("b = 5\ntwice(b)", {}) == 10


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("(1, (2, 3))", [1, [2, 3]]),
        ("{3, 1, 2.5}", [1, 2.5, 3]),
        ("{'b', 'a'}", ["a", "b"]),
        ("{1: 'a', None: (1,)}", {"1": "a", "None": [1]}),
        ("[n for n in range(3)]", [0, 1, 2]),
        ("list({'a': 1}.items())", [["a", 1]]),
        ("True", True),
        ("None", None),
        ("f'{1.5:.2f}'", "1.50"),
        ("float('inf')", "inf"),
        ("float('nan')", "nan"),
        ("b'x'", "b'x'"),
    ],
)
async def test_values_come_out_as_json(sandbox: Sandbox, code: str, value: Any) -> None:
    found = await sandbox.run(code, {})
    assert found == value
    assert type(found) is type(value)


def test_sets_that_have_no_order_of_their_own_still_come_out_in_one() -> None:
    assert as_json({(None, 1), (2, 1)}) == as_json({(2, 1), (None, 1)}) == [[2, 1], [None, 1]]
    assert as_json({"a", None, 1}) == ["a", 1, None]


@pytest.mark.parametrize(
    ("code", "said", "line"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero", 1),
        ("a = []\nb = 1\n\na[b]", "IndexError", 4),
        ("def f(n):\n    return n['x']\na = {}\nf(a)", "KeyError", 4),
        ("min([])", "ValueError", 1),
        ("a = 1\nif True:\n    undefined", "NameError: name 'undefined' is not defined", 3),
        ("1 +", "Expected an expression", None),
    ],
)
async def test_errors_say_what_and_in_which_line(
    sandbox: Sandbox, code: str, said: str, line: int | None
) -> None:
    with pytest.raises(CodeFailed) as caught:
        await sandbox.run(code, {})
    assert said in caught.value.message
    assert caught.value.line == line
    assert caught.value.exit_code == 1


async def test_an_error_does_not_end_the_sandbox(sandbox: Sandbox) -> None:
    with pytest.raises(CodeFailed):
        await sandbox.run("a = 5\n1 / 0", {})
    assert await sandbox.run("a", {}) == 5


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/hostname').read()",
        "import os\nos.listdir('/')",
        "import subprocess\nsubprocess.run(['true'])",
        "__import__('socket')",
        "().__class__.__bases__[0].__subclasses__()",
        "import os\nos.environ['HOME']",
    ],
)
async def test_the_host_cannot_be_reached(sandbox: Sandbox, code: str) -> None:
    with pytest.raises(CodeFailed):
        await sandbox.run(code, {})


async def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SECONDS", 0.2)
    async with open_sandbox() as sandbox:
        with pytest.raises(CodeFailed, match=r"ran for more than 0.2 s"):
            await sandbox.run("while True:\n    pass", {})


async def test_memory_is_limited(sandbox: Sandbox) -> None:
    with pytest.raises(CodeFailed, match="memory"):
        await sandbox.run("a = 1\n'x' * (10 ** 9)", {})


async def test_endless_recursion_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(CodeFailed, match="RecursionError"):
        await sandbox.run("def f():\n    return f()\nf()", {})


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("a = []\nfor i in range(5000):\n    a = [a]\na", "lists inside one another"),
        (f"a = []\nfor i in range({MAX_DEPTH + 1}):\n    a = [a]\na", "lists inside one another"),
        (f"10 ** {MAX_DIGITS}", "digits"),
        ("-(10 ** 5000)", "digits"),
    ],
)
async def test_what_no_reader_of_json_could_take_is_an_error(
    sandbox: Sandbox, code: str, said: str
) -> None:
    with pytest.raises(CodeFailed, match=said):
        await sandbox.run(code, {})


async def test_a_list_that_holds_itself_is_no_crash(sandbox: Sandbox) -> None:
    assert await sandbox.run("a = [1]\na.append(a)\na", {}) == [1, "[...]"]


async def test_what_cannot_enter_the_sandbox_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(CodeFailed):
        await sandbox.run("a", {"a": object()})
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(CodeFailed):
        await sandbox.run("a", {"a": circle})
