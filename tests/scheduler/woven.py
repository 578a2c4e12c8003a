"""Run a woven machine on the toy site: answers come in any order, calls are late, copies race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from agentjit.errors import EvaluationError, ToolError
from agentjit.scheduler.calls import CloseScope, CloseTab, Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Event,
    Failed,
    Finish,
    Late,
    Started,
    WovenMachine,
)
from agentjit.scheduler.strands import Cancel, CommandId, Perform
from agentjit.scheduler.walk import Branch, Code, Copy, Need, Question, ToolUse
from tests.scheduler.evaluation import CodeFailed, Names, copied, crossed, evaluate, execute
from tests.scheduler.serial import Ending, TooLong
from tests.scheduler.site import Site, Tab, ToolFailed, reply

MAX_STEPS = 20_000

T = TypeVar("T")


class Chance(Protocol):
    """What decides in which order things happen: `random.Random`, or all orders in turn."""

    def choice(self, seq: Sequence[T], /) -> T:
        """One of several."""

    def random(self) -> float:
        """0 to 1."""


@dataclass(slots=True)
class WovenPlayer:
    """One random run of a machine. It checks what must hold after every step."""

    graph: Graph
    site: Site
    chance: Chance
    policy: Policy
    #: Whether pure code is answered before anything else happens: it knows nothing of the rest.
    eager: bool = False
    scopes: dict[int, Names] = field(default_factory=lambda: {0: {}})
    tabs: dict[int, Tab] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    #: Commands that are to be carried out; and what those gave that have been, but not told.
    asked: dict[CommandId, Perform] = field(default_factory=dict)
    carried: dict[CommandId, Event] = field(default_factory=dict)
    late: set[CommandId] = field(default_factory=set)
    #: The most tabs that were in use at once, and how many calls were done a second time.
    most_tabs: int = 0
    copies: int = 0
    events: list[Event] = field(default_factory=list)
    log: list[object] = field(default_factory=list)

    def run(self) -> Ending:
        """To the end. Raises TooLong; AssertionError where the machine does what it must not."""
        machine = WovenMachine(self.graph, self.policy)
        event: Event = Started()
        for _ in range(MAX_STEPS):
            self.events.append(event)
            commands = machine.handle(event)
            self.log.append(commands)
            for command in commands:
                match command:
                    case Perform():
                        self._ask(command)
                    case Cancel(id=identity):
                        self.asked.pop(identity, None)
                        self.carried.pop(identity, None)
                    case CloseTab(tab=tab):
                        self.closed.add(tab)
                    case CloseScope(scope=scope):
                        # It may have been given up before it was made.
                        self.scopes.pop(scope, None)
                    case Finish(value=value):
                        self._is_over(machine)
                        return self._ending(repr(value))
                    case Abort(reason=reason):
                        self._is_over(machine)
                        return self._ending("", str(reason))
            self.most_tabs = max(self.most_tabs, len(machine.tabs))
            assert machine.outstanding == self.asked.keys() | self.carried.keys()
            event = self._next()
        raise TooLong

    def _ending(self, value: str, why: str = "") -> Ending:
        return Ending(value, failed=bool(why), account=repr(self.site.account), why=why)

    def _is_over(self, machine: WovenMachine) -> None:
        assert not machine.outstanding, "a command is outstanding at the end"
        assert not self.asked
        assert not self.carried
        assert not machine.tabs, f"tabs are leaked: {machine.tabs}"
        assert set(self.scopes) == {0}, f"scopes are leaked: {set(self.scopes)}"

    def _ask(self, command: Perform) -> None:
        if isinstance(command.need, ToolUse):
            tab = command.need.tab
            assert tab not in self.closed, "a closed tab is used"
            others = [c.need for c in self.asked.values() if isinstance(c.need, ToolUse)]
            assert all(other.tab != tab for other in others), "two calls in one tab"
        self.asked[command.id] = command

    def _next(self) -> Event:
        """Something happens: a command is carried out, is late, or its answer comes."""
        while True:
            assert self.asked or self.carried, "nothing can happen any more"
            choices = sorted([*self.asked, *self.carried])
            if self.eager:
                pure = [n for n in choices if n in self.asked and _is_pure(self.asked[n])]
                if pure:
                    return self._carry_out(self.asked.pop(pure[0]))
            identity = self.chance.choice(choices)
            if identity in self.carried:
                return self.carried.pop(identity)
            command = self.asked[identity]
            hasty = command.late is not None and identity not in self.late
            if hasty and self.chance.random() < 0.6:
                self.late.add(identity)
                self.copies += 1
                return Late(identity)
            del self.asked[identity]
            self.carried[identity] = self._carry_out(command)

    def _carry_out(self, command: Perform) -> Event:
        try:
            return Answered(command.id, self._answer(command.need))
        except ToolFailed as error:
            return Failed(command.id, ToolError(str(error)))
        except CodeFailed as error:
            return Failed(command.id, EvaluationError(str(error)))

    def _answer(self, need: Need) -> Any:
        match need:
            case Code(text=text, inputs=inputs, scope=scope):
                names = self.scopes[scope]
                names.update({name: crossed(value) for name, value in inputs.items()})
                *lines, last = text.split("\n")
                if lines:
                    execute("\n".join(lines), names)
                return crossed(evaluate(last, names))
            case Branch(scope=scope, parent=parent, names=wanted):
                self.scopes[scope] = copied(self.scopes[parent], wanted)
                return None
            case Copy(scope=scope, names=wanted):
                return copied(self.scopes[scope], wanted)
            case Question(question=question, values=values, returns=returns):
                return reply(question, values, returns, self.site.seed)
            case ToolUse(tool=tool, arguments=arguments, tab=tab, fresh=fresh):
                if fresh:
                    self.tabs[tab] = self.site.open_tab()
                elif tab not in self.tabs:
                    assert tab == 0, f"{tool} needs a tab that nobody has opened"
                    self.tabs[tab] = self.site.first_tab()
                return self.site.call(tool, arguments, self.tabs[tab])


def _is_pure(command: Perform) -> bool:
    return isinstance(command.need, Code | Branch | Copy)
