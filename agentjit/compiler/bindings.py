"""Refuse bindings that mean something else here than in Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from agentjit.compiler.messages import OutsideLanguage
from agentjit.compiler.names import reads
from agentjit.compiler.parse import span_of
from agentjit.compiler.tree import walk
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Functions whose results can be gone through once only.
_ITERATORS: Final = frozenset("enumerate filter map reversed zip".split())


def check_bindings(tree: ast.Module, source: Source) -> Iterator[Diagnostic]:
    """Iterators that are kept under a name, and helpers that are not defined once and for all."""
    helpers: set[str] = set()
    for stmt in tree.body:
        if isinstance(stmt, ast.FunctionDef):
            if stmt.name in helpers:
                instead = "define every helper function once, under a name of its own"
                yield _outside(stmt, f"a second definition of `{stmt.name}`", instead, source)
            helpers.add(stmt.name)
            yield from _bad_defaults(stmt, source)
    for node in walk(tree):
        match node:
            case ast.Assign(targets=[*targets], value=value):
                named = any(isinstance(t, ast.Name) for t in targets)
                yield from _kept_iterator(value, source) if named else ()
            case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
                yield from _kept_iterator(value, source)
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) if name in helpers:
                what = f"`{name}` as a helper function and a variable"
                yield _outside(node, what, "choose another name", source)


def _bad_defaults(helper: ast.FunctionDef, source: Source) -> Iterator[Diagnostic]:
    """Helpers are defined before the plan's first step, so there is nothing yet to read."""
    arguments = helper.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default is not None and reads(default) - PLAN_BUILTINS:
            instead = "write a literal, or pass the value in each call"
            yield _outside(default, "a helper's default that reads names", instead, source)


def _kept_iterator(value: ast.expr, source: Source) -> Iterator[Diagnostic]:
    match value:
        case ast.Call(func=ast.Name(id=name)) if name in _ITERATORS:
            what, instead = f"keeping what {name}(…) gives", f"wrap it in a list: list({name}(…))"
        case ast.GeneratorExp():
            what, instead = "keeping a generator", "write a list comprehension: [… for …]"
        case _:
            return
    yield _outside(value, what, instead, source)


def _outside(node: ast.AST, construct: str, instead: str, source: Source) -> Diagnostic:
    return OutsideLanguage(construct=construct, instead=instead, span=span_of(node, source))
