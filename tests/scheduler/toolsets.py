"""Random toolsets with footprints: what the law of the dependence graph is tried on."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from agentjit.errors import ToolsetError
from agentjit.source import Source, Span
from agentjit.toolspecs import Effect, Scope, StateModel, StateVar, Tool, Toolset
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Contract,
    Equals,
    Forgets,
    OneOf,
    ParamRef,
    Value,
)
from agentjit.toolspecs.effects import Touches
from agentjit.toolspecs.jsontypes import Field, JsonType, ListOf, Record, Scalar
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Param

_HERE: Final = Span(1, 1, 1, 1)
TEXT: Final = Scalar("str")
NOTHING: Final = Scalar("None")
THING: Final = Record("Thing", (Field("name", TEXT), Field("price", Scalar("float"))))
PAGES: Final = ("home", "item", "list")
RESOURCES: Final = ("cart", "mail", "orders")

#: What tools return, by the kind of value that plans know them for.
KINDS: Final[Mapping[str, JsonType]] = {
    "text": TEXT,
    "number": Scalar("int"),
    "price": Scalar("float"),
    "flag": Scalar("bool"),
    "texts": ListOf(TEXT),
    "thing": THING,
    "things": ListOf(THING),
}


async def _nothing(page: Any) -> None:
    """Never called: the toy site knows what tools do."""


async def _observe(page: Any) -> Mapping[str, StateValue]:
    return {}


STATE: Final = StateModel(
    (
        StateVar("page", values=PAGES, start="home"),
        StateVar("chosen"),
        StateVar("filter"),
        StateVar("stock", values=("some", "none"), start="none", scope=Scope.ACCOUNT),
    )
)


def random_toolset(chance: Random) -> Toolset:
    """Ways around the site, a tool for each kind of value, some that change the account."""
    while True:
        try:
            tools = tuple(_tools(chance))
            return Toolset(name="toy", title="", state=STATE, observe=_observe, tools=tools)
        except ToolsetError:
            # What it requires can never be, or the like: the next one.
            continue


def _tools(chance: Random) -> list[Tool]:
    return [
        _tool("home", Effect.NAVIGATE, NOTHING, ensures=_home(chance), resets=True),
        *(_navigation(f"go{number}", chance) for number in range(3)),
        *(_reading(f"{kind}_of", kind, chance) for kind in KINDS),
        _reading("texts_again", "texts", chance),
        *(_changing(f"put{number}", Effect.WRITE, chance) for number in range(2)),
        _changing("send", Effect.COMMIT, chance),
    ]


def _home(chance: Random) -> list[Clause]:
    """A page that is loaded anew has no filter, whether that is said or not."""
    given: list[tuple[str, StateValue]] = [("page", "home"), ("chosen", None), ("filter", None)]
    told = given[: chance.choice((1, 2, 3, 3, 3))]
    return [Equals(name, Constant(value), _HERE) for name, value in told]


def _navigation(name: str, chance: Random) -> Tool:
    params = (Param("what", TEXT),) if chance.random() < 0.7 else ()
    value: Value = ParamRef("what") if params else Constant(chance.choice((None, "a")))
    ensures: list[Clause] = [Equals("page", Constant(chance.choice(PAGES)), _HERE)]
    if chance.random() < 0.6:
        ensures.append(Equals(chance.choice(("chosen", "filter")), value, _HERE))
    if chance.random() < 0.1:
        ensures = [OneOf("page", ("home", "item"), _HERE), Forgets("chosen", _HERE)]
    requires = _required(chance, 0.3)
    reads = _resources(chance, 0.3)
    return _tool(
        name, Effect.NAVIGATE, NOTHING, params, requires=requires, ensures=ensures, reads=reads
    )


def _reading(name: str, kind: str, chance: Random) -> Tool:
    params = (Param("what", TEXT),) if chance.random() < 0.2 else ()
    requires = _required(chance, 0.35)
    reads = _resources(chance, 0.3)
    return _tool(name, Effect.READ, KINDS[kind], params, requires=requires, reads=reads)


def _changing(name: str, effect: Effect, chance: Random) -> Tool:
    params = (Param("what", TEXT),) if chance.random() < 0.6 else ()
    ensures: list[Clause] = []
    if chance.random() < 0.3:
        ensures.append(Equals("page", Constant(chance.choice(PAGES)), _HERE))
    if chance.random() < 0.3:
        ensures.append(Equals("stock", Constant(chance.choice(("some", "none"))), _HERE))
    writes = None if chance.random() < 0.15 else frozenset(chance.sample(RESOURCES, 1))
    return _tool(
        name,
        effect,
        chance.choice((NOTHING, TEXT)),
        params,
        requires=_required(chance, 0.2),
        ensures=ensures,
        reads=_resources(chance, 0.5),
        writes=writes,
    )


def _required(chance: Random, often: float) -> list[Clause]:
    found: list[Clause] = []
    if chance.random() < often:
        found.append(Equals("page", Constant(chance.choice(PAGES)), _HERE))
    if chance.random() < 0.05:
        found.append(Equals("stock", Constant("none"), _HERE))
    return found


def _resources(chance: Random, often: float) -> frozenset[str] | None:
    if chance.random() < 0.1:
        return None
    count = chance.choice((1, 2)) if chance.random() < often else 0
    return frozenset(chance.sample(RESOURCES, count))


def _tool(
    name: str,
    effect: Effect,
    returns: JsonType,
    params: tuple[Param, ...] = (),
    *,
    requires: list[Clause] | None = None,
    ensures: list[Clause] | None = None,
    reads: frozenset[str] | None = frozenset(),
    writes: frozenset[str] | None = frozenset(),
    resets: bool = False,
) -> Tool:
    contract = Contract(tuple(requires or ()), tuple(ensures or ()))
    return Tool(
        name=name,
        doc="A tool.",
        params=params,
        returns=returns,
        effect=effect,
        contract=contract,
        requires_source=Source(f"{name}.requires", contract.show_requires()),
        ensures_source=Source(f"{name}.ensures", contract.show_ensures()),
        touches=Touches(reads, writes),
        resets_tab=resets,
        verify="texts_of" if effect is Effect.COMMIT else None,
        body=_nothing,
    )
