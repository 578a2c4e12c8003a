"""What the names of inner scopes are called, so that no two of a program's names are one.

Parameters and local names of helpers are `helper.name`, variables of comprehensions and lambdas
`name'`: neither can be a name of the plan's own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from agentjit.compiler.names import bound_names, reads
from agentjit.compiler.tree import children

#: What the names of an inner scope are called among all names of the program.
Scope: TypeAlias = Mapping[str, str]

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives in a scope, or what is so many levels inside of it."""

    node: ast.expr
    scope: Scope
    inside: int = 0

    def reads(self) -> frozenset[str]:
        """The names that it is computed from."""
        return frozenset(self.scope.get(name, name) for name in reads(self.node))


def comprehension_scope(node: Comprehension, scope: Scope) -> Scope:
    """The scope of a comprehension's element."""
    own = frozenset[str]().union(*(bound_names(g.target) for g in node.generators))
    return {**scope, **{name: f"{name}'" for name in own}}


def function_scope(node: ast.Lambda, scope: Scope) -> Scope:
    """The scope of a lambda's body."""
    return {**scope, **{name: f"{name}'" for name in params_of(node.args)}}


def helper_scope(helper: ast.FunctionDef) -> Scope:
    """The scope of a helper's statements."""
    own = frozenset(params_of(helper.args)).union(*(_bound(stmt) for stmt in helper.body))
    return {name: f"{helper.name}.{name}" for name in own}


def _bound(stmt: ast.stmt) -> Iterator[str]:
    """The names that a statement of a helper binds, those of comprehensions aside."""
    todo: list[ast.AST] = [stmt]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.comprehension):
            todo += children(node)


def params_of(arguments: ast.arguments) -> list[str]:
    """The parameters of a function, of every kind."""
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [a.arg for a in (*named, arguments.vararg, arguments.kwarg) if a]


def arguments_of(arguments: ast.arguments, call: ast.Call) -> Iterable[tuple[str, ast.expr, int]]:
    """Which parameter is given what, and how many levels inside of it.

    Where that is not plain, each may be given anything, or a list of it.
    """
    given = [*call.args, *(k.value for k in call.keywords)]
    named = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    starred = any(isinstance(a, ast.Starred) for a in call.args)
    if starred or arguments.vararg or arguments.kwarg or any(not k.arg for k in call.keywords):
        return [(param, value, -1) for param in params_of(arguments) for value in given]
    pairs = [(name, value, 0) for name, value in zip(named, call.args, strict=False)]
    return [*pairs, *((k.arg, k.value, 0) for k in call.keywords if k.arg)]
