"""Stubs: what a type checker is told of a toolset."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from agentjit.compiler import CheckedProgram, check
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, Tool, Toolset, tool
from agentjit.toolspecs.stubs import render_stubs
from tests.compiler.shop import SHOP
from tests.conftest import Golden
from tests.toolspecs.broken import observe

Priced = TypedDict("Priced", {"unit price": float, "class": str})


class Nothing(TypedDict):
    """A record without keys."""


def made(returns: Any) -> Tool:
    """A tool called `look` that returns this."""

    async def look(page: Any) -> Any:
        """Look."""
        raise NotImplementedError

    look.__annotations__["return"] = returns
    return tool(effect=Effect.READ)(look)


def test_the_shops_stubs(golden: Golden) -> None:
    golden("stubs/shop.pyi.txt", render_stubs(SHOP))


PRICED: Final = Toolset(
    name="priced",
    title="Keys that are no names",
    state=StateModel(()),
    observe=observe,
    tools=(made(list[Priced]),),
)


def test_keys_that_are_no_names_are_checked_too() -> None:
    good = check(Source("plan", "x = look()[0]['unit price'] + 1"), PRICED)
    assert isinstance(good, CheckedProgram)
    bad = check(Source("plan", "x = look()[0]['price']"), PRICED)
    assert isinstance(bad, tuple)
    assert [d.code for d in bad] == ["type-mismatch"]


def test_a_record_may_be_empty() -> None:
    empty = Toolset(
        name="empty", title="", state=StateModel(()), observe=observe, tools=(made(Nothing),)
    )
    assert "class Nothing(TypedDict):\n    pass\n" in render_stubs(empty)
    assert isinstance(check(Source("plan", "x = look()"), empty), CheckedProgram)
