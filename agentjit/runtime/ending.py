"""Hold what a plan promises for its end against the page on which it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentjit.compiler.atoms import Literal
from agentjit.compiler.facts import Facts
from agentjit.errors import ContractBroken
from agentjit.runtime.calling import SETTLE_SECONDS, Caller
from agentjit.runtime.observing import wait_for
from agentjit.source import Span
from agentjit.toolspecs.contract import OneOf
from agentjit.toolspecs.state import Scope

if TYPE_CHECKING:
    from playwright.async_api import Page


def promises(caller: Caller, final: Facts, *, tab: bool) -> tuple[OneOf, ...]:
    """What was proven of the end, where the plan or a contract has the value itself."""
    nowhere, found = Span(1, 1, 1, 1), list[OneOf]()
    for name, fact in final.state.items():
        variable = caller.toolset.state.get(name)
        if variable is None or (variable.scope is Scope.TAB and not tab):
            continue
        values = [atom.value for atom in fact.atoms or () if isinstance(atom, Literal)]
        if fact.atoms and len(values) == len(fact.atoms):
            found.append(OneOf(name, tuple(values), nowhere))
    return tuple(found)


async def check_goal(caller: Caller, page: Page, final: Facts, *, tab: bool) -> None:
    """Raise ContractBroken where the page contradicts what holds at the plan's end.

    Without `tab` the page is a fresh one, and only the account's facts are looked for.
    """
    seen = await wait_for(
        promises(caller, final, tab=tab),
        lambda: caller.look(page),
        {},
        seconds=SETTLE_SECONDS,
        clock=caller.clock,
    )
    if seen.broken:
        clause = seen.broken[0]
        raise ContractBroken(
            f"at the plan's end `{clause}` should hold, but on the page {clause.var} is "
            f"{seen.state.get(clause.var)!r}",
            "what was done stays done; look at the site before you run it again",
        )
