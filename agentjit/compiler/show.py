"""The intermediate form as text: what goldens hold and `agentjit plan` can print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentjit.compiler.ir import (
    Ask,
    Block,
    Break,
    Call,
    Compute,
    Continue,
    Expr,
    For,
    If,
    Let,
    NodeId,
    Program,
    Stmt,
    While,
)
from agentjit.toolspecs.jsontypes import show_type


def show_program(program: Program, facts: Mapping[NodeId, str] | None = None) -> str:
    """The program, a line a node; `facts` are printed above the calls that they hold before."""
    lines = [f"helper {name}" for name, _ in program.helpers]
    lines += _block(program.body, "", facts or {})
    lines.append(f"result {program.result or 'None'}")
    return "\n".join(lines) + "\n"


def _block(block: Block, indent: str, facts: Mapping[NodeId, str]) -> Iterator[str]:
    for stmt in block:
        known = facts.get(stmt.id)
        if known is not None:
            yield f"{indent}# {known}"
        yield from _stmt(stmt, indent, facts)


def _stmt(stmt: Stmt, indent: str, facts: Mapping[NodeId, str]) -> Iterator[str]:
    deeper = indent + "    "
    head = f"{indent}%{stmt.id} "
    match stmt:
        case Let():
            yield f"{head}let {stmt.target} = {stmt.value.text}"
        case Compute():
            first, *rest = stmt.text.split("\n")
            yield f"{head}compute {first}"
            yield from (f"{deeper}| {line}" for line in rest)
        case Call():
            yield f"{head}{_target(stmt.target)}call {stmt.tool}({_pairs(stmt.args)})"
        case Ask():
            values = _pairs((("question", stmt.question), *stmt.values))
            yield f"{head}{_target(stmt.target)}ask({values}) -> {show_type(stmt.returns)}"
        case If():
            yield f"{head}if {stmt.test.text}"
            yield from _block(stmt.body, deeper, facts)
            if stmt.orelse:
                yield f"{indent}else"
                yield from _block(stmt.orelse, deeper, facts)
        case For():
            yield f"{head}for {stmt.target} in {stmt.iterable.text}"
            yield from _block(stmt.body, deeper, facts)
            if stmt.orelse:
                yield f"{indent}else"
                yield from _block(stmt.orelse, deeper, facts)
        case While():
            yield f"{head}while"
            yield from _block(stmt.prelude, deeper + "? ", facts)
            yield f"{deeper}? {stmt.test.text}"
            yield from _block(stmt.body, deeper, facts)
            if stmt.orelse:
                yield f"{indent}else"
                yield from _block(stmt.orelse, deeper, facts)
        case Break():
            yield f"{head}break"
        case Continue():
            yield f"{head}continue"


def _target(name: str | None) -> str:
    return f"{name} = " if name else ""


def _pairs(pairs: tuple[tuple[str, Expr], ...]) -> str:
    return ", ".join(f"{name}={expr.text}" for name, expr in pairs)
