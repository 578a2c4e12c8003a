"""Which names may share a value that can be changed in place: lists, records, sets.

Texts and numbers cannot change, so what only hands on these shares nothing: for each name it is
found out how many levels of lists and records its value may have.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from agentjit.compiler.depths import (
    COPYING,
    LISTING,
    MOST,
    PAIRING,
    WORDS,
    depth_in,
    depth_of,
    depth_of_type,
)
from agentjit.compiler.flows import Flows
from agentjit.compiler.scopes import Scope, Value, comprehension_scope, function_scope
from agentjit.compiler.tree import walk

#: How often what changes in place may make values deeper before all are taken for the deepest.
_ROUNDS: Final = 12


class Sharing:
    """Names in groups: what one of a group changes in place, others of it may hold."""

    def __init__(self, flows: Flows) -> None:
        self._depths: dict[str, int] = {}
        self._leaders: dict[str, str] = {}
        for name, _, kind in flows.answers:
            self._deepen(name, depth_of_type(kind))
        self._uses = _uses(flows)
        self._follow_bindings(flows, range(len(flows.bindings) + len(flows.returns)))
        for _ in range(_ROUNDS):
            self._join(flows)
            deeper = self._follow_changes(flows)
            if not deeper:
                return
            self._follow_bindings(flows, {i for name in deeper for i in self._uses.get(name, ())})
        # It is getting long: any may have any depth.
        for name, _ in (*flows.bindings, *flows.returns):
            self._deepen(name, MOST)
        self._join(flows)

    def leaders_of(self, value: Value) -> frozenset[str]:
        """The groups that may hold the value itself, or something that it holds."""
        return frozenset(self.leader_of(name) for name in self._shared(value))

    def groups(self, leaders: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """The names of each of these groups."""
        found: dict[str, list[str]] = {leader: [] for leader in leaders}
        for name in self._depths:
            found.get(self.leader_of(name), []).append(name)
        return found

    def leader_of(self, name: str) -> str:
        """The group of a name, by one of its names."""
        while (leader := self._leaders.get(name, name)) != name:
            name = leader
        return name

    def _deepen(self, name: str, depth: int) -> bool:
        if depth <= self._depths.get(name, 0):
            return False
        self._depths[name] = min(depth, MOST)
        return True

    def _follow_bindings(self, flows: Flows, todo: Iterable[int]) -> None:
        """Deepen the names that are bound to what has become deeper."""
        bindings = (*flows.bindings, *flows.returns)
        while todo:
            names = [
                name
                for name, v in map(bindings.__getitem__, todo)
                if self._deepen(name, depth_of(v, self._depths))
            ]
            todo = {i for name in names for i in self._uses.get(name, ())}

    def _join(self, flows: Flows) -> None:
        self._leaders = {}
        for name, value in (*flows.bindings, *flows.returns):
            if self._depths.get(name):
                self._unite((name, *self._shared(value)))
        for change in flows.changes:
            taken = [name for value in change.taken for name in self._shared(value)]
            self._unite((*self._shared(change.changed), *taken))

    def _follow_changes(self, flows: Flows) -> set[str]:
        """The names that are deeper than they were made: lists that take in lists, and what has
        them inside.
        """
        deeper: set[str] = set()
        members: dict[str, list[str]] = {}
        for name in self._depths:
            members.setdefault(self.leader_of(name), []).append(name)
        for change in flows.changes:
            depth = max((depth_of(value, self._depths) for value in change.taken), default=0)
            if not depth:
                continue
            changed = change.changed.node
            for leader in self.leaders_of(change.changed):
                alone = members.get(leader, []) == [leader] and isinstance(changed, ast.Name)
                for name in members.get(leader, []):
                    if self._deepen(name, depth + 1 if alone else MOST):
                        deeper.add(name)
        return deeper

    def _unite(self, names: Iterable[str]) -> None:
        leaders = sorted({self.leader_of(name) for name in names})
        for leader in leaders[1:]:
            self._leaders[leader] = leaders[0]

    def _shared(self, value: Value) -> frozenset[str]:
        if not depth_of(value, self._depths):
            return frozenset()
        return self._names(value.node, value.scope)

    def _names(self, node: ast.expr, scope: Scope) -> frozenset[str]:
        """The names that may share what can be changed in the expression's value."""
        depth = depth_in(node, scope, self._depths)
        if not depth and not isinstance(node, ast.Lambda):
            return frozenset()
        parts: Iterable[ast.expr] = ()
        match node:
            case ast.Name(id=name):
                return frozenset((scope.get(name, name),))
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                parts = elts
            case ast.Dict(values=values) | ast.BoolOp(values=values):
                parts = values
            case ast.Subscript(slice=ast.Slice()) if depth == 1:
                pass
            case ast.Starred(value=part) | ast.Subscript(value=part):
                parts = (part,)
            case ast.IfExp(body=body, orelse=orelse):
                parts = (body, orelse)
            case ast.BinOp(left=left, right=right) if depth > 1:
                parts = (left, right)
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                parts, scope = (elt,), comprehension_scope(node, scope)
            case ast.DictComp(value=elt):
                parts, scope = (elt,), comprehension_scope(node, scope)
            case ast.Lambda(body=body):
                parts, scope = (body,), function_scope(node, scope)
            case ast.Call():
                parts = self._parts_of_call(node, depth)
            case _:
                pass
        return frozenset[str]().union(*(self._names(part, scope) for part in parts))

    def _parts_of_call(self, node: ast.Call, depth: int) -> Iterable[ast.expr]:
        given = (*node.args, *(k.value for k in node.keywords))
        match node.func:
            case ast.Name(id=name) if name in LISTING | PAIRING and depth == 1:
                return ()
            case ast.Attribute(attr=method) if method in COPYING | WORDS and depth == 1:
                return ()
            case ast.Attribute(value=value):
                return (value, *given)
            case function:
                return (function, *given)


def _uses(flows: Flows) -> Mapping[str, list[int]]:
    """For each name, by number, the bindings whose values may depend on it."""
    uses: dict[str, list[int]] = {}
    for number, (_, value) in enumerate((*flows.bindings, *flows.returns)):
        ids = {node.id for node in walk(value.node) if isinstance(node, ast.Name)}
        for name in {key for i in ids for key in (value.scope.get(i, i), f"{i}'")}:
            uses.setdefault(name, []).append(number)
    return uses
