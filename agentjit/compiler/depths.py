"""How many levels of lists and records a value may have; texts and numbers have none."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from agentjit.compiler.scopes import Scope, Value, comprehension_scope, function_scope
from agentjit.toolspecs.jsontypes import Anything, DictOf, Either, JsonType, ListOf, Record

#: Levels that are told apart; what has as many may have any number.
MOST: Final = 6

#: Functions that give texts and numbers; that give a new list of what they are given; pairs of it;
#: one of it.
_COUNTING: Final = frozenset("abs all any bool float int isinstance len repr round str".split())
LISTING: Final = frozenset("dict filter list reversed set sorted tuple".split())
PAIRING: Final = frozenset("enumerate zip".split())
CHOOSING: Final = frozenset("max min".split())
#: The levels that functions add to what they hand on, or make of nothing.
_HANDING: Final = LISTING | PAIRING | CHOOSING | {"sum"}
_OF_FUNCTION: Final = {
    **dict.fromkeys(_COUNTING | _HANDING, 0),
    **dict.fromkeys(PAIRING | {"range", "divmod"}, 1),
}

#: Methods that give one of what is inside, the same again, and lists of texts.
_ELEMENTS: Final = frozenset("get pop setdefault".split())
COPYING: Final = frozenset("copy difference intersection symmetric_difference union values".split())
WORDS: Final = frozenset("keys partition rpartition rsplit split splitlines".split())

#: The levels of each name's value, as far as is known by now.
Depths: TypeAlias = Mapping[str, int]


def depth_of(value: Value, depths: Depths) -> int:
    """How many levels of lists and records a value has at most."""
    return _inside(depth_in(value.node, value.scope, depths), value.inside)


def depth_in(node: ast.expr, scope: Scope, depths: Depths) -> int:
    """The same of an expression in a scope."""
    match node:
        case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp() | ast.Lambda():
            return 0
        case ast.Name(id=name):
            return depths.get(scope.get(name, name), 0)
        case ast.IfExp() | ast.BoolOp() | ast.BinOp():
            return _deepest(_alternatives(node), scope, depths)
        case ast.Starred(value=value) | ast.Subscript(value=value):
            part = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
            return _inside(depth_in(value, scope, depths), 0 if part else 1)
        case ast.Call():
            return _depth_of_call(node, scope, depths)
        case _:
            return _depth_of_display(node, scope, depths)


def _alternatives(node: ast.IfExp | ast.BoolOp | ast.BinOp) -> Sequence[ast.expr]:
    match node:
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return (one, other)
        case ast.BoolOp(values=values):
            return values


def _depth_of_display(node: ast.expr, scope: Scope, depths: Depths) -> int:
    match node:
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            return 1 + _deepest(elts, scope, depths)
        case ast.Dict(keys=keys, values=values):
            inner = [
                depth_in(value, scope, depths) + (key is not None)
                for key, value in zip(keys, values, strict=True)
            ]
            return max([1, *inner])
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
            return 1 + depth_in(elt, comprehension_scope(node, scope), depths)
        case ast.DictComp(value=elt):
            return 1 + depth_in(elt, comprehension_scope(node, scope), depths)
        case _:
            return MOST


def _deepest(nodes: Iterable[ast.expr], scope: Scope, depths: Depths) -> int:
    return max((depth_in(node, scope, depths) for node in nodes), default=0)


def _depth_of_call(node: ast.Call, scope: Scope, depths: Depths) -> int:
    named = [k.value for k in node.keywords]
    given = _deepest((*node.args, *named), scope, depths)
    match node.func:
        case ast.Name(id="map") if node.args:
            return 1 + _depth_of_result(node.args[0], scope, depths)
        case ast.Name(id="dict"):
            return max(1, given + bool(named))
        case ast.Name(id=name) if name in CHOOSING and len(node.args) == 1:
            # Elements of the one list, or the default.
            rest = _deepest(named, scope, depths)
            starred = isinstance(node.args[0], ast.Starred)
            return given if starred else max(_inside(given, 1), rest)
        case ast.Name(id=name):
            # What sum() adds up may be lists.
            return _OF_FUNCTION.get(name, depths.get(name, 0)) + (name in _HANDING) * given
        case ast.Attribute(attr=method, value=value):
            depth = depth_in(value, scope, depths)
            if method in _ELEMENTS:
                return max(_inside(depth, 1), given)
            if method in COPYING:
                return max(depth, given)
            return depth + 1 if method == "items" else int(method in WORDS)
        case _:
            return MOST


def _depth_of_result(function: ast.expr, scope: Scope, depths: Depths) -> int:
    match function:
        case ast.Lambda(body=body):
            return depth_in(body, function_scope(function, scope), depths)
        case ast.Name(id=name) if name in _COUNTING:
            return 0
        case ast.Name(id=name) if name in depths:
            return depths[name]
        case _:
            return MOST


def _inside(depth: int, levels: int) -> int:
    """The depth of what is so many levels inside; what may have any depth has any inside."""
    return MOST if depth >= MOST else max(0, depth - levels)


def depth_of_type(kind: JsonType) -> int:
    """How many levels of lists and records the values of a type have at most."""
    match kind:
        case ListOf(item=inner) | DictOf(value=inner):
            return 1 + depth_of_type(inner)
        case Record(fields=fields):
            return 1 + max((depth_of_type(f.type) for f in fields), default=0)
        case Either(members=members):
            return max((depth_of_type(m) for m in members), default=0)
        case Anything():
            return MOST
        case _:
            return 0
