"""What the notations of grammars have in common: juxtaposition, `|`, `?`, `*`, `+`, parentheses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from agentjit.compiler.decoding.rules import (
    Characters,
    Choice,
    Expression,
    Literal,
    Optional,
    Reference,
    Repeat,
    Sequence,
)

#: One that is not made of others.
Atom: TypeAlias = Literal | Characters | Reference


@dataclass(frozen=True, slots=True)
class Notation:
    """A way of writing expressions down: how atoms are written, the rest is the same."""

    atom: Callable[[Atom], str]

    def show(self, expression: Expression) -> str:
        """The expression's text."""
        match expression:
            case Literal() | Characters() | Reference():
                return self.atom(expression)
            case Sequence(parts):
                return " ".join(
                    self._grouped(p) if isinstance(p, Choice) else self.show(p) for p in parts
                )
            case Choice(options):
                return " | ".join(self.show(o) for o in options)
            case Optional(part):
                return f"{self._grouped(part)}?"
            case Repeat(part, least):
                return f"{self._grouped(part)}{'+' if least else '*'}"

    def _grouped(self, expression: Expression) -> str:
        text = self.show(expression)
        return text if isinstance(expression, Literal | Characters | Reference) else f"({text})"


def quoted(text: str) -> str:
    """The text between double quotes; tabs and the like do not occur in plans."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
