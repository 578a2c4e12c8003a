"""A grammar as GBNF, the notation of llama.cpp and the servers that follow it."""

from __future__ import annotations

from agentjit.compiler.decoding.lark import quoted
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


def render_gbnf(grammar: Grammar) -> str:
    """The grammar's text. The first rule is `root`; terminals are rules like any other."""
    first = grammar.rules[0].name
    lines = [
        f"{'root' if each.name == first else _name(each.name)} ::= {_show(each.body)}"
        for each in grammar.definitions
    ]
    return "\n".join(lines) + "\n"


def _name(name: str) -> str:
    # Underscores are not for names there.
    return name.replace("_", "-")


def _show(expression: Expression) -> str:
    match expression:
        case Literal(text):
            return quoted(text)
        case Characters(inside, negated):
            return f"[{'^' if negated else ''}{inside}]"
        case Reference(name):
            return _name(name)
        case Sequence(parts):
            return " ".join(_grouped(p) if isinstance(p, Choice) else _show(p) for p in parts)
        case Choice(options):
            return " | ".join(_show(o) for o in options)
        case Optional(part):
            return f"{_grouped(part)}?"
        case Repeat(part, least):
            return f"{_grouped(part)}{'+' if least else '*'}"


def _grouped(expression: Expression) -> str:
    text = _show(expression)
    return text if isinstance(expression, Literal | Characters | Reference) else f"({text})"
