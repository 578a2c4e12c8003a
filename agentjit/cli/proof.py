"""The checked form of a plan on a terminal: its calls, and above each what is known to hold."""

from __future__ import annotations

import re
from typing import Final

from rich.text import Text

from agentjit.compiler.check import CheckedProgram

_NODE: Final = re.compile(r"\s*(%\d+)")


def render_proof(checked: CheckedProgram) -> Text:
    """The intermediate form with the facts before each call, facts in colour."""
    lines = [_colour(line) for line in checked.show().rstrip("\n").split("\n")]
    if checked.final is not None:
        lines.append(Text(f"# {checked.final.show()}", style="green"))
    return Text("\n").join(lines)


def _colour(line: str) -> Text:
    if line.lstrip().startswith("#"):
        return Text(line, style="green")
    text = Text(line)
    node = _NODE.match(line)
    if node:
        text.stylize("dim", *node.span(1))
    return text
