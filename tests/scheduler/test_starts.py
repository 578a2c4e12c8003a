"""Which calls begin in any tab, and which in one that is at the site's start."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.scheduler.graph import Start, ToolNode, nodes_in
from agentjit.toolspecs import Effect, Toolset, tool
from tests.compiler.shop import SHOP
from tests.scheduler.measured import graph_of_plan

PLAN = """\
goto_store("Taco Bell")
add_to_cart("taco")
open_cart()
result = list_orders()
"""
ANYWHERE = "page == 'home', selected_store == None, cuisine == None"


async def _is_ready(page: Any) -> bool:
    raise NotImplementedError


def start_of_cart(**declared: Any) -> Start:
    """How the tab must be in which the cart is opened, by what is declared of that."""

    async def open_cart(page: Any) -> None:
        """Open the cart, whatever the tab shows."""

    opens = tool(**{"effect": Effect.NAVIGATE, "ensures": ANYWHERE, "resets_tab": True, **declared})
    tools = (*SHOP.tools, opens(open_cart))
    graph = graph_of_plan(PLAN, Toolset("shop", "", SHOP.state, SHOP.observe, tools))
    (found,) = (
        node.start
        for node in nodes_in(graph.root)
        if isinstance(node, ToolNode) and node.stmt.tool == "open_cart"
    )
    return found


def test_what_is_loaded_from_its_arguments_alone_begins_in_any_tab() -> None:
    assert start_of_cart() is Start.RESET


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param({"requires": "cart == 'filled'"}, id="the account"),
        pytest.param({"requires": "cart == 'filled', page != 'done'"}, id="the tab"),
        pytest.param({"ready": _is_ready}, id="whether it is ready"),
        pytest.param({"effect": Effect.WRITE}, id="what was there before"),
    ],
)
def test_where_the_tab_is_looked_at_first_it_is_at_the_start(declared: dict[str, Any]) -> None:
    # A used tab shows the account as it was before another tab changed it.
    assert start_of_cart(**declared) is Start.FRESH
