"""What graders share: an answer of any shape is compared with the truth, by what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from agentjit.toolspecs import JsonValue

_NUMBER: Final = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")


def told(answer: JsonValue, field: str | None = "name") -> Iterator[str | int | float | bool]:
    """What an answer says, in its order: texts and numbers, and the keys of its mappings.

    A record that has the `field` says that only, so that other things known of the same entry
    are not counted as answers.
    """
    match answer:
        case None:
            return
        case dict():
            if field is not None and field in answer:
                yield from told(answer[field], field)
                return
            for key, value in answer.items():
                yield key
                yield from told(value, field)
        case list():
            for element in answer:
                yield from told(element, field)
        case str() | bool() | int() | float():
            yield answer


def told_names(answer: JsonValue, among: Iterable[str], field: str | None = "name") -> list[str]:
    """Those of the possible names that an answer says, in its order, each as often as it does.

    Where one name is part of another, the longer one is read.
    """
    known = {fold(name): name for name in among}
    longest = sorted(known, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest)
    return [
        known[found[0]]
        for text in told(answer, field)
        if isinstance(text, str) and pattern
        for found in re.finditer(pattern, fold(text))
    ]


def told_numbers(answer: JsonValue, field: str | None = None) -> list[float]:
    """The numbers that an answer says, in its order; in texts, too: "$1,250.50" is 1250.5."""
    numbers: list[float] = []
    for leaf in told(answer, field):
        if isinstance(leaf, str):
            numbers += [float(found[0].replace(",", "")) for found in _NUMBER.finditer(leaf)]
        elif not isinstance(leaf, bool):
            numbers.append(float(leaf))
    return numbers


def fold(text: str) -> str:
    """A text as names are compared: without case, width, kinds of quotes and blanks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.replace("’", "'").replace("“", '"').replace("”", '"').split())


def wrong_names(
    answer: JsonValue, right: Sequence[str], among: Iterable[str], *, ordered: bool = True
) -> list[str]:
    """What is wrong with an answer that should say these names, once each, and no others."""
    said = told_names(answer, {*among, *right})
    expected = list(right)
    if not ordered:
        said, expected = sorted(said), sorted(expected)
    return [] if said == expected else [f"the answer names {said}, and not {expected}"]


def wrong_number(answer: JsonValue, right: float, *, besides: str = "") -> list[str]:
    """What is wrong with an answer that should say this number, and no other.

    Numbers of the goal's text, given as `besides`, may be said again.
    """
    extra = set(told_numbers(besides)) - {right}
    said = [number for number in told_numbers(answer) if number not in extra]
    return [] if set(said) == {right} else [f"the answer says {said}, and not {right:g}"]


def wrong_fields(
    actual: Mapping[str, JsonValue], expected: Mapping[str, JsonValue], what: str
) -> list[str]:
    """Where a record differs from what is expected of it; fields that are not named are free."""
    return [
        f"{what} has {name} {actual.get(name)!r}, and not {value!r}"
        for name, value in expected.items()
        if actual.get(name) != value
    ]
