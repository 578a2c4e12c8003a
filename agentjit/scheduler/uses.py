"""What each node does with the plan's names and values, alone and with all that is inside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agentjit.compiler.cfg import reads_of
from agentjit.compiler.ir import Ask, Call, Compute, For, If, Let, NodeId, Program, Stmt, While
from agentjit.compiler.names import bound_names
from agentjit.compiler.tree import parsed_statements
from agentjit.scheduler.exposure import exposure_of, makes_function, read_by_helpers
from agentjit.scheduler.objects import Objects, Sharing, statements


@dataclass(frozen=True, slots=True)
class Use:
    """Names read and bound; values that may be looked into, and that may be changed in place."""

    reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    #: The names that are bound whatever happens.
    certain: frozenset[str] = frozenset()
    seen: Objects = frozenset()
    changed: Objects = frozenset()


class Uses:
    """The uses of a program's nodes."""

    def __init__(self, program: Program, sharing: Sharing) -> None:
        self.sharing = sharing
        self._helpers = read_by_helpers(program)
        self._own: dict[NodeId, Use] = {}
        self._whole: dict[NodeId, Use] = {}
        #: The names that may hold functions, each with the nodes that make these.
        self.functions: dict[str, tuple[NodeId, ...]] = {}
        for stmt in statements(program.body):
            self._own[stmt.id] = self._use(stmt)
            if isinstance(stmt, Let | Compute) and makes_function(_text(stmt)):
                for name in self._own[stmt.id].binds:
                    self.functions[name] = (*self.functions.get(name, ()), stmt.id)
        for node, use in self._own.items():
            self._own[node] = self._with_functions(use)

    def _with_functions(self, use: Use) -> Use:
        """Who has a function may call it: that reads and changes what its making does."""
        makers = {m for name in use.reads for m in self.functions.get(name, ())}
        if not makers:
            return use
        reads = use.reads.union(*(self._own[m].reads for m in makers))
        changed = use.changed.union(*(self._own[m].changed for m in makers))
        return replace(use, reads=reads, seen=self.sharing.reached(reads), changed=changed)

    def own(self, stmt: Stmt) -> Use:
        """What a node does itself: of a branch or loop, its test, its iterable and its target."""
        return self._own[stmt.id]

    def whole(self, stmt: Stmt) -> Use:
        """What a node does with all that is inside it."""
        if stmt.id not in self._whole:
            all_of_it = [self.own(inner) for inner in statements((stmt,))]
            self._whole[stmt.id] = Use(
                frozenset[str]().union(*(u.reads for u in all_of_it)),
                frozenset[str]().union(*(u.binds for u in all_of_it)),
                frozenset(),
                frozenset().union(*(u.seen for u in all_of_it)),
                frozenset().union(*(u.changed for u in all_of_it)),
            )
        return self._whole[stmt.id]

    def through_helpers(self, names: Iterable[str]) -> frozenset[str]:
        """The names, and those that helpers among them read. Helpers are no names of the plan."""
        found: set[str] = set()
        for name in names:
            found |= self._helpers.get(name, {name})
        return frozenset(found)

    def _use(self, stmt: Stmt) -> Use:
        reads, binds, certain = reads_of(stmt), frozenset[str](), frozenset[str]()
        match stmt:
            case Let(target=target):
                binds = certain = frozenset((target,))
            case Call(target=str(target)) | Ask(target=str(target)):
                binds = certain = frozenset((target,))
            case Compute(text=text):
                exposure = exposure_of(text)
                reads, binds, certain = exposure.reads, exposure.binds, exposure.certain
            case For(writes=names, target=text):
                # `for x[0] in …` is no binding, but a change of x.
                target_reads = exposure_of(f"{text} = 0").reads
                reads, binds = reads | target_reads, names
            case If() | While() | _:
                pass
        reads = self.through_helpers(reads)
        changed = self.sharing.changes(stmt.id)
        return Use(reads, binds, certain, self.sharing.reached(reads), changed)


def _text(stmt: Let | Compute) -> str:
    return stmt.text if isinstance(stmt, Compute) else stmt.value.text


def exposed_in(stmts: Iterable[Stmt], uses: Uses, bound: frozenset[str]) -> frozenset[str]:
    """The names that these statements may read before they, or others, have bound them."""
    found: set[str] = set()
    _expose(stmts, bound, found, uses)
    return frozenset(found)


def _expose(
    stmts: Iterable[Stmt], bound: frozenset[str], found: set[str], uses: Uses
) -> frozenset[str]:
    for stmt in stmts:
        use = uses.own(stmt)
        match stmt:
            case If():
                found |= use.reads - bound
                after = _expose(stmt.body, bound, found, uses)
                bound = after & _expose(stmt.orelse, bound, found, uses)
            case For():
                found |= use.reads - bound
                _expose(stmt.body, bound | bound_in(stmt), found, uses)
                _expose(stmt.orelse, bound, found, uses)
            case While():
                bound = _expose(stmt.prelude, bound, found, uses)
                found |= use.reads - bound
                _expose(stmt.body, bound, found, uses)
                _expose(stmt.orelse, bound, found, uses)
            case _:
                found |= use.reads - bound
                bound |= use.certain
    return bound


def bound_in(loop: For) -> frozenset[str]:
    """The names that a loop's target binds."""
    return bound_names(parsed_statements(f"{loop.target} = 0"))


def readers(program: Program, uses: Uses) -> Mapping[str, frozenset[NodeId]]:
    """For each name, the nodes that read it; node 0 stands for the program's value."""
    found: dict[str, set[NodeId]] = {}
    for stmt in statements(program.body):
        for name in uses.own(stmt).reads:
            found.setdefault(name, set()).add(stmt.id)
    if program.result is not None:
        found.setdefault(program.result, set()).add(NodeId(0))
    return {name: frozenset(nodes) for name, nodes in found.items()}
