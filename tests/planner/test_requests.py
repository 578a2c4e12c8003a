from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

import pytest

from agentjit.planner.requests import is_strict
from agentjit.runtime.asking import schema_of
from agentjit.toolspecs.jsontypes import from_annotation


class Dish(TypedDict):
    name: str
    kind: Literal["hot", "cold"]


class Guess(TypedDict):
    name: str
    why: NotRequired[str]


@pytest.mark.parametrize(
    ("annotation", "strict"),
    [
        (bool, True),
        (Literal["a", 1], True),
        (list[Dish], True),
        (Dish | None, True),
        (Guess, False),
        (list[Guess | None], False),
        (dict[str, int], False),
        (Any, False),
    ],
)
def test_a_schema_is_strict_where_nothing_is_optional_or_open(
    annotation: Any, strict: bool
) -> None:
    assert is_strict(schema_of(from_annotation(annotation))) is strict
