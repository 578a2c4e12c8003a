"""Lint of contracts, clause by clause: names, values, references, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
)
from agentjit.toolspecs.jsontypes import Choice, Either, JsonType, Record, Scalar, show_type
from agentjit.toolspecs.messages import (
    BadReference,
    ContradictoryContract,
    ImpossibleValue,
    UnknownVariable,
    WrongSide,
)
from agentjit.toolspecs.state import StateModel, StateValue, StateVar
from agentjit.toolspecs.tool import Tool


def lint_clauses(tool: Tool, state: StateModel) -> Iterator[Diagnostic]:
    """What is wrong inside either side of the tool's contract."""
    for side, clauses in (("requires", tool.requires), ("ensures", tool.ensures)):
        source = tool.requires_source if side == "requires" else tool.ensures_source
        for clause in clauses:
            variable = state.get(clause.var)
            if variable is None:
                yield UnknownVariable(
                    tool=tool.name,
                    variable=clause.var,
                    known=", ".join(state.names()),
                    span=clause.span,
                    source=source,
                )
                continue
            for found in _lint_clause(tool, clause, side, variable):
                yield replace(found, span=clause.span, source=source)
        for found in _contradictions(tool, clauses, side):
            yield replace(found, source=source)


def _lint_clause(tool: Tool, clause: Clause, side: str, variable: StateVar) -> Iterator[Diagnostic]:
    text = str(clause)
    if side == "requires" and isinstance(clause, Forgets):
        reason = "it describes the state after a call: move it to `ensures`"
        yield WrongSide(tool=tool.name, clause=text, side=side, reason=reason)
    if side == "ensures" and isinstance(clause, Differs):
        reason = "it does not say what the variable is: use ==, in {…} or forgets"
        yield WrongSide(tool=tool.name, clause=text, side=side, reason=reason)
    for value in (*constants(clause), *_choices(tool, clause, side)):
        if not variable.admits(value):
            yield ImpossibleValue(
                tool=tool.name,
                variable=variable.name,
                value=repr(value),
                domain=variable.show_type(),
            )
    if isinstance(clause, Equals | Differs):
        problem = _reference_problem(tool, clause, side, variable)
        if problem:
            yield BadReference(tool=tool.name, reference=str(clause.value), problem=problem)


def _choices(tool: Tool, clause: Clause, side: str) -> tuple[StateValue, ...]:
    """The values that a parameter of a Literal type would give to the variable."""
    if side != "ensures" or not isinstance(clause, Equals):
        return ()
    param = tool.param(clause.value.name) if isinstance(clause.value, ParamRef) else None
    kind = param.type if param else None
    return kind.values if isinstance(kind, Choice) else ()


def constants(clause: Clause) -> tuple[StateValue, ...]:
    """The literals that the clause compares with; none where it names a parameter or a result."""
    match clause:
        case Equals(value=Constant(value)) | Differs(value=Constant(value)):
            return (value,)
        case OneOf(values=values):
            return values
        case _:
            return ()


def _reference_problem(tool: Tool, clause: Equals | Differs, side: str, variable: StateVar) -> str:
    kind: JsonType = tool.returns
    match clause.value:
        case ParamRef(name):
            param = tool.param(name)
            if param is None:
                return "names no parameter of the tool"
            kind = param.type
        case ResultRef() if side == "requires":
            return "cannot be required: there is no result before the call"
        case ResultRef(path):
            for key in path:
                found = kind.field(key) if isinstance(kind, Record) else None
                if found is None:
                    return f"names no field `{key}` of the tool's result"
                kind = found.type
        case Constant():
            return ""
    if _fits(kind, variable):
        return ""
    return f"is {show_type(kind)}, but `{variable.name}` is {variable.show_type()}"


def _fits(kind: JsonType, variable: StateVar) -> bool:
    """Whether the variable can hold such values; a type may be wider than an enumeration."""
    match kind:
        case Scalar(name):
            return name in ("None", variable.type.__name__)
        case Choice(values):
            return any(variable.admits(v) for v in values)
        case Either(members):
            return all(_fits(m, variable) for m in members)
        case _:
            return False


def _contradictions(tool: Tool, clauses: tuple[Clause, ...], side: str) -> Iterator[Diagnostic]:
    for index, second in enumerate(clauses):
        others = (c for c in clauses[:index] if c.var == second.var)
        # One for a clause: what it contradicts besides is the same mistake.
        first = next((c for c in others if _contradicts(c, second, side)), None)
        if first is not None:
            yield ContradictoryContract(
                tool=tool.name, first=str(first), second=str(second), span=second.span
            )


def _contradicts(first: Clause, second: Clause, side: str) -> bool:
    return exclude(first, second) or (side == "ensures" and _assign_twice(first, second))


def _assign_twice(first: Clause, second: Clause) -> bool:
    """Whether both say which value the variable gets, and not the same one."""
    return isinstance(first, Equals) and isinstance(second, Equals) and first.value != second.value


def exclude(first: Clause, second: Clause) -> bool:
    """Whether two clauses about one variable can never hold together, as far as literals tell."""
    if isinstance(first, Forgets) or isinstance(second, Forgets):
        return True
    if isinstance(first, Known) or isinstance(second, Known):
        other = second if isinstance(first, Known) else first
        return isinstance(other, Equals) and other.value == Constant(None)
    left, right = set(constants(first)), set(constants(second))
    if not left or not right:
        return False
    if isinstance(first, Differs) or isinstance(second, Differs):
        positive, negative = (right, left) if isinstance(first, Differs) else (left, right)
        both = isinstance(first, Differs) and isinstance(second, Differs)
        return not both and positive <= negative
    return not left & right
