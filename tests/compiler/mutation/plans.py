"""The plans that are mutated: a file a plan, with the task that it is for in its first line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "plans"

_TASK: Final = re.compile(r"# task: (.*)\n")


@dataclass(frozen=True, slots=True)
class Plan:
    """A valid plan."""

    name: str
    task: str
    text: str


@cache
def load_plans() -> tuple[Plan, ...]:
    """All of them, in the order of their names."""
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.plan")))


def _load(path: Path) -> Plan:
    text = path.read_text("utf-8")
    task = _TASK.match(text)
    assert task, f"{path.name} does not begin with its task"
    return Plan(path.stem, task[1], text)
