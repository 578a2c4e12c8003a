"""Statements and blocks, unrolled: a grammar cannot count indentation.

A line begins with its line break, so that a text may end after every complete statement. Inside a
loop (`loop_…`) a block may hold `break` and `continue`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agentjit.compiler.decoding.expressions import MAX_DEPTH, TARGETS, Layer
from agentjit.compiler.decoding.names import NAME
from agentjit.compiler.decoding.rules import (
    Literal,
    Reference,
    Repeat,
    Rule,
    at_most,
    choice,
    optional,
    sequence,
)
from agentjit.compiler.decoding.typenames import TYPE
from agentjit.compiler.methods import MUTATING

#: Blocks inside one another.
MAX_BLOCKS: Final = 3
#: `elif`s of one `if`, by the depth of its block: the parser nests them, and its limit is on all.
_MAX_ELIFS: Final = (7, 3, 1)
#: Subscripts of a place that is assigned to.
_MAX_SUBSCRIPTS: Final = 2

_EXPR: Final = Reference(Layer(MAX_DEPTH, pure=False).named("expr"))
_ITERABLE: Final = Reference(Layer(MAX_DEPTH, pure=False).named("iterable"))
_INNER: Final = Reference(Layer(1, pure=False).named("expr"))
_SIMPLE: Final = Reference("simple")
_ARGUMENT: Final = Reference(Layer(MAX_DEPTH - 1, pure=False).named("expr"))


def statement_rules() -> Iterator[Rule]:
    """A plan's lines; the first rule is the start."""
    line = Reference("line")
    yield Rule("start", sequence(optional(line, Repeat(sequence("\n", line))), optional("\n")))
    yield Rule("line", choice(_SIMPLE, Reference("block_0")))
    yield from _simple_rules()
    for depth in range(MAX_BLOCKS):
        for loop in (False, True) if depth else (False,):
            yield from _block_rules(depth, loop=loop)
    for depth in range(1, MAX_BLOCKS + 1):
        for loop in (False, True):
            inside = [_SIMPLE]
            inside += [Reference(_block(depth, loop=loop))] if depth < MAX_BLOCKS else []
            jumps = [Literal("break"), Literal("continue")] if loop else []
            body = sequence(_new_line(depth), choice(*inside, *jumps))
            yield Rule(_suite(depth, loop=loop), Repeat(body, 1))


def _simple_rules() -> Iterator[Rule]:
    change, place = Reference("change"), Reference("place")
    target = choice(TARGETS, place)
    value = choice(_EXPR, change)
    yield Rule(
        _SIMPLE.name,
        choice(
            _EXPR,
            change,
            sequence(target, " = ", optional(target, " = "), value),
            sequence(NAME, ": ", TYPE, " = ", _EXPR),
            sequence(choice(NAME, place), choice(" += ", " -= ", " *= ", " /= "), _EXPR),
            "pass",
        ),
    )
    subscript = sequence("[", _INNER, "]")
    yield Rule(place.name, sequence(NAME, subscript, at_most(_MAX_SUBSCRIPTS - 1, subscript)))
    # A change in place is a statement's whole value, or it would have no fixed moment.
    method = choice(*(f".{name}(" for name in sorted(MUTATING)))
    given = optional(_ARGUMENT, optional(", ", _ARGUMENT))
    yield Rule(change.name, sequence(choice(NAME, place), method, given, ")"))


def _block_rules(depth: int, *, loop: bool) -> Iterator[Rule]:
    """`if`, `for` and `while` of one depth, in a loop or not."""
    here = _new_line(depth)
    suite = Reference(_suite(depth + 1, loop=loop))
    looped = Reference(_suite(depth + 1, loop=True))
    otherwise = Reference(f"{_block(depth, loop=loop)}_else")
    more = Reference(f"{_block(depth, loop=loop)}_elif")
    yield Rule(otherwise.name, sequence(here, "else:", suite))
    yield Rule(more.name, sequence(here, "elif ", _EXPR, ":", suite))
    yield Rule(
        _block(depth, loop=loop),
        choice(
            sequence(
                "if ", _EXPR, ":", suite, at_most(_MAX_ELIFS[depth], more), optional(otherwise)
            ),
            sequence("for ", TARGETS, " in ", _ITERABLE, ":", looped, optional(otherwise)),
            sequence("while ", _EXPR, ":", looped, optional(otherwise)),
        ),
    )


def _new_line(depth: int) -> Literal:
    return Literal("\n" + "    " * depth)


def _block(depth: int, *, loop: bool) -> str:
    return f"{'loop_' if loop else ''}block_{depth}"


def _suite(depth: int, *, loop: bool) -> str:
    return f"{'loop_' if loop else ''}suite_{depth}"
