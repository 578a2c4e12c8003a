"""Plan text to Python's syntax tree, within limits, with spans in characters."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Sequence
from typing import Any, Final

from agentjit.compiler.limits import (
    MAX_CALLS,
    MAX_NAMES,
    MAX_NESTING,
    MAX_OPERANDS,
    MAX_PLAN_CHARS,
    MAX_STATEMENTS,
)
from agentjit.compiler.messages import PlanSyntax, PlanTooLarge
from agentjit.compiler.tree import children, walk
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source, Span
from agentjit.toolspecs.words import AI_EVAL

#: Characters of a line that a message about the size of a plan shows.
MAX_SHOWN: Final = 500


def parse_plan(source: Source) -> ast.Module | Diagnostic:
    """The tree of a plan, or why there is none."""
    size = len(source.text)
    if size > MAX_PLAN_CHARS:
        at = _shown(source.span_at(MAX_PLAN_CHARS), source)
        return PlanTooLarge(
            what="its length in characters", size=size, limit=MAX_PLAN_CHARS, span=at
        )
    depth, offset = _bracket_depth(source.text)
    if depth > MAX_NESTING:
        at = _shown(source.span_at(offset), source)
        return PlanTooLarge(what="its nesting of brackets", size=depth, limit=MAX_NESTING, span=at)
    try:
        with warnings.catch_warnings():
            # "invalid escape sequence" and the like: a plan's style is not our concern.
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        return _not_python(error)
    except (ValueError, RecursionError, MemoryError) as error:
        return PlanSyntax(problem=str(error) or "it is nested too deeply", span=source.span_at(0))
    depth, deepest = _tree_depth(tree)
    # Every statement level costs about two node levels, an operand one.
    if depth > MAX_NESTING * 4:
        at = _shown(span_of(deepest, source), source)
        return PlanTooLarge(what="its nesting", size=depth // 4, limit=MAX_NESTING, span=at)
    return _too_many(tree, source) or tree


def check_scopes(source: Source) -> Diagnostic | None:
    """What only Python's own compiler notices, such as a `break` outside of any loop.

    The plan must parse. The code object is thrown away: nothing of it is ever run.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.text, source.name, "exec", dont_inherit=True)
    except SyntaxError as error:
        return _not_python(error)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return PlanSyntax(problem=str(error) or "it is nested too deeply", span=source.span_at(0))
    return None


def _not_python(error: SyntaxError) -> Diagnostic:
    line, column = max(1, error.lineno or 1), max(1, error.offset or 1)
    end_line, end = error.end_lineno or line, error.end_offset or 0
    if (end_line, end) <= (line, column):
        end_line, end = line, column + 1
    return PlanSyntax(problem=error.msg, span=Span(line, column, end_line, max(1, end)))


def span_of(node: ast.AST, source: Source) -> Span:
    """Where a node stands; Python counts columns in bytes of UTF-8, people in characters."""
    at: Any = node
    line, end_line = at.lineno, at.end_lineno or at.lineno
    column = _characters(source.line(line), at.col_offset)
    end = _characters(source.line(end_line), at.end_col_offset or at.col_offset)
    return Span(line, column + 1, end_line, end + 1)


def _characters(line: str, offset: int) -> int:
    return len(line.encode()[:offset].decode(errors="replace"))


def _bracket_depth(text: str) -> tuple[int, int]:
    """The deepest nesting of brackets, and where it first goes beyond the limit.

    Those in strings count too, which errs on the safe side.
    """
    depth = deepest = beyond = 0
    for offset, character in enumerate(text):
        if character in "([{":
            depth += 1
            if deepest <= MAX_NESTING < depth:
                beyond = offset
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(0, depth - 1)
    return deepest, beyond


def _shown(span: Span, source: Source) -> Span | None:
    """The place, or its first line, unless that is too long to be shown."""
    width = len(source.line(span.line))
    if span.end_line > span.line:
        span = Span(span.line, span.column, span.line, width + 1)
    return span if width <= MAX_SHOWN else None


def _too_many(tree: ast.Module, source: Source) -> Diagnostic | None:
    """Lowering nests what stands side by side here, and the facts are of every name at once."""
    for node in walk(tree):
        for expr in children(node) if isinstance(node, ast.stmt) else ():
            operands = sum(map(_operands, walk(expr))) if isinstance(expr, ast.expr) else 0
            if operands > MAX_OPERANDS:
                what, at = "the number of operands of one expression", span_of(expr, source)
                return PlanTooLarge(what=what, size=operands, limit=MAX_OPERANDS, span=at)
    return _beyond(
        "the number of its statements", _statements(tree), MAX_STATEMENTS, source
    ) or _beyond("the number of its names", _bindings(tree), MAX_NAMES, source)


def check_calls(tree: ast.Module, source: Source, tools: Collection[str]) -> Diagnostic | None:
    """Whether a plan writes down too many calls of tools and of the model."""
    calls = [n for n in walk(tree) if isinstance(n, ast.Call) and _is_of(n, tools)]
    return _beyond("the number of its tool calls", calls, MAX_CALLS, source)


def _beyond(what: str, nodes: Sequence[ast.AST], limit: int, source: Source) -> Diagnostic | None:
    """Too many nodes, told at the first one beyond the limit."""
    if len(nodes) <= limit:
        return None
    at = _shown(span_of(nodes[limit], source), source)
    return PlanTooLarge(what=what, size=len(nodes), limit=limit, span=at)


def _statements(tree: ast.Module) -> list[ast.AST]:
    return [node for node in walk(tree) if isinstance(node, ast.stmt)]


def _bindings(tree: ast.Module) -> list[ast.AST]:
    """Where each name is bound for the first time."""
    found: dict[str, ast.AST] = {}
    for node in walk(tree):
        for name in _bound_name(node):
            found.setdefault(name, node)
    return [*found.values()]


def _is_of(node: ast.Call, tools: Collection[str]) -> bool:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return name in tools or name == AI_EVAL


def _operands(node: ast.AST) -> int:
    match node:
        case ast.BoolOp(values=values):
            return len(values)
        case ast.Compare(comparators=others):
            return len(others) + 1
        case ast.comprehension(ifs=tests):
            return len(tests) + 1
        case _:
            return 0


def _bound_name(node: ast.AST) -> frozenset[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.FunctionDef(name=name):
            return frozenset((name,))
        case _:
            return frozenset()


def _tree_depth(tree: ast.AST) -> tuple[int, ast.AST]:
    """How deep nodes are nested, and one of the deepest that have a place."""
    deepest, found = 0, tree
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > deepest and hasattr(node, "lineno"):
            found = node
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in children(node)]
    return deepest, found
