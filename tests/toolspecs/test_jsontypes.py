"""JSON types: from annotations, as text, and as a test of values."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal, NotRequired, Optional, Required, TypedDict, Union

import pytest

from agentjit.toolspecs.jsontypes import (
    Anything,
    Choice,
    DictOf,
    Either,
    JsonType,
    ListOf,
    NotJsonError,
    Record,
    Scalar,
    from_annotation,
    is_numeric,
    mismatch,
    records_in,
    show_type,
)


class Address(TypedDict):
    """Where."""

    street: str
    number: NotRequired[int]


class Person(TypedDict, total=False):
    """Who."""

    name: Required[str]
    addresses: list[Address]


class Endless(TypedDict):
    """Contains itself."""

    inner: list[Endless]


class Colour(enum.Enum):
    """No JSON."""

    RED = 1


@pytest.mark.parametrize(
    ("annotation", "shown"),
    [
        (str, "str"),
        (int, "int"),
        (float, "float"),
        (bool, "bool"),
        (None, "None"),
        (Any, "object"),
        (list, "list[object]"),
        (list[int], "list[int]"),
        (dict, "dict[str, object]"),
        (dict[str, list[float]], "dict[str, list[float]]"),
        (Literal["a", 1, True], "Literal['a', 1, True]"),
        (Literal["a", None], "Literal['a'] | None"),
        (str | None, "str | None"),
        (Optional[str], "str | None"),  # noqa: UP045 - the old spelling must work too
        (Union[int, str], "int | str"),  # noqa: UP007 - the old spelling must work too
        (Annotated[list[Address], "mark"], "list[Address]"),
        (Person, "Person"),
    ],
)
def test_an_annotation_is_shown_as_python_writes_it(annotation: Any, shown: str) -> None:
    assert show_type(from_annotation(annotation)) == shown


@pytest.mark.parametrize(
    "annotation",
    [
        bytes,
        set[str],
        tuple[int, int],
        dict[int, str],
        list[bytes],
        Colour,
        Literal[Colour.RED],
        Literal[b"x"],
        Endless,
        [str],
        3,
    ],
    ids=str,
)
def test_what_is_no_json_is_refused(annotation: Any) -> None:
    with pytest.raises(NotJsonError):
        from_annotation(annotation)


def test_a_record_knows_which_keys_it_needs_even_if_annotations_are_postponed() -> None:
    person = from_annotation(Person)
    assert isinstance(person, Record)
    assert [(f.name, f.required) for f in person.fields] == [("name", True), ("addresses", False)]
    assert [r.name for r in records_in(ListOf(person))] == ["Address", "Person"]
    address = next(records_in(person))
    assert [(f.name, f.required) for f in address.fields] == [("street", True), ("number", False)]


NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("a", Scalar("str")),
        (3, Scalar("int")),
        (3, Scalar("float")),
        (3.5, Scalar("float")),
        (10**400, Scalar("float")),
        (True, Scalar("bool")),
        (None, Scalar("None")),
        (1, Choice(("a", 1))),
        ([], ListOf(Scalar("str"))),
        ({"a": 1}, DictOf(Scalar("int"))),
        (None, Either((Scalar("str"), Scalar("None")))),
        ({"a": [None, {"b": 1.5}]}, Anything()),
        ({"name": "Ann"}, from_annotation(Person)),
        ({"name": "Ann", "addresses": [{"street": "x"}]}, from_annotation(Person)),
    ],
    ids=repr,
)
def test_a_value_of_the_type_has_no_mismatch(value: Any, kind: JsonType) -> None:
    assert mismatch(value, kind) is None


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        (True, Scalar("int"), "value should be int, not True"),
        (True, Scalar("float"), "value should be float, not True"),
        (1, Scalar("bool"), "value should be bool, not 1"),
        (3.0, Scalar("int"), "value should be int, not 3.0"),
        ("3", Scalar("float"), "value should be float, not '3'"),
        (NAN, Scalar("float"), "value should be float, not nan"),
        (INFINITY, Scalar("float"), "value should be float, not inf"),
        (None, Scalar("str"), "value should be str, not None"),
        (True, Choice((1, 2)), "value should be one of [1, 2], not True"),
        ((1, 2), ListOf(Scalar("int")), "value should be list[int], not (1, 2)"),
        ([1, "a"], ListOf(Scalar("int")), "value[1] should be int, not 'a'"),
        ({"a": {"b": 1}}, DictOf(DictOf(Scalar("str"))), "value['a']['b'] should be str, not 1"),
        ({1: 2}, DictOf(Scalar("int")), "value should be dict[str, int], not {1: 2}"),
        ({}, from_annotation(Person), "value lacks the key 'name' of Person"),
        ({"name": "A", "age": 3}, from_annotation(Person), "value has the key 'age', which Person"),
        (
            {"name": "A", "addresses": [{"street": "x", "number": "7"}]},
            from_annotation(Person),
            "value['addresses'][0]['number'] should be int, not '7'",
        ),
        (3, Either((Scalar("str"), Scalar("None"))), "value should be str | None, not 3"),
        ([{"a": NAN}], Anything(), "value is not a JSON value"),
        ({1: 1}, Anything(), "value is not a JSON value"),
        ({"a": {1}}, Anything(), "value is not a JSON value"),
        ("x" * 200, Scalar("int"), "value should be int, not 'xxx"),
    ],
    ids=repr,
)
def test_a_mismatch_names_the_path_to_the_culprit(value: Any, kind: JsonType, problem: str) -> None:
    found = mismatch(value, kind)
    assert found is not None
    assert found.startswith(problem)
    assert len(found) < 150


def test_numbers_are_known_as_numbers() -> None:
    assert is_numeric(Scalar("int"))
    assert is_numeric(Either((Scalar("float"), Scalar("None"))))
    assert not is_numeric(Scalar("bool"))
    assert not is_numeric(Either((Scalar("None"),)))
    assert not is_numeric(ListOf(Scalar("int")))
