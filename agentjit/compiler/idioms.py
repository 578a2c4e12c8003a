"""Rewrite the idioms that the sandbox runs differently: `next` over a generator."""

from __future__ import annotations

import ast

from agentjit.compiler.hoist import calls_beyond_source
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

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id == "next"):
            return node
        match node.args, node.keywords:
            case [ast.GeneratorExp() as gen, *default], [] if len(default) <= 1:
                self._refuse_calls(gen, default)
                found: ast.expr = ast.ListComp(gen.elt, gen.generators)
                if default:
                    found = ast.BoolOp(ast.Or(), [found, ast.List([*default], ast.Load())])
                first = ast.Subscript(found, ast.Constant(0), ast.Load())
                return ast.copy_location(first, node)
            case _:
                # What else next() may take is no JSON value.
                instead = "index a list, or write next(x for x in … if …)"
                self._low.diagnostics.append(
                    OutsideLanguage(
                        construct="next of an iterator",
                        instead=instead,
                        span=self._low.span(node),
                    )
                )
                return node

    def _refuse_calls(self, gen: ast.GeneratorExp, default: list[ast.expr]) -> None:
        """The generator stops early, and the default is computed even if it is not needed."""
        if calls_beyond_source(gen, self._low):
            where, instead = "inside a generator that stops early", "write a for loop with break"
        elif any(self._low.calls(d) for d in default):
            where, instead = "in the default of next()", "call it before, and use its result"
        else:
            return
        span = self._low.span(gen)
        self._low.diagnostics.append(HiddenCall(where=where, instead=instead, span=span))
