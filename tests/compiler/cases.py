"""Golden cases: one plan a file, and beside it what the compiler answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agentjit.compiler import CheckedProgram, check
from agentjit.diagnostics import Diagnostic, render_all
from agentjit.source import Source
from tests.compiler.shop import SHOP
from tests.conftest import GOLDEN

FOLDER: Final = GOLDEN / "compiler"

#: A plan may say which task it is for, in its first line.
_TASK: Final = re.compile(r"^# task: (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One plan of a folder, with the name of its golden."""

    path: Path

    @property
    def golden(self) -> str:
        """Where the expected answer stands, under tests/golden."""
        return str(self.path.with_suffix(".txt").relative_to(GOLDEN))

    @property
    def source(self) -> Source:
        """The plan."""
        return Source("plan", self.path.read_text("utf-8"))

    def answer(self) -> CheckedProgram | str:
        """The checked program, or the diagnostics as text."""
        checked = self._checked()
        if isinstance(checked, CheckedProgram):
            return checked
        return render_all(checked, self.source) + "\n"

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the plan, or is worth saying of it all the same."""
        checked = self._checked()
        return checked.warnings if isinstance(checked, CheckedProgram) else checked

    def _checked(self) -> CheckedProgram | tuple[Diagnostic, ...]:
        task = _TASK.match(self.source.text)
        return check(self.source, SHOP, task=task[1] if task else None)


def cases_in(folder: str) -> list[Case]:
    """All cases of one folder, in the order of their names."""
    return [Case(path) for path in sorted((FOLDER / folder).glob("*.plan"))]
