"""Where a plan may hand on a function: to what calls it at once, by name or as a lambda.

A function that is kept (in a list, under another name, by a choice) would be called where nobody
sees which one it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from agentjit.compiler.tree import walk

#: Functions that call what they are given as `key`, and those that call their first argument.
_BY_KEY = frozenset("max min sort sorted".split())
_BY_FIRST = frozenset("filter map".split())


def handed_on(tree: ast.Module) -> frozenset[ast.AST]:
    """The nodes that stand where a function is handed on to what calls it at once."""
    return frozenset(
        value for node in walk(tree) if isinstance(node, ast.Call) for value in _handed(node)
    )


def named_lambdas(tree: ast.Module) -> dict[ast.AST, str]:
    """The lambdas that are assigned to one plain name, with that name."""
    found: dict[ast.AST, str] = {}
    for node in walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Lambda() as function)
            ):
                found[function] = name
            case _:
                pass
    return found


def _handed(call: ast.Call) -> Iterator[ast.expr]:
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _BY_KEY:
            yield from (k.value for k in call.keywords if k.arg == "key")
        case ast.Call(func=ast.Name(id=name), args=[function, *_]) if name in _BY_FIRST:
            yield function
        case _:
            pass
