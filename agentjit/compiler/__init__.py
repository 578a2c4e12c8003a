"""From plan text to a checked program: the only way in is `check`."""

from agentjit.compiler.check import CheckedProgram, check
from agentjit.compiler.ir import Program

__all__ = ["CheckedProgram", "Program", "check"]
