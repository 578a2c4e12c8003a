"""A small toolset that goldens speak of, so that they do not change with the bundled sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from agentjit.toolspecs import Effect, From, Scope, StateModel, StateVar, Toolset, tool
from agentjit.toolspecs.state import StateValue

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE = StateModel(
    (
        StateVar("page", values=("front", "shelf"), start="front", doc="what the tab shows"),
        StateVar("shelf", doc="the shelf whose page it is"),
        StateVar("basket", values=("empty", "filled"), start="empty", scope=Scope.ACCOUNT),
    )
)


class Shelf(TypedDict):
    """One shelf."""

    title: str
    books: int


@tool(requires="page == 'front'", effect=Effect.READ, reads=(), writes=())
async def list_shelves(page: Page) -> list[Shelf]:
    """List the shelves. Shelves without books are left out."""
    raise NotImplementedError


@tool(
    requires="page == 'front'",
    ensures="page == 'shelf', shelf == $title",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("open_shelf('Poetry')",),
)
async def open_shelf(page: Page, title: Annotated[str, From("list_shelves[].title")]) -> None:
    """Open a shelf's page."""


@tool(
    requires="page == 'shelf'",
    ensures="basket == 'filled'",
    effect=Effect.WRITE,
    reads=("basket",),
    writes=("basket",),
)
async def take_book(page: Page, book: str, copies: int = 1) -> None:
    """Put a book into the basket."""


@tool(
    requires="basket == 'filled'",
    ensures="basket == 'empty'",
    effect=Effect.COMMIT,
    reads=("basket",),
    writes=("basket", "loans"),
    timeout=20.0,
)
async def borrow(page: Page) -> str:
    """Borrow what is in the basket. It cannot be undone."""
    raise NotImplementedError


async def observe(page: Page) -> dict[str, StateValue]:
    """Nothing can be seen: no test opens this site."""
    return {}


TOOLSET = Toolset(
    name="library",
    title="A library: shelves, books, loans",
    state=STATE,
    observe=observe,
    tools=(list_shelves, open_shelf, take_book, borrow),
)
