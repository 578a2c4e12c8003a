"""Mistakes that people make in toolsets, each with its correction: pairs that lint tells apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, TypedDict

from agentjit.toolspecs import (
    Effect,
    From,
    Scope,
    StateModel,
    StateValue,
    StateVar,
    Tool,
    Toolset,
    tool,
)


class Parcel(TypedDict):
    """One parcel of the account."""

    number: str
    grams: int


PAGE: Final = StateVar("page", values=("home", "parcel"), start="home")
PAID: Final = StateVar("postage", values=("due", "paid"), start="due", scope=Scope.ACCOUNT)


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is ever seen."""
    return {}


async def is_open(page: Any, euros: float) -> bool:
    """Whether the desk is open."""
    return True


async def observe_too_much(page: Any, tab: Any) -> dict[str, StateValue]:
    """Takes more than the page."""
    return {}


def observe_at_once(page: Any) -> dict[str, StateValue]:
    """Is not async."""
    return {}


@tool(requires="page in {'home', 'parcel'}", effect=Effect.READ)
async def list_parcels(page: Any) -> list[Parcel]:
    """List the parcels."""
    raise NotImplementedError


@tool(requires="page in {'home', 'parcel'}", effect=Effect.READ)
async def read_total(page: Any) -> float:
    """Read what is due, in euros."""
    raise NotImplementedError


@tool(requires="page == 'home'", effect=Effect.READ)
async def list_at_home(page: Any) -> list[Parcel]:
    """List the parcels of the home page."""
    raise NotImplementedError


@tool(ensures="page == 'home'", effect=Effect.NAVIGATE)
async def go_home(page: Any) -> None:
    """Go back to the home page."""


@tool(ensures="page == 'parcel'", effect=Effect.NAVIGATE)
async def open_parcel(page: Any, number: str) -> None:
    """Open a parcel."""


@tool(ensures="postage == 'due'", effect=Effect.WRITE)
async def send_bill(page: Any) -> None:
    """Ask for the postage again."""


def parcels(*tools: Tool, **changes: Any) -> Toolset:
    """A toolset of parcels with these tools beside its own."""
    toolset = Toolset(
        name="parcels",
        title="Parcels on their way",
        state=StateModel((PAGE,)),
        observe=observe,
        tools=(list_parcels, go_home, open_parcel),
    )
    return replace(toolset, **{"tools": (*toolset.tools, *tools), **changes})


def paying(*more: Tool, effect: Effect = Effect.WRITE, **options: Any) -> Toolset:
    """Parcels with a tool called `pay` with these options."""

    async def pay(page: Any, euros: float = 0.0) -> None:
        """Pay the postage."""

    made = tool(**{"effect": effect, "ensures": "postage == 'paid'", **options})(pay)
    return parcels(made, send_bill, *more, state=StateModel((PAGE, PAID)))


def committing(*more: Tool, **options: Any) -> Toolset:
    """Parcels with a COMMIT called `pay` that requires the parcel's page."""
    told = {"requires": "page == 'parcel'", "verify": "list_parcels", **options}
    return paying(*more, effect=Effect.COMMIT, **told)


def taking(kind: Any) -> Toolset:
    """Parcels with a tool whose argument has this annotation."""

    async def recall(page: Any, number: Any) -> None:
        """Call a parcel back."""

    recall.__annotations__["number"] = kind
    return parcels(tool(effect=Effect.WRITE)(recall))


def showing(kind: Any, ensures: str = "page == $which") -> Toolset:
    """Parcels with a tool that ensures its argument, of this type."""

    async def show(page: Any, which: Any) -> None:
        """Show a page."""

    show.__annotations__["which"] = kind
    return parcels(tool(ensures=ensures, effect=Effect.NAVIGATE)(show))


def with_body(body: Any) -> Toolset:
    """Parcels with a tool made of whatever this is."""
    return parcels(tool(effect=Effect.READ)(body))


async def no_page(number: str) -> list[Parcel]:
    """Take the page for granted."""
    raise NotImplementedError


async def named_page(*, page: Any) -> None:
    """Take the page by name."""


async def positional(page: Any, number: str, /) -> None:
    """Take no names."""


