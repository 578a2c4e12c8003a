"""The intermediate form: straight statements in which every tool call stands alone.

Pure code stays Python text and is evaluated in the sandbox; calls, branches and loops around calls
are nodes. A branch or a loop without calls inside is pure code like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType, TypeAlias

from agentjit.source import Source, Span
from agentjit.toolspecs.jsontypes import JsonType
from agentjit.toolspecs.state import StateValue

NodeId = NewType("NodeId", int)


@dataclass(frozen=True, slots=True)
class Expr:
    """A pure expression as Python text, with the plan's names that it reads."""

    text: str
    reads: frozenset[str]
    span: Span
    #: The value, where the expression is a literal that a contract can speak of.
    literal: tuple[StateValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Let:
    """`target = value`, one name and pure."""

    id: NodeId
    target: str
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Compute:
    """Pure statements as Python text: unpacking, mutation, whole branches and loops."""

    id: NodeId
    text: str
    reads: frozenset[str]
    writes: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call; `args` are in the order of evaluation."""

    id: NodeId
    target: str | None
    tool: str
    args: tuple[tuple[str, Expr], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Ask:
    """One model call (`ai_eval`) with a typed answer."""

    id: NodeId
    target: str | None
    question: Expr
    returns: JsonType
    values: tuple[tuple[str, Expr], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """A branch with calls inside."""

    id: NodeId
    test: Expr
    body: Block
    orelse: Block
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """A loop over the elements of a list, with calls inside; `target` may be a tuple of names."""

    id: NodeId
    target: str
    writes: frozenset[str]
    iterable: Expr
    body: Block
    orelse: Block
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """A bounded loop with calls inside; `prelude` computes what `test` reads, every time."""

    id: NodeId
    prelude: Block
    test: Expr
    body: Block
    orelse: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Break:
    """Leave the innermost loop."""

    id: NodeId
    span: Span


@dataclass(frozen=True, slots=True)
class Continue:
    """Start the innermost loop's next iteration."""

    id: NodeId
    span: Span


Stmt: TypeAlias = Let | Compute | Call | Ask | If | For | While | Break | Continue
Block: TypeAlias = tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A whole plan. `result` names the variable that holds its value at the end, if any."""

    source: Source
    body: Block
    #: Pure helper functions, as Python text, by name.
    helpers: tuple[tuple[str, str], ...]
    result: str | None


def calls_in(block: Block) -> tuple[Call, ...]:
    """Every tool call of a block, nested ones too, in textual order."""
    found: list[Call] = []
    for stmt in block:
        match stmt:
            case Call():
                found.append(stmt)
            case If():
                found += [*calls_in(stmt.body), *calls_in(stmt.orelse)]
            case For():
                found += [*calls_in(stmt.body), *calls_in(stmt.orelse)]
            case While():
                found += [*calls_in(stmt.prelude), *calls_in(stmt.body), *calls_in(stmt.orelse)]
            case _:
                pass
    return tuple(found)
