"""Random toolsets with contracts: the ground that random plans stand on.

All chance comes from one `random.Random`, so that Hypothesis can steer and shrink it, and a seed
repeats a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final

from agentjit.errors import ToolsetError
from agentjit.source import Source, Span
from agentjit.toolspecs import Effect, StateModel, StateVar, Tool, Toolset
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Contract,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
    Value,
)
from agentjit.toolspecs.jsontypes import Either, Field, JsonType, ListOf, Record, Scalar
from agentjit.toolspecs.messages import ToolDiagnostic
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Param
from tests.compiler.reference import TEXTS

_HERE: Final = Span(1, 1, 1, 1)
TEXT: Final = Scalar("str")
OPTIONAL: Final = Either((Scalar("str"), Scalar("None")))
RECORD: Final = Record("Thing", (Field("name", TEXT), Field("other", OPTIONAL)))


async def _nothing(page: Any) -> None:
    """Never called: the interpreter moves the state by the contract."""


async def _observe(page: Any) -> Mapping[str, StateValue]:
    return {}


def _tool(name: str, returns: JsonType, contract: Contract, params: tuple[Param, ...] = ()) -> Tool:
    return Tool(
        name=name,
        doc="A tool.",
        params=params,
        returns=returns,
        effect=Effect.WRITE,
        contract=contract,
        requires_source=Source(f"{name}.requires", contract.show_requires()),
        ensures_source=Source(f"{name}.ensures", contract.show_ensures()),
        body=_nothing,
    )


#: Tools without contracts that bring unknown values into a plan.
SOURCES: Final = (
    _tool("flip", Scalar("bool"), Contract()),
    _tool("pick", TEXT, Contract()),
    _tool("maybe", OPTIONAL, Contract()),
    _tool("names", ListOf(TEXT), Contract()),
    _tool("thing", RECORD, Contract()),
)


def random_toolset(chance: Random) -> Toolset:
    """A toolset that lint accepts: three variables, and up to five tools with contracts."""
    state = StateModel(
        (
            StateVar("p", values=TEXTS, start=chance.choice(("a", None))),
            StateVar("s", start=chance.choice((None, "a"))),
            StateVar("b", type=bool, start=chance.choice((None, True))),
        )
    )
    tools = tuple(_random_tool(f"t{i}", chance) for i in range(chance.randint(2, 5)))
    while True:
        try:
            return Toolset(
                name="random", title="", state=state, observe=_observe, tools=(*SOURCES, *tools)
            )
        except ToolsetError as error:
            bad = {d.tool for d in error.diagnostics if isinstance(d, ToolDiagnostic)}
            tools = tuple(t for t in tools if t.name not in bad)


def _random_tool(name: str, chance: Random) -> Tool:
    params = tuple(
        Param(f"a{i}", chance.choice((TEXT, TEXT, OPTIONAL))) for i in range(chance.randint(0, 2))
    )
    if params and chance.random() < 0.3:
        params = (*params[:-1], replace(params[-1], default="a"))
    returns = chance.choice((Scalar("None"), TEXT, OPTIONAL, RECORD))
    wanted = [v for v in ("p", "s", "b") if chance.random() < 0.35]
    given = [v for v in ("p", "s", "b") if chance.random() < 0.5]
    return _tool(
        name,
        returns,
        Contract(
            tuple(_requirement(v, params, chance) for v in wanted),
            tuple(_promise(v, params, returns, chance) for v in given),
        ),
        params,
    )


def _requirement(var: str, params: tuple[Param, ...], chance: Random) -> Clause:
    value: Value = Constant(_literal(var, chance))
    if var == "s" and params and chance.random() < 0.5:
        value = ParamRef(chance.choice(params).name)
    match chance.randrange(6):
        case 0:
            return Known(var, _HERE)
        case 1:
            return Differs(var, value, _HERE)
        case 2:
            return OneOf(var, (_literal(var, chance), _literal(var, chance)), _HERE)
        case 3:
            return Differs(var, Constant(None), _HERE)
        case _:
            return Equals(var, value, _HERE)


def _promise(var: str, params: tuple[Param, ...], returns: JsonType, chance: Random) -> Clause:
    value: Value = Constant(_literal(var, chance))
    if var == "s":
        choices: list[Value] = [value, *(ParamRef(p.name) for p in params)]
        if returns in (TEXT, OPTIONAL):
            choices.append(ResultRef(()))
        if returns == RECORD:
            choices += [ResultRef(("name",)), ResultRef(("other",))]
        value = chance.choice(choices)
    match chance.randrange(8):
        case 0:
            return Known(var, _HERE)
        case 1:
            return Forgets(var, _HERE)
        case 2:
            return OneOf(var, (_literal(var, chance), _literal(var, chance)), _HERE)
        case _:
            return Equals(var, value, _HERE)


def _literal(var: str, chance: Random) -> StateValue:
    if chance.random() < 0.15:
        return None
    return chance.random() < 0.5 if var == "b" else chance.choice(TEXTS)
