"""A grammar as GBNF, the notation of llama.cpp and the servers that follow it."""

from __future__ import annotations

from typing import Final

from agentjit.compiler.decoding.notation import Atom, Notation, quoted
from agentjit.compiler.decoding.rules import Characters, Grammar, Literal, Reference


def render_gbnf(grammar: Grammar) -> str:
    """The grammar's text. The first rule is `root`; terminals are rules like any other."""
    first = grammar.rules[0].name
    lines = [
        f"{'root' if each.name == first else _name(each.name)} ::= {_GBNF.show(each.body)}"
        for each in grammar.definitions
    ]
    return "\n".join(lines) + "\n"


def _name(name: str) -> str:
    # Underscores are not for names there.
    return name.replace("_", "-")


def _atom(expression: Atom) -> str:
    match expression:
        case Literal(text):
            return quoted(text)
        case Characters(inside, negated):
            return f"[{'^' if negated else ''}{inside}]"
        case Reference(name):
            return _name(name)


_GBNF: Final = Notation(_atom)
