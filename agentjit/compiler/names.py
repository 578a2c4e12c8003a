"""Which of the plan's names a piece of pure code reads and writes, scopes respected."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from agentjit.compiler.methods import MUTATING
from agentjit.compiler.tree import children, walk


def bound_names(target: ast.AST) -> frozenset[str]:
    """The names that an assignment target binds."""
    return frozenset(
        n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )


def is_temporary(name: str) -> bool:
    """Whether lowering made the name."""
    return name.startswith("_") and name[1:].isdigit()


def label_of(name: str, otherwise: str = "an expression") -> str:
    """What people know a value by; the names that lowering made tell them nothing."""
    return otherwise if is_temporary(name) else f"`{name}`"


def reads(node: ast.AST) -> frozenset[str]:
    """The free names that evaluating the node may read, those that it assigns itself included."""
    match node:
        case ast.Name(id=name):
            # An augmented target is stored, but read first: see AugAssign below.
            return frozenset((name,)) if isinstance(node.ctx, ast.Load) else frozenset()
        case ast.AugAssign():
            return reads(node.value) | reads(node.target) | bound_names(node.target)
        case ast.Lambda() | ast.FunctionDef():
            return _reads_of_function(node)
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
            return _reads_of_comprehension((elt,), node.generators)
        case ast.DictComp():
            return _reads_of_comprehension((node.key, node.value), node.generators)
        case _:
            return _union(reads(child) for child in children(node))


def binds(stmt: ast.stmt) -> frozenset[str]:
    """The names that running the statement may bind in the plan's own scope."""
    if isinstance(stmt, ast.FunctionDef):
        return frozenset((stmt.name,))
    return frozenset(
        n.id for n in _same_scope(stmt) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )


def writes(node: ast.AST) -> frozenset[str]:
    """The names that running the node may bind, or whose values it may change in place."""
    if isinstance(node, ast.FunctionDef):
        # Its body has a scope of its own.
        return frozenset((node.name,))
    found: set[str] = set()
    for inner in _same_scope(node):
        match inner:
            case ast.Name(id=name) if isinstance(inner.ctx, ast.Store):
                found.add(name)
            case ast.Subscript() if isinstance(inner.ctx, ast.Store):
                found |= _root(inner)
            case ast.Call(func=ast.Attribute(attr=method, value=value)) if method in MUTATING:
                found |= _root(value)
    return frozenset(found)


def mutates(node: ast.AST) -> bool:
    """Whether an expression changes a value in place."""
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in MUTATING
        for n in walk(node)
    )


def _root(node: ast.AST) -> frozenset[str]:
    """The name at the bottom of `name[…][…]`, `name.method()[…]`, …"""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset((node.id,)) if isinstance(node, ast.Name) else frozenset()


def _same_scope(node: ast.AST) -> Iterable[ast.AST]:
    """The node and what is inside it, without the scopes of comprehensions' own variables."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        for child in children(here):
            if isinstance(child, ast.comprehension):
                stack += [child.iter, *child.ifs]
            elif not isinstance(child, ast.FunctionDef):
                stack.append(child)


def _reads_of_function(node: ast.Lambda | ast.FunctionDef) -> frozenset[str]:
    arguments = node.args
    own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    own |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
    defaults = [d for d in (*arguments.defaults, *arguments.kw_defaults) if d]
    if isinstance(node, ast.Lambda):
        inside = reads(node.body)
    else:
        inside = _union(reads(s) for s in node.body)
        own |= _union(writes(s) for s in node.body)
    return (inside - own) | _union(reads(d) for d in defaults)


def _reads_of_comprehension(
    elements: tuple[ast.expr, ...], generators: list[ast.comprehension]
) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    for generator in generators:
        found |= reads(generator.iter) - own
        own |= bound_names(generator.target)
        found |= _union(reads(c) for c in generator.ifs) - own
    return found | (_union(reads(e) for e in elements) - own)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
