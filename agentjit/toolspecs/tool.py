"""A tool: one typed action of a site with a contract, made from an async function by `@tool`."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause, Contract
from agentjit.toolspecs.effects import Effect, Touches
from agentjit.toolspecs.grammar import parse_clauses
from agentjit.toolspecs.jsontypes import (
    JsonType,
    NotJsonError,
    Scalar,
    from_annotation,
    mismatch,
    show_type,
)
from agentjit.toolspecs.messages import ToolSignature

#: A tool's function: the page first, then JSON values. Only the runtime calls it.
Body: TypeAlias = Callable[..., Awaitable[Any]]


class _Required:
    """The default of a parameter that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True)
class From:
    """Marks a parameter whose value must come from a READ tool: `From("list_items[].name")`."""

    path: str


@dataclass(frozen=True, slots=True)
class Param:
    """One argument of a tool."""

    name: str
    type: JsonType
    default: Any = REQUIRED
    origin: From | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is REQUIRED

    def show(self) -> str:
        """As in a signature."""
        text = f"{self.name}: {show_type(self.type)}"
        return text if self.required else f"{text} = {self.default!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One action of a site. Compared by identity of its body; made by `@tool` only."""

    name: str
    doc: str
    params: tuple[Param, ...]
    returns: JsonType
    effect: Effect
    contract: Contract
    requires_source: Source
    ensures_source: Source
    touches: Touches = Touches()
    idempotent: bool = False
    resets_tab: bool = False
    verify: str | None = None
    terms: str | None = None
    ready: Body | None = None
    done: Body | None = None
    #: Seconds that one call may take, its waiting included.
    timeout: float = 10.0
    examples: tuple[str, ...] = ()
    body: Body = field(repr=False)
    #: What is wrong with the declaration; a Toolset refuses tools that have any.
    problems: tuple[Diagnostic, ...] = ()

    @property
    def requires(self) -> tuple[Clause, ...]:
        """What must hold before a call."""
        return self.contract.requires

    @property
    def ensures(self) -> tuple[Clause, ...]:
        """What holds after a call."""
        return self.contract.ensures

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        first = " ".join(self.doc.split("\n\n")[0].split())
        return first.split(". ")[0].rstrip(".") + "." if first else ""

    def param(self, name: str) -> Param | None:
        """The parameter called `name`."""
        return next((p for p in self.params if p.name == name), None)

    def signature(self) -> str:
        """As Python text, without the page: what a plan sees."""
        inside = ", ".join(p.show() for p in self.params)
        return f"{self.name}({inside}) -> {show_type(self.returns)}"


def tool(
    *,
    effect: Effect,
    requires: str = "",
    ensures: str = "",
    reads: Collection[str] | None = None,
    writes: Collection[str] | None = None,
    idempotent: bool = False,
    resets_tab: bool = False,
    verify: str | None = None,
    terms: str | None = None,
    ready: Body | None = None,
    done: Body | None = None,
    timeout: float = 10.0,
    examples: tuple[str, ...] = (),
) -> Callable[[Body], Tool]:
    """Declare an async function to be a tool, with its contract.

    `requires` and `ensures` are contract texts. `reads` and `writes` name account resources. A
    COMMIT names in `verify` the READ tool that settles a lost answer, and in `terms` the READ tool
    whose result is shown when approval is asked. `timeout` is in seconds.

    The body of a COMMIT raises NotDone where the site refused explicitly, and only there; after
    any other error its outcome counts as unknown until `verify`, best a list of all that was ever
    committed, shows a new entry, or shows none although the body had an answer from the site.
    """

    def declare(body: Body) -> Tool:
        name = body.__name__
        requires_source = Source(f"{name}.requires", requires)
        ensures_source = Source(f"{name}.ensures", ensures)
        before, after = parse_clauses(requires_source), parse_clauses(ensures_source)
        problems = [side for side in (before, after) if isinstance(side, Diagnostic)]
        params, returns, wrong = _read_signature(body)
        problems += wrong
        return Tool(
            name=name,
            doc=inspect.getdoc(body) or "",
            params=params,
            returns=returns,
            effect=effect,
            contract=Contract(
                () if isinstance(before, Diagnostic) else before,
                () if isinstance(after, Diagnostic) else after,
            ),
            requires_source=requires_source,
            ensures_source=ensures_source,
            touches=Touches(
                None if reads is None else frozenset(reads),
                None if writes is None else frozenset(writes),
            ),
            idempotent=idempotent,
            resets_tab=resets_tab,
            verify=verify,
            terms=terms,
            ready=ready,
            done=done,
            timeout=timeout,
            examples=examples,
            body=body,
            problems=tuple(problems),
        )

    return declare


def _read_signature(body: Body) -> tuple[tuple[Param, ...], JsonType, list[Diagnostic]]:
    name = body.__name__
    problems: list[Diagnostic] = []

    def complain(problem: str) -> None:
        problems.append(ToolSignature(tool=name, problem=problem))

    if not inspect.iscoroutinefunction(body):
        complain("is not an async function")
    if not inspect.getdoc(body):
        complain("has no docstring")
    signature = inspect.signature(body)
    page, rest = "", [*signature.parameters.values()]
    if rest:
        page = rest.pop(0).name
    else:
        complain("lacks its first parameter, the page")
    try:
        hints = _hints(body, skip=page)
    except (NameError, SyntaxError) as error:
        complain(f"has an annotation that cannot be resolved: {error}")
        return (), Scalar("None"), problems
    returns: JsonType = Scalar("None")
    if "return" not in hints:
        complain("has no result type")
    else:
        try:
            returns = from_annotation(hints["return"])
        except NotJsonError as error:
            complain(f"its result: {error}")
    return _read_params(rest, hints, complain), returns, problems


def _read_params(
    parameters: list[inspect.Parameter], hints: dict[str, Any], complain: Callable[[str], None]
) -> tuple[Param, ...]:
    params = []
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            complain(f"takes *{parameter.name}; give every parameter a name")
            continue
        if parameter.name not in hints:
            complain(f"parameter `{parameter.name}` has no type")
            continue
        try:
            param = _read_param(parameter, hints[parameter.name])
        except NotJsonError as error:
            complain(f"parameter `{parameter.name}`: {error}")
            continue
        params.append(param)
        if not param.required and (wrong := mismatch(param.default, param.type, "its default")):
            complain(f"parameter `{param.name}`: {wrong}")
    return tuple(params)


def _hints(body: Body, *, skip: str) -> dict[str, Any]:
    """The body's annotations, resolved, without the page's: it may be imported for typing only."""
    holder = type("Signature", (), {})
    raw = inspect.get_annotations(body)
    holder.__annotations__ = {k: v for k, v in raw.items() if k != skip}
    space = getattr(inspect.unwrap(body), "__globals__", {})
    return typing.get_type_hints(holder, globalns=space, include_extras=True)


def _read_param(parameter: inspect.Parameter, hint: Any) -> Param:
    marks = typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()
    return Param(
        parameter.name,
        from_annotation(hint),
        REQUIRED if parameter.default is parameter.empty else parameter.default,
        next((m for m in marks if isinstance(m, From)), None),
    )
