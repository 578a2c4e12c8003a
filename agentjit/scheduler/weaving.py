"""Weave a run: each node of the graph starts as soon as those that it waits for are done.

The same result, failure and account as the serial run: what comes after a failure or a `break` in
the program's order does not start, or is stopped and forgotten; and what changes the account waits
until all before it is done. Independent iterations have variables and tabs of their own; what they
put aside is folded in their order.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, TypeAlias

from agentjit.compiler.ir import Break, For, NodeId, While
from agentjit.compiler.limits import MAX_FOR_TRIPS, MAX_WHILE_TRIPS
from agentjit.scheduler.calls import Calls, CloseScope, CloseTab, Policy
from agentjit.scheduler.coming import Coming, begins_anew
from agentjit.scheduler.graph import (
    BranchNode,
    CodeNode,
    Graph,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    ToolNode,
)
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.scopes import Scope
from agentjit.scheduler.strands import Await, Do, Start, StepFailed, Stop, Strand
from agentjit.scheduler.tabs import Chain, Progress, Tabs
from agentjit.scheduler.walk import (
    Arguments,
    Branch,
    Code,
    Copy,
    Entered,
    Seen,
    TooManyTripsError,
    display_of,
    literals_of,
    parts_of,
    question_of,
    text_of,
)
from agentjit.source import Span


class Flow(Enum):
    """How a region was left."""

    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()


Steps: TypeAlias = Generator[Any, Any, Any]
Walk: TypeAlias = Generator[Any, Any, Flow]


class Weaver:
    """What the strands of one run share."""

    def __init__(self, graph: Graph, policy: Policy) -> None:
        self._graph = graph
        self._width = policy.width
        reserved = any(not episode.fresh for episode in graph.episodes)
        self._coming = Coming(policy.width)
        tabs = Tabs(policy.width, policy.spare, reserved=reserved)
        self._calls = Calls(policy, tabs, self._coming)
        self._last_scope = 0
        self._seen: list[Seen | Entered] = []

    def take_seen(self) -> tuple[Seen | Entered, ...]:
        """What was seen of branches and loops since this was asked last."""
        seen = tuple(self._seen)
        self._seen.clear()
        return seen

    def take_over(self) -> list[CloseTab | CloseScope]:
        """What nobody needs any more since this was asked last."""
        over, self._calls.over = self._calls.over, []
        return over

    @property
    def tabs(self) -> Tabs:
        """The tabs of the run."""
        return self._calls.tabs

    def run(self) -> Steps:
        """The whole program; its value."""
        program, scope = self._graph.program, Scope(0, width=self._width)
        nowhere = program.source.whole()
        for _, text in program.helpers:
            yield from self._code(f"{text}\nNone", nowhere, scope)
        try:
            yield from self._region(self._graph.root, scope, (), owns_tabs=True)
        except StepFailed:
            self._calls.abandon(scope)
            raise
        if program.result is None:
            return None
        return (yield from self._code(program.result, nowhere, scope))

    def _region(
        self, region: Region, scope: Scope, chain: Chain, *, owns_tabs: bool = False
    ) -> Walk:
        progress = Progress()
        try:
            return (yield from self._nodes(region, scope, (chain, progress), owns_tabs=owns_tabs))
        finally:
            self._coming.end(progress)

    def _nodes(
        self, region: Region, scope: Scope, place_of: tuple[Chain, Progress], *, owns_tabs: bool
    ) -> Walk:
        """Nodes start as soon as those they need are done. Those after a failure do not start."""
        chain, progress = place_of
        strands, weights = dict[int, Strand](), self._coming.weights(region)
        places = {node.stmt.id: place for place, node in enumerate(region.nodes)}
        needs = [{places[n] for n in region.needs[node.stmt.id]} for node in region.nodes]
        leaving = region.endings if owns_tabs else {}
        limit, failure, flow = len(region.nodes), None, Flow.NEXT
        while True:
            for place in range(limit):
                if place not in strands and needs[place] <= progress.done:
                    steps = self._node(region.nodes[place], scope, (*chain, (progress, place)))
                    strands[place] = yield Start(steps)
            left = sum(w for p, w in enumerate(weights) if p not in strands)
            self._coming.expect(progress, left)
            under_way = [p for p in strands if p < limit and p not in progress.done]
            if not under_way:
                break
            yield Await(tuple(strands[place] for place in under_way))
            for place in under_way:
                strand = strands[place]
                if not strand.ended or place >= limit:
                    continue
                if strand.failure is not None:
                    limit, failure, flow = place, strand.failure, Flow.NEXT
                elif strand.value is not Flow.NEXT:
                    limit, failure, flow = place, None, strand.value
                else:
                    progress.done.add(place)
                    for episode in leaving.get(place, ()):
                        self._calls.leave(scope, episode)
                    continue
                yield Stop(tuple(s for p, s in strands.items() if p > place))
        if failure is not None:
            raise failure
        return flow

    def _node(self, node: Node, scope: Scope, chain: Chain) -> Walk:
        match node:
            case ToolNode(dropped=True):
                return Flow.NEXT
            case ToolNode(stmt=stmt):
                arguments = yield from self._values(stmt.args, stmt.span, scope)
                value = yield from self._calls.perform(node, arguments, scope, chain)
                yield from self._assign(stmt.target, value, stmt.span, scope)
                yield from self._keep(stmt.id, stmt.span, scope, ran=True)
            case ModelNode(stmt=stmt):
                values = yield from self._values(parts_of(stmt), stmt.span, scope)
                answer = yield Do(question_of(stmt, values, scope.rounds))
                yield from self._assign(stmt.target, answer, stmt.span, scope)
                yield from self._keep(stmt.id, stmt.span, scope, ran=True)
            case CodeNode(stmt=stmt):
                if not (yield from self._keep(stmt.id, stmt.span, scope, ran=False)):
                    yield from self._code(f"{text_of(stmt)}\nNone", stmt.span, scope)
                    yield from self._keep(stmt.id, stmt.span, scope, ran=True)
            case JumpNode(stmt=stmt):
                return Flow.BREAK if isinstance(stmt, Break) else Flow.CONTINUE
            case BranchNode(stmt=stmt, body=body, orelse=orelse):
                chosen = yield from self._code(f"bool({stmt.test.text})", stmt.test.span, scope)
                self._seen.append(Seen(stmt, int(chosen)))
                return (yield from self._region(body if chosen else orelse, scope, chain))
            case LoopNode(stmt=For()):
                return (yield from self._for(node, scope, chain))
            case LoopNode():
                return (yield from self._while(node, scope, chain))
        return Flow.NEXT

    # Code and variables

    @staticmethod
    def _code(
        text: str,
        span: Span,
        scope: Scope,
        inputs: Mapping[str, Any] = MappingProxyType({}),
        *,
        raw: bool = False,
    ) -> Steps:
        """The value of the last line; `inputs` become variables first."""
        spans = (span,) * (text.count("\n") + 1)
        return (yield Do(Code(text, inputs, spans, scope.id, raw)))

    def _assign(self, target: str | None, value: Any, span: Span, scope: Scope) -> Steps:
        if target is not None:
            yield from self._code("None", span, scope, {target: value})

    def _values(
        self, args: Arguments, span: Span, scope: Scope
    ) -> Generator[Any, Any, dict[str, Any]]:
        literal = literals_of(args)
        if literal is not None:
            return literal
        values: dict[str, Any] = yield from self._code(display_of(args), span, scope)
        return values

    def _keep(
        self, node: NodeId, span: Span, scope: Scope, *, ran: bool
    ) -> Generator[Any, Any, bool]:
        """Put aside what the fold needs of a node; whether the node is not to be run here."""
        kept = scope.kept.get(node)
        if kept is None or kept.runs is not ran:
            return False
        values: Mapping[str, Any] = {}
        if kept.names:
            values = yield Do(Copy(scope.id, kept.names, span))
        scope.log.append((kept, values))
        return not ran

    # Loops

    def _for(self, node: LoopNode, scope: Scope, chain: Chain) -> Walk:
        loop = node.stmt
        assert isinstance(loop, For)
        # They stay where they are: to change one is to change it wherever else it is known.
        elements, span = f"_it{loop.id}", loop.iterable.span
        text = f"{elements} = list({loop.iterable.text})\nlen({elements})"
        rounds: int = yield from self._code(text, span, scope)
        if rounds > MAX_FOR_TRIPS:
            raise StepFailed(TooManyTripsError(loop.span, MAX_FOR_TRIPS), loop.span)
        progress = Progress()
        try:
            width, place = self._width_of(node, rounds, scope), (chain, progress)
            if width > 1 and rounds > 1:
                values = yield from self._code(elements, span, scope, raw=True)
                with self.tabs.widened(width):
                    return (yield from self._parallel(node, values, scope, place, width=width))
            return (yield from self._one_by_one(node, elements, scope, place, rounds=rounds))
        finally:
            self._coming.end(progress)

    def _width_of(self, node: LoopNode, rounds: int, scope: Scope) -> int:
        """How many tabs a loop may have, now that its length is known."""
        if not isinstance(node.verdict, Independent):
            return 1
        policy = self._calls.policy
        if policy.widen is None or scope.rounds or rounds < 2:
            # One inside another has what the outer one gives each of its rounds.
            return scope.width
        width = max(1, min(policy.widen(node, rounds, policy.most), policy.most))
        assert isinstance(node.stmt, For)
        self._seen.append(Entered(node.stmt, rounds, width))
        return width

    def _one_by_one(
        self,
        node: LoopNode,
        elements: str,
        scope: Scope,
        place_of: tuple[Chain, Progress],
        *,
        rounds: int,
    ) -> Walk:
        loop, anew, (chain, progress) = node.stmt, begins_anew(node.body), place_of
        assert isinstance(loop, For)
        for number in range(rounds):
            self._coming.expect(progress, (rounds - number - 1) * anew)
            yield from self._bind(loop, f"{elements}[{number}]", scope)
            inner = (*chain, (progress, number))
            if (yield from self._region(node.body, scope, inner)) is Flow.BREAK:
                self._seen.append(Seen(loop, number + 1))
                return Flow.NEXT
            progress.done.add(number)
        self._seen.append(Seen(loop, rounds))
        self._coming.end(progress)
        return (yield from self._region(node.orelse, scope, chain))

    def _bind(self, loop: For, element: str, scope: Scope, **inputs: Any) -> Steps:
        yield from self._code(f"{loop.target} = {element}\nNone", loop.span, scope, inputs)
        yield from self._keep(loop.id, loop.span, scope, ran=True)

    def _while(self, node: LoopNode, scope: Scope, chain: Chain) -> Walk:
        loop = node.stmt
        assert isinstance(loop, While)
        progress = Progress()
        for trip in range(MAX_WHILE_TRIPS + 1):
            inner = (*chain, (progress, 2 * trip))
            yield from self._region(node.prelude, scope, inner)
            test = f"bool({loop.test.text})"
            if not (yield from self._code(test, loop.test.span, scope)):
                self._seen.append(Seen(loop, trip))
                return (yield from self._region(node.orelse, scope, chain))
            progress.done.add(2 * trip)
            if trip == MAX_WHILE_TRIPS:
                raise StepFailed(TooManyTripsError(loop.span, MAX_WHILE_TRIPS), loop.span)
            inner = (*chain, (progress, 2 * trip + 1))
            if (yield from self._region(node.body, scope, inner)) is Flow.BREAK:
                self._seen.append(Seen(loop, trip + 1))
                return Flow.NEXT
            progress.done.add(2 * trip + 1)
        raise AssertionError("a while ends by its test, a break or its limit")

    def _parallel(
        self,
        node: LoopNode,
        elements: list[Any],
        scope: Scope,
        place_of: tuple[Chain, Progress],
        *,
        width: int,
    ) -> Walk:
        """Iterations at once; those after the first break or failure do not count."""
        verdict, (chain, progress) = node.verdict, place_of
        assert isinstance(verdict, Independent)
        scopes, strands = dict[int, Scope](), dict[int, Strand]()
        limit, failure, broken = len(elements), None, False
        at_once = min(width, len(elements))
        while True:
            under_way = [n for n in strands if n < limit and n not in progress.done]
            while len(strands) < limit and len(under_way) < at_once:
                number = len(strands)
                scopes[number] = self._scope(verdict, scope, number, width // at_once)
                inner = (*chain, (progress, number))
                steps = self._round(node, scopes[number], scope, elements[number], inner)
                self._coming.expect(progress, limit - len(strands) - 1)
                strands[number] = yield Start(steps)
                under_way.append(number)
            if not under_way:
                break
            yield Await(tuple(strands[number] for number in under_way))
            for number in under_way:
                strand = strands[number]
                if not strand.ended or number >= limit:
                    continue
                if strand.failure is None and strand.value is not Flow.BREAK:
                    progress.done.add(number)
                    continue
                if strand.failure is not None:
                    limit, failure, broken = number, strand.failure, False
                else:
                    progress.done.add(number)
                    limit, failure, broken = number + 1, None, True
                yield Stop(tuple(s for n, s in strands.items() if n > number))
        self._coming.end(progress)
        for number in range(min(limit, len(scopes))):
            yield from self._fold(scopes[number], scope)
        if failure is not None:
            raise failure
        assert isinstance(node.stmt, For)
        self._seen.append(Seen(node.stmt, limit))
        return Flow.NEXT if broken else (yield from self._region(node.orelse, scope, chain))

    def _scope(self, verdict: Independent, outer: Scope, number: int, width: int) -> Scope:
        self._last_scope += 1
        kept = {kept.node: kept for kept in verdict.kept}
        return Scope(self._last_scope, (*outer.rounds, number), kept, width=max(1, width))

    def _round(
        self, node: LoopNode, scope: Scope, outer: Scope, element: Any, chain: Chain
    ) -> Walk:
        loop, verdict = node.stmt, node.verdict
        assert isinstance(loop, For)
        assert isinstance(verdict, Independent)
        try:
            yield Do(Branch(scope.id, outer.id, tuple(sorted(verdict.reads)), loop.span))
            for _, text in self._graph.program.helpers:
                yield from self._code(f"{text}\nNone", loop.span, scope)
            yield from self._bind(loop, "_element", scope, _element=element)
            flow = yield from self._region(node.body, scope, chain, owns_tabs=True)
        except (GeneratorExit, StepFailed):
            # It was stopped, or it broke off: what it was doing in its tabs nobody knows.
            self._calls.abandon(scope)
            raise
        finally:
            self._calls.over.append(CloseScope(scope.id))
        for episode in list(scope.episodes):
            self._calls.leave(scope, episode)
        return flow

    def _fold(self, done: Scope, scope: Scope) -> Steps:
        """Do what an iteration put aside: outside it, where it may be put aside again."""
        for kept, values in done.log:
            span = self._graph.program.source.whole()
            if values:
                yield from self._code("None", span, scope, values)
            if not (yield from self._keep(kept.node, span, scope, ran=False)):
                if kept.text:
                    yield from self._code(f"{kept.text}\nNone", span, scope)
                yield from self._keep(kept.node, span, scope, ran=True)
