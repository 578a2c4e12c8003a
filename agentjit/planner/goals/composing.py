"""Compose a plan: the search's calls, with loops, choices and the answer around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.goal import Act, Count, Goal, Part, Read, Step, Tell, Things, takes_list
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
from agentjit.planner.words import name_words
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import JsonValue
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset

#: Rounds after which the states at the head of a loop must have settled.
_ROUNDS = 4


class _NoRouteError(Exception):
    """No sequence of calls does it; something else may be tried."""


def compose_plan(goal: Goal, toolset: Toolset, start: Mapping[str, StateValue]) -> str:
    """The text of the plan for a goal. Raises Abstained where the contracts allow none."""
    composer = _Composer(toolset, (dict(start),))
    for part in goal.parts:
        try:
            composer.write(part)
        except _NoRouteError as error:
            raise Abstained(
                f"no sequence of calls that the contracts allow leads to {error}()",
                "`agentjit tools list` shows what the site can do",
            ) from error
    return "\n".join(composer.lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What tells that a list is still the one shown, and the calls that showed it."""

    holding: Facts = ()
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The things of a level as the plan has them: in which variable, and what must hold."""

    things: Things
    variable: str
    shown: _Shown


@dataclass(frozen=True, slots=True)
class _At:
    """One thing: how the plan writes its key, and the key where it is known."""

    things: Things
    key: str
    #: The variable that has its record; empty where only its key is known.
    row: str = ""
    value: JsonValue = None
    shown: _Shown = _Shown()

    def taken_by(self, param: Param, tool: Tool) -> Call:
        """The call that takes its key; made only where its list is still shown, if it matters."""
        written = f"[{self.key}]" if takes_list(param) else self.key
        known = () if self.value is None else ((param.name, self.value),)
        holding = self.shown.holding if tool.requires else ()
        return Call(tool, ((param.name, written),), known, holding)


@dataclass(slots=True)
class _Composer:
    toolset: Toolset
    states: tuple[State, ...]
    lines: list[str] = field(default_factory=list)
    depth: int = 0
    used: list[str] = field(default_factory=list)
    chosen: _Chosen | None = None

    def write(self, part: Part) -> None:
        """One part of the goal."""
        match part:
            case Act():
                self._act(part)
            case Count(levels=levels):
                self._descend(levels[:-1], (), lambda at: self._count(levels, at))
            case Tell():
                self._tell(part)
            case Read():
                self._descend(part.levels, (), lambda at: self._read(part, at))

    # -- lines ------------------------------------------------------------------------------------

    def _emit(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def _go(self, route: Route, *, ending: str = "") -> None:
        """The route's calls; the last one's line is given where it is more than a call."""
        last = len(route.calls) - 1
        for index, call in enumerate(route.calls):
            self._emit(ending if ending and index == last else call.text())
        self.states = route.states

    def _find(
        self,
        required: Sequence[Call],
        target: Call,
        holding: Facts = (),
        *,
        feeding: bool = False,
        again: Sequence[Call] = (),
    ) -> Route:
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
            raise _NoRouteError(target.tool.name)
        return route

    def _loop(self, head: str, body: Callable[[], None]) -> None:
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
            joined = _joined(entry, self.states)
            if joined == entry:
                break
            entry = joined
        self.lines.insert(mark, "    " * self.depth + head)
        self.states = _joined(before, self.states)

    # -- levels -----------------------------------------------------------------------------------

    def _descend(
        self,
        levels: Sequence[Things],
        opening: tuple[Call, ...],
        leaf: Callable[[_At | None], None],
        at: _At | None = None,
    ) -> None:
        """Go through the levels, in loops where a level is several; then the leaf."""
        if not levels:
            leaf(at)
            return
        things, *rest = levels

        def inside(one: _At) -> None:
            self._descend(rest, (), leaf, one)

        if things.names:
            self._each_name(things, inside)
            return
        variable, shown = self._list(things, at, single=things.single)
        if things.single:
            inside(_one(things, variable, shown))
            return
        self.chosen = _Chosen(things, variable, shown)
        self._each(self.chosen, inside)

    def _each_name(self, things: Things, inside: Callable[[_At], None]) -> None:
        if len(things.names) == 1:
            inside(_At(things, quote(things.names[0]), value=things.names[0]))
            return
        one = self._name(name_one(things, self.used))
        listed = ", ".join(quote(name) for name in things.names)
        self._loop(f"for {one} in [{listed}]:", lambda: inside(_At(things, one)))

    def _each(self, chosen: _Chosen, inside: Callable[[_At], None]) -> None:
        things = chosen.things
        one = self._name(name_one(things, self.used))
        head = f"for {one} in {chosen.variable}:"
        self._loop(head, lambda: inside(_one(things, one, chosen.shown)))

    def _name(self, name: str) -> str:
        self.used.append(name)
        return name

    def _list(self, things: Things, at: _At | None, *, single: bool) -> tuple[str, _Shown]:
        """Read a list, with what it is inside of opened; the variable that holds the choice."""
        after = [as_call(s.tool, s.arguments) for s in things.after]
        target = as_call(things.reader, things.arguments)
        route, held = self._opened(at, after, target)
        holding = (*held, *chain.from_iterable(c.facts() for c in after))
        if not holding:
            holding = self._shown(things.reader, route)
        shown = _Shown(holding, route.calls[:-1])
        one = name_one(things, self.used)
        if single:
            self._name(one)
            self._go(route, ending=f"{one} = {choose_one(things, target.text(), one)}")
            return one, shown
        many = self._name(name_many(things, self.used))
        self._go(route, ending=f"{many} = {choose_many(things, target.text(), one)}")
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

    def _opened(
        self, at: _At | None, more: Sequence[Call], target: Call, *, feeding: bool = False
    ) -> tuple[Route, Facts]:
        """The route to a call inside of the thing where the plan is; and what tells it is there."""
        if at is None:
            holding = tuple(chain.from_iterable(c.facts() for c in more))
            return self._find(more, target, self._lasting(holding, more), feeding=feeding), ()
        tried = _NoRouteError(target.tool.name)
        for param, tool in self._openers(at.things, target.tool, feeding=feeding):
            opening = at.taken_by(param, tool)
            facts = opening.facts() if tool.effect is Effect.NAVIGATE else ()
            try:
                route = self._find(
                    [opening, *more],
                    target,
                    (*facts, *self._lasting((), more)),
                    feeding=feeding,
                    again=at.shown.calls,
                )
            except _NoRouteError as error:
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

    # -- leaves -----------------------------------------------------------------------------------

    def _count(self, levels: Sequence[Things], at: _At | None) -> None:
        variable, _ = self._list(levels[-1], at, single=False)
        if self.depth:
            self.lines.insert(0, "result = 0") if "result = 0" not in self.lines else None
            self._emit(f"result += len({variable})")
        else:
            self._emit(f"result = len({variable})")

    def _read(self, part: Read, at: _At | None) -> None:
        target = as_call(part.tool, part.arguments)
        route, _ = self._opened(at, (), target)
        fields = write_fields(target.text(), part.fields, None)
        self._go(route, ending=f"result = {fields}")

    def _tell(self, part: Tell) -> None:
        looping = any(not t.single and len(t.names) != 1 for t in part.levels[:-1])
        if looping:
            self._emit("result = []" if part.best else "result = {}")
        self._descend(part.levels[:-1], (), lambda at: self._tell_innermost(part, at))
        if part.best is not None:
            pick = "max" if part.best.largest else "min"
            key = quote(part.best.field)
            self._emit(f"result = {pick}(result, key=lambda offer: offer[{key}])")

    def _tell_innermost(self, part: Tell, at: _At | None) -> None:
        things = part.levels[-1]
        looped = self.depth > 0
        if part.detail is not None:
            self._tell_detail(part, part.detail, things, at)
            return
        variable, _ = self._list(things, at, single=things.single)
        fields = part.fields or ((_called(things),) if _called(things) else ())
        if part.best is not None:
            assert at is not None
            one = self._name(name_one(things, self.used))
            inner = ", ".join(f"{quote(f)}: {one}[{quote(f)}]" for f in fields)
            outer = f"{quote(name_words(at.things.reader.name)[-1])}: {at.key}"
            self._emit(f"result += [{{{outer}, {inner}}} for {one} in {variable}]")
            return
        if things.single:
            value = write_fields(variable, fields, things.key)
        else:
            one = name_one(things, self.used)
            value = f"[{write_fields(one, fields, things.key)} for {one} in {variable}]"
        self._emit(f"result[{at.key}] = {value}" if looped and at else f"result = {value}")

    def _tell_detail(self, part: Tell, detail: Tool, things: Things, at: _At | None) -> None:
        group = at.key if at is not None and self.depth else ""
        if not things.single and not group and len(things.names) != 1:
            self._emit("result = {}")

        def leaf(one: _At | None) -> None:
            assert one is not None
            route, _ = self._opened(one, (), Call(detail))
            value = write_fields(f"{detail.name}()", part.fields, None)
            if group and things.single:
                place = f"result[{group}]"
            else:
                place = f"result[{one.key}]" if self.depth else "result"
            self._go(route, ending=f"{place} = {value}")

        self._descend([things], (), leaf, at)

    def _act(self, act: Act) -> None:
        if act.each is not None:
            param, values = act.each
            one = self._name(_each_name(param, self.used))
            listed = ", ".join(quote(value) for value in values)
            self._loop(f"for {one} in [{listed}]:", lambda: self._act_on(act, (param, one)))
        else:
            self._act_on(act, None)

    def _act_on(self, act: Act, each: tuple[str, str] | None) -> None:
        target = as_call(act.tool, act.arguments)
        if each is not None:
            target = Call(act.tool, (*target.written, each), target.values)
        batch = self._batch_param(act)
        if act.same:
            self._act_on_same(act, target, batch)
        elif batch is not None:
            self._descend(act.levels[:-1], (), lambda at: self._batch(act, target, batch, at))
        else:
            self._descend(act.levels, (), lambda at: self._do(act, target, at))

    def _batch_param(self, act: Act) -> Param | None:
        """The parameter that takes all the things at once."""
        things = act.levels[-1] if act.levels else self.chosen.things if self.chosen else None
        if things is None or (not act.levels and not act.same):
            return None
        return next((p for p in takers(act.tool, things) if takes_list(p)), None)

    def _act_on_same(self, act: Act, target: Call, batch: Param | None) -> None:
        chosen = self.chosen
        if chosen is None:
            raise Abstained("nothing before says what is meant")
        if batch is not None:
            self._give_all(target, batch, chosen, ())
        else:
            self._each(chosen, lambda at: self._do(act, target, at))

    def _batch(self, act: Act, target: Call, batch: Param, at: _At | None) -> None:
        things = act.levels[-1]
        if things.names:
            listed = f"[{', '.join(quote(n) for n in things.names)}]"
            call = Call(act.tool, (*target.written, (batch.name, listed)), target.values)
            route, _ = self._opened(at, self._settings(act), call)
            self._go(route)
            return
        if things.single:
            variable, shown = self._list(things, at, single=True)
            self.chosen = _Chosen(things, f"[{variable}]", shown)
            one = _one(things, variable, shown).taken_by(batch, act.tool)
            call = Call(act.tool, (*target.written, *one.written), target.values)
            self._go(self._find(self._settings(act), call, shown.holding))
            return
        variable, shown = self._list(things, at, single=False)
        self.chosen = _Chosen(things, variable, shown)
        self._give_all(target, batch, self.chosen, self._settings(act))

    def _give_all(
        self, target: Call, batch: Param, chosen: _Chosen, settings: Sequence[Call]
    ) -> None:
        one = name_one(chosen.things, self.used)
        keys = f"[{write_fields(one, (), chosen.things.key)} for {one} in {chosen.variable}]"
        call = Call(target.tool, (*target.written, (batch.name, keys)), target.values)
        route = self._find(settings, call, chosen.shown.holding, again=chosen.shown.calls)
        before = self.states
        self._emit(f"if {chosen.variable}:")
        self.depth += 1
        self._go(route)
        self.depth -= 1
        self.states = _joined(before, self.states)

    def _settings(self, act: Act) -> list[Call]:
        return [as_call(step.tool, step.arguments) for step in act.settings]

    def _do(self, act: Act, target: Call, at: _At | None) -> None:
        """The call itself, with what it needs opened, filled in and put together."""
        shown = _Shown()
        if at is not None:
            own = next(iter(takers(act.tool, at.things)), None)
            if own is not None:
                taken = at.taken_by(own, act.tool)
                target = Call(
                    act.tool, (*target.written, *taken.written), (*target.values, *taken.values)
                )
                shown = _Shown(taken.holding, at.shown.calls)
                at = None
        settings = self._settings(act)
        if at is None:
            route = self._find(settings, target, shown.holding, feeding=True, again=shown.calls)
        else:
            route, _ = self._opened(at, settings, target, feeding=True)
        if act.below is None:
            self._go(route)
            return
        terms = act.tool.terms
        name, limit = act.below
        *before, last = route.calls
        for call in before:
            self._emit(call.text())
        self._emit(f"if {terms}()[{quote(name)}] < {quote(limit)}:")
        self._emit(f"    {last.text()}")
        self.states = _joined(self.states, route.states)


def takers(tool: Tool, things: Things) -> list[Param]:
    """The parameters that take the key of such things."""
    path = f"{things.reader.name}[]" + ("" if things.key is None else f".{things.key}")
    return [p for p in tool.params if p.origin is not None and p.origin.path == path]


def as_steps(tool: Tool | None, arguments: Mapping[str, JsonValue]) -> tuple[Step, ...]:
    """A call as the one step before something."""
    return () if tool is None else (Step(tool, tuple(arguments.items())),)


def _called(things: Things) -> str | None:
    """The field by which people call a thing: a name or a title, where it has one."""
    record = things.record
    if record is None:
        return None
    names = [f.name for f in record.fields]
    return next((n for n in ("name", "title", "subject") if n in names), things.key)


def _one(things: Things, row: str, shown: _Shown) -> _At:
    return _At(things, write_fields(row, (), things.key), row=row, shown=shown)


def _each_name(param: str, used: Sequence[str]) -> str:
    name = f"each_{param}"
    while name in used:
        name += "_"
    return name


def _joined(some: tuple[State, ...], more: tuple[State, ...]) -> tuple[State, ...]:
    """The states of both, each once."""
    found: list[State] = []
    for state in (*some, *more):
        if state not in found:
            found.append(state)
    return tuple(found)
