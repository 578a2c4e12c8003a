"""What breaks and what to write instead, for the code of each diagnostic about a toolset.

The texts are parts of a toolset's file. Where they declare no STATE of their own, its variables are
`page` ('home' or 'store'), `store` (a text) and, of the account, `cart` ('empty' or 'filled'). A
test loads both sides of each.
"""

from __future__ import annotations

from typing import Final

from agentjit.cli.illustrations import Illustration

_READ: Final = 'async def list_stores(page: Page) -> list[Store]:\n    """List the stores."""'
_OPEN: Final = (
    'async def open_store(page: Page, name: str) -> None:\n    """Open a store\'s page."""'
)
_ADD: Final = (
    'async def add_item(page: Page, item: str) -> None:\n    """Put a dish into the cart."""'
)
_ORDER: Final = 'async def place_order(page: Page) -> None:\n    """Place the order."""'
_LIST_ORDERS: Final = (
    "@tool(effect=Effect.READ)\n"
    "async def list_orders(page: Page) -> list[str]:\n"
    '    """List all orders ever placed."""\n\n'
)


def _pair(body: str, breaks: str, instead: str) -> Illustration:
    """The same function under two decorators."""
    return Illustration(f"@tool({breaks})\n{body}", f"@tool({instead})\n{body}")


def _open(breaks: str, instead: str) -> Illustration:
    """As `_pair`, of the tool that opens a store."""
    effect = "effect=Effect.NAVIGATE"
    return _pair(_OPEN, f"ensures={breaks}, {effect}", f"ensures={instead}, {effect}")


TOOLSETS: Final = {
    "contract-syntax": _open("\"page = 'store'\"", "\"page == 'store'\""),
    "tool-signature": Illustration(
        "@tool(effect=Effect.READ)\n"
        'def list_stores(page: Page) -> set[str]:\n    """List the stores."""',
        "@tool(effect=Effect.READ)\n"
        'async def list_stores(page: Page) -> list[str]:\n    """List the stores."""',
    ),
    "bad-option": _pair(
        _ADD,
        'effect=Effect.WRITE, writes="cart"',
        'effect=Effect.WRITE, writes={"cart"}',
    ),
    "unknown-variable": _open("\"pag == 'store'\"", "\"page == 'store'\""),
    "impossible-value": _open("\"page == 'shop'\"", "\"page == 'store'\""),
    "bad-reference": _open('"store == $nam"', '"store == $name"'),
    "wrong-side": _open("\"page != 'home'\"", "\"page == 'store'\""),
    "contradictory-contract": _pair(
        _READ,
        "requires=\"page == 'home', page == 'store'\", effect=Effect.READ",
        "requires=\"page in {'home', 'store'}\", effect=Effect.READ",
    ),
    "effect-mismatch": _pair(
        _ADD,
        "ensures=\"cart == 'filled'\", effect=Effect.NAVIGATE",
        "ensures=\"cart == 'filled'\", effect=Effect.WRITE",
    ),
    "unreachable-precondition": Illustration(
        f"@tool(requires=\"cart == 'filled'\", effect=Effect.READ)\n{_READ}",
        f"@tool(requires=\"cart == 'filled'\", effect=Effect.READ)\n{_READ}\n\n"
        f"@tool(ensures=\"cart == 'filled'\", effect=Effect.WRITE)\n{_ADD}",
    ),
    "bad-provenance": Illustration(
        f"@tool(effect=Effect.READ)\n{_READ}\n\n"
        "@tool(effect=Effect.NAVIGATE)\n"
        "async def open_store(\n"
        '    page: Page, name: Annotated[str, From("list_stores.name")]\n) -> None:\n'
        '    """Open a store\'s page."""',
        f"@tool(effect=Effect.READ)\n{_READ}\n\n"
        "@tool(effect=Effect.NAVIGATE)\n"
        "async def open_store(\n"
        '    page: Page, name: Annotated[str, From("list_stores[].name")]\n) -> None:\n'
        '    """Open a store\'s page."""',
    ),
    "bad-commit": Illustration(
        f'{_LIST_ORDERS}@tool(effect=Effect.COMMIT, verify="list_order")\n{_ORDER}',
        f'{_LIST_ORDERS}@tool(effect=Effect.COMMIT, verify="list_orders")\n{_ORDER}',
    ),
    "name-clash": Illustration(
        "@tool(effect=Effect.READ)\n"
        'async def list(page: Page) -> int:\n    """Count the stores."""',
        "@tool(effect=Effect.READ)\n"
        'async def count_stores(page: Page) -> int:\n    """Count the stores."""',
    ),
    "bad-state-model": Illustration(
        'STATE = StateModel((StateVar("page", values=("home", "store"), start="hom"),))',
        'STATE = StateModel((StateVar("page", values=("home", "store"), start="home"),))',
    ),
    "bad-toolset": Illustration(
        "def observe(page: Page) -> dict[str, str]:\n    return {}",
        "async def observe(page: Page) -> dict[str, str]:\n    return {}",
    ),
    "unverifiable-commit": Illustration(
        f"@tool(effect=Effect.COMMIT)\n{_ORDER}",
        f'{_LIST_ORDERS}@tool(effect=Effect.COMMIT, verify="list_orders")\n{_ORDER}',
    ),
    "nothing-written": _pair(
        _ADD,
        "effect=Effect.WRITE, writes=()",
        'effect=Effect.WRITE, writes={"cart"}',
    ),
    "idle-option": _pair(
        _READ,
        "effect=Effect.READ, idempotent=True",
        "effect=Effect.READ",
    ),
    "dead-end": Illustration(
        f"@tool(requires=\"page == 'home'\", effect=Effect.READ)\n{_READ}\n\n"
        f"@tool(ensures=\"page == 'store'\", effect=Effect.NAVIGATE)\n{_OPEN}",
        f"@tool(requires=\"page == 'home'\", effect=Effect.READ)\n{_READ}\n\n"
        f"@tool(ensures=\"page == 'store'\", effect=Effect.NAVIGATE)\n{_OPEN}\n\n"
        "@tool(ensures=\"page == 'home'\", effect=Effect.NAVIGATE)\n"
        'async def go_home(page: Page) -> None:\n    """Go back to the home page."""',
    ),
    "unused-variable": Illustration(
        'STATE = StateModel((StateVar("sorted_by"),))\n\n'
        "@tool(effect=Effect.NAVIGATE)\n"
        'async def sort(page: Page, by: str) -> None:\n    """Sort the stores."""',
        'STATE = StateModel((StateVar("sorted_by"),))\n\n'
        '@tool(ensures="sorted_by == $by", effect=Effect.NAVIGATE)\n'
        'async def sort(page: Page, by: str) -> None:\n    """Sort the stores."""',
    ),
    "stale-example": _pair(
        _OPEN,
        "effect=Effect.NAVIGATE, examples=(\"open_store(title='Taco Bell')\",)",
        "effect=Effect.NAVIGATE, examples=(\"open_store('Taco Bell')\",)",
    ),
}
