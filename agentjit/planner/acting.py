"""Read an order: which call it asks for, with which things and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentjit.planner.abstaining import Abstained
from agentjit.planner.domain import Domain, Kind, Use
from agentjit.planner.lexicon import AVAILABLE, NUMBERS, QUANTITY_WORDS, UNAVAILABLE
from agentjit.planner.ranking import Superlative
from agentjit.planner.reading import Reading
from agentjit.planner.request import Act, Filter, Reference
from agentjit.planner.routing import establishers, holds_at
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Scalar
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Param, Tool


async def read_action(reading: Reading, start: Mapping[str, StateValue]) -> Act:
    """What is to be done. Raises Abstained."""
    tool = _find_action(reading)
    _refuse_leftovers(tool, reading.domain, start)
    superlatives = reading.superlatives()
    named = await reading.find_named()
    target = _target(tool, reading.domain, start)
    if target is None:
        raise Abstained(f"{tool.name}() takes nothing that the task could name")
    named = _only_openers(named, target, reading)
    containers = await _containers(reading, named, superlatives, target)
    mine = _superlative_for(target.kind, superlatives)
    if mine is not None:
        superlatives.remove(mine)
    if superlatives:
        words = reading.text.words(superlatives[0].words)
        raise Abstained(f"cannot tell what «{words}» is about", "name the kind of thing after it")
    named_target = next((r for r in named if r.kind is target.kind), None)
    if named_target is not None and mine is not None:
        raise Abstained(f"the task names {named_target.name!r} and asks for the best one as well")
    if named_target is None:
        reading.take_nouns_of([target.kind, *(r.kind for r in containers)])
    thing = named_target or await reading.pick(target.kind, mine, containers)
    # After the thing itself: a number may be part of its name.
    counts = _counts(reading, target)
    if mine is not None:
        thing = replace(thing, filters=(*_obtainable(target.kind), *thing.filters))
    reading.take_nouns_of([target.kind, *(r.kind for r in containers)])
    reading.take_fillers(verbs=True)
    reading.take_generic_nouns()
    reading.finish()
    return Act(tool, (*containers, thing), counts)


def _find_action(reading: Reading) -> Tool:
    """The one tool that the task's verbs name."""
    found: dict[str, Tool] = {}
    for index in reading.text.free():
        actions = reading.domain.actions(reading.text.tokens[index].stem)
        if actions:
            reading.text.take((index,))
            if len(actions) > 1:
                names = " or ".join(f"{t.name}()" for t in actions)
                word = reading.text.tokens[index].text
                raise Abstained(f"«{word}» may mean {names}", "say it in the words of one of them")
            found[actions[0].name] = actions[0]
    if not found:
        commits = [t for t in reading.domain.toolset.tools if t.effect is Effect.COMMIT]
        known = "; ".join(f"{t.name}: {t.summary}" for t in commits)
        raise Abstained(
            "no word of the task says what to do",
            f"nothing is done without a clear verb for it. This site can {known}",
        )
    if len(found) > 1:
        raise Abstained(f"the task asks for several things: {', '.join(found)}", "ask for one")
    return next(iter(found.values()))


def _refuse_leftovers(tool: Tool, domain: Domain, start: Mapping[str, StateValue]) -> None:
    """A cart that is not empty would be ordered along with what is asked for."""
    for variable in domain.toolset.state.variables:
        now = start.get(variable.name, variable.start)
        required = any(c.var == variable.name for c in tool.requires)
        if variable.scope is Scope.ACCOUNT and required and now != variable.start:
            raise Abstained(
                f"`{variable.name}` is already {now!r}: {tool.name}() would include what is there",
                "clear it first",
            )


def _target(tool: Tool, domain: Domain, start: Mapping[str, StateValue]) -> Use | None:
    """The parameter that takes the thing itself: the tool's own, or that of a WRITE before it."""
    own = [u for u in domain.uses if u.tool is tool]
    if own:
        return own[0]
    feeders = establishers(domain, tool, holds_at(start))
    uses = [u for u in domain.uses if u.tool in feeders]
    return uses[0] if len({id(u.tool) for u in uses}) == 1 else None


