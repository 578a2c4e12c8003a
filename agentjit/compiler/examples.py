"""Whether the examples of a toolset's tools are still valid calls of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from agentjit.compiler.ir import Call, calls_in
from agentjit.compiler.lower import lower
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.compiler.typecheck import check_types
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source, Span
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.remarks import StaleExample
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import PLAN_BUILTINS


def check_examples(toolset: Toolset) -> tuple[Diagnostic, ...]:
    """A diagnostic for each example that is no valid call of its tool, in the order of the tools.

    Preconditions are not proven: an example shows a call, not the plan around it.
    """
    found: list[Diagnostic] = []
    for tool in toolset.tools:
        for index, text in enumerate(tool.examples):
            source = Source(f"{tool.name}.examples[{index}]", text)
            found += _check(source, tool, toolset)
    return tuple(found)


def _check(source: Source, tool: Tool, toolset: Toolset) -> Iterator[Diagnostic]:
    def stale(problem: str, span: Span | None, advice: str = "") -> Diagnostic:
        return StaleExample(
            tool=tool.name,
            problem=problem,
            signature=tool.signature(),
            span=span or source.whole(),
            source=source,
            advice=advice,
        )

    tree = parse_plan(source)
    if isinstance(tree, Diagnostic):
        yield stale(tree.message, tree.span)
        return
    called = _called(tree)
    # A call of what there is no longer is told by the subset, which knows what is near.
    known = called in toolset.by_name or called in PLAN_BUILTINS
    if called is None or (called != tool.name and known):
        other = f"it calls {called}()" if called else "it is not one call"
        yield stale(f"{other}, where a call of {tool.name}() should be", None)
        return
    outside = check_subset(tree, source, toolset.by_name)
    program, hidden = ([], []) if outside else _lower(tree, source, toolset)
    complaints = [*outside, *hidden]
    if complaints:
        for each in complaints:
            yield stale(each.message, each.span, each.remedy)
        return
    if len(program) != 1:
        yield stale("it calls other tools in its arguments", None, "write a literal there")
        return
    values = list(_wrong_values(program[0], tool))
    for problem, span in values:
        yield stale(problem, span)
    if not values:
        for each in check_types(source, toolset):
            yield stale(each.message, each.span)


def _lower(
    tree: ast.Module, source: Source, toolset: Toolset
) -> tuple[list[Call], list[Diagnostic]]:
    program, complaints = lower(tree, source, toolset)
    return list(calls_in(program.body)), complaints


def _called(tree: ast.Module) -> str | None:
    """The name of the one function that the text calls, if a call is all that it is."""
    match tree.body:
        case [ast.Expr(value=ast.Call(func=ast.Name(id=name)))]:
            return name
        case _:
            return None


def _wrong_values(call: Call, tool: Tool) -> Iterator[tuple[str, Span]]:
    """Literal arguments of another type than the parameter's, each with its place."""
    for name, expr in call.args:
        param = tool.param(name)
        try:
            value = ast.literal_eval(expr.text)
        except (TypeError, ValueError):
            continue  # no literal: the type checker has its say
        wrong = mismatch(value, param.type, f"`{name}`") if param else None
        if wrong:
            yield wrong, expr.span
