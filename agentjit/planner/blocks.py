"""What is in a block of a plan: its statements, the names that it writes, its pure code."""

from __future__ import annotations

from collections.abc import Iterator

from agentjit.compiler.ir import Ask, Block, Call, Compute, For, If, Let, Stmt, While


def statements_in(block: Block) -> Iterator[Stmt]:
    """Every statement, nested ones too, in textual order."""
    for stmt in block:
        yield stmt
        match stmt:
            case If() | For():
                yield from statements_in((*stmt.body, *stmt.orelse))
            case While():
                yield from statements_in((*stmt.prelude, *stmt.body, *stmt.orelse))
            case _:
                pass


def written_in(block: Block) -> Iterator[str]:
    """The names that a block writes, in the order of their writing."""
    for stmt in statements_in(block):
        match stmt:
            case Let(target=target) | Call(target=str(target)) | Ask(target=str(target)):
                yield target
            case Compute(writes=names) | For(writes=names):
                yield from names
            case _:
                pass


def texts_in(block: Block) -> Iterator[str]:
    """All the pure code of a block."""
    for stmt in statements_in(block):
        match stmt:
            case Let(value=value):
                yield value.text
            case Compute(text=text):
                yield text
            case Call(args=given) | Ask(values=given):
                yield from (value.text for _, value in given)
            case If(test=test) | For(iterable=test):
                yield test.text
            case _:
                pass
