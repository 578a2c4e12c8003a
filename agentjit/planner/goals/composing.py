"""Compose a plan: what is done and told of the things that the search leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.goal import Act, Count, Goal, Part, Read, Tell, Things, takes_list
from agentjit.planner.goals.search import Call
from agentjit.planner.goals.walking import (
    At,
    Chosen,
    NoRouteError,
    Shown,
    Walker,
    joined,
    one_of,
    takers,
)
from agentjit.planner.goals.wording import as_call, name_one, quote, write_fields
from agentjit.planner.words import name_words
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset


def compose_plan(goal: Goal, toolset: Toolset, start: Mapping[str, StateValue]) -> str:
    """The text of the plan for a goal. Raises Abstained where the contracts allow none."""
    composer = _Composer(toolset, (dict(start),))
    several = sum(not isinstance(part, Act) for part in goal.parts) > 1
    answers: list[str] = []
    for part in goal.parts:
        mark = len(composer.lines)
        try:
            composer.write(part)
        except NoRouteError as error:
            raise Abstained(
                f"no sequence of calls that the contracts allow leads to {error}()",
                "`agentjit tools list` shows what the site can do",
            ) from error
        if several and not isinstance(part, Act):
            answers.append(f"answer_{len(answers) + 1}")
            renamed = [re.sub(r"\bresult\b", answers[-1], line) for line in composer.lines[mark:]]
            composer.lines[mark:] = renamed
    if several:
        composer.lines.append(f"result = [{', '.join(answers)}]")
    return "\n".join(composer.lines) + "\n"


def trace_calls(
    levels: Sequence[Things], toolset: Toolset, start: Mapping[str, StateValue]
) -> list[Call]:
    """The calls that read the innermost list; each level around it names one thing.

    Raises Abstained where the contracts allow none.
    """
    composer = _Composer(toolset, (dict(start),))
    try:
        composer.write(Count(tuple(levels)))
    except NoRouteError as error:
        raise Abstained(f"no sequence of calls leads to {error}()") from error
    return composer.calls


@dataclass(slots=True)
class _Composer(Walker):
    """Writes the parts of a goal."""

    def write(self, part: Part) -> None:
        """One part of the goal."""
        match part:
            case Act():
                self._act(part)
            case Count(levels=levels):
                self.descend(levels[:-1], lambda at: self._count(levels, at))
            case Tell():
                self._tell(part)
            case Read():
                self.descend(part.levels, lambda at: self._read(part, at))

    # -- leaves -----------------------------------------------------------------------------------

    def _count(self, levels: Sequence[Things], at: At | None) -> None:
        variable, _ = self.list(levels[-1], at, single=False)
        if self.depth:
            self.lines.insert(0, "result = 0") if "result = 0" not in self.lines else None
            self.emit(f"result += len({variable})")
        else:
            self.emit(f"result = len({variable})")

    def _read(self, part: Read, at: At | None) -> None:
        target = as_call(part.tool, part.arguments)
        route, _ = self.opened(at, (), target)
        fields = write_fields(target.text(), part.fields, None)
        self.go(route, ending=f"result = {fields}")

    def _tell(self, part: Tell) -> None:
        looping = any(not t.single and len(t.names) != 1 for t in part.levels[:-1])
        if looping:
            self.emit("result = []" if part.best else "result = {}")
        self.descend(part.levels[:-1], lambda at: self._tell_innermost(part, at))
        if part.best is not None:
            pick = "max" if part.best.largest else "min"
            key = quote(part.best.field)
            self.emit(f"result = {pick}(result, key=lambda offer: offer[{key}])")

    def _tell_innermost(self, part: Tell, at: At | None) -> None:
        things = part.levels[-1]
        looped = self.depth > 0
        if part.detail is not None:
            self._tell_detail(part, part.detail, things, at)
            return
        variable, _ = self.list(things, at, single=things.single)
        called = _called(things)
        fields = part.fields or ((called,) if called else ())
        if part.best is not None:
            if at is None:
                raise Abstained("the best of one list alone is the largest or smallest of it")
            one = self.name(name_one(things, self.used))
            inner = ", ".join(f"{quote(f)}: {one}[{quote(f)}]" for f in fields)
            outer = f"{quote(name_words(at.things.reader.name)[-1])}: {at.key}"
            self.emit(f"result += [{{{outer}, {inner}}} for {one} in {variable}]")
            return
        if things.single:
            value = write_fields(variable, fields, things.key)
        else:
            one = name_one(things, self.used)
            value = f"[{write_fields(one, fields, things.key)} for {one} in {variable}]"
        self.emit(f"result[{at.key}] = {value}" if looped and at else f"result = {value}")

    def _tell_detail(self, part: Tell, detail: Tool, things: Things, at: At | None) -> None:
        group = at.key if at is not None and self.depth else ""
        if not things.single and not group and len(things.names) != 1:
            self.emit("result = {}")

        def leaf(one: At | None) -> None:
            assert one is not None
            route, _ = self.opened(one, (), Call(detail))
            value = write_fields(f"{detail.name}()", part.fields, None)
            if group and things.single:
                place = f"result[{group}]"
            else:
                place = f"result[{one.key}]" if self.depth else "result"
            self.go(route, ending=f"{place} = {value}")

        self.descend([things], leaf, at)

    def _act(self, act: Act) -> None:
        if act.each is not None:
            param, values = act.each
            one = self.name(_name_each(param, self.used))
            listed = ", ".join(quote(value) for value in values)
            self.loop(f"for {one} in [{listed}]:", lambda: self._act_on(act, (param, one)))
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
            self.descend(act.levels[:-1], lambda at: self._batch(act, target, batch, at))
        else:
            self.descend(act.levels, lambda at: self._do(act, target, at))

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
        if chosen.things.single:
            self._do(act, target, one_of(chosen.things, chosen.variable, chosen.shown))
            return
        if batch is not None:
            self._give_all(target, batch, chosen, ())
        else:
            self.each(chosen, lambda at: self._do(act, target, at))

    def _batch(self, act: Act, target: Call, batch: Param, at: At | None) -> None:
        things = act.levels[-1]
        if things.names:
            listed = f"[{', '.join(quote(n) for n in things.names)}]"
            call = Call(act.tool, (*target.written, (batch.name, listed)), target.values)
            route, _ = self.opened(at, self._settings(act), call)
            self.go(route)
            return
        if things.single:
            variable, shown = self.list(things, at, single=True)
            self.chosen = Chosen(things, variable, shown)
            one = one_of(things, variable, shown).taken_by(batch, act.tool)
            call = Call(act.tool, (*target.written, *one.written), target.values)
            self.go(self.find(self._settings(act), call, shown.holding))
            return
        variable, shown = self.list(things, at, single=False)
        self.chosen = Chosen(things, variable, shown)
        self._give_all(target, batch, self.chosen, self._settings(act))

    def _give_all(
        self, target: Call, batch: Param, chosen: Chosen, settings: Sequence[Call]
    ) -> None:
        one = name_one(chosen.things, self.used)
        keys = f"[{write_fields(one, (), chosen.things.key)} for {one} in {chosen.variable}]"
        call = Call(target.tool, (*target.written, (batch.name, keys)), target.values)
        route = self.find(settings, call, chosen.shown.holding, again=chosen.shown.calls)
        before = self.states
        self.emit(f"if {chosen.variable}:")
        self.depth += 1
        self.go(route)
        self.depth -= 1
        self.states = joined(before, self.states)

    def _settings(self, act: Act) -> list[Call]:
        return [as_call(step.tool, step.arguments) for step in act.settings]

    def _do(self, act: Act, target: Call, at: At | None) -> None:
        """The call itself, with what it needs opened, filled in and put together."""
        shown = Shown()
        if at is not None:
            own = next(iter(takers(act.tool, at.things)), None)
            if own is not None:
                taken = at.taken_by(own, act.tool)
                target = Call(
                    act.tool, (*target.written, *taken.written), (*target.values, *taken.values)
                )
                shown = Shown(taken.holding, at.shown.calls)
                at = None
        settings = self._settings(act)
        if at is None:
            route = self.find(settings, target, shown.holding, feeding=True, again=shown.calls)
        else:
            route, _ = self.opened(at, settings, target, feeding=True)
        if act.below is None:
            self.go(route)
            return
        terms = act.tool.terms
        name, limit = act.below
        *before, last = route.calls
        for call in before:
            self.emit(call.text())
        self.emit(f"if {terms}()[{quote(name)}] < {quote(limit)}:")
        self.emit(f"    {last.text()}")
        self.states = joined(self.states, route.states)


def _called(things: Things) -> str | None:
    """The field by which people call a thing: a name or a title, where it has one."""
    record = things.record
    if record is None:
        return None
    names = [f.name for f in record.fields]
    return next((n for n in ("name", "title", "subject", "text") if n in names), things.key)


def _name_each(param: str, used: Sequence[str]) -> str:
    name = f"each_{param}"
    while name in used:
        name += "_"
    return name


__all__ = ["compose_plan", "takers", "trace_calls"]
