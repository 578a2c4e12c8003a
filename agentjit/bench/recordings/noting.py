"""From what was noticed during a run to what somebody has to do who wants the same to happen.

It is a lower bound: whoever does not know the site would need more. So a page that was found in
several actions is opened by its address, a list that was ticked through is ticked as a whole, and
reading takes nothing but a look, even where a list had to be unfolded for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from agentjit.bench.recordings.recording import Action, Target
from agentjit.toolspecs import Effect


@dataclass(frozen=True, slots=True)
class Began:
    """A call of a tool began. What it sets off in the page may come after its end."""

    tool: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Did:
    """Code of a tool did something in a page."""

    action: Action
    #: Where it ticks one box of a list: the box that stands for all, and how many there are.
    whole: Target | None = None
    peers: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """The tab has another address: path and query."""

    path: str


Notice: TypeAlias = Began | Did | Arrived


def tidy(notices: Iterable[Notice], named: Collection[str], start: str) -> tuple[Action, ...]:
    """The actions that count: those of the tools in `named`, not of the run's own checks.

    An address that nothing in the page led to was opened as such. Of several addresses that were
    opened in a row only the last counts, and one where the tab is already does not; a text that was
    typed again over itself counts once.
    """
    calls: list[_Call] = []
    for notice in notices:
        match notice:
            case Began(tool, effect):
                calls.append(_Call(tool, effect, calls[-1].at if calls else start))
            case Did() if calls:
                calls[-1].do(notice)
            case Arrived(path) if calls:
                calls[-1].arrive(path)
            case _:
                pass
    actions: list[Action] = []
    for call in calls:
        if call.tool in named:
            _append(actions, call)
    return tuple(actions)


class _Call:
    """What one call of a tool did, and where the tab was then."""

    def __init__(self, tool: str, effect: Effect, start: str) -> None:
        self.tool, self.effect = tool, effect
        self.start = self.at = start
        self.actions: list[Action] = []
        self._ticked = 0

    def do(self, did: Did) -> None:
        action = replace(did.action, tool=self.tool)
        last = self.actions[-1] if self.actions else None
        if last is not None and last.kind == action.kind == "fill" and last.target == action.target:
            self.actions.pop()
        self.actions.append(action)
        self._ticked = self._ticked + 1 if did.whole is not None else 0
        if did.whole is not None and self._ticked == did.peers:
            del self.actions[-did.peers :]
            self.actions.append(replace(action, target=did.whole))

    def arrive(self, path: str) -> None:
        before, self.at = self.at, path
        if self.actions and self.actions[-1].kind != "goto":
            # What led there is the last thing that was done, be it back to the same address.
            self.actions[-1] = replace(self.actions[-1], leaves=True)
        elif path != before:
            self.actions = [_open(self.start, path, self.tool)]

    @property
    def shortest(self) -> tuple[Action, ...]:
        """The actions, or the address at which they ended, where that is all that they are for."""
        several, moved = len(self.actions) > 1, self.at != self.start
        if several and moved and self.effect is Effect.NAVIGATE and self.actions[-1].leaves:
            return (_open(self.start, self.at, self.tool),)
        return tuple(self.actions)


def _open(path: str, address: str, tool: str) -> Action:
    return Action(kind="goto", path=path, value=address, leaves=True, tool=tool)


def _append(actions: list[Action], call: _Call) -> None:
    """Add what a call did. A page that is read must be seen as it is after the last action."""
    if call.effect is Effect.READ:
        if actions:
            actions[-1] = replace(actions[-1], look=True)
        return
    more = call.shortest
    last = actions[-1] if actions else None
    if last is not None and last.kind == "goto" and not last.look:
        # Nobody saw the page that was opened before: it need not be.
        first = more[0] if more else None
        if first is not None and first.kind == "goto":
            actions.pop()
            first = replace(first, path=last.path)
            more = (first, *more[1:]) if first.value != first.path else more[1:]
    actions.extend(more)
