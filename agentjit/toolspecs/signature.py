"""From an async function's signature to parameters and a result, with what is wrong with them."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from agentjit.diagnostics import Diagnostic
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


def read_signature(body: Body) -> tuple[tuple[Param, ...], JsonType, list[Diagnostic]]:
    """The parameters and the result, as far as they can be used, and what is wrong with them."""
    name = getattr(body, "__name__", type(body).__name__)
    problems: list[Diagnostic] = []

    def complain(problem: str) -> None:
        problems.append(ToolSignature(tool=name, problem=problem))

    if not inspect.isfunction(body):
        complain("is no function")
        return (), Scalar("None"), problems
    if not inspect.iscoroutinefunction(body):
        complain("is not an async function")
    if not inspect.getdoc(body):
        complain("has no docstring")
    rest = [*inspect.signature(body).parameters.values()]
    page = rest.pop(0) if rest else None
    if page is None or page.kind is page.KEYWORD_ONLY:
        complain("lacks its first parameter, the page")
    elif _names_json(inspect.get_annotations(body).get(page.name)):
        complain(f"its first parameter, `{page.name}`, is no page")
    try:
        hints = _hints(body, skip=page.name if page else "")
    except (AttributeError, NameError, SyntaxError, TypeError) as error:
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


def _names_json(annotation: Any) -> bool:
    """Whether the page's annotation, most often a text, is a type that only an argument has."""
    named = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return named in {"str", "int", "float", "bool", "list", "dict"}


def _read_params(
    parameters: list[inspect.Parameter], hints: dict[str, Any], complain: Callable[[str], None]
) -> tuple[Param, ...]:
    params = []
    for parameter in parameters:
        name = parameter.name
        if parameter.kind is parameter.POSITIONAL_ONLY:
            complain(f"parameter `{name}` is positional-only; drop the `/`")
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else "**"
            complain(f"takes {stars}{name}; give every parameter a name")
            continue
        if name not in hints:
            complain(f"parameter `{name}` has no type")
            continue
        hint = hints[name]
        try:
            param = _read_param(parameter, hint)
        except NotJsonError as error:
            complain(f"parameter `{name}`: {error}")
            continue
        params.append(param)
        if misplaced := _origins_problem(hint):
            complain(f"parameter `{name}`: {misplaced}")
        if not param.required and (wrong := mismatch(param.default, param.type, "its default")):
            complain(f"parameter `{name}`: {wrong}")
    return tuple(params)


def _origins_problem(hint: Any) -> str:
    outer = [m for m in _marks(hint) if isinstance(m, From)]
    if len(outer) > 1:
        return "has more than one From(…)"
    if any(not isinstance(m.path, str) for m in outer):
        return 'From(…) takes a text, such as From("list_items[].name")'
    if not outer and any(isinstance(m, From) for m in _inner_marks(hint)):
        return "its From(…) stands inside the type; write Annotated[type, From(…)] around it all"
    return ""


def _marks(hint: Any) -> tuple[Any, ...]:
    """What an Annotated type is annotated with."""
    return typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()


def _inner_marks(hint: Any) -> Iterator[Any]:
    for inner in typing.get_args(hint):
        yield from _marks(inner)
        yield from _inner_marks(inner)


def _hints(body: Body, *, skip: str) -> dict[str, Any]:
    """The body's annotations, resolved, without the page's: it may be imported for typing only."""
    holder = type("Signature", (), {})
    raw = inspect.get_annotations(body)
    holder.__annotations__ = {k: v for k, v in raw.items() if k != skip}
    space = getattr(inspect.unwrap(body), "__globals__", {})
    return typing.get_type_hints(holder, globalns=space, include_extras=True)


def _read_param(parameter: inspect.Parameter, hint: Any) -> Param:
    return Param(
        parameter.name,
        from_annotation(hint),
        REQUIRED if parameter.default is parameter.empty else parameter.default,
        next((m for m in _marks(hint) if isinstance(m, From) and isinstance(m.path, str)), None),
    )
