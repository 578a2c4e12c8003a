"""Refuse changes in place that would happen at another moment than in Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from agentjit.compiler.lowering import Lowering
from agentjit.compiler.messages import ChangedWhileLooping, MutationInExpression
from agentjit.compiler.methods import MUTATING
from agentjit.compiler.names import bound_names, writes
from agentjit.compiler.tree import children, walk

#: Functions and methods that look at a list again for every element that they give.
_VIEWING: Final = frozenset("enumerate filter map reversed zip".split())
_VIEWS: Final = frozenset("items keys values".split())


def refuse_mutation(tree: ast.Module, low: Lowering) -> None:
    """Complain of changes beside tool calls, in `next(…)`, and of what a loop goes over."""
    changers = _changing_helpers(tree)
    refused: dict[ast.Call, None] = {}
    for node in walk(tree):
        if isinstance(node, ast.stmt):
            refused |= dict.fromkeys(_beside_calls(node, changers, low))
        if isinstance(node, ast.Call) and _called(node) == "next":
            # A list is made of the generator: later elements are computed too.
            refused |= dict.fromkeys(_changes(node, changers))
        if isinstance(node, ast.For) and low.calls(node):
            _refuse_changed_iterable(node, changers, low)
    low.diagnostics += [MutationInExpression(span=low.span(node)) for node in refused]


def _beside_calls(stmt: ast.stmt, changers: frozenset[str], low: Lowering) -> Iterator[ast.Call]:
    """The changes inside a statement's own expressions, where these call tools too."""
    own = [child for child in children(stmt) if isinstance(child, ast.expr)]
    whole = stmt.value if isinstance(stmt, ast.Expr | ast.Assign | ast.AnnAssign) else None
    if isinstance(stmt, ast.FunctionDef) or not any(low.calls(expr) for expr in own):
        return
    for expr in own:
        yield from (c for c in _changes(expr, changers) if c is not whole)


def _changes(node: ast.AST, changers: frozenset[str]) -> list[ast.Call]:
    """The calls inside a node that change a value in place."""
    return [n for n in walk(node) if isinstance(n, ast.Call) and _is_change(n, changers)]


def _is_change(node: ast.Call, changers: frozenset[str]) -> bool:
    return _called(node) in (MUTATING if isinstance(node.func, ast.Attribute) else changers)


def _called(node: ast.Call) -> str:
    """The name of the function or method."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _changing_helpers(tree: ast.Module) -> frozenset[str]:
    """The helpers that change a value which is not of their own making."""
    helpers = [s for s in tree.body if isinstance(s, ast.FunctionDef)]
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(h.name for h in helpers if _reaches_out(h, found))
        if more == found:
            return found
        found = more


def _reaches_out(helper: ast.FunctionDef, changers: frozenset[str]) -> bool:
    own = frozenset().union(*(bound_names(s) for s in helper.body))
    changed = frozenset().union(*(writes(s) for s in helper.body))
    return bool(changed - own) or any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in changers
        for n in walk(helper)
    )


def _refuse_changed_iterable(loop: ast.For, changers: frozenset[str], low: Lowering) -> None:
    names = frozenset(_looped_over(loop.iter))
    for stmt in loop.body:
        for node in walk(stmt):
            name = _changed_name(node, names, changers)
            if name is not None:
                low.diagnostics.append(ChangedWhileLooping(name=name, span=low.span(node)))


def _looped_over(node: ast.expr) -> Iterator[str]:
    """The names whose values a loop would see change."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _VIEWS:
            yield from _looped_over(value)
        case ast.Call(func=ast.Name(id=name), args=args) if name in _VIEWING:
            for arg in args:
                yield from _looped_over(arg)


def _changed_name(node: ast.AST, names: frozenset[str], changers: frozenset[str]) -> str | None:
    """Which of the names gains, loses or moves elements here."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method, value=ast.Name(id=name))):
            return name if method in MUTATING and name in names else None
        case ast.AugAssign(target=ast.Name(id=name)):
            return name if name in names else None
        case ast.Call(func=ast.Name(id=helper), args=args) if helper in changers:
            given = (a.id for a in args if isinstance(a, ast.Name) and a.id in names)
            return next(given, None)
        case _:
            return None
