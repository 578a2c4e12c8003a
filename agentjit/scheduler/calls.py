"""Tool calls of a woven run: in which tab, when, and once more where one is late."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from agentjit.scheduler.coming import Coming
from agentjit.scheduler.graph import EpisodeId, LoopNode, Start, ToolNode
from agentjit.scheduler.scopes import Past, Scope, TabUse
from agentjit.scheduler.strands import Await, Do, Stop, Strand, Until
from agentjit.scheduler.strands import Start as StartStrand
from agentjit.scheduler.tabs import Chain, TabId, Tabs, is_first
from agentjit.scheduler.walk import ScopeId, ToolUse
from agentjit.toolspecs.effects import Effect

Steps: TypeAlias = Generator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class CloseTab:
    """Nobody uses the tab any more, and nobody knows its state: close it."""

    tab: TabId


@dataclass(frozen=True, slots=True)
class CloseScope:
    """Nobody needs these variables any more."""

    scope: ScopeId


#: Of a loop whose rounds are independent: how many of so many rounds at once, in at most so many
#: tabs. A pure function: the same run is woven in the same way.
Widen: TypeAlias = "Callable[[LoopNode, int, int], int]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a run is to be woven."""

    #: Tabs at the same time.
    width: int = 4
    #: Chooses once more at a loop of the program, when its length is known, in up to `most` tabs.
    #: None: as many rounds at once as there are tabs.
    widen: Widen | None = None
    most: int = 0
    #: Seconds after which a harmless call gets a second copy, by the tool's name. A tool that is
    #: not named gets none.
    late: Mapping[str, float] = field(default_factory=dict)
    #: Tabs beside these for second copies.
    spare: int = 0
    #: How often such a call is begun, at most. Where the newest copy is late too and there is no
    #: tab left, another takes the place of the oldest.
    tries: int = 2


@dataclass(eq=False, slots=True)
class Calls:
    """The tabs of a run, and how calls are done in them."""

    policy: Policy
    tabs: Tabs
    coming: Coming
    #: What nobody needs any more.
    over: list[CloseTab | CloseScope] = field(default_factory=list)

    def perform(
        self, node: ToolNode, arguments: Mapping[str, Any], scope: Scope, chain: Chain
    ) -> Steps:
        """Do the call where and when it may be done; its value."""
        stmt, harmless = node.stmt, node.effect.harmless
        if not harmless:
            # Nothing before it can fail any more, so that it is done only if the program does it.
            yield Until(lambda: is_first(chain))
        use, fresh = yield from self._tab(node, scope, chain)
        if not harmless:
            # What has been begun may have been done.
            use.past = None
        wanted = ToolUse(
            stmt.id,
            stmt.tool,
            arguments,
            stmt.span,
            use.tab,
            fresh,
            rounds=scope.rounds,
            coming=self.coming.count,
        )
        value = yield from self._once_or_more(wanted, use, chain, harmless=harmless)
        if use.past is not None:
            use.past.append(Past(stmt.tool, arguments, stmt.span, node.effect))
        return value

    def leave(self, scope: Scope, episode: EpisodeId) -> None:
        """An episode is over: its tab is free."""
        use = scope.episodes.pop(episode, None)
        if use is not None:
            self.tabs.give(use.tab)

    def abandon(self, scope: Scope) -> None:
        """What was done in a scope's tabs was broken off: nobody knows what they show."""
        for use in scope.episodes.values():
            self._drop(use.tab)
        scope.episodes.clear()

    def _tab(
        self, node: ToolNode, scope: Scope, chain: Chain
    ) -> Generator[Any, Any, tuple[TabUse, bool]]:
        """The tab of a call, and whether it must stand at the site's start before."""
        use = scope.episodes.get(node.episode)
        if use is not None:
            if node.start is not Start.NO:
                # A copy begins here, whatever was done in the tab before.
                use.past = []
            return use, node.start is Start.FRESH
        if node.start is Start.NO:
            use = scope.episodes[node.episode] = TabUse(self.tabs.take_first(chain), None)
            return use, False
        self.coming.waiting += 1
        try:
            yield Until(lambda: self.tabs.may_take(chain))
        finally:
            self.coming.waiting -= 1
        tab, new = self.tabs.take(chain)
        use = scope.episodes[node.episode] = TabUse(tab)
        return use, new or node.start is Start.FRESH

    def _once_or_more(self, wanted: ToolUse, use: TabUse, chain: Chain, *, harmless: bool) -> Steps:
        """A call that is late and harmless is done once more; the first answer counts."""
        late = self.policy.late.get(wanted.tool) if harmless else None
        if late is None or use.past is None:
            return (yield Do(wanted))
        first: Strand = yield StartStrand(_just(Do(wanted, late)))
        #: In the order in which they were begun. The tab in use is always that of the oldest.
        racers, tries = {use.tab: first}, 1
        try:
            while True:
                yield Await(tuple(racers.values()), late=tries < self.policy.tries)
                ended = [tab for tab, strand in racers.items() if strand.ended]
                winner = next((tab for tab in ended if racers[tab].failure is None), None)
                if winner is not None:
                    yield Stop(tuple(racers[tab] for tab in racers if tab != winner))
                    use.tab = winner
                    return racers[winner].value
                if ended:
                    # The others may still succeed; but nothing more is tried.
                    tries = self.policy.tries
                    self._retire(racers, ended, use)
                elif not self.tabs.may_spare() and len(racers) == 1:
                    tries = self.policy.tries
                else:
                    if not self.tabs.may_spare():
                        yield Stop((racers[use.tab],))
                        self._retire(racers, [use.tab], use)
                    tab, _ = self.tabs.take(chain)
                    racers[tab] = yield StartStrand(self._again(wanted, use.past, tab))
                    tries += 1
        finally:
            for tab in racers:
                if tab != use.tab:
                    self._drop(tab)

    def _retire(self, racers: dict[TabId, Strand], tabs: list[TabId], use: TabUse) -> None:
        """Take some out of a race. Raises the failure of the first, where nobody is left."""
        failures = [racers[tab].failure for tab in tabs]
        if len(tabs) == len(racers):
            assert failures[0] is not None
            raise failures[0]
        for tab in tabs:
            del racers[tab]
        use.tab = next(iter(racers))
        for tab in tabs:
            self._drop(tab)

    def _again(self, wanted: ToolUse, past: list[Past], tab: TabId) -> Steps:
        """The call in another tab, which is brought to where the first one was."""
        late, fresh = self.policy.late, True
        for done in past:
            if done.effect is Effect.NAVIGATE:
                move = replace(
                    wanted,
                    tool=done.tool,
                    arguments=done.arguments,
                    span=done.span,
                    tab=tab,
                    fresh=fresh,
                    copy=2,
                )
                yield Do(move, late.get(done.tool))
                fresh = False
        return (yield Do(replace(wanted, tab=tab, fresh=fresh, copy=1), late[wanted.tool]))

    def _drop(self, tab: TabId) -> None:
        self.tabs.drop(tab)
        self.over.append(CloseTab(tab))


def _just(wish: Do) -> Steps:
    return (yield wish)
