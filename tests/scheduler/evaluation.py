"""Python itself as the sandbox of the tests, and values as they cross from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from agentjit.compiler.ir import Program

Names = dict[str, Any]


class CodeFailed(Exception):
    """Pure code raised."""


@lru_cache(maxsize=20_000)
def _compiled(text: str, mode: str) -> CodeType:
    return compile(text, "plan", mode)


def new_names(program: Program) -> Names:
    """An empty sandbox, with the program's helpers."""
    names: Names = {}
    for _, text in program.helpers:
        exec(_compiled(text, "exec"), names)
    return names


def evaluate(text: str, names: Names) -> Any:
    """The value of an expression. Raises CodeFailed."""
    return _guarded(_compiled(text, "eval"), names)


def execute(text: str, names: Names) -> None:
    """Run statements. Raises CodeFailed."""
    _guarded(_compiled(text, "exec"), names)


def _guarded(code: CodeType, names: Names) -> Any:
    try:
        return eval(code, names)
    except (
        ArithmeticError,
        LookupError,
        NameError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise CodeFailed(repr(error)) from error


def crossed(value: Any) -> Any:
    """The value in another sandbox: equal, and shared with nothing."""
    return eval(
        repr(value), {"nan": float("nan"), "inf": float("inf"), "__builtins__": {"set": set}}
    )


def copied(names: Mapping[str, Any], wanted: frozenset[str] | tuple[str, ...]) -> Names:
    """Copies of these names' values, where they have any."""
    return {name: crossed(names[name]) for name in sorted(wanted) if name in names}
