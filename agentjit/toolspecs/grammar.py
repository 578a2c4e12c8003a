"""The contract language: a Lark grammar, from text to clauses, with errors that have a place."""

from __future__ import annotations

import re
from typing import Any, Final

from lark import Lark, Token, Transformer, UnexpectedInput

from agentjit.diagnostics import Diagnostic
from agentjit.source import Source, Span
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
    Value,
)
from agentjit.toolspecs.messages import ContractSyntax

GRAMMAR: Final = r"""
    start: [clause ("," clause)* [","]]

    clause: NAME "==" value                           -> equals
          | NAME "!=" value                           -> differs
          | NAME "in" "{" literal ("," literal)* "}"  -> one_of
          | NAME "known"                              -> known
          | "forgets" NAME                            -> forgets

    ?value: literal                                   -> constant
          | "$" NAME                                  -> param_ref
          | "result" ("." NAME)*                      -> result_ref

    literal: STRING -> text | INT -> number | "True" -> true | "False" -> false | "None" -> none

    NAME: /[A-Za-z_][A-Za-z0-9_]*/
    STRING: /'([^'\\\n]|\\['"\\n])*'/ | /"([^"\\\n]|\\['"\\n])*"/
    INT: /-?[0-9]{1,18}/
    %ignore /[ \t\r\n]+/
"""

_PARSER: Final = Lark(GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False)

_ESCAPE: Final = re.compile(r"\\(.)")
_MEANT: Final = {"n": "\n"}

#: What a reader would call the grammar's tokens.
_SPOKEN: Final = {
    "NAME": "a name",
    "STRING": "a quoted text",
    "INT": "a whole number",
    "DOLLAR": "$parameter",
    "RESULT": "result.field",
    "__ANON_0": "==",
    "__ANON_1": "!=",
    "EQUAL": "=",
    "COMMA": "a comma",
    "LBRACE": "{",
    "RBRACE": "}",
    "IN": "in",
    "KNOWN": "known",
    "FORGETS": "forgets",
    "TRUE": "True",
    "FALSE": "False",
    "NONE": "None",
    "DOT": ".",
    "$END": "the end",
}


def parse_clauses(source: Source) -> tuple[Clause, ...] | Diagnostic:
    """The clauses of one side of a contract, or the diagnostic that says where it goes wrong."""
    try:
        tree = _PARSER.parse(source.text)
    except UnexpectedInput as error:
        return _syntax_error(source, error)
    clauses: tuple[Clause, ...] = _Build(source).transform(tree)
    return clauses


class _Build(Transformer[Token, Any]):
    """From Lark's tree to clauses, leaves first."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def _span(self, name: Token) -> Span:
        start = name.start_pos or 0
        return self._source.span_at(start, start + len(name))

    def start(self, children: list[Clause]) -> tuple[Clause, ...]:
        return tuple(children)

    def equals(self, children: list[Any]) -> Clause:
        return Equals(str(children[0]), children[1], self._span(children[0]))

    def differs(self, children: list[Any]) -> Clause:
        return Differs(str(children[0]), children[1], self._span(children[0]))

    def one_of(self, children: list[Any]) -> Clause:
        return OneOf(str(children[0]), tuple(children[1:]), self._span(children[0]))

    def known(self, children: list[Token]) -> Clause:
        return Known(str(children[0]), self._span(children[0]))

    def forgets(self, children: list[Token]) -> Clause:
        return Forgets(str(children[0]), self._span(children[0]))

    def constant(self, children: list[Any]) -> Value:
        return Constant(children[0])

    def param_ref(self, children: list[Token]) -> Value:
        return ParamRef(str(children[0]))

    def result_ref(self, children: list[Token]) -> Value:
        return ResultRef(tuple(str(c) for c in children))

    def text(self, children: list[Token]) -> str:
        return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), str(children[0])[1:-1])

    def number(self, children: list[Token]) -> int:
        return int(children[0])

    def true(self, _: list[Token]) -> bool:
        return True

    def false(self, _: list[Token]) -> bool:
        return False

    def none(self, _: list[Token]) -> None:
        return None


def _syntax_error(source: Source, error: UnexpectedInput) -> Diagnostic:
    position: int | None = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    # Lark's token at the end of the text is empty.
    offset = len(source.text) if position is None or token == "" else position
    text = str(token) if token else source.text[offset : offset + 1]
    expected = getattr(error, "accepts", None) or getattr(error, "expected", None)
    expected = expected or getattr(error, "allowed", None) or set()
    spoken = sorted({_SPOKEN.get(name, name) for name in expected})
    return ContractSyntax(
        span=source.span_at(offset, offset + len(text)),
        source=source,
        found=repr(text) if text else "the end",
        expected=" or ".join(spoken) or "another clause",
        advice=_advice(source.text, offset),
    )


def _advice(text: str, offset: int) -> str:
    """A hint for the slips that people make."""
    rest = text[offset:].lstrip()
    if rest.startswith("=") and not rest.startswith("=="):
        return "write == to compare or to assign"
    if rest.startswith(("and ", "&", "or ", "|")):
        return "join clauses with commas (a comma means and); use `in {…}` for alternatives"
    if rest.startswith(("<", ">")):
        return "contracts compare with ==, != and in {…} only"
    if rest.startswith(("'", '"')):
        return "end the text with the quote that it starts with, on the same line"
    if rest.startswith(("is ", "not ")):
        return "write == None for unset, `known` for set, != to differ"
    return ""
