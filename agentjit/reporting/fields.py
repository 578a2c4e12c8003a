"""Reads fields of JSON that may be of any shape: a wrong one counts as one that is not there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

Data: TypeAlias = Mapping[str, Any]


def text_of(data: Data, name: str, default: str = "") -> str:
    """A text."""
    value = data.get(name)
    return value if isinstance(value, str) else default


def number_of(data: Data, name: str) -> float | None:
    """A finite number."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def seconds_of(data: Data, name: str) -> float:
    """A number that is not negative; 0 where there is none."""
    return max(0.0, number_of(data, name) or 0.0)


def whole_of(data: Data, name: str) -> int | None:
    """A whole number."""
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def record_of(data: Data, name: str) -> Data:
    """An object; an empty one where there is none."""
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def records_of(data: Data, name: str) -> list[Data]:
    """The objects of a list."""
    return [each for each in list_of(data, name) if isinstance(each, Mapping)]


def list_of(data: Data, name: str) -> list[Any]:
    """A list; an empty one where there is none."""
    value = data.get(name)
    return value if isinstance(value, list) else []
