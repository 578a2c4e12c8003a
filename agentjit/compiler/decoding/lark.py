"""A grammar as Lark text, in what constrained decoders read of it: no look-around, no imports."""

from __future__ import annotations

import re
from typing import Final

from agentjit.compiler.decoding.notation import Atom, Notation, quoted
from agentjit.compiler.decoding.rules import (
    Characters,
    Choice,
    Expression,
    Grammar,
    Literal,
    Optional,
    Reference,
    Repeat,
    Sequence,
)

#: Columns of a line; a longer choice has an option a line.
_WIDTH: Final = 100

_SPECIAL: Final = re.compile(r"[\\/.^$*+?()\[\]{}|]")


def render_lark(grammar: Grammar) -> str:
    """The grammar's text; its first rule is called as the grammar has it, `start`."""
    lines = [_definition(rule.name, rule.body) for rule in grammar.rules]
    for terminal in grammar.terminals:
        body = terminal.body
        composed = isinstance(body, Choice) and all(isinstance(o, Reference) for o in body.options)
        # Terminals of terminals are written as such: a regular expression cannot refer.
        text = _LARK.show(body) if composed else f"/{regular(body)}/"
        lines.append(f"{terminal.name}: {text}")
    return "\n".join(lines) + "\n"


def _definition(name: str, body: Expression) -> str:
    line = f"{name}: {_LARK.show(body)}"
    if len(line) <= _WIDTH or not isinstance(body, Choice):
        return line
    return f"{name}: " + "\n  | ".join(_LARK.show(option) for option in body.options)


def _atom(expression: Atom) -> str:
    match expression:
        case Literal(text):
            return quoted(text)
        case Characters():
            return f"/{regular(expression)}/"
        case Reference(name):
            return name


_LARK: Final = Notation(_atom)


def regular(expression: Expression) -> str:
    """A terminal's body as a regular expression, as Python and Rust read it."""
    match expression:
        case Literal(text):
            return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\n")
        case Characters(inside, negated):
            return f"[{'^' if negated else ''}{inside}]"
        case Sequence(parts):
            return "".join(_group(p) if isinstance(p, Choice) else regular(p) for p in parts)
        case Choice(options):
            return "|".join(regular(o) for o in options)
        case Optional(part):
            return f"{_group(part)}?"
        case Repeat(part, least):
            return f"{_group(part)}{'+' if least else '*'}"
        case Reference(name):
            raise ValueError(f"{name}: a regular expression refers to nothing")


def _group(expression: Expression) -> str:
    text = regular(expression)
    single = isinstance(expression, Characters) or (
        isinstance(expression, Literal) and len(expression.text) == 1
    )
    return text if single else f"(?:{text})"