async def starred(page: Any, **numbers: str) -> None:
    """Take any names."""


async def proper(page: Any, number: str) -> None:
    """Take what a tool takes."""


class Unhinted:
    """What can be called, and is no function."""

    async def __call__(self, page: Any) -> None:
        """Do."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A toolset that is wrong in one way, and one that is right."""

    wrong: Callable[[], Toolset]
    right: Callable[[], Toolset]


def _state(*variables: Any) -> Toolset:
    return parcels(state=StateModel((PAGE, *variables)))


def _told(variable: StateVar) -> Toolset:
    """Parcels with one more variable, which a contract speaks of."""
    made = tool(ensures=f"forgets {variable.name}", effect=Effect.WRITE)(proper)
    return parcels(made, state=StateModel((PAGE, variable)))


#: By name, which is also the name of the golden of what lint says of the wrong one.
MISTAKES: Final[dict[str, Mistake]] = {
    "bad_option_writes": Mistake(
        lambda: paying(writes="postage"), lambda: paying(writes={"postage"})
    ),
    "bad_option_timeout": Mistake(lambda: paying(timeout=0), lambda: paying(timeout=0.5)),
    "bad_option_timeout_nan": Mistake(
        lambda: paying(timeout=float("nan")), lambda: paying(timeout=30)
    ),
    "bad_option_examples": Mistake(
        lambda: paying(examples="pay()"), lambda: paying(examples=("pay()",))
    ),
    "bad_option_effect": Mistake(
        lambda: paying(effect="write"),  # type: ignore[arg-type]
        lambda: paying(effect=Effect.WRITE),
    ),
    "bad_option_contract": Mistake(
        lambda: paying(requires=None, ensures=["postage == 'paid'"]), lambda: paying(requires="")
    ),
    "bad_option_ready": Mistake(
        lambda: paying(ready=observe_at_once, done=True), lambda: paying(ready=is_open)
    ),
    "bad_option_ready_arguments": Mistake(
        lambda: paying(ready=observe, done=is_open),
        lambda: paying(ready=lambda page, **_: observe(page), done=is_open),
    ),
    "bad_option_verify": Mistake(lambda: committing(verify=list_parcels), committing),
    "tool_signature_page": Mistake(
        lambda: parcels(*(tool(effect=Effect.READ)(f) for f in (no_page, named_page))),
        lambda: with_body(proper),
    ),
    "tool_signature_names": Mistake(
        lambda: parcels(*(tool(effect=Effect.READ)(f) for f in (positional, starred))),
        lambda: with_body(proper),
    ),
    "tool_signature_function": Mistake(lambda: with_body(Unhinted()), lambda: with_body(proper)),
    "tool_signature_annotation": Mistake(lambda: taking("Effect.NOWHERE"), lambda: taking("str")),
    "tool_signature_origin": Mistake(
        lambda: taking(Annotated[str, From("list_parcels[].number")] | None),
        lambda: taking(Annotated[str | None, From("list_parcels[].number")]),
    ),
    "tool_signature_origins": Mistake(
        lambda: taking(Annotated[str, From("list_parcels[].number"), From("read_total")]),
        lambda: taking(Annotated[str, From("list_parcels[].number")]),
    ),
    "tool_signature_origin_text": Mistake(
        lambda: taking(Annotated[str, From(list_parcels)]),  # type: ignore[arg-type]
        lambda: taking(Annotated[str, From("list_parcels[].number")]),
    ),
    "bad_provenance_type": Mistake(
        lambda: taking(Annotated[str, From("list_parcels[].grams")]),
        lambda: taking(Annotated[float, From("list_parcels[].grams")]),
    ),
    "bad_provenance_record": Mistake(
        lambda: taking(Annotated[list[str], From("list_parcels[]")]),
        lambda: taking(Annotated[list[str], From("list_parcels[].number")]),
    ),
    "bad_toolset_observe": Mistake(
        lambda: parcels(observe=observe_at_once), lambda: parcels(observe=observe)
    ),
    "bad_toolset_observe_arguments": Mistake(
        lambda: parcels(observe=observe_too_much), lambda: parcels(observe=Unhinted())
    ),
    "bad_toolset_observe_missing": Mistake(lambda: parcels(observe=None), parcels),
    "bad_toolset_tools": Mistake(
        lambda: parcels(tools=(list_parcels, proper)), lambda: parcels(tools=[*parcels().tools])
    ),
    "bad_toolset_parts": Mistake(
        lambda: parcels(name="", title=None, origins="https://cdn.example", tools=list_parcels),
        lambda: parcels(origins=("https://cdn.example",)),
    ),
    "bad_toolset_state": Mistake(lambda: parcels(state=(PAGE,)), parcels),
    "bad_toolset_state_variables": Mistake(lambda: _state("page"), parcels),
    "bad_state_model_values": Mistake(
        lambda: _state(
            StateVar("twice", values=("a", "a")),
            StateVar("letters", values="abc"),  # type: ignore[arg-type]
            StateVar("numbers", type=int, values=("1",)),
        ),
        lambda: _told(StateVar("numbers", type=int, start=1)),
    ),
    "bad_state_model_kinds": Mistake(
        lambda: _state(
            StateVar("weight", type=float),  # type: ignore[arg-type]
            StateVar("paid", scope="account"),  # type: ignore[arg-type]
            StateVar(["no name"]),  # type: ignore[arg-type]
        ),
        lambda: _told(StateVar("paid", type=bool, start=False, scope=Scope.ACCOUNT)),
    ),
    "impossible_value_choice": Mistake(
        lambda: showing(Literal["home", "attic"]), lambda: showing(Literal["home", "parcel"])
    ),
    "contradictory_contract_assigned_twice": Mistake(
        lambda: showing(str, "page == 'home', page == $which"),
        lambda: showing(str, "page known, page == $which"),
    ),
    "effect_mismatch_empty_writes": Mistake(
        lambda: paying(writes=()), lambda: paying(writes={"postage"})
    ),
    "effect_mismatch_resets": Mistake(
        lambda: parcels(tool(effect=Effect.READ, resets_tab=True)(proper)),
        lambda: parcels(tool(effect=Effect.NAVIGATE, resets_tab=True)(proper)),
    ),
    "effect_mismatch_idempotent_commit": Mistake(
        lambda: committing(idempotent=True), lambda: committing(idempotent=False)
    ),
    "effect_mismatch_idempotent": Mistake(
        lambda: paying(idempotent=True, requires="postage == 'due'"),
        lambda: paying(idempotent=True, requires="page == 'home'"),
    ),
    "unverifiable_commit_no_list": Mistake(
        lambda: committing(read_total, verify="read_total"),
        lambda: committing(read_total, terms="read_total"),
    ),
    "bad_commit_elsewhere": Mistake(
        lambda: committing(list_at_home, terms="list_at_home"),
        lambda: committing(list_at_home, requires="page == 'home'", terms="list_at_home"),
    ),
    "unverifiable_commit_after": Mistake(
        lambda: paying(
            list_at_home,
            effect=Effect.COMMIT,
            verify="list_at_home",
            requires="page == 'home'",
            ensures="page == 'parcel', postage == 'paid'",
        ),
        lambda: paying(list_at_home, effect=Effect.COMMIT, verify="list_at_home"),
    ),
    "unverifiable_commit_before": Mistake(
        lambda: committing(list_at_home, verify="list_at_home"),
        lambda: committing(list_at_home, requires="page == 'home'", verify="list_at_home"),
    ),
    "nothing_written": Mistake(
        lambda: parcels(tool(effect=Effect.WRITE, writes=())(proper)),
        lambda: parcels(tool(effect=Effect.WRITE, writes={"parcels"})(proper)),
    ),
    "idle_option": Mistake(
        lambda: parcels(tool(effect=Effect.READ, idempotent=True, verify="list_parcels")(proper)),
        lambda: parcels(tool(effect=Effect.WRITE, idempotent=True)(proper)),
    ),
    "dead_end": Mistake(
        lambda: parcels(tools=(list_at_home, open_parcel)),
        lambda: parcels(tools=(list_at_home, open_parcel, go_home)),
    ),
    "unused_variable": Mistake(
        lambda: _state(StateVar("sorted_by")), lambda: _told(StateVar("sorted_by"))
    ),
}
