"""Repair a plan whose preconditions do not hold: insert the fewest harmless calls that mend it.

Only READ and NAVIGATE calls are ever inserted, with arguments that the plan already has: its names
in scope, and literals that it gives to a parameter of the same origin. The search is breadth first
and deterministic; its result checks. It starts from what holds at the call, on all ways that lead
there: of a loop whose test calls tools it knows what is so in every round, and may insert a call
more than what stands before the loop would need.
"""

from __future__ import annotations

import ast
import difflib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from agentjit.compiler.check import CheckedProgram, check, read_program
from agentjit.compiler.contracts import prove
from agentjit.compiler.facts import Facts
from agentjit.compiler.insertable import moves
from agentjit.compiler.ir import Call, NodeId, Program, calls_in
from agentjit.compiler.messages import PreconditionNotMet
from agentjit.compiler.transfer import apply, breaches, enter
from agentjit.compiler.tree import walk
from agentjit.diagnostics import Diagnostic, Severity
from agentjit.source import Source, Span
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Calls inserted at one place; broken requirements, and calls, of a plan that is worth mending.
MAX_CALLS: Final = 3
MAX_BROKEN: Final = 16
MAX_PLAN_CALLS: Final = 200
#: Plans tried in all, and the nodes of their syntax trees.
MAX_TRIES: Final = 60
MAX_NODES: Final = 24_000
#: States looked at for one place.
MAX_STATES: Final = 500


