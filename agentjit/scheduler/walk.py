"""Walk a program: a generator that yields what must be done and is sent the answers.

It knows no clock, no browser and no event loop. Pure statements are gathered until a value is
needed and then go to the sandbox together; the sandbox holds the plan's variables.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count
from typing import Any, TypeAlias

from agentjit.compiler.ir import (
    Ask,
    Block,
    Break,
    Call,
    Compute,
    Continue,
    Expr,
    For,
    If,
    Let,
    NodeId,
    Program,
    Stmt,
    While,
)
from agentjit.compiler.limits import MAX_FOR_TRIPS, MAX_WHILE_TRIPS
from agentjit.errors import EvaluationError
from agentjit.source import Span
from agentjit.toolspecs.jsontypes import JsonType

#: What a call is given, by name, in its order.
Arguments: TypeAlias = tuple[tuple[str, Expr], ...]
#: Numbers the sets of variables of a run.
ScopeId: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Code:
    """Pure code to evaluate; `inputs` become variables first, `spans` places each line."""

    text: str
    inputs: Mapping[str, Any]
    spans: tuple[Span, ...]
    #: Whose variables: 0 are the program's, others those of one iteration.
    scope: ScopeId = 0
    #: Whether the value is wanted as it is (a tuple, a set), for another scope, and not as JSON.
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """Variables of their own for an iteration: copies of these names of another scope."""

    scope: ScopeId
    parent: ScopeId
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Copy:
    """The values of these names, of those that have any, for another scope."""

    scope: ScopeId
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool to call with these arguments."""

    node: NodeId
    tool: str
    arguments: Mapping[str, Any]
    span: Span
    #: Where it is done; 0 is the tab that the run begins with.
    tab: int = 0
    #: Whether the tab must stand at the site's start before.
    fresh: bool = False
    #: In which rounds of the parallel loops around it, the outermost first.
    rounds: tuple[int, ...] = ()
    #: Not 0: it is done once more, for another that is late.
    copy: int = 0
    #: Stretches that will begin on a fresh tab after this, as far as is known.
    coming: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the model."""

    node: NodeId
    question: str
    returns: JsonType
    values: Mapping[str, Any]
    span: Span
    rounds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run came to know of its own way: it asks nothing, and waits for nobody."""

    stmt: If | For | While
    #: Whether the branch was taken, as 1 or 0; or how many rounds a loop has begun when it is left.
    value: int


@dataclass(frozen=True, slots=True)
class Entered:
    """A loop was reached whose rounds are independent, and its tabs were chosen once more."""

    stmt: For
    rounds: int
    tabs: int


Need: TypeAlias = Code | ToolUse | Question | Branch | Copy


class TooManyTripsError(EvaluationError):
    """A loop went on for longer than the plan language allows."""

    def __init__(self, span: Span, limit: int) -> None:
        super().__init__(
            f"the loop at line {span.line} goes on after {limit} rounds",
            "a plan's loops are bounded: let it end earlier, or do less at once",
        )
        self.span = span


class _Flow(Enum):
    """How a block was left."""

    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()


_Walk: TypeAlias = Generator[Need, Any, _Flow]


@dataclass(slots=True)
class _Pending:
    """Pure code that has been passed but not yet sent to the sandbox."""

    lines: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    #: Not code: what is to be told of the way.
    seen: list[Seen] = field(default_factory=list)

    def add(self, code: str, span: Span) -> None:
        lines = code.split("\n")
        self.lines += lines
        self.spans += [span] * len(lines)

    def take(self, expression: str, span: Span) -> Code:
        """All that was gathered, ending in an expression whose value is wanted."""
        self.add(expression, span)
        code = Code("\n".join(self.lines), self.inputs, tuple(self.spans))
        self.lines, self.spans, self.inputs = [], [], {}
        return code


def text_of(stmt: Let | Compute) -> str:
    """Pure code as the sandbox runs it."""
    return f"{stmt.target} = {stmt.value.text}" if isinstance(stmt, Let) else stmt.text


def literals_of(args: Arguments) -> dict[str, Any] | None:
    """The values of arguments that are all literals; None where one must be evaluated."""
    if all(expr.literal for _, expr in args):
        return {name: expr.literal[0] for name, expr in args}
    return None


def display_of(args: Arguments) -> str:
    """An expression for all arguments, by name, which evaluates them in the order of the call."""
    inside = ", ".join(f"{name!r}: {expr.text}" for name, expr in args)
    return f"{{{inside}}}"


