"""Keep a comprehension's variables its own when the comprehension becomes a loop."""

from __future__ import annotations

import ast
import copy
from typing import TypeAlias, TypeVar

from agentjit.compiler.lowering import Lowering
from agentjit.compiler.names import bound_names
from agentjit.compiler.tree import walk

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
C = TypeVar("C", bound=Comprehension)


def rename_own_variables(node: C, low: Lowering) -> C:
    """The comprehension, with fresh names for those of its variables that others have too."""
    own = [name for g in node.generators for name in sorted(bound_names(g.target))]
    # Bound once in the whole plan means bound here only: the name can stay. Names that the plan
    # does not bind at all are those of a renaming further out.
    clash = {n for n in own if low.bindings.get(n, 0) != 1}
    if not clash:
        return node
    renamed = copy.deepcopy(node)
    fresh = {name: low.fresh_name() for name in sorted(clash)}
    _Rename(fresh, skip=renamed.generators[0].iter).visit(renamed)
    return renamed


class _Rename(ast.NodeTransformer):
    """Rename free uses; an inner scope that binds the name again keeps its own."""

    def __init__(self, names: dict[str, str], skip: ast.expr | None = None) -> None:
        self._names = names
        self._skip = skip

    def visit(self, node: ast.AST) -> ast.AST:
        # The first iterable is evaluated outside the comprehension's scope.
        return node if node is self._skip else super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        # Defaults are evaluated outside; parameters hide what has their name.
        self.visit(node.args)
        own = {n.arg for n in walk(node.args) if isinstance(n, ast.arg)}
        inner = {k: v for k, v in self._names.items() if k not in own}
        node.body = _Rename(inner).visit(node.body)  # type: ignore[assignment]
        return node
