"""Lint of a toolset: every way in which contracts can be wrong without any plan at hand."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from agentjit.diagnostics import Diagnostic
from agentjit.source import Span
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
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import (
    Choice,
    Either,
    JsonType,
    Record,
    Scalar,
    records_in,
    show_type,
)
from agentjit.toolspecs.messages import (
    BadCommit,
    BadProvenance,
    BadReference,
    BadStateModel,
    ContradictoryContract,
    EffectMismatch,
    ImpossibleValue,
    NameClash,
    UnknownVariable,
    UnreachablePrecondition,
    UnverifiableCommit,
    WrongSide,
)
from agentjit.toolspecs.state import Scope, StateModel, StateValue, StateVar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset, resolve_origin
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Words of the contract language; a variable of that name could not be written.
_RESERVED: Final = frozenset({"in", "known", "forgets", "result", "True", "False", "None"})


#: Names that plans, or the stubs that plans are checked against, use for something else.
_TAKEN: Final = PLAN_BUILTINS | {"Any", "Literal", "NotRequired", "TypedDict", "next", "result"}


def lint(toolset: Toolset) -> tuple[Diagnostic, ...]:
    """All that is wrong with the toolset, errors and warnings, in the order of its declarations."""
    found: list[Diagnostic] = [*_lint_state(toolset.state)]
    names: set[str] = set()
    for tool in toolset.tools:
        found += tool.problems
        found += _lint_name(tool, names)
        names.add(tool.name)
        found += _lint_clauses(tool, toolset.state)
        found += _lint_effect(tool, toolset.state)
        found += _lint_links(tool, {t.name: t for t in toolset.tools})
    found += _lint_records(toolset)
    # Reachability is told only of contracts that make sense in themselves.
    if not found:
        found += _lint_reachable(toolset)
    found += [
        UnverifiableCommit(tool=t.name)
        for t in toolset.tools
        if t.effect is Effect.COMMIT and t.verify is None
    ]
    return tuple(found)


def _lint_state(state: StateModel) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for variable in state.variables:
        problem = ""
        if not variable.name.isidentifier() or variable.name in _RESERVED:
            problem = "is not a usable name"
        elif variable.name in seen:
            problem = "is declared twice"
        elif not variable.admits(variable.start):
            problem = f"its start value {variable.start!r} is not {variable.show_type()}"
        seen.add(variable.name)
        if problem:
            yield BadStateModel(variable=variable.name, problem=problem)


def _lint_name(tool: Tool, seen: set[str]) -> Iterator[Diagnostic]:
    if tool.name in seen:
        yield NameClash(tool=tool.name, problem="is declared twice")
    if tool.name in _TAKEN or keyword.iskeyword(tool.name) or tool.name.startswith("_"):
        yield NameClash(tool=tool.name, problem="hides a word of the plan language")


def _lint_records(toolset: Toolset) -> Iterator[Diagnostic]:
    known: dict[str, Record] = {}
    tools = {t.name for t in toolset.tools}
    for tool in toolset.tools:
        for kind in (*(p.type for p in tool.params), tool.returns):
            for record in records_in(kind):
                problem = ""
                if known.setdefault(record.name, record) != record:
                    problem = f"there are two different records called {record.name}"
                elif record.name in tools or record.name in _TAKEN:
                    problem = f"the name of its record {record.name} is taken"
                if problem:
                    advice = "rename the TypedDict"
                    yield NameClash(tool=tool.name, problem=problem, advice=advice)


def _lint_clauses(tool: Tool, state: StateModel) -> Iterator[Diagnostic]:
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
        for found in _contradictions(tool, clauses):
            yield replace(found, source=source)


def _lint_clause(tool: Tool, clause: Clause, side: str, variable: StateVar) -> Iterator[Diagnostic]:
    text = str(clause)
    if side == "requires" and isinstance(clause, Forgets):
        reason = "it describes the state after a call: move it to `ensures`"
        yield WrongSide(tool=tool.name, clause=text, side=side, reason=reason)
    if side == "ensures" and isinstance(clause, Differs):
        reason = "it does not say what the variable is: use ==, in {…} or forgets"
        yield WrongSide(tool=tool.name, clause=text, side=side, reason=reason)
    for value in _constants(clause):
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


def _constants(clause: Clause) -> tuple[StateValue, ...]:
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


def _contradictions(tool: Tool, clauses: tuple[Clause, ...]) -> Iterator[Diagnostic]:
    for index, second in enumerate(clauses):
        others = (c for c in clauses[:index] if c.var == second.var)
        # One for a clause: what it contradicts besides is the same mistake.
        first = next((c for c in others if _exclude(c, second)), None)
        if first is not None:
            yield ContradictoryContract(
                tool=tool.name, first=str(first), second=str(second), span=second.span
            )


def _exclude(first: Clause, second: Clause) -> bool:
    """Whether two clauses about one variable can never hold together, as far as literals tell."""
    if isinstance(first, Forgets) or isinstance(second, Forgets):
        return True
    if isinstance(first, Known) or isinstance(second, Known):
        other = second if isinstance(first, Known) else first
        return isinstance(other, Equals) and other.value == Constant(None)
    left, right = set(_constants(first)), set(_constants(second))
    if not left or not right:
        return False
    if isinstance(first, Differs) or isinstance(second, Differs):
        positive, negative = (right, left) if isinstance(first, Differs) else (left, right)
        both = isinstance(first, Differs) and isinstance(second, Differs)
        return not both and positive <= negative
    return not left & right


def _lint_effect(tool: Tool, state: StateModel) -> Iterator[Diagnostic]:
    changed = [c for c in tool.ensures if state.get(c.var) and not _restates(c, tool)]
    account = [c for c in changed if (v := state.get(c.var)) and v.scope is Scope.ACCOUNT]
    wrong: tuple[str, str] | None = None
    match tool.effect:
        case Effect.READ if changed:
            wrong = f"ensures `{changed[0]}`", "make it NAVIGATE or WRITE, or drop the clause"
        case Effect.NAVIGATE if account:
            wrong = f"changes the account: `{account[0]}`", "make it WRITE, or drop the clause"
    if tool.effect.harmless and tool.touches.writes:
        writes = ", ".join(sorted(tool.touches.writes))
        wrong = f"writes {writes}", "make it WRITE or COMMIT, or drop `writes`"
    if wrong:
        problem, remedy = wrong
        yield EffectMismatch(
            tool=tool.name, effect=tool.effect.name, problem=problem, remedy_text=remedy
        )


def _restates(clause: Clause, tool: Tool) -> bool:
    """Whether the clause only repeats what the tool requires, so that nothing changes."""
    return str(clause) in {str(c) for c in tool.requires}


def _lint_links(tool: Tool, tools: dict[str, Tool]) -> Iterator[Diagnostic]:
    for param in tool.params:
        if param.origin is None:
            continue
        found = resolve_origin(param.origin.path, tools)
        problem = found if isinstance(found, str) else ""
        if not isinstance(found, str) and found.tool.effect is not Effect.READ:
            problem = f"comes from {found.tool.name}(), which is no READ tool"
        if problem:
            yield BadProvenance(
                tool=tool.name, parameter=param.name, origin=param.origin.path, problem=problem
            )
    for role, named in (("verify", tool.verify), ("terms", tool.terms)):
        if named is None:
            continue
        problem = _helper_problem(tools.get(named))
        if problem:
            yield BadCommit(tool=tool.name, role=role, named=named, problem=problem)


def _helper_problem(helper: Tool | None) -> str:
    if helper is None:
        return "names no tool"
    if helper.effect is not Effect.READ:
        return "is not a READ tool"
    if any(p.required for p in helper.params):
        return "needs arguments"
    return ""


def _lint_reachable(toolset: Toolset) -> Iterator[Diagnostic]:
    given: list[Clause] = [
        Equals(v.name, Constant(v.start), Span(1, 1, 1, 1)) for v in toolset.state.variables
    ]
    waiting = list(toolset.tools)
    # A tool whose requirements can be met adds what it ensures, until none is added any more.
    while ready := [t for t in waiting if all(_can_hold(c, given) for c in t.requires)]:
        given += [clause for tool in ready for clause in tool.ensures]
        waiting = [t for t in waiting if t not in ready]
    for tool in waiting:
        for clause in tool.requires:
            if not _can_hold(clause, given):
                yield UnreachablePrecondition(
                    tool=tool.name,
                    clause=str(clause),
                    span=clause.span,
                    source=tool.requires_source,
                )


def _can_hold(clause: Clause, given: list[Clause]) -> bool:
    return any(_may_meet(g, clause) for g in given if g.var == clause.var)


def _may_meet(given: Clause, wanted: Clause) -> bool:
    if isinstance(given, Forgets):
        return False
    values = _constants(given)
    if not values:  # a parameter, a result, or merely known: it may be anything but unset
        return wanted != Equals(wanted.var, Constant(None), wanted.span)
    match wanted:
        case Equals(value=Constant(value)):
            return value in values
        case OneOf(values=wanted_values):
            return bool(set(values) & set(wanted_values))
        case Differs(value=Constant(value)):
            return any(v != value for v in values)
        case Known():
            return any(v is not None for v in values)
        case _:
            return any(v is not None for v in values)
