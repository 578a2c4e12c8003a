"""The same calls in the model and on the real pages, the tools' bodies called without any guard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import ToolError
from agentjit.sites.dashdish.record import show_account
from agentjit.sites.dashdish.tools import TOOLSET
from tests.compiler.mutation.outcomes import Broken, Refused
from tests.compiler.mutation.shopping import Shopping
from tests.sites.dashdish.customer import Customer

#: Seconds that a tool has which is expected to do something, and one that is expected to wait.
PATIENCE: Final = 10.0
IMPATIENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Done:
    """A call did something: it returned, it failed, or it waits for what will not come."""

    how: str
    value: Any = None


async def compare_call(
    customer: Customer, shopping: Shopping, name: str, arguments: Mapping[str, Any]
) -> Done:
    """Call a tool in both, and see that it does the same; returns what it did."""
    expected = _in_model(shopping, name, arguments)
    actual = await _on_page(customer, name, arguments)
    assert actual == expected, f"{name}({dict(arguments)})"
    return expected


async def compare_ends(customer: Customer, shopping: Shopping) -> None:
    """See that the account and what the tab shows are the same in both."""
    await compare_accounts(customer, shopping)
    assert dict(await customer.observe()) == shopping.observe()


async def compare_accounts(customer: Customer, shopping: Shopping) -> None:
    """See that cart, orders and the choices at checkout are the same in both."""
    actual, expected = await customer.record(), show_account(shopping.account)
    assert _comparable(actual) == _comparable(expected)


def _in_model(shopping: Shopping, name: str, arguments: Mapping[str, Any]) -> Done:
    try:
        return Done("returns", _comparable(shopping.call(name, arguments)))
    except (Broken, Refused):
        return Done("fails")


async def _on_page(customer: Customer, name: str, arguments: Mapping[str, Any]) -> Done:
    customer.page.set_default_timeout(PATIENCE * 1000)
    tool = TOOLSET.by_name[name]
    given = {p.name: arguments.get(p.name, p.default) for p in tool.params}
    try:
        value = await asyncio.wait_for(tool.body(customer.page, **given), PATIENCE)
    except (ToolError, PlaywrightError):
        return Done("fails")
    return Done("returns", _comparable(value))


def _comparable(value: Any) -> Any:
    """As JSON, without what no two orders share: their numbers and times."""
    return _without_stamps(json.loads(json.dumps(value)))


def _without_stamps(value: Any) -> Any:
    match value:
        case dict():
            stamps = {"order_id", "orderId", "placed_at", "placedAt"}
            return {k: None if k in stamps else _without_stamps(v) for k, v in value.items()}
        case list():
            return [_without_stamps(each) for each in value]
        case _:
            return value
