"""The control-flow graph of a program: one point a statement, with the points that may follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

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
    Program,
    Stmt,
    While,
)
from agentjit.compiler.names import is_temporary


@dataclass(frozen=True, slots=True)
class When:
    """A way is taken where the test came out so; a list is true where it has elements."""

    test: Expr
    holds: bool


@dataclass(slots=True)
class Point:
    """A place in the program: before its statement. `stmt` None only joins paths."""

    index: int
    stmt: Stmt | None
    #: The points that may follow, and when.
    successors: list[tuple[int, When | None]] = field(default_factory=list)
    #: Of a `for`: the point at which its iterable is evaluated, not the one that binds its names.
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Cfg:
    """All points; the first is the entry, the last the exit."""

    points: tuple[Point, ...]
    #: The temporaries of lowering that matter at a point for the last time.
    last_uses: Mapping[int, tuple[str, ...]]


def build_cfg(program: Program) -> Cfg:
    """The graph of a program; indices grow in textual order, which is a good order to visit in."""
    builder = _Builder()
    entry = builder.point(None)
    builder.point(None, builder.block(program.body, [(entry, None)]))
    return Cfg(tuple(builder.points), _last_uses(builder))


#: A way that leads on from a point: «whatever comes next» is linked to it.
_Way: TypeAlias = tuple[int, When | None]


@dataclass(slots=True)
class _Loop:
    """The ways that leave a loop's body before its end."""

    continues: list[_Way] = field(default_factory=list)
    breaks: list[_Way] = field(default_factory=list)


class _Builder:
    """Links statements; a list of ways stands for «whatever comes next»."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        #: The first and the last point of each loop that is in no other.
        self.outermost: list[tuple[int, int]] = []
        self._loops: list[_Loop] = []

    def point(
        self, stmt: Stmt | None, ways: list[_Way] | None = None, *, entry: bool = False
    ) -> int:
        new = Point(len(self.points), stmt, entry=entry)
        self.points.append(new)
        self._link(ways or [], new.index)
        return new.index

    def block(self, block: Block, ways: list[_Way]) -> list[_Way]:
        for stmt in block:
            ways = self._stmt(stmt, ways)
        return ways

    def _link(self, ways: list[_Way], target: int) -> None:
        for source, when in ways:
            self.points[source].successors.append((target, when))

    def _stmt(self, stmt: Stmt, ways: list[_Way]) -> list[_Way]:
        match stmt:
            case If():
                test = self.point(stmt, ways)
                return [
                    *self.block(stmt.body, [(test, When(stmt.test, True))]),
                    *self.block(stmt.orelse, [(test, When(stmt.test, False))]),
                ]
            case For():
                return self._for(stmt, ways)
            case While():
                return self._while(stmt, ways)
            case Break():
                self._loops[-1].breaks.append((self.point(stmt, ways), None))
                return []
            case Continue():
                self._loops[-1].continues.append((self.point(stmt, ways), None))
                return []
            case _:
                return [(self.point(stmt, ways), None)]

    def _for(self, stmt: For, ways: list[_Way]) -> list[_Way]:
        """A list that is not empty has a first round; only after a round may the loop end."""
        start = self.point(stmt, ways, entry=True)
        round_ = self.point(stmt, [(start, When(stmt.iterable, True))])
        loop = _Loop()
        ends = [*self._body(stmt, [(round_, None)], loop), *loop.continues]
        over: list[_Way] = [(start, When(stmt.iterable, False))]
        if ends:
            latch = self.point(None, ends)
            self._link([(latch, None)], round_)
            over.append((latch, None))
        self._remember(start)
        # `else` runs when the loop ends by itself, not when it is broken off.
        return [*self.block(stmt.orelse, over), *loop.breaks]

    def _while(self, stmt: While, ways: list[_Way]) -> list[_Way]:
        start = self.point(None, ways)
        test = self.point(stmt, self.block(stmt.prelude, [(start, None)]))
        loop = _Loop()
        ends = self._body(stmt, [(test, When(stmt.test, True))], loop)
        self._link([*ends, *loop.continues], start)
        self._remember(start)
        return [*self.block(stmt.orelse, [(test, When(stmt.test, False))]), *loop.breaks]

    def _remember(self, start: int) -> None:
        if not self._loops:
            self.outermost.append((start, len(self.points) - 1))

    def _body(self, stmt: For | While, ways: list[_Way], loop: _Loop) -> list[_Way]:
        self._loops.append(loop)
        ends = self.block(stmt.body, ways)
        self._loops.pop()
        return ends


def _last_uses(builder: _Builder) -> Mapping[int, tuple[str, ...]]:
    """What a loop reads anywhere it may read again, until its last round is over."""
    found: dict[str, int] = {}
    loops = iter([*builder.outermost, (len(builder.points), len(builder.points))])
    start, end = next(loops)
    for point in builder.points:
        if point.index > end:
            start, end = next(loops)
        for name in reads_of(point.stmt):
            if is_temporary(name):
                found[name] = end if point.index >= start else point.index
    uses: dict[int, tuple[str, ...]] = {}
    for name, index in found.items():
        uses[index] = (*uses.get(index, ()), name)
    return uses


def binds_of(stmt: Stmt | None) -> frozenset[str]:
    """The names that a statement itself binds, those of its blocks aside."""
    match stmt:
        case Let(target=target) | Call(target=str(target)) | Ask(target=str(target)):
            return frozenset((target,))
        case Compute(writes=names) | For(writes=names):
            return names
        case _:
            return frozenset()


def reads_of(stmt: Stmt | None) -> frozenset[str]:
    """The names that a statement itself reads, those of its blocks aside."""
    match stmt:
        case Let(value=value):
            return value.reads
        case Compute(reads=reads):
            return reads
        case Call(args=args):
            return frozenset().union(*(e.reads for _, e in args))
        case Ask(question=question, values=values):
            return question.reads.union(*(e.reads for _, e in values))
        case If(test=test) | While(test=test):
            return test.reads
        case For(iterable=iterable):
            return iterable.reads
        case _:
            return frozenset()
