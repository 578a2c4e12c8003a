"""A write without an answer is settled by what a list says before and after, as far as it can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from agentjit.runtime.calling import Caller
from agentjit.runtime.witnessing import NOTHING, take_witness, tell
from agentjit.toolspecs import Effect, Tool, Toolset, tool
from tests.runtime.pretend import STATE, PretendPage, VirtualClock, observe


@tool(effect=Effect.READ, reads={"bin"})
async def list_kept(page: Any) -> list[str]:
    """List what is kept."""
    kept: list[str] = await page.act("list_kept")
    return kept


@tool(effect=Effect.WRITE, writes={"bin"})
async def throw_away(page: Any, names: list[str]) -> None:
    """Throw things away."""
    await page.act("throw_away", names=names)


@tool(effect=Effect.WRITE, writes={"post"})
async def post_card(page: Any, to: str) -> None:
    """Post a card, of which nothing is listed."""
    await page.act("post_card", to=to)


TOOLSET = Toolset("shelf", "A shelf", STATE, observe, (list_kept, throw_away, post_card))


class Shelf:
    """A page with a list on it."""

    def __init__(self, *kept: str) -> None:
        self.kept = list(kept)
        self.page = PretendPage({"screen": "home"}, {"list_kept": self._list})
        self.caller = Caller(TOOLSET, VirtualClock())

    async def _list(self, _: PretendPage) -> list[str]:
        return list(self.kept)

    async def attempt(self, tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
        page = cast("Any", self.page)
        witness = await take_witness(self.caller, tool, page, {}, arguments)
        return {"before": {}, "arguments": arguments, "witness": witness}

    async def tell(self, tool: Tool, attempt: Mapping[str, Any]) -> str:
        return await tell(self.caller, tool, cast("Any", self.page), attempt)


@pytest.mark.parametrize(
    ("names", "left", "told"),
    [
        (["a"], ["a", "b", "c"], "not-done"),
        (["a"], ["b", "c"], "done"),
        # One of two may be gone, and the other not.
        (["a", "b"], ["b", "c"], "unknown"),
        (["a", "b"], ["c"], "unknown"),
        (["a", "b"], ["a", "b", "c"], "not-done"),
    ],
)
async def test_a_list_tells_of_one_thing_whether_it_was_done(
    names: list[str], left: list[str], told: str
) -> None:
    shelf = Shelf("a", "b", "c")
    attempt = await shelf.attempt(throw_away, {"names": names})
    shelf.kept = left
    assert await shelf.tell(throw_away, attempt) == told


async def test_a_witness_is_read_without_looking_at_the_page_again() -> None:
    shelf = Shelf("a")
    await shelf.attempt(throw_away, {"names": ["a"]})
    assert (shelf.page.looks, shelf.page.done) == (0, ["list_kept"])


async def test_where_nothing_lists_what_was_done_it_is_unknown() -> None:
    shelf = Shelf("a")
    attempt = await shelf.attempt(post_card, {"to": "b"})
    assert attempt["witness"] == NOTHING
    assert await shelf.tell(post_card, attempt) == "unknown"
