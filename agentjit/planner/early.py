"""Read a plan while it is written: end what can no longer check, and what has come to its end."""

from __future__ import annotations

import ast
import codeop
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from agentjit.compiler.check import CheckedProgram, check
from agentjit.compiler.repair import repair
from agentjit.diagnostics import Diagnostic, Severity
from agentjit.planner.answer import begun_plan, without_thoughts
from agentjit.planner.candidate import Task
from agentjit.source import Source

#: A line that begins a statement of its own: not what goes on with one, and no comment.
_BEGINS: Final = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]")

#: A model that has said up to so many characters so many times goes on with them.
_PERIOD: Final = 80
_REPEATS: Final = 16


@dataclass(slots=True)
class Reading:
    """Watches one answer. Gives False, once, when there is no use in hearing more of it."""

    task: Task
    #: Told the plan so far, in whole lines, as long as it may check.
    hear: Callable[[str], None] | None = None
    #: What is wrong with statements that others have read; it is added to.
    known: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    #: The statements that cannot check, and why; empty as long as there are none.
    doomed: str = ""
    findings: tuple[Diagnostic, ...] = ()
    _read: int = 0
    _settled: str = ""
    _mendable: tuple[Diagnostic, ...] = ()

    def __call__(self, text: str) -> bool:
        """Whether to go on."""
        end = text.rfind("\n") + 1
        if end <= self._read:
            # Small models fall into saying the same for ever, most of all inside a string, which a
            # grammar lets go on: such a line never ends, and the plan that it is in does not parse.
            return not is_stuck(text[end:])
        self._read = end
        plan, closed = begun_plan(text[:end])
        if closed:
            return False
        settled = settled_part(plan)
        if settled != self._settled:
            self._settled = settled
            self._judge(settled)
        if not self.findings and self.hear is not None:
            # Of what is in no block nobody knows what it will be; what checks is no prose.
            self.hear(plan if "```" in text else without_thoughts(text[:end]))
        return not self.findings

    def _judge(self, settled: str) -> None:
        if settled not in self.known:
            self.known[settled] = find_errors(settled, self.task)
        errors = self.known[settled]
        if errors and errors != self._mendable:
            if _is_mendable(settled, self.task):
                # The same mistake is not mended again with each line that follows.
                self._mendable = errors
            else:
                self.doomed, self.findings = settled, errors


def is_stuck(line: str) -> bool:
    """Whether a line that is being written ends in many repetitions of the same words."""
    for period in range(2, min(_PERIOD, len(line) // _REPEATS) + 1):
        part = line[-period:]
        if line.endswith(part * _REPEATS) and any(c.isalnum() for c in part):
            return True
    return False


def settled_part(plan: str) -> str:
    """The statements at the beginning of a plan that no later line can add to."""
    lines = plan.splitlines(keepends=True)
    begun = [number for number, line in enumerate(lines) if _BEGINS.match(line)]
    return "".join(lines[: begun[-1]]) if begun else ""


def finished_part(plan: str) -> tuple[str, str]:
    """The beginning of a plan of whole lines that has come to its end, and what closes it.

    Beside the statements that are settled, that is a last one that holds no others; or a loop over
    a list as far as it is written, of which a `break` leaves the first round.
    """
    settled = settled_part(plan)
    rest = plan[len(settled) :]
    match _parsed(rest):
        case [last] if _is_simple(last):
            return plan, ""
        case [ast.For(body=body, orelse=[])]:
            done = body if _is_simple(body[-1]) else body[:-1]
            if done:
                # By line feeds alone, as the parser counts.
                lines = rest.split("\n")[: done[-1].end_lineno]
                return settled + "\n".join([*lines, ""]), f"{' ' * body[0].col_offset}break\n"
        case _:
            pass
    return settled, ""


def _is_simple(stmt: ast.stmt) -> bool:
    return isinstance(stmt, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign)


def _parsed(text: str) -> list[ast.stmt]:
    """The statements of a text; none where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def find_errors(settled: str, task: Task) -> tuple[Diagnostic, ...]:
    """What is wrong with the statements, whatever may follow them."""
    if not settled.strip() or not _is_whole(settled):
        return ()
    source, start = Source("plan.py", settled), dict(task.start)
    found = check(source, task.toolset, task=task.text, start=start)
    if isinstance(found, CheckedProgram) or _may_be_renamed(settled):
        return ()
    return tuple(d for d in found if d.severity is Severity.ERROR and not _is_open(d, settled))


def _is_mendable(settled: str, task: Task) -> bool:
    """Whether harmless calls would mend it: then it is no reason to end, repair will see to it."""
    source, start = Source("plan.py", settled), dict(task.start)
    return repair(source, task.toolset, task=task.text, start=start) is not None


def _is_whole(settled: str) -> bool:
    """Whether the text does not end within brackets or a string; mistakes are whole, too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return codeop.compile_command(settled, "plan.py", "exec") is not None
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return True


def _may_be_renamed(settled: str) -> bool:
    """Whether the last statement prints: at a plan's end, that becomes its result."""
    match _parsed(settled)[-1:]:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="print")))]:
            return True
        case _:
            return False


def _is_open(diagnostic: Diagnostic, settled: str) -> bool:
    """Whether it is about the inside of a helper function, whose names may yet be defined."""
    if diagnostic.span is None:
        return False
    helpers = [s for s in _parsed(settled) if isinstance(s, ast.FunctionDef)]
    line = diagnostic.span.line
    return any(s.lineno <= line <= (s.end_lineno or s.lineno) for s in helpers)
