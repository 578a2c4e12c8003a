"""Split a loop's body in two: what iterations do by themselves, and what is folded in their order.

Pure code that touches what outlives an iteration is put aside, with copies of the iteration's own
values that it reads, and run later: after the iterations before it, where the serial program would
have run it. What is left of an iteration then depends on no other. Where a call or a decision needs
something that was put aside, the split fails, and says for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agentjit.compiler.ir import Ask, Block, Call, Compute, For, If, Let, NodeId, Stmt, While
from agentjit.scheduler.accumulators import describe
from agentjit.scheduler.independence import Accumulator, Carried, HeldFunction, Kept, Mingled
from agentjit.scheduler.objects import Objects, statements
from agentjit.scheduler.uses import Uses, bound_in, exposed_in


@dataclass(frozen=True, slots=True)
class Split:
    """The two halves of a body, or what keeps it from being split."""

    causes: tuple[Carried | Mingled | HeldFunction, ...]
    reads: frozenset[str]
    own: frozenset[str]
    kept: tuple[Kept, ...]
    accumulators: tuple[Accumulator, ...]

    @property
    def deferred(self) -> frozenset[NodeId]:
        """The nodes that only the fold runs."""
        return frozenset(k.node for k in self.kept if not k.runs)


def split_body(
    loop: For,
    program: Block,
    uses: Uses,
    readers: Mapping[str, frozenset[NodeId]],
    *,
    deferred: frozenset[NodeId] = frozenset(),
) -> Split:
    """Split the body of a loop. `deferred`: what a loop around this one puts aside."""
    splitter = _Splitter(loop, program, uses, readers)
    splitter.grow(deferred)
    return splitter.split()


class _Splitter:
    def __init__(
        self, loop: For, program: Block, uses: Uses, readers: Mapping[str, frozenset[NodeId]]
    ) -> None:
        self._loop = loop
        self._uses = uses
        self._body = tuple(statements(loop.body))
        inside = {stmt.id for stmt in self._body}
        target = bound_in(loop)
        self._bound = target.union(*(uses.own(s).binds for s in self._body))
        #: Read before they are bound: the value comes from an earlier iteration.
        self._carried = self._bound & exposed_in(loop.body, uses, target)
        #: Read by others when the loop is over.
        lasting = {n for n in self._bound if readers.get(n, frozenset()) - inside}
        self._lasting = frozenset(lasting) - self._carried
        local = self._bound - self._carried - self._lasting
        everyone = tuple(statements(program))
        names = frozenset[str]().union(*(uses.own(s).reads | uses.own(s).binds for s in everyone))
        sharing = uses.sharing
        #: What can be reached from beyond one iteration, now or later.
        self._outer = sharing.reached((names - local) | target)
        self._changed = frozenset().union(*(uses.own(s).changed for s in everyone)) & self._outer
        self._deferred: set[NodeId] = set()
        #: Names whose value is known to the fold only, and objects that only the fold changes.
        self._away = self._carried
        self._moved: Objects = frozenset()

    def grow(self, deferred: frozenset[NodeId]) -> None:
        """Put aside all that must be."""
        pure = [s for s in self._body if isinstance(s, Let | Compute)]
        for stmt in pure:
            if stmt.id in deferred:
                self._defer(stmt)
        growing = True
        while growing:
            size = len(self._deferred), len(self._away), len(self._moved)
            for stmt in pure:
                if stmt.id not in self._deferred and self._must_wait(stmt):
                    self._defer(stmt)
            for stmt in pure:
                if stmt.id in self._deferred:
                    self._follow(stmt, pure)
            growing = size != (len(self._deferred), len(self._away), len(self._moved))

    def _must_wait(self, stmt: Stmt) -> bool:
        use, sharing = self._uses.own(stmt), self._uses.sharing
        return bool(
            use.changed & self._outer
            or (use.binds | use.reads) & self._away
            or use.seen & self._moved
            or sharing.reached(use.binds) & self._moved
            # A name that is handed on by value, while others change what it holds.
            or (use.binds & self._lasting and sharing.reached(use.binds) & self._changed)
        )

    def _defer(self, stmt: Stmt) -> None:
        use = self._uses.own(stmt)
        self._deferred.add(stmt.id)
        self._away |= use.binds
        self._moved |= use.changed & self._outer

    def _follow(self, stmt: Stmt, pure: Iterable[Stmt]) -> None:
        """Defer also what makes the values that would be copied, where a copy will not do."""
        for name in self._copied(stmt):
            if self._uses.sharing.reached((name,)) & self._changed:
                for maker in pure:
                    if name in self._uses.own(maker).binds:
                        self._defer(maker)

    def _copied(self, stmt: Stmt) -> frozenset[str]:
        """The iteration's own names whose values are kept for a deferred statement."""
        return (self._uses.own(stmt).reads & self._bound) - self._away - self._lasting

    def split(self) -> Split:
        """The two halves, when nothing more has to be put aside."""
        kept, causes = self._kept()
        causes += [c for s in self._body if (c := self._cause(s)) is not None]
        causes += self._functions()
        rest = [s for s in self._body if s.id not in self._deferred]
        reads = frozenset[str]().union(*(self._uses.own(s).reads for s in rest)) - self._bound
        lasting = self._carried | self._lasting
        moving = [s for s in self._body if s.id in {k.node for k in kept}]
        outside = {name for name in self._names(moving) if name not in self._bound} | lasting
        told = describe(moving, frozenset(outside))
        return Split(
            tuple(causes),
            reads,
            self._bound - lasting,
            tuple(kept),
            (*told, *self._changed_otherwise(moving, frozenset(outside) - {a.name for a in told})),
        )

    def _changed_otherwise(
        self, stmts: Iterable[Stmt], names: frozenset[str]
    ) -> Iterator[Accumulator]:
        """The names whose own values are changed where no form of it tells: by helpers."""
        changed = frozenset().union(*(self._uses.own(s).changed for s in stmts))
        for name in sorted(names):
            if changed & self._uses.sharing.names.get(name, frozenset()):
                yield Accumulator(name, "changed")

    def _names(self, stmts: Iterable[Stmt]) -> frozenset[str]:
        return frozenset[str]().union(*(self._uses.own(s).reads for s in stmts))

    def _kept(self) -> tuple[list[Kept], list[Carried | Mingled | HeldFunction]]:
        kept: list[Kept] = []
        causes: list[Carried | Mingled | HeldFunction] = []
        target = bound_in(self._loop)
        for stmt in (self._loop, *self._body):
            if stmt.id in self._deferred:
                names = self._copied(stmt)
                kept.append(Kept(stmt.id, tuple(sorted(names)), _text(stmt), runs=False))
            else:
                binds = target if stmt is self._loop else self._uses.own(stmt).binds
                names = binds & (self._away | self._lasting)
                names |= self._moved_answer(stmt)
                if names:
                    kept.append(Kept(stmt.id, tuple(sorted(names)), "", runs=True))
            if not isinstance(stmt, Call | Ask):
                spoilt = [n for n in names if self._uses.sharing.reached((n,)) & self._changed]
                causes += [Mingled(n, stmt.span.line) for n in sorted(spoilt)]
        return kept, causes

    def _functions(self) -> Iterator[HeldFunction]:
        for stmt in (self._loop, *self._body):
            use = self._uses.own(stmt)
            deferred = stmt.id in self._deferred
            names = self._copied(stmt) if deferred else use.reads | use.binds
            for name in sorted(names & self._uses.functions.keys()):
                yield HeldFunction(name, stmt.span.line)

    def _moved_answer(self, stmt: Stmt) -> frozenset[str]:
        """The name of an answer that the fold changes: it has to be one value there."""
        if not isinstance(stmt, Call | Ask):
            return frozenset()
        binds = self._uses.own(stmt).binds
        return binds if self._uses.sharing.reached(binds) & self._moved else frozenset()

    def _cause(self, stmt: Stmt) -> Carried | Mingled | None:
        if stmt.id in self._deferred:
            return None
        use, line = self._uses.own(stmt), stmt.span.line
        for name in sorted(use.reads):
            reached = self._uses.sharing.reached((name,))
            if name in self._away or reached & self._moved:
                return Carried(name, _reader(stmt), line)
            if reached & use.changed & self._outer:
                return Mingled(name, line)
        return None


def _text(stmt: Stmt) -> str:
    match stmt:
        case Let(target=target, value=value):
            return f"{target} = {value.text}"
        case Compute(text=text):
            return text
        case _:
            raise AssertionError("only pure code is put aside")


def _reader(stmt: Stmt) -> str:
    match stmt:
        case Call(tool=tool):
            return tool
        case Ask():
            return "ai_eval"
        case If():
            return "the if"
        case For():
            return "the for"
        case While():
            return "the while"
        case _:
            return "the code"
