"""The control-flow graph of a program: one point a statement, with the points that may follow."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentjit.compiler.ir import (
    Block,
    Break,
    Continue,
    For,
    If,
    Program,
    Stmt,
    While,
)


@dataclass(slots=True)
class Point:
    """A place in the program: before its statement. `stmt` None only joins paths."""

    index: int
    stmt: Stmt | None
    successors: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cfg:
    """All points; the first is the entry, the last the exit."""

    points: tuple[Point, ...]


def build_cfg(program: Program) -> Cfg:
    """The graph of a program; indices grow in textual order, which is a good order to visit in."""
    builder = _Builder()
    entry = builder.point(None)
    builder.point(None, builder.block(program.body, [entry]))
    return Cfg(tuple(builder.points))


@dataclass(slots=True)
class _Loop:
    head: int
    breaks: list[int]


class _Builder:
    """Links statements; a list of dangling points stands for «whatever comes next»."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._loops: list[_Loop] = []

    def point(self, stmt: Stmt | None, sources: list[int] | None = None) -> int:
        new = Point(len(self.points), stmt)
        self.points.append(new)
        for source in sources or ():
            self.points[source].successors.append(new.index)
        return new.index

    def block(self, block: Block, sources: list[int]) -> list[int]:
        for stmt in block:
            sources = self._stmt(stmt, sources)
        return sources

    def _stmt(self, stmt: Stmt, sources: list[int]) -> list[int]:
        match stmt:
            case If():
                test = self.point(stmt, sources)
                return [*self.block(stmt.body, [test]), *self.block(stmt.orelse, [test])]
            case For():
                head = self.point(stmt, sources)
                return self._loop(head, [head], [head], stmt)
            case While():
                start = self.point(None, sources)
                tests = self.block(stmt.prelude, [start])
                test = self.point(stmt, tests)
                # `while True` ends by a break only.
                ends = [] if any(stmt.test.literal) else [test]
                return self._loop(start, [test], ends, stmt)
            case Break():
                self._loops[-1].breaks.append(self.point(stmt, sources))
                return []
            case Continue():
                self._back(self._loops[-1].head, [self.point(stmt, sources)])
                return []
            case _:
                return [self.point(stmt, sources)]

    def _loop(self, head: int, tests: list[int], ends: list[int], stmt: For | While) -> list[int]:
        self._loops.append(_Loop(head, []))
        self._back(head, self.block(stmt.body, tests))
        loop = self._loops.pop()
        # `else` runs when the loop ends by itself, not when it is broken off.
        return [*self.block(stmt.orelse, ends), *loop.breaks]

    def _back(self, head: int, sources: list[int]) -> None:
        for source in sources:
            if head not in self.points[source].successors:
                self.points[source].successors.append(head)
