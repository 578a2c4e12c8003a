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
    # Without the task more plans can be mended: it need not say what they write.
    mended = repair(source, SHOP)
    if mended is not None:
        assert mended.checked.show()
        after = mended.source.lines()
        stripped = {line.strip() for line in after}
        assert {i.text for i in mended.insertions} <= stripped, "an insertion is not there"
        rest = iter(after)
        # `in` goes through the iterator: the plan's own lines, in their order.
        assert all(line in rest for line in source.lines() if line.strip()), "the plan was changed"
        assert mended.diff.startswith("--- plan")


TARGET: Final = Target("plans", check_and_repair, PLANS, TOKENS)
