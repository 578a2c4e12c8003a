"""Value numbering: which pure expressions are certain to give the same value.

An expression is its text with the values of its names put in, and the state of the kinds of value
that it looks into: `store["name"]` is the same text again and again until a dict may have changed.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agentjit.compiler.atoms import (
    ANYTHING,
    NOT_NONE,
    Atom,
    Belief,
    Derived,
    Literal,
    Origin,
    Symbol,
    literal,
    narrow,
)
from agentjit.compiler.changing import changes
from agentjit.compiler.facts import DICTS, HEAPS, Facts
from agentjit.compiler.ir import Expr
from agentjit.compiler.names import bound_names, is_temporary, reads
from agentjit.compiler.tree import parsed, walk
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Expressions one in another that are still told apart.
MAX_DEPTH: Final = 4

#: Characters of an expression that a message repeats.
MAX_TOLD: Final = 60

#: Functions that give as many elements as they are given.
_AS_LONG: Final = frozenset("enumerate list reversed sorted tuple".split())


@dataclass(frozen=True, slots=True)
class Shape:
    """What numbering needs to know of a text: once for each, as texts come again and again."""

    #: The text with its names numbered; None where it cannot be told apart by its names' values.
    template: str | None
    names: tuple[str, ...]
    #: The kinds of value that it looks into.
    looks_into: tuple[str, ...]
    belief: Belief


def value_of(expr: Expr, facts: Facts) -> Atom | None:
    """The atom that a pure expression is known to be, if any."""
    if expr.literal:
        return literal(expr.literal[0])
    named = facts.env.get(expr.text)
    if named is not None:
        return named
    return _derived(expr.text, facts)


def field_of(root: Symbol, path: tuple[str, ...], facts: Facts, belief: Belief) -> Symbol:
    """The value of a record's field, as the plan's own `root["a"]["b"]` would give it.

    `belief` is what the record's type says of it.
    """
    symbol = root
    for key in path:
        origin = Derived(f"_0[{key!r}]", (symbol.origin, _state_of(DICTS, facts)))
        symbol = Symbol(origin, f"`{root.label.strip('`')}.{'.'.join(path)}`")
    known = narrow(symbol, belief)
    assert isinstance(known, Symbol)
    return known


def _derived(text: str, facts: Facts) -> Symbol | None:
    shape = shape_of(text)
    if shape.template is None:
        return None
    operands: list[Origin | Literal] = []
    for name in shape.names:
        atom = facts.env.get(name)
        if not isinstance(atom, Symbol | Literal):
            return None
        operands.append(atom.origin if isinstance(atom, Symbol) else atom)
    operands += [_state_of(heap, facts) for heap in shape.looks_into]
    origin = Derived(shape.template, tuple(operands))
    if origin.depth() > MAX_DEPTH:
        return None
    known = facts.env.get(origin)
    if isinstance(known, Symbol):
        return known
    return Symbol(origin, _label(text, shape.names, facts), shape.belief)


def _label(text: str, names: tuple[str, ...], facts: Facts) -> str:
    """The expression as people know it: what lowering put aside stands where it came from."""
    for name in names:
        if is_temporary(name):
            atom = facts.env[name]
            told = atom.label.strip("`") if isinstance(atom, Symbol) else str(atom)
            text = told.join(re.split(rf"\b{name}\b", text))
    return f"`{text}`" if len(text) <= MAX_TOLD else "an expression"


def _state_of(heap: str, facts: Facts) -> Origin:
    atom = facts.env[heap]
    assert isinstance(atom, Symbol)
    return atom.origin


@lru_cache(maxsize=4096)
def shape_of(text: str) -> Shape:
    """The shape of an expression's text."""
    node = parsed(text)
    free = sorted(reads(node) - PLAN_BUILTINS)
    belief = _belief(node)
    if changes(text) or bound_names(node) & set(free) or _parameters(node) & set(free):
        return Shape(None, (), (), belief)
    looks_into = _looks_into(node)
    if not free:
        return Shape(ast.unparse(node), (), looks_into, belief)
    numbers = {name: f"_{number}" for number, name in enumerate(free)}
    node = ast.parse(text, mode="eval").body
    for inner in walk(node):
        if isinstance(inner, ast.Name) and inner.id in numbers:
            inner.id = numbers[inner.id]
    return Shape(ast.unparse(node), tuple(free), looks_into, belief)


def _parameters(node: ast.expr) -> frozenset[str]:
    return frozenset(n.arg for n in walk(node) if isinstance(n, ast.arg))


def _looks_into(node: ast.expr) -> tuple[str, ...]:
    """The kinds of value whose change could give the expression another value."""
    match node:
        case ast.Constant() | ast.Name() | ast.JoinedStr(values=[]):
            return ()
        case ast.Subscript(value=value, slice=ast.Constant(value=str())):
            return tuple(sorted({DICTS, *_looks_into(value)}))
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[right]):
            return tuple(sorted({*_looks_into(left), *_looks_into(right)}))
        case _:
            return HEAPS


def _belief(node: ast.expr) -> Belief:
    """What the form of an expression says of its value."""
    match node:
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            starred = any(isinstance(e, ast.Starred) for e in elts)
            return Belief(None, NOT_NONE.differs, None if starred else bool(elts))
        case ast.Dict(keys=keys):
            return Belief(None, NOT_NONE.differs, None if None in keys else bool(keys))
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _AS_LONG:
            return Belief(None, NOT_NONE.differs, _belief(inner).truth)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(count))]):
            return Belief(None, NOT_NONE.differs, count > 0)
        case ast.JoinedStr() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            return NOT_NONE
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            # Values of a plan are JSON values, whose comparisons are bools.
            return Belief(frozenset((literal(True), literal(False))))
        case ast.Call(func=ast.Name(id="str" | "len" | "round" | "float")):
            return NOT_NONE
        case _:
            return ANYTHING
