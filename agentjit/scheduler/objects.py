"""Which values may be one and the same: a points-to analysis of a program's names.

An abstract object stands for all lists, dicts, sets and tuples that one place of the program makes.
Names and objects hold sets of objects; numbers and texts cannot be changed, so they are none. The
analysis knows no order of statements, and what it does not understand may hold everything that it
was given: sets are too large rather than too small.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from agentjit.compiler.ir import (
    Ask,
    Block,
    Call,
    Compute,
    Expr,
    For,
    If,
    Let,
    NodeId,
    Program,
    Stmt,
    While,
)
from agentjit.compiler.names import mutates
from agentjit.compiler.tree import parsed, parsed_statements, walk
from agentjit.scheduler.exposure import read_by_helpers
from agentjit.scheduler.holding import Heap, Object, Place
from agentjit.scheduler.valuation import Valuation
from agentjit.toolspecs.jsontypes import (
    Anything,
    Choice,
    DictOf,
    Either,
    JsonType,
    ListOf,
    Record,
    Scalar,
)
from agentjit.toolspecs.toolset import Toolset

Objects: TypeAlias = frozenset[Object]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the analysis found out."""

    names: Mapping[str, Objects]
    #: Everything that can be reached from a name, its own objects included.
    reachable: Mapping[str, Objects]
    #: What each node itself changes in place; those of its blocks aside.
    changed: Mapping[NodeId, Objects]

    def reached(self, names: Iterable[str]) -> Objects:
        """All objects that can be reached from these names."""
        return frozenset[Object]().union(*(self.reachable.get(n, frozenset()) for n in names))

    def changes(self, node: NodeId) -> Objects:
        """The objects that a node changes in place."""
        return self.changed.get(node, frozenset())


def trace_sharing(program: Program, toolset: Toolset) -> Sharing:
    """Follow every assignment until nothing new is found."""
    heap = Heap()
    valuation = Valuation(heap, read_by_helpers(program), _changing(program))
    size = -1
    while size != heap.size():
        size = heap.size()
        for stmt in statements(program.body):
            _follow(stmt, valuation, toolset)
    names = {name: frozenset(found) for name, found in heap.names.items()}
    reachable = {name: frozenset(heap.reach(found)) for name, found in names.items()}
    changed = {NodeId(node): frozenset(found) for node, found in heap.changed.items()}
    return Sharing(names, reachable, changed)


def statements(block: Block) -> Iterator[Stmt]:
    """Every statement of a block, those of its blocks after it, in textual order."""
    for stmt in block:
        yield stmt
        match stmt:
            case If() | For():
                yield from statements((*stmt.body, *stmt.orelse))
            case While():
                yield from statements((*stmt.prelude, *stmt.body, *stmt.orelse))
            case _:
                pass


def _changing(program: Program) -> frozenset[str]:
    """The helpers that may change what they are given: any that change anything in place."""
    found = set()
    for name, text in program.helpers:
        tree = parsed_statements(text)
        stores = (
            isinstance(n, ast.AugAssign)
            or (isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
            for n in walk(tree)
        )
        if mutates(tree) or any(stores):
            found.add(name)
    return frozenset(found)


def _follow(stmt: Stmt, valuation: Valuation, toolset: Toolset) -> None:
    heap = valuation.heap
    match stmt:
        case Let():
            heap.bind(stmt.target, _value(stmt.value, stmt.id, 0, valuation))
        case Compute():
            valuation.at(stmt.id, 0)
            valuation.block(parsed_statements(stmt.text).body)
        case Call():
            for part, (_, expr) in enumerate(stmt.args):
                _value(expr, stmt.id, part, valuation)
            if stmt.target is not None:
                kind = toolset.by_name[stmt.tool].returns
                heap.bind(stmt.target, _answer(kind, (stmt.id, "answer"), heap))
        case Ask():
            for part, expr in enumerate((stmt.question, *(e for _, e in stmt.values))):
                _value(expr, stmt.id, part, valuation)
            if stmt.target is not None:
                heap.bind(stmt.target, _answer(stmt.returns, (stmt.id, "answer"), heap))
        case If(test=test) | While(test=test):
            _value(test, stmt.id, 0, valuation)
        case For():
            elements = heap.inside(_value(stmt.iterable, stmt.id, 0, valuation))
            valuation.at(stmt.id, 1)
            (target,) = parsed_statements(f"{stmt.target} = 0").body[:1]
            assert isinstance(target, ast.Assign)
            valuation.assign(target.targets[0], elements)
        case _:
            pass


def _value(expr: Expr, node: NodeId, part: int, valuation: Valuation) -> set[Object]:
    valuation.at(node, part)
    return valuation.value(parsed(expr.text))


def _answer(kind: JsonType, place: Place, heap: Heap) -> set[Object]:
    """The objects of an answer: one for each list and record of its type."""
    match kind:
        case Scalar() | Choice():
            return set()
        case ListOf(item=item):
            return {heap.make(place, _answer(item, (*place, "[]"), heap))}
        case DictOf(value=value):
            return {heap.make(place, _answer(value, (*place, "{}"), heap))}
        case Record(fields=fields):
            inside = [_answer(f.type, (*place, f.name), heap) for f in fields]
            return {heap.make(place, set[Object]().union(*inside))}
        case Either(members=members):
            options = [_answer(m, (*place, str(n)), heap) for n, m in enumerate(members)]
            return set[Object]().union(*options)
        case Anything():
            return {heap.make(place, (place,))}
