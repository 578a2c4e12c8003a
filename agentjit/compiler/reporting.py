"""How a requirement that may not hold is told: what is known, on which path, what would help."""

from __future__ import annotations

import ast
from typing import Final

from agentjit.compiler.atoms import Atom, Something, Symbol, belief_of, literal
from agentjit.compiler.facts import Step
from agentjit.compiler.ir import Call
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.compiler.transfer import Breach, establishes
from agentjit.compiler.tree import parsed_statements, walk
from agentjit.diagnostics import Diagnostic, Note
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause, Constant, Differs, Known
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Characters of a call that a message repeats; of longer ones it names the tool.
MAX_TOLD: Final = 60

#: Calls of a path that are told: from its beginning, and from its end.
FIRST_STEPS: Final = 2
LAST_STEPS: Final = 8

#: What makes a plan go one way or the other.
_BRANCHING: Final = (
    *(ast.If, ast.While, ast.For, ast.IfExp, ast.BoolOp),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def report(call: Call, breach: Breach, toolset: Toolset, source: Source) -> Diagnostic:
    """A requirement of a call that may not hold, with a path on which nothing says that it does."""
    clause = breach.clause
    steps = _told_path(breach.path, source)
    helpers = _establishers(clause, toolset)
    signatures = [tool.signature().split(" -> ")[0] for tool in helpers]
    advice = (
        f"call {' or '.join(f'`{s}`' for s in signatures)} before it, to establish `{clause}`"
        if helpers
        else f"no tool establishes `{clause}`; it must hold at the start"
    )
    return PreconditionNotMet(
        span=call.span,
        tool=call.tool,
        clause=str(clause),
        actual=f"`{clause.var}` {_told_atom(breach.atom, call)}{_doubt(clause, breach.atom)}",
        path=steps,
        establishers=tuple(tool.name for tool in helpers),
        notes=(_path_note(steps, call, source),),
        advice=advice,
    )


def _establishers(clause: Clause, toolset: Toolset) -> list[Tool]:
    """The tools that make a clause true where it was not; harmless ones first."""
    wanted = str(clause)
    able = [
        tool
        for tool in toolset.tools
        if establishes(tool, clause) and wanted not in map(str, tool.requires)
    ]
    return sorted(able, key=lambda tool: not tool.effect.harmless)


def _told_atom(atom: Atom | None, call: Call) -> str:
    match atom:
        case Symbol() if any(atom.label == f"`{expr.text}`" for _, expr in call.args):
            # The same words, and another value by now.
            return f"is what {atom.label} was before"
        case None:
            return "is not known"
        case Something():
            return "has a value that is not known"
        case _:
            return f"is {atom}"


def _doubt(clause: Clause, atom: Atom | None) -> str:
    """Why a value that is some value does not do."""
    match clause:
        case Known() | Differs(value=Constant(None)) if isinstance(atom, Symbol):
            return ", which may be None"
        case Differs(value=Constant(str(value))) if isinstance(atom, Symbol):
            excluded = not belief_of(atom).admits(literal(value))
            return ", which may differ in case and spacing only" if excluded else ""
        case _:
            return ""


def _told_path(path: Step | None, source: Source) -> tuple[str, ...]:
    """The calls of a path, each with its line; of a long one how it began and how it ended."""
    if path is None:
        return ()
    steps = path.path()
    told = [_told(step, source) for step in (*steps[:FIRST_STEPS], *steps[-LAST_STEPS:])]
    between = len(steps) - FIRST_STEPS - LAST_STEPS
    if between <= 0:
        return tuple(_told(step, source) for step in steps)
    return (*told[:FIRST_STEPS], f"{between} more", *told[FIRST_STEPS:])


def _told(step: Step, source: Source) -> str:
    """The call as the plan writes it, if that is short, and its line."""
    written = source.cut(step.span)
    short = len(written) <= MAX_TOLD and "\n" not in written
    return f"{written if short else f'{step.text}(…)'} (line {step.span.line})"


def _path_note(steps: tuple[str, ...], call: Call, source: Source) -> Note:
    """Where a plan has branched, a path is one that tests may rule out after all."""
    branched = any(
        isinstance(node, _BRANCHING)
        and (node.lineno, node.col_offset) < (call.span.line, call.span.column)
        for node in walk(parsed_statements(source.text))
    )
    where = "on a path that is not ruled out" if branched else "on the path"
    return Note(f"{where}: " + " → ".join([*(steps or ["start of the plan"]), f"{call.tool}()"]))
