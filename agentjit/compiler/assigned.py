"""Names that are read before they have a value: certainly, or on some path.

Both are asked of the first time that a point is reached. What comes around a loop has been there
before, with no fewer names, so back edges say nothing new.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Mapping
from typing import Final

from agentjit.compiler.cfg import Cfg, binds_of, reads_of
from agentjit.compiler.ir import Compute, Program, Stmt
from agentjit.compiler.messages import PossiblyUnassigned, UnassignedName
from agentjit.compiler.names import is_temporary, reads
from agentjit.compiler.tree import parsed_statements
from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.words import PLAN_BUILTINS

#: What else Python gives a name to: its type checker knows these, no plan has them.
_FOREIGN: Final = frozenset(
    {*vars(builtins), "copyright", "credits", "exit", "help", "license", "quit"} - {"object"}
)


def check_assigned(
    program: Program, cfg: Cfg, taken: Collection[tuple[int, int]]
) -> list[Diagnostic]:
    """What is read unassigned; `taken` are the ways that the analysis found possible.

    A name that is bound nowhere is the type checker's to tell, unless it is one of Python's own.
    """
    bound = frozenset[str]().union(*(binds_of(p.stmt) for p in cfg.points))
    ours = bound | _FOREIGN
    closures = _closures(program)
    known = {name for name, _ in program.helpers} | PLAN_BUILTINS
    some: dict[int, frozenset[str]] = {0: frozenset()}
    every: dict[int, frozenset[str]] = {0: frozenset()}
    found: list[Diagnostic] = []
    told: set[str] = set()
    for point in cfg.points:
        here = point.index
        if here not in some:
            continue
        exposed = _exposed(point.stmt, closures) & ours
        for name in sorted(exposed - known - every[here] - told):
            if is_temporary(name) or point.stmt is None:
                continue
            told.add(name)
            kind = PossiblyUnassigned if name in some[here] else UnassignedName
            advice = "" if name in bound else f"plans have no `{name}`: {_functions()}"
            found.append(kind(name=name, span=point.stmt.span, advice=advice))
        new = frozenset[str]() if point.entry else binds_of(point.stmt)
        for successor, _ in point.successors:
            if successor > here and (here, successor) in taken:
                some[successor] = some.get(successor, frozenset()) | some[here] | new
                all_here = every[here] | new
                every[successor] = every.get(successor, all_here) & all_here
    return found


def _functions() -> str:
    return f"of functions there are {', '.join(sorted(PLAN_BUILTINS))}"


def _closures(program: Program) -> Mapping[str, frozenset[str]]:
    """The names that each helper reads besides its own, those of helpers that it calls included."""
    found = {name: reads(parsed_statements(text).body[0]) for name, text in program.helpers}
    for _ in found:
        found = {
            name: free.union(*(found[f] for f in free if f in found))
            for name, free in found.items()
        }
    return found


def _exposed(stmt: Stmt | None, closures: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The names that a statement reads before it could have bound them itself."""
    own = _read(stmt)
    return own.union(*(closures[name] for name in own if name in closures))


def _read(stmt: Stmt | None) -> frozenset[str]:
    if isinstance(stmt, Compute):
        simple = isinstance(
            parsed_statements(stmt.text).body[0], ast.Assign | ast.AugAssign | ast.Expr
        )
        return stmt.reads if simple else stmt.reads - stmt.writes
    return reads_of(stmt)
