"""Any text as a tool's contract: clauses that are written back alike, or a diagnostic."""

from __future__ import annotations

from typing import Any, Final

from agentjit.compiler.contracts import prove
from agentjit.compiler.lower import lower
from agentjit.compiler.parse import parse_plan
from agentjit.diagnostics import Diagnostic
from agentjit.errors import ToolsetError
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool
from agentjit.toolspecs.contract import Clause, Contract
from agentjit.toolspecs.grammar import parse_clauses
from agentjit.toolspecs.stubs import render_stubs
from tests.compiler.shop import SHOP, Store, observe
from tests.fuzz.target import Target
from tests.fuzz.targets.answers import show_all

#: Between what a tool requires and what it ensures.
AND_THEN: Final = " ; "

STATE: Final = StateModel(
    (
        StateVar("page", values=("home", "store", "it's"), start="home"),
        StateVar("chosen", type=str),
        StateVar("count", type=int, start=0),
        StateVar("open", type=bool, start=False),
    )
)
#: Calls that reach every combination of the two tools below.
USES: Final = Source("plan", "go('a', 1)\nfor s in ['b']:\n    go(s, 2)\ngo('c', 3)\nback()\n")


def declare(text: str) -> None:
    requires, _, ensures = text.partition(AND_THEN)
    for side in (requires, ensures):
        _round_trip(side)
    source = Source("contract", text)
    try:
        toolset = _toolset(requires, ensures)
    except ToolsetError as error:
        show_all(error.diagnostics, source)
        return
    assert render_stubs(toolset)
    assert toolset.version
    tree = parse_plan(USES)
    assert not isinstance(tree, Diagnostic)
    program, hidden = lower(tree, USES, toolset)
    assert not hidden
    if found := prove(program, toolset).found:
        show_all(found, USES)


def _round_trip(text: str) -> None:
    source = Source("t", text)
    clauses = parse_clauses(source)
    if isinstance(clauses, Diagnostic):
        show_all((clauses,), source)
        return
    shown = Contract(requires=clauses).show_requires()
    again = parse_clauses(Source("t", shown))
    assert not isinstance(again, Diagnostic), f"does not parse back: {shown}"
    assert list(map(_shape, again)) == list(map(_shape, clauses)), f"parses back to else: {shown}"
    assert Contract(ensures=again).show_ensures() == shown


def _shape(clause: Clause) -> tuple[str, ...]:
    """A clause without its place; True told from 1."""
    parts = (getattr(clause, part, None) for part in ("var", "value", "values"))
    return (type(clause).__name__, *map(repr, parts))


def _toolset(requires: str, ensures: str) -> Toolset:
    @tool(requires=requires, ensures=ensures, effect=Effect.NAVIGATE)
    async def go(page: Any, name: str, size: int) -> Store:
        """Go somewhere."""
        raise NotImplementedError

    @tool(
        ensures="page == 'home', chosen == None, count == 0, open == False", effect=Effect.NAVIGATE
    )
    async def back(page: Any) -> None:
        """Go back."""

    return Toolset(name="any", title="Any", state=STATE, observe=observe, tools=(go, back))


SEEDS: Final = (
    *(
        f"{t.contract.show_requires()}{AND_THEN}{t.contract.show_ensures()}"
        for t in SHOP.tools
        if t.contract.requires or t.contract.ensures
    ),
    "page in {'home', 'store'}, chosen == $name ; page == 'it\\'s', chosen == $name",
    "count == $size ; count == $size",
    "page != 'home', count != 3, open == False ; chosen == result.name, forgets count",
    "chosen known, count in {1, -2} ; page in {\"it's\", 'home'}, chosen known, count == None,",
    "chosen == 'a\\nb\\\\' ; chosen == result, count == result.rating",
)
TOKENS: Final = tuple(
    """page chosen count open == != = in known forgets result . $ { } , ; 'home' 'store' "it's" 3 -1
    True None False < and or is not result.name result.rating $name $size \\ ' " \\n
    999999999999999999 0 00 -0 {'home'} {1,2}""".split()
)

TARGET: Final = Target("contracts", declare, SEEDS, TOKENS)
