"""The scripts that Omnizon's tools run in its pages."""

from __future__ import annotations

from typing import Any, Final

from agentjit.errors import ToolError
from agentjit.sites.common.acting import PageScripts

SCRIPTS: Final = PageScripts("agentjit.sites.omnizon", ("in_page.js", "in_cart.js", "in_orders.js"))

#: Run one function of them, see PageScripts.act.
act = SCRIPTS.act


def not_offered(value: object, answer: Any) -> ToolError:
    """The error for a choice that the page does not offer."""
    return ToolError(f"{value!r} is not offered", f"offered: {', '.join(answer['offered'])}")
