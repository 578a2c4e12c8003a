"""Long lists a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice(Generic[T]):
    """One page of a list. Pages are counted from 1; beyond the last one there is nothing."""

    items: tuple[T, ...]
    number: int
    pages: int
    #: Items on all pages.
    total: int
    #: Where the first item of this page stands in the list, from 1; 0 where there is none.
    first: int

    @property
    def last(self) -> int:
        """Where the last item of this page stands in the list."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def previous(self) -> int | None:
        """The page before this one."""
        return min(self.number, self.pages + 1) - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number < self.pages else None


def cut(items: Sequence[T], number: int, size: int) -> Slice[T]:
    """The page of that number, `size` items long."""
    begin = (number - 1) * size
    shown = tuple(items[begin : begin + size])
    return Slice(
        items=shown,
        number=number,
        pages=max(1, -(-len(items) // size)),
        total=len(items),
        first=begin + 1 if shown else 0,
    )


def asked_page(request: Request, name: str = "page") -> int:
    """The number of the page that is asked for; 1 for what is no number."""
    text = request.query_params.get(name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
