"""Broken toolsets, one for each thing that lint knows to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, TypedDict

from agentjit.diagnostics import Diagnostic
from agentjit.errors import ToolsetError
from agentjit.toolspecs import (
    Effect,
    From,
    Param,
    Scope,
    StateModel,
    StateValue,
    StateVar,
    Tool,
    Toolset,
    lint,
    tool,
)

STATE: Final = StateModel(
    (
        StateVar("page", values=("home", "store"), start="home"),
        StateVar("selected", type=str),
        StateVar("count", type=int, start=0),
        StateVar("cart", values=("empty", "filled"), start="empty", scope=Scope.ACCOUNT),
    )
)


#: For what is told of toolsets that are sound so far: no variable goes unused.
BARE: Final = StateModel(())


class Thing(TypedDict):
    """A thing."""

    name: str
    size: int


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is ever seen."""
    return {}


def toolset(*tools: Tool, state: StateModel = STATE) -> Toolset:
    """A toolset of these tools."""
    return Toolset(name="broken", title="Broken", state=state, observe=observe, tools=tools)


def reader(requires: str = "", ensures: str = "", **options: Any) -> Tool:
    """A tool called `look`."""

    async def look(page: Any, name: str = "", size: int = 0) -> Thing:
        """Look."""
        raise NotImplementedError

    return tool(requires=requires, ensures=ensures, effect=Effect.READ, **options)(look)


def mover(requires: str = "", ensures: str = "", effect: Effect = Effect.WRITE) -> Tool:
    """A tool called `move`."""

    async def move(page: Any, name: str = "", size: int = 0) -> Thing:
        """Move."""
        raise NotImplementedError

    return tool(requires=requires, ensures=ensures, effect=effect)(move)


def ordering(**options: Any) -> Tool:
    """A COMMIT called `order`."""

    async def order(page: Any) -> None:
        """Order."""

    return tool(effect=Effect.COMMIT, **options)(order)


def taking(origin: str) -> Tool:
    """A tool called `take` whose argument has an origin."""

    async def take(page: Any, name: str) -> None:
        """Take."""

    made = tool(effect=Effect.WRITE)(take)
    param = Param("name", made.params[0].type, origin=From(origin))
    return Tool(**{**{f: getattr(made, f) for f in made.__slots__}, "params": (param,)})


def named(name: str) -> Tool:
    """A tool of another name."""

    async def body(page: Any) -> list[Thing]:
        """Do."""
        raise NotImplementedError

    body.__name__ = name
    return tool(effect=Effect.READ)(body)


def declared(body: Callable[..., Any]) -> Tool:
    """A tool made of whatever this is."""
    return tool(effect=Effect.READ)(body)


def bare(page: Any, name, *rest: str):  # type: ignore[no-untyped-def]
    pass


async def no_page() -> None:
    """Has no page."""


async def odd_types(page: Any, when: complex, parts: dict[int, str]) -> Literal[b"x"]:
    """Takes what is not JSON."""
    raise NotImplementedError


async def unresolved(page: Any, name: "Nowhere") -> None:  # type: ignore[name-defined]  # noqa: F821, UP037
    """Names a type that is not there."""


async def odd_default(page: Any, size: int = "three") -> None:  # type: ignore[assignment]
    """Has a default of another type."""


async def needy(page: Any, name: str) -> None:
    """Need a name."""


def _other_thing() -> Tool:
    class Thing(TypedDict):
        name: str

    async def other(page: Any) -> Thing:
        """Return another thing."""
        raise NotImplementedError

    other.__annotations__["return"] = Thing
    return declared(other)


def _state(*variables: StateVar) -> StateModel:
    return StateModel(variables)


#: By name: what makes the toolset.
BROKEN: Final[dict[str, Callable[[], Toolset]]] = {
    "contract_syntax_assignment": lambda: toolset(reader("page = 'home'")),
    "contract_syntax_and": lambda: toolset(reader("page == 'home' and count == 0")),
    "contract_syntax_comparison": lambda: toolset(reader("count > 3")),
    "contract_syntax_is": lambda: toolset(reader("selected is None")),
    "contract_syntax_unfinished": lambda: toolset(reader("page =="), mover("page in {")),
    "contract_syntax_quote": lambda: toolset(reader("page == 'home")),
    "unknown_variable": lambda: toolset(reader("pag == 'home'"), mover(ensures="forgets colour")),
    "impossible_value": lambda: toolset(
        reader("page == 'kitchen', count == 'three'"), mover(ensures="page in {'home', 'attic'}")
    ),
    "impossible_value_true_is_not_one": lambda: toolset(reader("count == True")),
    "bad_reference_parameter": lambda: toolset(reader("selected == $nam")),
    "bad_reference_result": lambda: toolset(
        mover("selected == result.name", "selected == result.nam")
    ),
    "bad_reference_type": lambda: toolset(mover("selected == $size", "count == result.name")),
    "bad_reference_record": lambda: toolset(mover(ensures="selected == result")),
    "wrong_side": lambda: toolset(mover("forgets selected", "page != 'home'")),
    "contradictory_contract": lambda: toolset(
        mover(
            "page == 'home', page == 'store', count in {1, 2}, count != 1, selected known, "
            "selected == None",
            "forgets cart, cart == 'empty'",
        )
    ),
    "effect_mismatch_read": lambda: toolset(reader(ensures="page == 'store'")),
    "effect_mismatch_navigate": lambda: toolset(
        mover(ensures="cart == 'filled'", effect=Effect.NAVIGATE)
    ),
    "effect_mismatch_writes": lambda: toolset(reader(writes={"cart", "address"})),
    "unreachable_precondition": lambda: toolset(reader("page == 'store', selected known")),
    "unreachable_precondition_of_its_own_making": lambda: toolset(
        mover("page == 'store'", "page == 'store', cart == 'filled'"), reader("cart == 'filled'")
    ),
    "bad_provenance": lambda: toolset(taking("look().name"), reader()),
    "bad_provenance_field": lambda: toolset(taking("look.nam"), reader()),
    "bad_provenance_list": lambda: toolset(taking("look[].name"), reader()),
    "bad_provenance_effect": lambda: toolset(taking("move.name"), mover()),
    "bad_commit": lambda: toolset(ordering(verify="look", terms="move"), mover()),
    "bad_commit_arguments": lambda: toolset(
        ordering(verify="needy"),
        declared(needy),
    ),
    "unverifiable_commit": lambda: toolset(ordering(), state=BARE),
    "name_clash": lambda: toolset(named("look"), named("look")),
    "name_clash_words": lambda: toolset(
        *map(named, ("min", "ai_eval", "result", "next", "_hidden", "class", "Literal"))
    ),
    "name_clash_records": lambda: toolset(named("one"), _other_thing(), named("Thing")),
    "bad_state_model": lambda: toolset(
        state=_state(
            StateVar("in"),
            StateVar("two words"),
            StateVar("twice"),
            StateVar("twice"),
            StateVar("page", values=("home",), start="attic"),
            StateVar("count", type=int, start=True),
        )
    ),
    "tool_signature": lambda: toolset(
        *(declared(f) for f in (bare, no_page, odd_types, unresolved, odd_default))
    ),
}


def problems(make: Callable[[], Toolset]) -> tuple[Diagnostic, ...]:
    """What lint says of a toolset, whether it lets it pass or not."""
    try:
        return lint(make())
    except ToolsetError as error:
        return error.diagnostics
