"""The examples of the prompt: plans over a library that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NoReturn, TypedDict

from agentjit.errors import ToolError
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import Scope, StateModel, StateValue, StateVar
from agentjit.toolspecs.tool import From, tool
from agentjit.toolspecs.toolset import Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Tasks, each with a plan: one to act, one to answer, one with a loop, one that needs judgement.
EXAMPLE_PLANS: Final = (
    (
        "borrow the oldest novel at Harbour Lane",
        """\
open_branch("Harbour Lane")
novels = [b for b in list_books() if b["kind"] == "novel"]
oldest = min(novels, key=lambda b: b["year"])
put_in_bag(oldest["title"])
go_to_desk()
borrow_bag()
""",
    ),
    (
        "how long is the newest book at Old Mill?",
        """\
open_branch("Old Mill")
newest = max(list_books(), key=lambda b: b["year"])
result = newest["pages"]
""",
    ),
    (
        "how many books of over 500 pages does each branch have?",
        """\
result = {}
for branch in list_branches():
    open_branch(branch["name"])
    result[branch["name"]] = len([b for b in list_books() if b["pages"] > 500])
    back_to_lobby()
""",
    ),
    (
        "which book at Old Mill would a child like best?",
        """\
open_branch("Old Mill")
titles = [b["title"] for b in list_books()]
result = ai_eval("Which title would a child like best? Answer with the title.", titles=titles)
""",
    ),
)


class Branch(TypedDict):
    """One branch of the library."""

    name: str
    district: str


class Book(TypedDict):
    """One book on a branch's shelves."""

    title: str
    kind: str
    year: int
    pages: int


def _imagine() -> NoReturn:
    raise ToolError("this library exists in a prompt only")


async def _observe(page: Page) -> dict[str, StateValue]:  # noqa: ARG001 - the protocol's form
    _imagine()


@tool(requires="room == 'lobby'", effect=Effect.READ, reads=(), writes=())
async def list_branches(page: Page) -> list[Branch]:  # noqa: ARG001 - as above, and below
    """List the branches of the library."""
    _imagine()


@tool(
    requires="room == 'lobby'",
    ensures="room == 'shelves', branch == $branch_name",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
)
async def open_branch(
    page: Page,  # noqa: ARG001
    branch_name: Annotated[str, From("list_branches[].name")],  # noqa: ARG001
) -> None:
    """Go to the shelves of one branch."""
    _imagine()


@tool(requires="room == 'shelves'", effect=Effect.READ, reads=(), writes=())
async def list_books(page: Page) -> list[Book]:  # noqa: ARG001
    """List the books of the branch."""
    _imagine()


@tool(
    requires="room == 'shelves'",
    ensures="bag == 'filled'",
    effect=Effect.WRITE,
    reads=(),
    writes={"bag"},
)
async def put_in_bag(
    page: Page,  # noqa: ARG001
    title: Annotated[str, From("list_books[].title")],  # noqa: ARG001
) -> None:
    """Put one book of the branch into the bag."""
    _imagine()


@tool(
    requires="bag == 'filled'",
    ensures="room == 'desk', branch == None",
    effect=Effect.NAVIGATE,
    reads={"bag"},
    writes=(),
)
async def go_to_desk(page: Page) -> None:  # noqa: ARG001
    """Go to the desk with the bag."""
    _imagine()


@tool(requires="room == 'desk'", effect=Effect.READ, reads={"loans"}, writes=())
async def list_loans(page: Page) -> list[str]:  # noqa: ARG001
    """List the titles that are borrowed."""
    _imagine()


@tool(
    requires="room == 'desk', bag == 'filled'",
    ensures="bag == 'empty'",
    effect=Effect.COMMIT,
    reads={"bag"},
    writes={"bag", "loans"},
    verify="list_loans",
)
async def borrow_bag(page: Page) -> None:  # noqa: ARG001
    """Borrow the books in the bag."""
    _imagine()


@tool(ensures="room == 'lobby', branch == None", effect=Effect.NAVIGATE, reads=(), writes=())
async def back_to_lobby(page: Page) -> None:  # noqa: ARG001
    """Leave the branch."""
    _imagine()


EXAMPLE_TOOLSET: Final = Toolset(
    name="library",
    title="a public library with branches",
    state=StateModel(
        (
            StateVar("room", values=("lobby", "shelves", "desk"), start="lobby"),
            StateVar("branch", doc="the branch that is open"),
            StateVar("bag", values=("empty", "filled"), start="empty", scope=Scope.ACCOUNT),
        )
    ),
    observe=_observe,
    tools=(
        list_branches,
        open_branch,
        list_books,
        put_in_bag,
        go_to_desk,
        list_loans,
        borrow_bag,
        back_to_lobby,
    ),
)
