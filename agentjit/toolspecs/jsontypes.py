"""JSON types of tool arguments and results: from annotations, to text, and as a test of values."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, Union

JsonValue: TypeAlias = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One of `str`, `int`, `float`, `bool`, `None`."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few literal values (`Literal[…]`)."""

    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose elements are of one type."""

    item: JsonType


@dataclass(frozen=True, slots=True)
class DictOf:
    """A dict from strings to values of one type."""

    value: JsonType


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record."""

    name: str
    type: JsonType
    required: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """A dict with known keys (a `TypedDict`)."""

    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The key called `name`."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Either:
    """A value of any one of several types (`X | Y`)."""

    members: tuple[JsonType, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


JsonType: TypeAlias = Scalar | Choice | ListOf | DictOf | Record | Either | Anything

NUMBERS: Final = frozenset({"int", "float"})
_SCALARS: Final = {str: "str", int: "int", float: "float", bool: "bool", type(None): "None"}


class NotJsonError(TypeError):
    """An annotation that is not a JSON type."""


def from_annotation(annotation: Any) -> JsonType:
    """The JSON type that a Python annotation stands for; `NotJsonError` where it is none."""
    return _convert(annotation, ())


def _convert(annotation: Any, around: tuple[Any, ...]) -> JsonType:
    """As `from_annotation`; `around` are the records that the annotation stands in."""
    if annotation is None:
        return Scalar("None")
    if annotation is Any or annotation is object:
        return Anything()
    if isinstance(annotation, type) and annotation in _SCALARS:
        return Scalar(_SCALARS[annotation])
    if typing.is_typeddict(annotation):
        return _record(annotation, around)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Annotated, typing.Required, typing.NotRequired):
        return _convert(arguments[0], around)
    if origin is Literal:
        return _choice(annotation, arguments)
    if annotation is list or origin is list:
        return ListOf(_convert(arguments[0], around) if arguments else Anything())
    if annotation is dict or (origin is dict and arguments[0] is str):
        return DictOf(_convert(arguments[1], around) if arguments else Anything())
    if origin in (Union, types.UnionType):
        return Either(tuple(_convert(a, around) for a in arguments))
    named = annotation.__name__ if type(annotation) is type else repr(annotation)
    raise NotJsonError(
        f"{named} is not a JSON type; use str, int, float, bool, None, list[…], "
        "dict[str, …], Literal[…] or a TypedDict"
    )


def _choice(annotation: Any, values: tuple[Any, ...]) -> JsonType:
    plain = tuple(v for v in values if v is not None)
    if any(type(v) not in (str, int, bool) for v in plain):
        raise NotJsonError(f"{annotation!r} may hold texts, whole numbers, bools and None only")
    if len(plain) == len(values):
        return Choice(plain)
    return Either((Choice(plain), Scalar("None"))) if plain else Scalar("None")


def _record(annotation: Any, around: tuple[Any, ...]) -> Record:
    if annotation in around:
        raise NotJsonError(f"{annotation.__name__} contains itself; a result has a bounded depth")
    hints = typing.get_type_hints(annotation, include_extras=True)
    inside = (*around, annotation)
    return Record(
        annotation.__name__,
        tuple(
            Field(name, _convert(hint, inside), _is_required(annotation, name, hint))
            for name, hint in hints.items()
        ),
    )


def _is_required(record: Any, name: str, hint: Any) -> bool:
    # `__required_keys__` does not see NotRequired[…] in a module with postponed annotations.
    mark = typing.get_origin(hint)
    if mark in (typing.Required, typing.NotRequired):
        return mark is typing.Required
    return name in record.__required_keys__


def show_type(kind: JsonType) -> str:
    """The type as Python text, records by their names."""
    match kind:
        case Scalar(name):
            return name
        case Choice(values):
            return f"Literal[{', '.join(repr(v) for v in values)}]"
        case ListOf(item):
            return f"list[{show_type(item)}]"
        case DictOf(value):
            return f"dict[str, {show_type(value)}]"
        case Record():
            return kind.name
        case Either(members):
            return " | ".join(show_type(m) for m in members)
        case Anything():
            return "object"


def records_in(kind: JsonType) -> Iterator[Record]:
    """Every record inside a type, the innermost first."""
    match kind:
        case ListOf(item):
            yield from records_in(item)
        case DictOf(value):
            yield from records_in(value)
        case Either(members):
            for member in members:
                yield from records_in(member)
        case Record(fields=fields):
            for field in fields:
                yield from records_in(field.type)
            yield kind
        case _:
            return


def is_numeric(kind: JsonType) -> bool:
    """Whether every value of the type, `None` aside, is a number."""
    match kind:
        case Scalar(name):
            return name in NUMBERS
        case Either(members):
            rest = [m for m in members if m != Scalar("None")]
            return bool(rest) and all(is_numeric(m) for m in rest)
        case _:
            return False


def mismatch(value: Any, kind: JsonType, path: str = "value") -> str | None:
    """Why `value` is not of the type, with the path to the culprit; `None` where it is."""
    match kind:
        case Anything():
            return None if _is_json(value) else f"{path} is not a JSON value: {value!r:.80}"
        case Scalar(name):
            return None if _is_scalar(value, name) else _wrong(value, name, path)
        case Choice(values):
            chosen = any(value == v and type(value) is type(v) for v in values)
            return None if chosen else _wrong(value, f"one of {list(values)}", path)
        case ListOf(item):
            if not isinstance(value, list):
                return _wrong(value, show_type(kind), path)
            found = (mismatch(v, item, f"{path}[{i}]") for i, v in enumerate(value))
            return next((m for m in found if m), None)
        case DictOf(inner):
            if not _has_string_keys(value):
                return _wrong(value, show_type(kind), path)
            found = (mismatch(v, inner, f"{path}[{k!r}]") for k, v in value.items())
            return next((m for m in found if m), None)
        case Record():
            return _record_mismatch(value, kind, path)
        case Either(members):
            if any(mismatch(value, member, path) is None for member in members):
                return None
            return _wrong(value, show_type(kind), path)


def _record_mismatch(value: Any, kind: Record, path: str) -> str | None:
    if not _has_string_keys(value):
        return _wrong(value, kind.name, path)
    for field in kind.fields:
        if field.name not in value:
            if field.required:
                return f"{path} lacks the key {field.name!r} of {kind.name}"
            continue
        problem = mismatch(value[field.name], field.type, f"{path}[{field.name!r}]")
        if problem:
            return problem
    unknown = [key for key in value if kind.field(key) is None]
    return f"{path} has the key {unknown[0]!r}, which {kind.name} has not" if unknown else None


def _is_scalar(value: Any, name: str) -> bool:
    if name == "float":
        # JSON has one kind of number, but a bool is none of them; NaN and infinity are no JSON.
        return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)
    if name == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    wanted = {"str": str, "bool": bool, "None": type(None)}[name]
    return isinstance(value, wanted)


def _is_finite(value: float) -> bool:
    # An int may be too large for a float, and is finite all the same.
    return isinstance(value, int) or math.isfinite(value)


def _has_string_keys(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _is_json(value: Any) -> bool:
    match value:
        case None | bool() | int() | str():
            return True
        case float():
            return _is_finite(value)
        case list():
            return all(_is_json(v) for v in value)
        case dict():
            return _has_string_keys(value) and all(_is_json(v) for v in value.values())
        case _:
            return False


def _wrong(value: Any, wanted: str, path: str) -> str:
    return f"{path} should be {wanted}, not {value!r:.80}"
