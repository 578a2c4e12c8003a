"""The edges of one block: which statement waits for which, and why."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.compiler.ir import Break, Continue, For, If, Let, Stmt, While
from agentjit.scheduler.footprints import Access, conflict
from agentjit.scheduler.graph import Edge
from agentjit.scheduler.objects import Objects, Sharing
from agentjit.scheduler.reasons import Account, CommitOrder, Control, Data, Order, Reason, Sure, Tab
from agentjit.scheduler.uses import Use
from agentjit.toolspecs.effects import Effect


class Item:
    """One statement of a block, with all that matters about it from outside."""

    __slots__ = ("accesses", "dropped", "jump", "stmt", "tab", "use")

    def __init__(
        self,
        stmt: Stmt,
        use: Use,
        accesses: Sequence[Access],
        *,
        tab: int | None,
        dropped: bool = False,
    ) -> None:
        self.stmt = stmt
        self.use = use
        self.accesses = accesses
        self.tab = tab
        self.dropped = dropped
        self.jump = _leaves(stmt)


def edges_of(items: Sequence[Item], sharing: Sharing) -> tuple[Edge, ...]:
    """The edges among a block's statements, without those that follow from others."""
    found: list[Edge] = []
    #: For each statement, all that it waits for, as bits.
    closed: list[int] = []
    for place, item in enumerate(items):
        waits = 0
        edges: list[Edge] = []
        for earlier in range(place - 1, -1, -1):
            if waits >> earlier & 1 or item.dropped or items[earlier].dropped:
                continue
            reasons = _reasons(items[earlier], item, sharing)
            if reasons:
                edges.append(Edge(items[earlier].stmt.id, item.stmt.id, reasons))
                waits |= closed[earlier] | 1 << earlier
        closed.append(waits)
        found += reversed(edges)
    return tuple(found)


def _reasons(first: Item, second: Item, sharing: Sharing) -> tuple[Reason, ...]:
    found: list[Reason] = [*_data(first.use, second.use, sharing)]
    if first.tab is not None and first.tab == second.tab:
        found.append(Tab(first.tab))
    clash = next(
        (c for a in first.accesses for b in second.accesses if (c := conflict(a, b))), None
    )
    if clash is not None:
        found.append(Account(clash))
    commits = [any(a.effect is Effect.COMMIT for a in i.accesses) for i in (first, second)]
    if all(commits):
        found.append(CommitOrder())
    if first.jump:
        found.append(Control(first.stmt.span.line))
    if not found and not _cannot_fail(first.stmt):
        changing = next((a for a in second.accesses if not a.effect.harmless), None)
        found += [Sure(changing.tool)] if changing else []
    return tuple(found)


def _data(first: Use, second: Use, sharing: Sharing) -> list[Reason]:
    flow = first.binds & second.reads | _shared(second.reads, first.changed, sharing)
    anti = first.reads & second.binds | _shared(first.reads, second.changed, sharing)
    output = first.binds & second.binds
    both = first.changed & second.changed
    output |= _shared(first.reads | second.reads, both, sharing)
    found: list[Reason] = [Data(name, Order.FLOW) for name in sorted(flow)]
    found += [Data(name, Order.ANTI) for name in sorted(anti - flow)]
    found += [Data(name, Order.OUTPUT) for name in sorted(output - flow - anti)]
    return found


def _shared(names: frozenset[str], objects: Objects, sharing: Sharing) -> frozenset[str]:
    """The names from which some of the objects can be reached."""
    if not objects:
        return frozenset()
    return frozenset(n for n in names if not objects.isdisjoint(sharing.reached((n,))))


def _leaves(stmt: Stmt) -> bool:
    """Whether a break or continue inside may leave the block around it."""
    match stmt:
        case Break() | Continue():
            return True
        case If():
            return any(_leaves(s) for s in (*stmt.body, *stmt.orelse))
        case For() | While():
            return any(_leaves(s) for s in stmt.orelse)
        case _:
            return False


def _cannot_fail(stmt: Stmt) -> bool:
    """Whether the statement only binds a literal, or a new and empty value."""
    if not isinstance(stmt, Let):
        return False
    return bool(stmt.value.literal) or stmt.value.text in ("[]", "{}", "set()", "0.0")
