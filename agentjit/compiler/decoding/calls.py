"""Calls of tools and of the model: required arguments are given, in order, and literals fit."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Items
from itertools import zip_longest
from string import ascii_lowercase
from typing import Final

from agentjit.compiler.decoding.literals import (
    ARITHMETIC,
    FSTRING,
    INT,
    NUMBER,
    OPERATOR,
    STRING,
    text_literal,
)
from agentjit.compiler.decoding.names import name_by_letter
from agentjit.compiler.decoding.rules import (
    EMPTY,
    Expression,
    Reference,
    Rule,
    choice,
    optional,
    sequence,
)
from agentjit.compiler.decoding.typenames import TYPE
from agentjit.toolspecs.jsontypes import Choice, Either, JsonType, Scalar
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset

#: The kinds of arguments that have a rule of their own, by the scalar type.
_KINDS: Final = {"str": "text", "int": "whole", "float": "number", "bool": "flag"}


def call_rules(toolset: Toolset, depth: int) -> Iterator[Rule]:
    """The rule `call_…` of one depth, and those of the arguments that its calls need.

    At depth 0 there is no room for arguments.
    """
    if depth == 0:
        bare = [f"{t.name}()" for t in toolset.tools if not any(p.required for p in t.params)]
        yield Rule("call_0", choice(*bare, sequence("ai_eval(", STRING, ")")))
        return
    inner = depth - 1
    tools = [_call(tool, inner) for tool in toolset.tools]
    yield Rule(f"call_{depth}", choice(*tools, _question()))
    yield from _argument_rules(inner)


def _call(tool: Tool, inner: int) -> Expression:
    given = _positional(tool.params, inner, comma=False)
    return sequence(f"{tool.name}(", given, ")")


def _positional(params: Items[Param], inner: int, *, comma: bool) -> Expression:
    """The rest of the arguments, of which the next may still stand without its name."""
    if not params:
        return EMPTY
    head, *rest = params
    here = sequence(_comma(comma), _value(head.type, inner), _positional(rest, inner, comma=True))
    return choice(here, _named(params, inner, comma=comma))


def _named(params: Items[Param], inner: int, *, comma: bool) -> Expression:
    """The rest of the arguments by name, in order; what has a default may be left out."""
    if not params:
        return EMPTY
    head, *rest = params
    given = sequence(_comma(comma), f"{head.name}=", _value(head.type, inner))
    if head.required:
        return sequence(given, _named(rest, inner, comma=True))
    if comma:
        return sequence(choice(given, EMPTY), _named(rest, inner, comma=True))
    return choice(
        sequence(given, _named(rest, inner, comma=True)), _named(rest, inner, comma=False)
    )


def _comma(comma: bool) -> Expression:
    return sequence(", ") if comma else EMPTY


def _question() -> Expression:
    returns = optional(", returns=", TYPE)
    return sequence("ai_eval(", choice(STRING, FSTRING), returns, optional(_given("a")), ")")


def question_rules() -> Iterator[Rule]:
    """The values that a question is asked about.

    No name may be given twice, which a grammar can only say of names that it tells apart: so at
    most one value for each first letter, in the order of the alphabet.
    """
    for letter, following in zip_longest(ascii_lowercase, ascii_lowercase[1:]):
        here = sequence(", ", name_by_letter(letter), "=", Reference("expr_0"))
        later = () if following is None else (_given(following),)
        yield Rule(_given(letter).name, choice(sequence(here, *map(optional, later)), *later))


def _given(letter: str) -> Reference:
    return Reference(f"given_{letter}")


def _value(kind: JsonType, inner: int) -> Expression:
    """What may be given for a parameter of the type.

    A literal fits; of what is computed, text does not tell.
    """
    computed = Reference(f"primary_{inner}")
    match kind:
        case Scalar("None"):
            return choice("None", computed)
        case Scalar(name):
            return Reference(f"{_KINDS[name]}_{inner}")
        case Choice(values):
            written = (text_literal(v) if isinstance(v, str) else sequence(repr(v)) for v in values)
            return choice(*(w for w in written if w is not None), computed)
        case Either(members):
            others = [m for m in members if m != Scalar("None")]
            if len(others) == 1 and len(others) < len(members):
                return choice("None", _value(others[0], inner))
            return Reference(f"expr_{inner}")
        case _:
            return Reference(f"expr_{inner}")


def _argument_rules(inner: int) -> Iterator[Rule]:
    """Arguments of one scalar type: literals of it, and what is computed."""
    computed, test = Reference(f"primary_{inner}"), Reference(f"chain_{inner}")
    parts = {
        "text": (choice(STRING, FSTRING, computed), sequence(" + ")),
        "whole": (choice(INT, computed), ARITHMETIC),
        "number": (choice(NUMBER, computed), ARITHMETIC),
    }
    for kind, (literal, operator) in parts.items():
        part = Reference(f"{kind}_part_{inner}")
        yield Rule(part.name, literal)
        yield Rule(
            f"{kind}_{inner}",
            sequence(part, optional(operator, part), optional(" if ", test, " else ", part)),
        )
    compared = sequence(computed, optional(OPERATOR, Reference(f"operand_{inner}")))
    yield Rule(f"flag_{inner}", choice("True", "False", sequence(optional("not "), compared)))