@dataclass(frozen=True, slots=True)
class Insertion:
    """A line that was put in: before which line of the plan as it was given, and its text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A plan that checks after insertions, and what they were."""

    source: Source
    checked: CheckedProgram
    insertions: tuple[Insertion, ...]
    #: A unified diff from the plan as it was.
    diff: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A plan text with what is still wrong with it."""

    source: Source
    #: For each of its lines, which line of the plan as it was given it is, or stands before.
    numbers: tuple[int, ...]
    tree: ast.Module
    program: Program
    facts: Mapping[NodeId, Facts]
    broken: tuple[PreconditionNotMet, ...]


def repair(
    source: Source,
    toolset: Toolset,
    *,
    task: str | None = None,
    start: Mapping[str, StateValue] | None = None,
) -> Repair | None:
    """The plan with the fewest insertions that make it check; None where there are none."""
    try:
        found = _search(source, toolset, task, start)
    except RecursionError:
        return None
    if found is None:
        return None
    attempt, insertions = found
    checked = check(attempt.source, toolset, task=task, start=start)
    if not isinstance(checked, CheckedProgram):
        return None
    return Repair(attempt.source, checked, tuple(insertions), _diff(source, attempt.source))


def advise(found: Iterable[Diagnostic], mended: Repair | None) -> tuple[Diagnostic, ...]:
    """The diagnostics, with the lines to insert as advice where the repair found some.

    A line that was put in for an earlier requirement may mend later ones too: these keep theirs.
    """
    lines: dict[int, list[str]] = {}
    for insertion in mended.insertions if mended else ():
        lines.setdefault(insertion.line, []).append(insertion.text)
    return tuple(_advised(diagnostic, lines) for diagnostic in found)


def _advised(diagnostic: Diagnostic, lines: Mapping[int, list[str]]) -> Diagnostic:
    number = diagnostic.span.line if diagnostic.span else 0
    if not isinstance(diagnostic, PreconditionNotMet) or number not in lines:
        return diagnostic
    calls = " and ".join(f"`{text}`" for text in lines[number])
    return replace(diagnostic, advice=f"insert {calls} before line {number}: then it holds")


def _search(
    source: Source,
    toolset: Toolset,
    task: str | None,
    start: Mapping[str, StateValue] | None,
) -> tuple[_Attempt, list[Insertion]] | None:
    """Mend one place after the other; None where one cannot be mended, or they are too many."""
    numbers = range(1, len(source.lines()) + 1)
    attempt = _attempt(source, tuple(numbers), toolset, start)
    if attempt is None or len(calls_in(attempt.program.body)) > MAX_PLAN_CALLS:
        return None
    if not attempt.broken or not _is_sound(attempt, toolset, task, start):
        return None
    insertions: list[Insertion] = []
    # A try costs a whole analysis, which costs the more the longer the plan is.
    nodes = sum(1 for _ in walk(attempt.tree))
    tries = iter(range(min(MAX_TRIES, MAX_NODES // nodes)))
    while attempt.broken:
        improvements = _improvements(attempt, toolset, start, tries)
        better = next((b for b in improvements if _is_sound(b[0], toolset, task, start)), None)
        if better is None or len(attempt.broken) > MAX_BROKEN:
            return None
        attempt, added = better
        insertions += added
    return attempt, insertions


def _attempt(
    source: Source,
    numbers: tuple[int, ...],
    toolset: Toolset,
    start: Mapping[str, StateValue] | None,
) -> _Attempt | None:
    """The plan as far as contracts see it; None where something else is wrong with it."""
    program = read_program(source, toolset)
    if isinstance(program, tuple):
        return None
    proof = prove(program, toolset, start)
    broken = tuple(d for d in proof.found if isinstance(d, PreconditionNotMet))
    return _Attempt(source, numbers, ast.parse(source.text), program, proof.facts, broken)


def _improvements(
    attempt: _Attempt,
    toolset: Toolset,
    start: Mapping[str, StateValue] | None,
    tries: Iterator[int],
) -> Iterator[tuple[_Attempt, list[Insertion]]]:
    """Plans with a few more lines in which fewer preconditions break."""
    first = attempt.broken[0]
    call = next(c for c in calls_in(attempt.program.body) if c.span == first.span)
    line, indent = _place(attempt, first.span)
    # Tries are counted over all places.
    for sequence, _ in zip(_sequences(call, attempt, toolset), tries, strict=False):
        text, numbers = attempt.source.lines(), [*attempt.numbers]
        text[line - 1 : line - 1] = [f"{indent}{inserted}" for inserted in sequence]
        numbers[line - 1 : line - 1] = [numbers[line - 1]] * len(sequence)
        source = Source(attempt.source.name, "\n".join(text))
        following = _attempt(source, tuple(numbers), toolset, start)
        if following is not None and len(following.broken) < len(attempt.broken):
            yield following, [Insertion(numbers[line - 1], text) for text in sequence]


def _is_sound(
    attempt: _Attempt,
    toolset: Toolset,
    task: str | None,
    start: Mapping[str, StateValue] | None,
) -> bool:
    """Whether nothing but contracts is wrong: what was inserted may be of the wrong type."""
    checked = check(attempt.source, toolset, task=task, start=start)
    if isinstance(checked, CheckedProgram):
        return True
    wrong = [d for d in checked if d.severity is Severity.ERROR]
    return all(isinstance(d, PreconditionNotMet) for d in wrong)


def _place(attempt: _Attempt, span: Span | None) -> tuple[int, str]:
    """The line of the innermost statement around a place, and its indentation."""
    assert span is not None
    found: ast.stmt = attempt.tree.body[0]
    for node in walk(attempt.tree):
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef):
            inside = node.lineno <= span.line <= (node.end_lineno or node.lineno)
            if inside and (node.lineno, node.col_offset) >= (found.lineno, found.col_offset):
                found = node
    line = attempt.source.line(found.lineno)
    return found.lineno, line[: len(line) - len(line.lstrip())]


def _sequences(call: Call, attempt: _Attempt, toolset: Toolset) -> Iterator[tuple[str, ...]]:
    """Sequences of harmless calls after which the call's requirements hold, shortest first."""
    tool = toolset.by_name[call.tool]
    start = attempt.facts[call.id]
    found = [*moves(attempt.program, start, toolset)]
    queue: deque[tuple[Facts, tuple[str, ...]]] = deque([(start, ())])
    seen = {_state_of(start)}
    while queue and len(seen) < MAX_STATES:
        facts, path = queue.popleft()
        for inserted, mover in found:
            moved = enter(inserted, mover, facts, again=True)
            if moved is None or any(breaches(mover, moved, toolset.state)):
                continue
            if _is_met(call, tool, moved.facts, toolset):
                # Not by what the call does: by what it would be refused for.
                continue
            after = apply(mover, inserted, moved.facts, moved.args)
            if _state_of(after) in seen:
                continue
            seen.add(_state_of(after))
            text = (*path, _show(inserted))
            if _is_met(call, tool, after, toolset):
                yield text
            if len(text) < MAX_CALLS:
                queue.append((after, text))


def _is_met(call: Call, tool: Tool, facts: Facts, toolset: Toolset) -> bool:
    arrived = enter(call, tool, facts, again=False)
    return arrived is not None and not any(breaches(tool, arrived, toolset.state))


def _state_of(facts: Facts) -> tuple[object, ...]:
    return tuple(fact.atoms for fact in facts.state.values())


def _show(call: Call) -> str:
    return f"{call.tool}({', '.join(expr.text for _, expr in call.args)})"


def _diff(before: Source, after: Source) -> str:
    lines = difflib.unified_diff(
        before.lines(), after.lines(), before.name, "repaired", lineterm=""
    )
    return "\n".join(lines) + "\n"