def parts_of(stmt: Ask) -> Arguments:
    """What must be evaluated for a question: its text, and the values that go with it."""
    return (("question", stmt.question), *((f"${name}", expr) for name, expr in stmt.values))


def question_of(stmt: Ask, values: Mapping[str, Any], rounds: tuple[int, ...] = ()) -> Question:
    """The question, once its parts are evaluated."""
    given = {k.removeprefix("$"): v for k, v in values.items() if k != "question"}
    text = str(values["question"])
    return Question(stmt.id, text, stmt.returns, given, stmt.span, rounds)


def walk(program: Program, seen: list[Seen] | None = None) -> Generator[Need, Any, Any]:
    """Everything that running the program needs, in order; returns the program's value.

    What is seen of its branches and loops is added to `seen`.
    """
    pending = _Pending(seen=[] if seen is None else seen)
    for _, text in program.helpers:
        pending.add(text, program.source.whole())
    yield from _block(program.body, pending)
    if program.result is None and not pending.lines:
        return None
    return (yield pending.take(program.result or "None", program.source.whole()))


def _block(block: Block, pending: _Pending) -> _Walk:
    for stmt in block:
        flow = yield from _stmt(stmt, pending)
        if flow is not _Flow.NEXT:
            return flow
    return _Flow.NEXT


def _stmt(stmt: Stmt, pending: _Pending) -> _Walk:
    match stmt:
        case Let() | Compute():
            pending.add(text_of(stmt), stmt.span)
        case Call():
            arguments = yield from _values(stmt.args, stmt.span, pending)
            answer = yield ToolUse(stmt.id, stmt.tool, arguments, stmt.span)
            _keep(stmt.target, answer, pending)
        case Ask():
            values = yield from _values(parts_of(stmt), stmt.span, pending)
            answer = yield question_of(stmt, values)
            _keep(stmt.target, answer, pending)
        case If():
            chosen = yield pending.take(f"bool({stmt.test.text})", stmt.test.span)
            pending.seen.append(Seen(stmt, int(chosen)))
            return (yield from _block(stmt.body if chosen else stmt.orelse, pending))
        case For():
            return (yield from _for(stmt, pending))
        case While():
            return (yield from _while(stmt, pending))
        case Break():
            return _Flow.BREAK
        case Continue():
            return _Flow.CONTINUE
    return _Flow.NEXT


def _for(stmt: For, pending: _Pending) -> _Walk:
    # The elements are those that the list has when the loop begins.
    elements = f"_it{stmt.id}"
    pending.add(f"{elements} = list({stmt.iterable.text})", stmt.iterable.span)
    rounds = yield pending.take(f"len({elements})", stmt.iterable.span)
    if rounds > MAX_FOR_TRIPS:
        raise TooManyTripsError(stmt.span, MAX_FOR_TRIPS)
    for index in range(rounds):
        pending.add(f"{stmt.target} = {elements}[{index}]", stmt.span)
        if (yield from _block(stmt.body, pending)) is _Flow.BREAK:
            pending.seen.append(Seen(stmt, index + 1))
            return _Flow.NEXT
    pending.seen.append(Seen(stmt, rounds))
    return (yield from _block(stmt.orelse, pending))


def _while(stmt: While, pending: _Pending) -> _Walk:
    for trip in count():
        yield from _block(stmt.prelude, pending)
        if not (yield pending.take(f"bool({stmt.test.text})", stmt.test.span)):
            pending.seen.append(Seen(stmt, trip))
            return (yield from _block(stmt.orelse, pending))
        if trip == MAX_WHILE_TRIPS:
            raise TooManyTripsError(stmt.span, MAX_WHILE_TRIPS)
        if (yield from _block(stmt.body, pending)) is _Flow.BREAK:
            pending.seen.append(Seen(stmt, trip + 1))
            return _Flow.NEXT
    raise AssertionError("a count has no end")


def _values(args: Arguments, span: Span, pending: _Pending) -> Generator[Need, Any, dict[str, Any]]:
    literal = literals_of(args)
    if literal is not None and not pending.lines:
        return literal
    # What was gathered before the call runs first.
    values: dict[str, Any] = yield pending.take(display_of(args), span)
    return values


def _keep(target: str | None, value: Any, pending: _Pending) -> None:
    if target is not None:
        pending.inputs[target] = value
