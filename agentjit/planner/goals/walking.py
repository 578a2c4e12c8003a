"""Walk through levels of things: lists, choices and loops, with the states that they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from agentjit.planner.goals.goal import Things, takes_list
from agentjit.planner.goals.search import Call, Facts, Route, State, feeds, find_calls
from agentjit.planner.goals.wording import (
    as_call,
    choose_many,
    choose_one,
    name_many,
    name_one,
    quote,
    write_fields,
)
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import JsonValue
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset

#: Rounds after which the states at the head of a loop must have settled.
_ROUNDS = 4


class NoRouteError(Exception):
    """No sequence of calls does it; something else may be tried."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What tells that a list is still the one shown, and the calls that showed it."""

    holding: Facts = ()
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The things of a level as the plan has them: in which variable, and what must hold."""

    things: Things
    variable: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class At:
    """One thing: how the plan writes its key, and the key where it is known."""

    things: Things
    key: str
    #: The variable that has its record; empty where only its key is known.
    row: str = ""
    value: JsonValue = None
    shown: Shown = Shown()

    def taken_by(self, param: Param, tool: Tool) -> Call:
        """The call that takes its key; made only where its list is still shown, if it matters."""
        written = f"[{self.key}]" if takes_list(param) else self.key
        known = () if self.value is None else ((param.name, self.value),)
        holding = self.shown.holding if tool.requires else ()
        return Call(tool, ((param.name, written),), known, holding)


@dataclass(slots=True)
class Walker:
    """Writes calls, lists and loops, and keeps the states that the plan is in."""

    toolset: Toolset
    states: tuple[State, ...]
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    used: list[str] = field(default_factory=list)
    chosen: Chosen | None = None
    calls: list[Call] = field(default_factory=list)

    # -- lines ------------------------------------------------------------------------------------

    def emit(self, line: str) -> None:
        """One line of the plan."""
        self.lines.append("    " * self.depth + line)

    def go(self, route: Route, *, ending: str = "") -> None:
        """The route's calls; the last one's line is given where it is more than a call."""
        last = len(route.calls) - 1
        for index, call in enumerate(route.calls):
            self.emit(ending if ending and index == last else call.text())
        self.calls += route.calls
        self.states = route.states

    def find(
        self,
        required: Sequence[Call],
        target: Call,
        holding: Facts = (),
        *,
        feeding: bool = False,
        again: Sequence[Call] = (),
    ) -> Route:
        """The route to a call from where the plan is. Raises NoRouteError."""
        route = find_calls(
            self.toolset,
            self.states,
            required,
            target,
            holding=holding,
            feeding=feeding,
            again=[c for c in again if c.tool.effect is Effect.NAVIGATE],
        )
        if route is None:
            raise NoRouteError(target.tool.name)
        return route

    def loop(self, head: str, body: Callable[[], None]) -> None:
        """A loop; its body is found again until it is right for every state at its head."""
        before = entry = self.states
        mark, used = len(self.lines), list(self.used)
        for _ in range(_ROUNDS):
            del self.lines[mark:]
            self.used = list(used)
            self.states = entry
            self.depth += 1
            body()
            self.depth -= 1
            both = joined(entry, self.states)
            if both == entry:
                break
            entry = both
        self.lines.insert(mark, "    " * self.depth + head)
        self.states = joined(before, self.states)

    # -- levels -----------------------------------------------------------------------------------

    def descend(
        self,
        levels: Sequence[Things],
        leaf: Callable[[At | None], None],
        at: At | None = None,
    ) -> None:
        """Go through the levels, in loops where a level is several; then the leaf."""
        if not levels:
            leaf(at)
            return
        things, *rest = levels

        def inside(one: At) -> None:
            self.descend(rest, leaf, one)

        if things.names:
            self.each_name(things, inside)
            return
        variable, shown = self.list(things, at, single=things.single)
        if things.single:
            self.chosen = Chosen(things, variable, shown)
            inside(one_of(things, variable, shown))
            return
        self.chosen = Chosen(things, variable, shown)
        self.each(self.chosen, inside)

    def each_name(self, things: Things, inside: Callable[[At], None]) -> None:
        """Go into each thing that the task names."""
        if len(things.names) == 1:
            inside(At(things, quote(things.names[0]), value=things.names[0]))
            return
        one = self.name(name_one(things, self.used))
        listed = ", ".join(quote(name) for name in things.names)
        self.loop(f"for {one} in [{listed}]:", lambda: inside(At(things, one)))

    def each(self, chosen: Chosen, inside: Callable[[At], None]) -> None:
        """Go into each thing of a list."""
        things = chosen.things
        one = self.name(name_one(things, self.used))
        head = f"for {one} in {chosen.variable}:"
        self.loop(head, lambda: inside(one_of(things, one, chosen.shown)))

    def name(self, name: str) -> str:
        """Use up a variable's name."""
        self.used.append(name)
        return name

    def list(self, things: Things, at: At | None, *, single: bool) -> tuple[str, Shown]:
        """Read a list, with what it is inside of opened; the variable that holds the choice."""
        after = [as_call(s.tool, s.arguments) for s in things.after]
        target = as_call(things.reader, things.arguments)
        route, held = self.opened(at, after, target)
        holding = (*held, *chain.from_iterable(c.facts() for c in after))
        if not holding:
            holding = self._shown(things.reader, route)
        shown = Shown(holding, route.calls[:-1])
        one = name_one(things, self.used)
        if single:
            self.name(one)
            self.go(route, ending=f"{one} = {choose_one(things, target.text(), one)}")
            return one, shown
        many = self.name(name_many(things, self.used))
        self.go(route, ending=f"{many} = {choose_many(things, target.text(), one)}")
        return many, shown

    def _shown(self, reader: Tool, route: Route) -> Facts:
        """Which page the list is on: what its reader requires, as it is after reading it."""
        required = {clause.var for clause in reader.requires}
        (first, *_) = route.states
        return tuple(
            (var, value)
            for var, value in first.items()
            if var in required and all(s[var] == value for s in route.states)
        )

    def opened(
        self, at: At | None, more: Sequence[Call], target: Call, *, feeding: bool = False
    ) -> tuple[Route, Facts]:
        """The route to a call inside of the thing where the plan is; and what tells it is there."""
        if at is None:
            holding = tuple(chain.from_iterable(c.facts() for c in more))
            return self.find(more, target, self._lasting(holding, more), feeding=feeding), ()
        tried = NoRouteError(target.tool.name)
        for param, tool in self._openers(at.things, target.tool, feeding=feeding):
            opening = at.taken_by(param, tool)
            facts = opening.facts() if tool.effect is Effect.NAVIGATE else ()
            try:
                route = self.find(
                    [opening, *more],
                    target,
                    (*facts, *self._lasting((), more)),
                    feeding=feeding,
                    again=at.shown.calls,
                )
            except NoRouteError as error:
                tried = error
                continue
            return route, facts
        raise tried

    @staticmethod
    def _lasting(holding: Facts, more: Sequence[Call]) -> Facts:
        """What the calls before must have left as it is; a form's fields are not looked at."""
        reading = [c for c in more if not c.tool.effect.harmless]
        return () if reading else (holding or tuple(chain.from_iterable(c.facts() for c in more)))

    def _openers(
        self, things: Things, goal: Tool, *, feeding: bool
    ) -> Iterator[tuple[Param, Tool]]:
        """Calls that take the key of a thing: to open it, or to give it to what the goal needs."""
        for tool in self.toolset.tools:
            allowed = tool.effect is Effect.NAVIGATE
            if feeding and tool.effect is Effect.WRITE and tool is not goal:
                allowed = feeds(self.toolset, tool, goal)
            if allowed:
                for param in takers(tool, things):
                    if all(p is param or not p.required for p in tool.params):
                        yield param, tool


def takers(tool: Tool, things: Things) -> list[Param]:
    """The parameters that take the key of such things."""
    path = f"{things.reader.name}[]" + ("" if things.key is None else f".{things.key}")
    return [p for p in tool.params if p.origin is not None and p.origin.path == path]


def one_of(things: Things, row: str, shown: Shown) -> At:
    """One thing, as a variable holds it."""
    return At(things, write_fields(row, (), things.key), row=row, shown=shown)


def joined(some: tuple[State, ...], more: tuple[State, ...]) -> tuple[State, ...]:
    """The states of both, each once."""
    found: list[State] = []
    for state in (*some, *more):
        if state not in found:
            found.append(state)
    return tuple(found)
