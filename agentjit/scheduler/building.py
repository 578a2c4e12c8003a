"""Build the dependence graph of a checked program."""

from __future__ import annotations

from collections.abc import Mapping

from agentjit.compiler.cfg import build_cfg
from agentjit.compiler.check import CheckedProgram
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import (
    Ask,
    Block,
    Break,
    Call,
    Compute,
    Continue,
    For,
    If,
    Let,
    NodeId,
    Program,
    Stmt,
    While,
    calls_in,
)
from agentjit.scheduler.dependences import Item, edges_of
from agentjit.scheduler.episodes import BEGINNING, share_tabs
from agentjit.scheduler.footprints import access_of
from agentjit.scheduler.graph import (
    BranchNode,
    CodeNode,
    Episode,
    EpisodeId,
    Graph,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    ToolNode,
)
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.judging import Case, judge
from agentjit.scheduler.objects import trace_sharing
from agentjit.scheduler.uses import Uses
from agentjit.scheduler.webs import split_names
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset


def build_graph(checked: CheckedProgram, fresh: Mapping[str, StateValue] | None = None) -> Graph:
    """The dependence graph. `fresh` overrides the start values of a tab just opened."""
    return graph_of(checked.program, checked.toolset, checked.facts, checked.final, fresh=fresh)


def graph_of(
    program: Program,
    toolset: Toolset,
    facts: Mapping[NodeId, Facts],
    final: Facts | None,
    *,
    fresh: Mapping[str, StateValue] | None = None,
) -> Graph:
    """As `build_graph`, from the parts of a checked program."""
    program = split_names(program)
    opened = {**toolset.state.start(), **(fresh or {})}
    cfg = build_cfg(program)
    tabs = share_tabs(program, toolset, cfg, facts=facts, final=final, fresh=opened)
    case = Case(
        program,
        cfg,
        tabs,
        Uses(program, trace_sharing(program, toolset)),
        {
            call.id: access_of(toolset.by_name[call.tool], toolset, call.span.line)
            for call in calls_in(program.body)
        },
        facts,
        toolset.state,
        opened,
    )
    builder = _Builder(case)
    root = builder.region(program.body, frozenset())
    return Graph(program, toolset.name, toolset.version, root, builder.episodes())


class _Builder:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._numbers: dict[NodeId, EpisodeId] = {}
        # Dropped navigations have the last numbers: their episodes are not listed.
        calls = [c.id for c in calls_in(case.program.body)]
        for call in sorted(calls, key=lambda c: (c in case.tabs.dropped, c)):
            root = case.tabs.episode(call)
            self._numbers.setdefault(root, len(self._numbers) + 1)

    def episodes(self) -> tuple[Episode, ...]:
        """All episodes, in program order."""
        tabs = self._case.tabs
        calls = [c.id for c in calls_in(self._case.program.body) if c.id not in tabs.dropped]
        beginning = self._numbers.get(tabs.episode(BEGINNING))
        return tuple(
            Episode(
                number,
                tuple(c for c in calls if self._numbers[tabs.episode(c)] == number),
                number != beginning,
            )
            for number in sorted({self._numbers[tabs.episode(c)] for c in calls})
        )

    def region(self, block: Block, deferred: frozenset[NodeId]) -> Region:
        """A block's nodes and edges; `deferred` by the independent loops around it."""
        nodes = tuple(self._node(stmt, deferred) for stmt in block)
        return Region(nodes, edges_of([self._item(s) for s in block], self._case.uses.sharing))

    def _item(self, stmt: Stmt) -> Item:
        calls = [c for c in calls_in((stmt,)) if c.id not in self._case.tabs.dropped]
        dropped = isinstance(stmt, Call) and not calls
        return Item(
            stmt,
            self._case.uses.whole(stmt),
            [self._case.accesses[c.id] for c in calls],
            tab=self._tab(stmt),
            dropped=dropped,
        )

    def _tab(self, stmt: Stmt) -> EpisodeId | None:
        match stmt:
            case Call(id=node):
                return self._numbers[self._case.tabs.episode(node)]
            case If(id=node) | For(id=node) | While(id=node):
                return self._numbers.get(self._case.tabs.episode(node))
            case _:
                return None

    def _node(self, stmt: Stmt, deferred: frozenset[NodeId]) -> Node:
        tabs = self._case.tabs
        match stmt:
            case Call():
                effect = self._case.accesses[stmt.id].effect
                episode = self._numbers[tabs.episode(stmt.id)]
                return ToolNode(
                    stmt, effect, episode, tabs.starts[stmt.id], stmt.id in tabs.dropped
                )
            case Ask():
                return ModelNode(stmt)
            case Let() | Compute():
                return CodeNode(stmt)
            case Break() | Continue():
                return JumpNode(stmt)
            case If():
                inner = (self.region(stmt.body, deferred), self.region(stmt.orelse, deferred))
                return BranchNode(stmt, *inner, self._tab(stmt))
            case For() | While():
                return self._loop(stmt, deferred)

    def _loop(self, loop: For | While, deferred: frozenset[NodeId]) -> LoopNode:
        verdict = judge(loop, self._case, deferred)
        within = deferred
        if isinstance(verdict, Independent):
            within |= {kept.node for kept in verdict.kept if not kept.runs}
        prelude = loop.prelude if isinstance(loop, While) else ()
        return LoopNode(
            loop,
            self.region(prelude, within),
            self.region(loop.body, within),
            self.region(loop.orelse, deferred),
            self._tab(loop),
            verdict,
        )