def _only_openers(named: list[Reference], target: Use, reading: Reading) -> list[Reference]:
    """Drop names that only filter a list where another name opens something on it.

    «tacos» may be a category of the start page; in «the cheapest tacos from Taco Bell» it is not.
    """
    openers = [r for r in named if r.kind is not target.kind and _opens(r.kind, reading.domain)]
    if not openers:
        return named
    kept = [r for r in named if r in openers or r.kind is target.kind]
    for dropped in (r for r in named if r not in kept):
        assert dropped.name is not None
        words = {w.plain for w in reading.text.tokens} & {
            w.casefold() for w in dropped.name.split()
        }
        reading.text.release(i for i, t in enumerate(reading.text.tokens) if t.plain in words)
    return kept


def _opens(kind: Kind, domain: Domain) -> bool:
    """Whether something takes a thing of this kind and shows another page."""
    pages = {v.name for v in domain.toolset.state.variables if v.values and v.scope is Scope.TAB}
    for use in domain.uses:
        if use.kind is kind and use.tool.effect is Effect.NAVIGATE:
            required = {str(c) for c in use.tool.requires}
            if any(c.var in pages and str(c) not in required for c in use.tool.ensures):
                return True
    return False


async def _containers(
    reading: Reading, named: list[Reference], superlatives: list[Superlative], target: Use
) -> list[Reference]:
    """The things that the target is inside of, outermost first."""
    found = [r for r in named if r.kind is not target.kind]
    kinds = [r.kind for r in found]
    if len({id(k) for k in kinds}) < len(kinds):
        names = " and ".join(repr(r.name) for r in found)
        raise Abstained(f"the task names {names}", "ask for one at a time")
    for superlative in list(superlatives):
        kind = superlative.noun
        if kind is None or kind is target.kind or not _opens(kind, reading.domain):
            continue
        if kind in kinds:
            raise Abstained(f"the task names a {kind.record.name} and asks for the best as well")
        superlatives.remove(superlative)
        reading.take_nouns_of([kind])
        found.append(await reading.pick(kind, superlative, found))
    return found


def _superlative_for(kind: Kind, superlatives: Sequence[Superlative]) -> Superlative | None:
    return next(
        (s for s in superlatives if s.noun is kind or (s.noun is None and s.field_of(kind))), None
    )


def _obtainable(kind: Kind) -> tuple[Filter, ...]:
    """What cannot be had is not ordered."""
    flags = [f for f in kind.record.fields if f.type == Scalar("bool")]
    return tuple(
        Filter(f, None, value=f.name in AVAILABLE)
        for f in flags
        if f.name in AVAILABLE | UNAVAILABLE
    )


def _counts(reading: Reading, target: Use) -> tuple[tuple[Param, int], ...]:
    """Plain numbers of the task, each bound to the parameter that its words mean."""
    text = reading.text
    params = [p for p in target.tool.params if p.type == Scalar("int")]
    found: dict[str, tuple[Param, int]] = {}
    for index in text.free():
        token = text.tokens[index]
        number = int(token.text) if token.text.isdigit() else NUMBERS.get(token.plain)
        if number is None:
            continue
        unit = text.tokens[index + 1].stem if index + 1 < len(text.tokens) else ""
        named = next((p for p in params if unit in {stem(w) for w in name_words(p.name)}), None)
        plain = next(
            (p for p in params if {stem(w) for w in name_words(p.name)} & QUANTITY_WORDS), None
        )
        param = named or plain
        if param is None and number == 1:
            text.take((index,))
            continue
        if param is None or param.name in found:
            continue
        times = index + 1 < len(text.tokens) and text.tokens[index + 1].plain == "x"
        text.take((index, index + 1) if named or times else (index,))
        found[param.name] = (param, number)
    return tuple(found.values())
