"""Run a graph in a random order that it allows: as many tabs as there are episodes, and luck.

Every region is a set of nodes under way, of which chance picks the one that makes its next step.
Independent iterations have names and tabs of their own; what they kept is folded in their order.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import Any, TypeAlias

from agentjit.compiler.ir import Ask, Call, For, Let, NodeId, While
from agentjit.compiler.limits import MAX_WHILE_TRIPS
from agentjit.scheduler.graph import (
    BranchNode,
    CodeNode,
    EpisodeId,
    Graph,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    Start,
    ToolNode,
)
from agentjit.scheduler.independence import Independent, Kept
from tests.scheduler.evaluation import (
    CodeFailed,
    Names,
    copied,
    crossed,
    evaluate,
    execute,
    new_names,
)
from tests.scheduler.serial import Ending, TooLong
from tests.scheduler.site import Site, Tab, ToolFailed, reply

#: More than a serial run has: iterations that are thrown away count as well.
MAX_STEPS = 20_000


class Flow(Enum):
    """How a region was left."""

    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()


Steps: TypeAlias = Generator[None, None, Flow]
Failure = (CodeFailed, ToolFailed)


@dataclass(slots=True)
class Scope:
    """The names and tabs of the program, or of one iteration; and what that puts aside."""

    names: Names
    kept: dict[NodeId, Kept] = field(default_factory=dict)
    log: list[tuple[Kept, Names]] = field(default_factory=list)
    tabs: dict[EpisodeId, Tab] = field(default_factory=dict)

    def keep(self, node: NodeId, *, ran: bool) -> bool:
        """Put aside what the fold needs of a node; whether the node is not to be run here."""
        kept = self.kept.get(node)
        if kept is None or kept.runs is not ran:
            return False
        self.log.append((kept, copied(self.names, kept.names)))
        return not ran


@dataclass(slots=True)
class Player:
    """One random run of a graph."""

    graph: Graph
    site: Site
    chance: Random
    steps: int = 0

    def run(self) -> Ending:
        """To the end. Raises TooLong."""
        scope = Scope(new_names(self.graph.program))
        try:
            for _ in self._region(self.graph.root, scope):
                pass
            result = self.graph.program.result
            value = evaluate(result, scope.names) if result else None
        except Failure as error:
            account = repr(self.site.account)
            return Ending("", failed=True, account=account, why=repr(error))
        return Ending(repr(value), failed=False, account=repr(self.site.account))

    def _region(self, region: Region, scope: Scope) -> Steps:
        """Nodes start as soon as those they need are done. Those after a failure do not start."""
        waiting = [*range(len(region.nodes))]
        running: dict[int, Steps] = {}
        done: set[NodeId] = set()
        limit, failure, flow = len(region.nodes), None, Flow.NEXT
        while True:
            waiting = [place for place in waiting if place < limit]
            ready = [
                place for place in waiting if region.needs[region.nodes[place].stmt.id] <= done
            ]
            choices = ready + [place for place in running if place < limit]
            if not choices:
                assert not waiting, "nothing can go on"
                if failure is not None:
                    raise failure
                return flow
            place = self.chance.choice(choices)
            node = region.nodes[place]
            if place in waiting:
                waiting.remove(place)
                running[place] = self._node(node, scope)
            self._tick()
            try:
                next(running[place])
            except StopIteration as end:
                del running[place]
                done.add(node.stmt.id)
                if end.value is not Flow.NEXT:
                    limit, flow, failure = place, end.value, None
            except Failure as error:
                del running[place]
                limit, failure, flow = place, error, Flow.NEXT
            yield

    def _tick(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLong

    def _node(self, node: Node, scope: Scope) -> Steps:
        match node:
            case ToolNode(dropped=True):
                return Flow.NEXT
            case ToolNode(stmt=stmt):
                yield from self._call(node, scope)
                scope.keep(stmt.id, ran=True)
            case ModelNode(stmt=stmt):
                yield from self._ask(stmt, scope)
                scope.keep(stmt.id, ran=True)
            case CodeNode(stmt=stmt):
                if not scope.keep(stmt.id, ran=False):
                    told = f"{stmt.target} = {stmt.value.text}" if isinstance(stmt, Let) else ""
                    execute(told or getattr(stmt, "text", ""), scope.names)
                    scope.keep(stmt.id, ran=True)
            case JumpNode(stmt=stmt):
                return Flow.BREAK if type(stmt).__name__ == "Break" else Flow.CONTINUE
            case BranchNode(stmt=stmt, body=body, orelse=orelse):
                chosen = evaluate(stmt.test.text, scope.names)
                return (yield from self._region(body if chosen else orelse, scope))
            case LoopNode(stmt=For() as loop, verdict=Independent() as verdict):
                elements = list(evaluate(loop.iterable.text, scope.names))
                if self.chance.random() < 0.85:
                    return (yield from self._parallel(node, verdict, elements, scope))
                return (yield from self._for(node, elements, scope))
            case LoopNode(stmt=For() as loop):
                elements = list(evaluate(loop.iterable.text, scope.names))
                return (yield from self._for(node, elements, scope))
            case LoopNode():
                return (yield from self._while(node, scope))
        return Flow.NEXT

    def _call(self, node: ToolNode, scope: Scope) -> Generator[None, None, None]:
        stmt: Call = node.stmt
        arguments = {name: crossed(evaluate(e.text, scope.names)) for name, e in stmt.args}
        yield
        fresh = node.start is Start.FRESH or (
            node.start is Start.RESET
            and (node.episode not in scope.tabs or self.chance.random() < 0.5)
        )
        if fresh:
            scope.tabs[node.episode] = self.site.open_tab()
        elif node.episode not in scope.tabs:
            told = next(e for e in self.graph.episodes if e.id == node.episode)
            assert not told.fresh, f"{stmt.tool} needs a tab that nobody has opened"
            scope.tabs[node.episode] = self.site.first_tab()
        value = self.site.call(stmt.tool, arguments, scope.tabs[node.episode])
        yield
        if stmt.target is not None:
            scope.names[stmt.target] = value

    def _ask(self, stmt: Ask, scope: Scope) -> Generator[None, None, None]:
        question = str(evaluate(stmt.question.text, scope.names))
        values = {name: crossed(evaluate(e.text, scope.names)) for name, e in stmt.values}
        yield
        value = reply(question, values, stmt.returns, self.site.seed)
        if stmt.target is not None:
            scope.names[stmt.target] = value

    def _for(self, node: LoopNode, elements: list[Any], scope: Scope) -> Steps:
        loop = node.stmt
        assert isinstance(loop, For)
        for element in elements:
            scope.names["_element"] = element
            execute(f"{loop.target} = _element", scope.names)
            scope.keep(loop.id, ran=True)
            if (yield from self._region(node.body, scope)) is Flow.BREAK:
                return Flow.NEXT
        return (yield from self._region(node.orelse, scope))

    def _while(self, node: LoopNode, scope: Scope) -> Steps:
        loop = node.stmt
        assert isinstance(loop, While)
        for _ in range(MAX_WHILE_TRIPS + 1):
            yield from self._region(node.prelude, scope)
            if not evaluate(loop.test.text, scope.names):
                return (yield from self._region(node.orelse, scope))
            self._tick()
            if (yield from self._region(node.body, scope)) is Flow.BREAK:
                return Flow.NEXT
        raise CodeFailed("too many trips")

    def _parallel(
        self, node: LoopNode, verdict: Independent, elements: list[Any], scope: Scope
    ) -> Steps:
        """All iterations at once; those after the first break or failure do not count."""
        scopes = [self._iteration(verdict, scope) for _ in elements]
        running = {
            number: self._round(node, scopes[number], crossed(element))
            for number, element in enumerate(elements)
        }
        limit, failure, broken = len(elements), None, False
        while choices := [number for number in running if number < limit]:
            number = self.chance.choice(choices)
            self._tick()
            try:
                next(running[number])
            except StopIteration as end:
                del running[number]
                if end.value is Flow.BREAK:
                    limit, broken, failure = number + 1, True, None
            except Failure as error:
                del running[number]
                limit, broken, failure = number, False, error
            yield
        for done in scopes[:limit]:
            self._fold(done, scope)
        if failure is not None:
            raise failure
        return Flow.NEXT if broken else (yield from self._region(node.orelse, scope))

    def _iteration(self, verdict: Independent, scope: Scope) -> Scope:
        names = new_names(self.graph.program)
        names.update(copied(scope.names, verdict.reads))
        return Scope(names, {kept.node: kept for kept in verdict.kept})

    def _round(self, node: LoopNode, scope: Scope, element: Any) -> Steps:
        loop = node.stmt
        assert isinstance(loop, For)
        yield
        scope.names["_element"] = element
        execute(f"{loop.target} = _element", scope.names)
        scope.keep(loop.id, ran=True)
        return (yield from self._region(node.body, scope))

    def _fold(self, done: Scope, scope: Scope) -> None:
        """Do what an iteration put aside: outside it, where it may be put aside again."""
        for kept, values in done.log:
            scope.names.update(values)
            if not scope.keep(kept.node, ran=False):
                if kept.text:
                    execute(kept.text, scope.names)
                scope.keep(kept.node, ran=True)
