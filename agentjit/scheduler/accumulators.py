"""In words: how a loop's iterations add to what outlives them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from agentjit.compiler.ir import Ask, Call, Compute, For, Let, Stmt
from agentjit.compiler.methods import MUTATING
from agentjit.compiler.names import reads
from agentjit.compiler.tree import parsed_statements, walk
from agentjit.scheduler.independence import Accumulator


def describe(stmts: Iterable[Stmt], names: frozenset[str]) -> tuple[Accumulator, ...]:
    """The accumulators among these names, in the order in which they are first added to."""
    found: dict[str, dict[str, None]] = {}
    for stmt in stmts:
        for name, kind in _additions(stmt):
            if name in names:
                found.setdefault(name, {})[kind] = None
    return tuple(Accumulator(name, ", ".join(kinds)) for name, kinds in found.items())


def _additions(stmt: Stmt) -> Iterator[tuple[str, str]]:
    match stmt:
        case Let(target=target, value=value):
            yield from _statement(parsed_statements(f"{target} = {value.text}").body[0], "")
        case Compute(text=text):
            for inner in parsed_statements(text).body:
                yield from _statement(inner, "")
        case Call(target=str(target)) | Ask(target=str(target)):
            yield target, "last"
        case For(writes=names):
            yield from ((name, "last") for name in sorted(names))
        case _:
            pass


def _statement(stmt: ast.stmt, compared: str) -> Iterator[tuple[str, str]]:
    """`compared`: what a test around the statement says of it."""
    match stmt:
        case ast.AugAssign(target=ast.Name(id=name), op=op):
            yield name, {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*="}.get(type(op), "updated")
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value, compared)
        case ast.If(test=test, body=body, orelse=orelse):
            by = "by comparison" if any(isinstance(n, ast.Compare) for n in walk(test)) else ""
            for inner in (*body, *orelse):
                yield from _statement(inner, by or compared)
        case ast.For(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
            for inner in (*body, *orelse):
                yield from _statement(inner, compared)
        case _:
            for node in walk(stmt):
                match node:
                    case ast.Call(func=ast.Attribute(value=value, attr=method)):
                        if method in MUTATING and (root := _root(value)):
                            yield root, method
                    case _:
                        pass


def _assigned(target: ast.expr, value: ast.expr, compared: str) -> Iterator[tuple[str, str]]:
    match target:
        case ast.Name(id=name) if name in reads(value):
            match value:
                case ast.BinOp(op=ast.Add()):
                    yield name, "+="
                case ast.BoolOp():
                    yield name, "and/or"
                case ast.Call(func=ast.Name(id="max" | "min" as function)):
                    yield name, function
                case _:
                    yield name, "updated"
        case ast.Name(id=name):
            yield name, compared or "last"
        case ast.Subscript(value=holder) if root := _root(holder):
            yield root, "[key] ="
        case ast.Tuple(elts=elts):
            for elt in elts:
                yield from _assigned(elt, value, compared)
        case _:
            pass


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
