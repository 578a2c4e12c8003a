"""Rewrite the idioms that the sandbox runs differently: `next` over a generator."""

from __future__ import annotations

import ast

from agentjit.compiler.lowering import Lowering
from agentjit.compiler.messages import HiddenCall, OutsideLanguage


def lower_idioms(tree: ast.Module, low: Lowering) -> ast.Module:
    """`next(x for …)` as the first of a list, `next(x for …, d)` as that or `d`."""
    rewritten = _Next(low).visit(tree)
    assert isinstance(rewritten, ast.Module)
    return ast.fix_missing_locations(rewritten)


class _Next(ast.NodeTransformer):
    def __init__(self, low: Lowering) -> None:
        self._low = low

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802 - ast's own naming
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "next"):
            return node
        match node.args, node.keywords:
            case [ast.GeneratorExp() as gen, *default], [] if len(default) <= 1:
                if self._low.calls(gen):
                    where = "inside a generator that stops early"
                    instead = "write a for loop with break"
                    span = self._low.span(gen)
                    self._low.diagnostics.append(
                        HiddenCall(where=where, instead=instead, span=span)
                    )
                found: ast.expr = ast.ListComp(gen.elt, gen.generators)
                if default:
                    found = ast.BoolOp(ast.Or(), [found, ast.List([*default], ast.Load())])
                first = ast.Subscript(found, ast.Constant(0), ast.Load())
                return ast.copy_location(first, node)
            case _:
                instead = "index a list, or write next(x for x in … if …)"
                self._low.diagnostics.append(
                    OutsideLanguage(
                        construct="next of an iterator",
                        instead=instead,
                        span=self._low.span(node),
                    )
                )
                return node
