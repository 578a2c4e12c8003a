"""Dashdish's contracts, clause by clause, held against the model of the site in every place."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs.tool import Tool
from tests.compiler.mutation.outcomes import BEYOND_THE_MODEL, Broken
from tests.compiler.mutation.places import ARGUMENTS, PLACES
from tests.compiler.mutation.running import holds, unmet
from tests.compiler.mutation.shopping import Shopping
from tests.compiler.mutation.worlds import usual_worlds


def at(place: str) -> Shopping:
    """The model, with tab and account brought somewhere."""
    shopping = Shopping(usual_worlds()[0])
    for name, arguments in PLACES[place]:
        shopping.call(name, arguments)
    return shopping


def works(shopping: Shopping, tool: Tool, arguments: dict[str, Any]) -> bool:
    """Whether the tool can act there, as far as the state model has words for it."""
    try:
        shopping.call(tool.name, arguments)
    except Broken as broken:
        return broken.cause in BEYOND_THE_MODEL
    return True


@pytest.mark.parametrize("tool", TOOLSET.tools, ids=lambda tool: tool.name)
def test_a_tool_works_where_its_requirement_holds_and_nowhere_else(tool: Tool) -> None:
    for place in PLACES:
        shopping = at(place)
        required = unmet(tool, shopping.observe()) is None
        acts = works(shopping, tool, ARGUMENTS.get(tool.name, {}))
        assert required is acts, place


@pytest.mark.parametrize("tool", TOOLSET.tools, ids=lambda tool: tool.name)
def test_after_a_call_what_it_ensures_holds_and_the_rest_is_as_before(tool: Tool) -> None:
    arguments = ARGUMENTS.get(tool.name, {})
    places = [place for place in PLACES if unmet(tool, at(place).observe()) is None]
    assert places
    for place in places:
        shopping = at(place)
        before = shopping.observe()
        shopping.call(tool.name, arguments)
        after = shopping.observe()
        for clause in tool.ensures:
            assert clause.var not in after or holds(clause, after, arguments), f"{place}: {clause}"
        named = {clause.var for clause in tool.ensures}
        kept = (before.keys() & after.keys()) - named
        assert {var: before[var] for var in kept} == {var: after[var] for var in kept}, place
