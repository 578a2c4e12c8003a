"""What lowering carries along: fresh names and ids, the block being written, the diagnostics."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from agentjit.compiler.ir import Block, Compute, Expr, Let, NodeId, Stmt
from agentjit.compiler.names import mutates, reads, writes
from agentjit.compiler.parse import span_of
from agentjit.compiler.subset import has_tool_call
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source, Span
from agentjit.toolspecs.jsontypes import Record
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.words import PLAN_BUILTINS


@dataclass(slots=True)
class Lowering:
    """The builder of one program. The only mutable thing in the compiler's front end."""

    source: Source
    tools: Mapping[str, Tool]
    records: Mapping[str, Record]
    #: How often each name is bound in the whole plan; a comprehension's variable that is bound
    #: elsewhere too must be renamed when the comprehension becomes a loop.
    bindings: Mapping[str, int]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    out: list[Stmt] = field(default_factory=list)
    _next_id: int = 0
    _next_temp: int = 0

    def fresh_id(self) -> NodeId:
        """An id for the next node; ids grow in textual order."""
        self._next_id += 1
        return NodeId(self._next_id)

    def fresh_name(self) -> str:
        """A temporary's name; the subset keeps plans from using such names."""
        self._next_temp += 1
        return f"_{self._next_temp}"

    @contextmanager
    def block(self) -> Iterator[list[Stmt]]:
        """Collect what is emitted inside into a block of its own."""
        outer, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = outer

    def calls(self, node: ast.AST) -> bool:
        """Whether a tool or the model is called inside."""
        return has_tool_call(node, self.tools)

    def span(self, node: ast.AST) -> Span:
        """Where the node stands in the plan."""
        return span_of(node, self.source)

    def expr(self, node: ast.expr, at: ast.AST | None = None) -> Expr:
        """A pure node as an expression; `at` lends its place to a node that lowering made."""
        return Expr(
            ast.unparse(node), self.free(reads(node)), self.span(at or node), _literal_of(node)
        )

    def free(self, names: frozenset[str]) -> frozenset[str]:
        """Without the names that the language itself gives a meaning to."""
        return names - PLAN_BUILTINS

    def let(self, target: str, value: ast.expr, at: ast.AST) -> None:
        """Emit `target = value`."""
        if mutates(value):
            # More changes than the target.
            self.compute(ast.copy_location(_assignment(target, value), at), at)
            return
        self.out.append(Let(self.fresh_id(), target, self.expr(value, at), self.span(at)))

    def compute(self, node: ast.stmt, at: ast.AST) -> None:
        """Emit a pure statement as it is."""
        text = ast.unparse(node)
        self.out.append(
            Compute(self.fresh_id(), text, self.free(reads(node)), writes(node), self.span(at))
        )

    def temp(self, value: ast.expr, at: ast.AST) -> ast.Name:
        """Emit a temporary with this value and return its name."""
        name = self.fresh_name()
        self.let(name, value, at)
        return load(name, at)


def _assignment(target: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(target, ast.Store())], value)


def load(name: str, at: ast.AST) -> ast.Name:
    """A use of a name, standing where `at` stands."""
    return ast.copy_location(ast.Name(name, ast.Load()), at)


def frozen(block: list[Stmt]) -> Block:
    """A finished block."""
    return tuple(block)


def _literal_of(node: ast.expr) -> tuple[StateValue, ...]:
    """The value of a literal that a contract can speak of, if the node is one."""
    match node:
        case ast.Constant(value=None | bool() | int() | str() as value):
            return (value,)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return (-value,)
        case _:
            return ()
