"""The relative cost of a program: it ranks plans, it is not seconds.

Sum over call sites of weight × γ^depth, the dearer branch of an if: Agent JIT Compilation, section
3.6 and appendix H, with C_tool = 0.1, C_eval = 10 and γ = 10.
"""

from __future__ import annotations

from typing import Final

from agentjit.compiler.ir import Ask, Block, Call, For, If, Program, While

TOOL_WEIGHT: Final = 0.1
MODEL_WEIGHT: Final = 10.0
LOOP_FACTOR: Final = 10.0


def cost_of(program: Program) -> float:
    """The program's cost; a loop's body counts as `LOOP_FACTOR` rounds."""
    return round(_block(program.body, 1.0), 6)


def _block(block: Block, factor: float) -> float:
    total = 0.0
    for stmt in block:
        match stmt:
            case Call():
                total += TOOL_WEIGHT * factor
            case Ask():
                total += MODEL_WEIGHT * factor
            case If():
                total += max(_block(stmt.body, factor), _block(stmt.orelse, factor))
            case For():
                # What follows a loop counts once, however the loop is left.
                total += _block(stmt.body, factor * LOOP_FACTOR) + _block(stmt.orelse, factor)
            case While():
                inner = factor * LOOP_FACTOR
                total += _block(stmt.prelude, inner) + _block(stmt.body, inner)
                total += _block(stmt.orelse, factor)
            case _:
                pass
    return total
