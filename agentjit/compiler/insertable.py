"""The calls that a repair may insert, with arguments that the plan already has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Final

from agentjit.compiler.atoms import Literal
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Call, Expr, NodeId, Program, calls_in
from agentjit.compiler.numbering import value_of
from agentjit.source import Span
from agentjit.toolspecs.contract import Equals, ParamRef
from agentjit.toolspecs.jsontypes import mismatch
from agentjit.toolspecs.signature import Param
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Argument choices tried for one tool.
MAX_ARGUMENTS: Final = 12


def moves(program: Program, facts: Facts, toolset: Toolset) -> Iterator[tuple[Call, Tool]]:
    """Harmless calls that could be inserted, with every choice of arguments that the plan has."""
    for tool in toolset.tools:
        if not tool.effect.harmless:
            continue
        needed = [p for p in tool.params if p.required]
        choices = [_arguments(program, tool, param, facts, toolset) for param in needed]
        for given in islice(product(*choices), MAX_ARGUMENTS):
            args = tuple((p.name, expr) for p, expr in zip(needed, given, strict=True))
            yield Call(NodeId(-1), None, tool.name, args, Span(1, 1, 1, 1)), tool


def _arguments(
    program: Program, tool: Tool, param: Param, facts: Facts, toolset: Toolset
) -> Sequence[Expr]:
    """What the plan already has: literals that mean the same, then its names in scope.

    A text that it gives to parameters of another meaning means something else: a dish is no store.
    """
    same: list[Expr] = []
    others: set[str] = set()
    for call in calls_in(program.body):
        other = toolset.by_name[call.tool]
        for name, expr in call.args:
            given = other.param(name)
            if given is not None and _mean_the_same(tool, param, other, given):
                same.append(expr)
            else:
                others.add(expr.text)
    literals = [e for e in same if e.literal and isinstance(e.literal[0], str)]
    others -= {e.text for e in same}
    nowhere = Span(1, 1, 1, 1)
    names = [
        Expr(name, frozenset((name,)), nowhere)
        for name in facts.names()
        if not name.startswith("_") and name not in others
    ]
    fitting = [e for e in (*literals, *names) if _may_be(e, param, facts)]
    return list({e.text: e for e in fitting}.values())


def _mean_the_same(tool: Tool, param: Param, other: Tool, given: Param) -> bool:
    """Whether values of one parameter do for the other: where they come from, or what they set."""
    if _variables(tool, param) & _variables(other, given):
        return True
    if param.origin is None or given.origin is None:
        return param.origin is given.origin and (param.name, param.type) == (given.name, given.type)
    return param.origin.path == given.origin.path


def _variables(tool: Tool, param: Param) -> frozenset[str]:
    """The state variables that the parameter is the value of."""
    clauses = (*tool.requires, *tool.ensures)
    return frozenset(
        c.var for c in clauses if isinstance(c, Equals) and c.value == ParamRef(param.name)
    )


def _may_be(expr: Expr, param: Param, facts: Facts) -> bool:
    """Whether a value may be of the parameter's type, as far as contracts see it."""
    atom = value_of(expr, facts)
    return not isinstance(atom, Literal) or mismatch(atom.value, param.type) is None
