"""Lint of what a toolset declares: its own fields, its state model, the names of its tools."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Iterator
from typing import Any, Final

from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.jsontypes import Record, records_in
from agentjit.toolspecs.messages import BadStateModel, BadToolset, NameClash
from agentjit.toolspecs.obstacle import Obstacle
from agentjit.toolspecs.state import Scope, StateModel, StateVar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Words of the contract language; a variable of that name could not be written.
_RESERVED: Final = frozenset({"in", "known", "forgets", "result", "True", "False", "None"})

#: Names that plans, or the stubs that plans are checked against, use for something else.
_TAKEN: Final = PLAN_BUILTINS | {"Any", "Literal", "NotRequired", "TypedDict", "next", "result"}


def lint_shape(toolset: Toolset) -> Iterator[Diagnostic]:
    """Fields of the toolset that hold something of another kind than they are declared to."""
    given: dict[str, object] = {n: getattr(toolset, n) for n in toolset.__dataclass_fields__}
    for name in ("name", "title", "start_path"):
        if not isinstance(given[name], str):
            yield BadToolset(part=name, problem="is no text", advice=f'write {name}="…"')
    if given["name"] == "":
        yield BadToolset(part="name", problem="is empty", advice='write name="my_site"')
    yield from _lint_state_shape(given["state"])
    yield from _lint_observe(given["observe"])
    for name, kind, advice in (
        ("tools", Tool, "put @tool(effect=…) above its `async def`"),
        ("origins", str, 'write origins=("https://…",)'),
        ("obstacles", Obstacle, 'write obstacles=(Obstacle("cookies", "#consent", "text=No"),)'),
    ):
        value = given[name]
        if not isinstance(value, tuple | list):
            yield BadToolset(part=name, problem="is no tuple", advice=f"write {name}=(…, …)")
            continue
        for index, one in enumerate(value):
            if not isinstance(one, kind):
                problem = f"holds {_call_it(one)}, which is no {_KINDS[kind]}"
                yield BadToolset(part=f"{name}[{index}]", problem=problem, advice=advice)


_KINDS: Final[dict[type, str]] = {Tool: "tool", str: "text", Obstacle: "Obstacle"}


def _call_it(value: object) -> str:
    return f"{value.__name__}()" if inspect.isfunction(value) else f"{value!r:.60}"


def _lint_state_shape(state: object) -> Iterator[Diagnostic]:
    advice = 'write state=StateModel((StateVar("page", values=("home", …), start="home"), …))'
    if not isinstance(state, StateModel):
        yield BadToolset(part="state", problem="is no StateModel", advice=advice)
        return
    held: object = state.variables
    if not isinstance(held, tuple | list) or not all(isinstance(v, StateVar) for v in held):
        yield BadToolset(part="state", problem="holds something else than StateVar", advice=advice)


def _lint_observe(observe: object) -> Iterator[Diagnostic]:
    advice = "write async def observe(page: Page) -> dict[str, str | None]: …"
    problem = _observe_problem(observe)
    if problem:
        yield BadToolset(part="observe", problem=problem, advice=advice)


def _observe_problem(observe: Any) -> str:
    if not callable(observe):
        return "is no function"
    # What is no function but can be called may still give something to await.
    if inspect.isroutine(observe) and not inspect.iscoroutinefunction(observe):
        return "is not an async function"
    try:
        inspect.signature(observe).bind(None)
    except TypeError:
        return "cannot be called with the page alone"
    except ValueError:  # it has no signature to look at
        return ""
    return ""


def lint_state(state: StateModel) -> Iterator[Diagnostic]:
    """Variables with unusable names, types, values or start values."""
    seen: set[str] = set()
    for variable in state.variables:
        problem = _state_problem(variable, seen)
        seen.add(str(variable.name))
        if problem:
            yield BadStateModel(variable=variable.name, problem=problem)


def _state_problem(variable: StateVar, seen: set[str]) -> str:
    name: object = variable.name
    values: object = variable.values
    scope: object = variable.scope
    kind: object = variable.type
    if not isinstance(name, str) or not name.isidentifier() or name in _RESERVED:
        return "is not a usable name"
    if name in seen:
        return "is declared twice"
    if kind not in (str, int, bool):
        return f"its type is {getattr(kind, '__name__', kind)}; use str, int or bool"
    if not isinstance(scope, Scope):
        return f"its scope is {scope!r}; use Scope.TAB or Scope.ACCOUNT"
    if not isinstance(values, tuple) or not all(isinstance(v, str) for v in values):
        return f"its values are {values!r}; write a tuple of texts"
    if values and variable.type is not str:
        return "has both `values`, which are texts, and another type than str"
    if len(set(values)) < len(values):
        return "lists a value twice"
    if not variable.admits(variable.start):
        return f"its start value {variable.start!r} is not {variable.show_type()}"
    return ""


def lint_name(tool: Tool, seen: set[str]) -> Iterator[Diagnostic]:
    """A tool whose name another one has, or that hides a word of the plan language."""
    if tool.name in seen:
        yield NameClash(tool=tool.name, problem="is declared twice")
    if tool.name in _TAKEN or keyword.iskeyword(tool.name) or tool.name.startswith("_"):
        yield NameClash(tool=tool.name, problem="hides a word of the plan language")


def lint_records(toolset: Toolset) -> Iterator[Diagnostic]:
    """Records of one name that differ, or that have the name of something else."""
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
