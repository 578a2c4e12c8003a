"""The targets by name, loaded one at a time: a coverage-guided run instruments what it loads."""

from __future__ import annotations

import importlib
from typing import Final

from tests.fuzz.target import Target

NAMES: Final = ("plans", "lowering", "contracts", "replies", "tasks")


def load_target(name: str) -> Target:
    """The target of that name."""
    target = importlib.import_module(f"tests.fuzz.targets.{name}").TARGET
    assert isinstance(target, Target)
    return target
