"""Any text as a plan: a program that can be shown, or diagnostics, and a repair that holds."""

from __future__ import annotations

from typing import Final

from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.repair import repair
from agentjit.source import Source
from tests.compiler.shop import SHOP
from tests.fuzz.target import Target
from tests.fuzz.targets.answers import show_all
from tests.fuzz.targets.plantexts import PLANS, TASK, TOKENS


def check_and_repair(text: str) -> None:
    source = Source("plan", text)
    checked = check(source, SHOP, task=TASK)
    if isinstance(checked, CheckedProgram):
        assert checked.show()
        if checked.warnings:
            show_all(checked.warnings, source)
        return
    show_all(checked, source)
    mended = repair(source, SHOP, task=TASK)
    if mended is not None:
        assert mended.checked.show()
        lines = [line.strip() for line in mended.source.lines()]
        assert all(i.text.strip() in lines for i in mended.insertions), "an insertion is not there"
        assert mended.diff.startswith("--- plan")


TARGET: Final = Target("plans", check_and_repair, PLANS, TOKENS)
