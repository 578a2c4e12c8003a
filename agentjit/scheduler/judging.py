"""Judge a loop: whether its iterations are independent, by tab, account, commits and data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentjit.compiler.cfg import Cfg
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import Ask, Block, Break, Call, For, If, NodeId, Program, While, calls_in
from agentjit.scheduler.carrying import split_body
from agentjit.scheduler.episodes import BEGINNING, Tabs, first_calls, unlike_fresh
from agentjit.scheduler.footprints import Access, conflict_among
from agentjit.scheduler.graph import Start
from agentjit.scheduler.independence import (
    Cause,
    EarlyEnd,
    Independent,
    Irreversible,
    OnlyCode,
    OpenTab,
    Rounds,
    Serial,
    SharedAccount,
    SharedTab,
    Verdict,
)
from agentjit.scheduler.objects import statements
from agentjit.scheduler.uses import Uses, readers
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.state import StateModel, StateValue


@dataclass(frozen=True, slots=True)
class Case:
    """All that a judgement looks at."""

    program: Program
    cfg: Cfg
    tabs: Tabs
    uses: Uses
    accesses: Mapping[NodeId, Access]
    facts: Mapping[NodeId, Facts]
    model: StateModel
    fresh: Mapping[str, StateValue]


def judge(loop: For | While, case: Case, deferred: frozenset[NodeId]) -> Verdict:
    """The verdict on one loop. `deferred`: what an independent loop around it puts aside."""
    if isinstance(loop, While):
        return Serial((Rounds(),))
    if not any(isinstance(stmt, Call | Ask) for stmt in statements(loop.body)):
        return Serial((OnlyCode(),))
    causes: list[Cause] = [*_account(loop, case), *_tab(loop, case)]
    read = readers(case.program, case.uses)
    split = split_body(loop, case.program.body, case.uses, read, deferred=deferred)
    causes += split.causes
    if causes:
        return Serial(tuple(dict.fromkeys(causes)))
    return Independent(
        reads=split.reads,
        own=split.own,
        accumulators=split.accumulators,
        kept=split.kept,
        breaks=may_break(loop.body),
        opens_tabs=bool({c.id for c in calls_in(loop.body)} - case.tabs.dropped),
    )


def _account(loop: For, case: Case) -> Iterator[Cause]:
    calls = calls_in(loop.body)
    accesses = [case.accesses[c.id] for c in calls]
    for access in accesses:
        if access.effect is Effect.COMMIT:
            yield Irreversible(access.tool, access.line)
    clash = conflict_among(accesses)
    if clash is not None:
        yield SharedAccount(clash)
    changing = next((a for a in accesses if not a.effect.harmless), None)
    if changing is not None and may_break(loop.body):
        yield EarlyEnd(changing.tool, changing.line)


def _tab(loop: For, case: Case) -> Iterator[Cause]:
    for call in first_calls(case.cfg, loop, case.tabs.dropped):
        if case.tabs.starts[call.id] is Start.NO:
            unlike = unlike_fresh(case.facts[call.id], case.model, case.fresh)
            yield SharedTab(call.tool, call.span.line, ", ".join(unlike))
            return
    beside = case.tabs.crossing(loop.id)
    if beside is not None:
        yield _beside(beside, case)
        return
    # What comes after the last round has a tab of its own, or the loop's.
    body = frozenset(c.id for c in calls_in(loop.body))
    for call in calls_in(loop.orelse):
        if case.tabs.before.get(call.id, frozenset()) & body:
            yield OpenTab(call.tool, call.span.line)
            return


def _beside(node: NodeId, case: Case) -> Cause:
    if node == BEGINNING:
        return OpenTab("the beginning", 1)
    call = next(c for c in calls_in(case.program.body) if c.id == node)
    return OpenTab(call.tool, call.span.line)


def may_break(block: Block) -> bool:
    """Whether a `break` inside ends the loop that this is the body of."""
    for stmt in block:
        match stmt:
            case Break():
                return True
            case If() if may_break((*stmt.body, *stmt.orelse)):
                return True
            case For() | While() if may_break(stmt.orelse):
                return True
            case _:
                pass
    return False
