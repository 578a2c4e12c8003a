"""Give the free names of a text other names; the variables of comprehensions keep theirs."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from agentjit.compiler.names import bound_names


def rename_free(text: str, names: Mapping[str, str], *, mode: str = "eval") -> str:
    """The text with its free names renamed; as it is where none of them is in `names`."""
    tree = ast.parse(text, mode=mode)
    if not any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(tree)):
        return text
    return ast.unparse(_Renamer(names).visit(tree))


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        own = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        self.visit(node.args)
        node.body = self._without(own).visit(node.body)
        return node

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> ast.AST:
        own: set[str] = set()
        for generator in node.generators:
            # Each iterable sees the variables of the clauses before it only.
            generator.iter = self._without(own).visit(generator.iter)
            own |= bound_names(generator.target)
            inner = self._without(own)
            generator.target = inner.visit(generator.target)
            generator.ifs = [inner.visit(test) for test in generator.ifs]
        inner = self._without(own)
        if isinstance(node, ast.DictComp):
            node.key, node.value = inner.visit(node.key), inner.visit(node.value)
        else:
            node.elt = inner.visit(node.elt)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehension(node)

    def _without(self, own: set[str]) -> _Renamer:
        return _Renamer({k: v for k, v in self._names.items() if k not in own})
