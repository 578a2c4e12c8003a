"""Lint of what a tool names of others: the origins of its arguments, `verify` and `terms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.contract import Clause
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import (
    Anything,
    Choice,
    DictOf,
    Either,
    JsonType,
    ListOf,
    Record,
    Scalar,
    is_numeric,
    show_type,
)
from agentjit.toolspecs.lint_clauses import exclude
from agentjit.toolspecs.messages import BadCommit, BadProvenance
from agentjit.toolspecs.remarks import UnverifiableCommit
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import resolve_origin

_ON_THE_SPOT: Final = (
    "the runtime reads it in the tab of the call: name a tool that can be called there"
)


def lint_links(tool: Tool, tools: Mapping[str, Tool]) -> Iterator[Diagnostic]:
    """Names that lead nowhere, or to a tool or a value that cannot serve."""
    for param in tool.params:
        if param.origin is None:
            continue
        problem = _origin_problem(param, tools)
        if problem:
            yield BadProvenance(
                tool=tool.name, parameter=param.name, origin=param.origin.path, problem=problem
            )
    if tool.effect is not Effect.COMMIT:
        return
    for role, named in (("verify", tool.verify), ("terms", tool.terms)):
        if named is None:
            continue
        helper = tools.get(named)
        problem = _helper_problem(helper)
        if problem:
            yield BadCommit(tool=tool.name, role=role, named=named, problem=problem)
        elif helper is not None and role == "terms":
            for problem in _out_of_place(helper, "before", tool.requires):
                yield BadCommit(
                    tool=tool.name, role=role, named=named, problem=problem, advice=_ON_THE_SPOT
                )


def _origin_problem(param: Param, tools: Mapping[str, Tool]) -> str:
    assert param.origin is not None
    found = resolve_origin(param.origin.path, tools)
    if isinstance(found, str):
        return found
    if found.tool.effect is not Effect.READ:
        return f"comes from {found.tool.name}(), which is no READ tool"
    if not _may_be(found.type, param.type):
        return f"is {show_type(found.type)}, but the parameter is {show_type(param.type)}"
    return ""


def _may_be(kind: JsonType, wanted: JsonType) -> bool:
    """Whether some value of the one type is a value of the other, or an element of it."""
    match kind, wanted:
        case Either(members), _:
            return any(_may_be(m, wanted) for m in members)
        case _, Either(members):
            return any(_may_be(kind, m) for m in members)
        case ListOf(item), ListOf(wanted_item):
            return _may_be(item, wanted_item)
        case _, ListOf(wanted_item):
            return _may_be(kind, wanted_item)
        case (Choice(values), Scalar(name)) | (Scalar(name), Choice(values)):
            return any(type(v).__name__ == name for v in values)
        case Choice(values), Choice(others):
            return bool(set(values) & set(others))
        case _:
            return (
                kind == wanted
                or isinstance(kind, Anything)
                or isinstance(wanted, Anything)
                or (isinstance(kind, Record | DictOf) and isinstance(wanted, DictOf))
                or (is_numeric(kind) and is_numeric(wanted))
            )


def _helper_problem(helper: Tool | None) -> str:
    if helper is None:
        return "names no tool"
    if helper.effect is not Effect.READ:
        return "is not a READ tool"
    if any(p.required for p in helper.params):
        return "needs arguments"
    return ""


def lint_verify(tool: Tool, tools: Mapping[str, Tool]) -> Iterator[Diagnostic]:
    """What keeps a lost answer of a COMMIT from being settled."""
    if tool.effect is not Effect.COMMIT:
        return
    if tool.verify is None:
        yield UnverifiableCommit(tool=tool.name, problem="declares no `verify`")
        return
    helper = tools.get(tool.verify)
    if helper is None or _helper_problem(helper):
        return  # told already
    named = f"{tool.verify}()"
    if not isinstance(helper.returns, ListOf):
        problem = f"{named}, which is to verify it, returns no list in which it could be new"
        advice = "name a READ tool that lists all that was ever committed"
        yield UnverifiableCommit(tool=tool.name, problem=problem, advice=advice)
    for when, clauses in (("before", tool.requires), ("after", tool.ensures)):
        for found in _out_of_place(helper, when, clauses):
            problem = f"{named}, which is to verify it, {found}"
            yield UnverifiableCommit(tool=tool.name, problem=problem, advice=_ON_THE_SPOT)


def _out_of_place(helper: Tool, when: str, clauses: tuple[Clause, ...]) -> Iterator[str]:
    """Requirements of a tool that cannot be met just before, or just after, the COMMIT."""
    for needed in helper.requires:
        for given in clauses:
            if given.var == needed.var and exclude(needed, given):
                yield f"requires `{needed}`, but {when} the call `{given}` holds"
