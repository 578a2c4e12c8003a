"""Read an order: which call it asks for, with which things and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentjit.planner.abstaining import Abstained
from agentjit.planner.counting import read_counts
from agentjit.planner.domain import Domain, Kind, Use
from agentjit.planner.lexicon import AVAILABLE, UNAVAILABLE
from agentjit.planner.ranking import Superlative, speaks_of
from agentjit.planner.reading import Named, Reading
from agentjit.planner.request import Act, Filter, Reference
from agentjit.planner.routing import establishers, holds_at
from agentjit.planner.tasktext import TaskText
from agentjit.planner.verbs import find_action
from agentjit.planner.words import singular
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Scalar
from agentjit.toolspecs.state import Scope, StateValue
from agentjit.toolspecs.tool import Tool


async def read_action(reading: Reading, start: Mapping[str, StateValue]) -> Act:
    """What is to be done. Raises Abstained."""
    tool = find_action(reading.text, reading.domain)
    _refuse_leftovers(tool, reading.domain, start)
    superlatives = reading.superlatives()
    target = _target(tool, reading.domain, start)
    if target is None:
        raise Abstained(f"{tool.name}() takes nothing that the task could name")
    named = _only_openers(reading.named, target, reading)
    containers = await _containers(reading, named, superlatives, target)
    mine = _superlative_for(target.kind, superlatives)
    others = [s for s in superlatives if s is not mine]
    if others:
        words = reading.text.words(others[0].words)
        raise Abstained(f"cannot tell what «{words}» is about", "name the kind of thing after it")
    thing = await _thing(reading, named, mine, target, containers)
    # After the thing itself: a number may be part of its name.
    counts = read_counts(reading.text, target, thing, ranked=mine is not None)
    reading.take_nouns_of([target.kind, *(r.kind for r in containers)])
    reading.take_fillers()
    reading.take_generic_nouns()
    reading.finish()
    return Act(tool, (*containers, thing.reference), counts)


async def _thing(
    reading: Reading,
    named: list[Named],
    superlative: Superlative | None,
    target: Use,
    containers: list[Reference],
) -> Named:
    """The thing itself: named, or the best of its list."""
    outright = next((n for n in named if n.reference.kind is target.kind), None)
    if outright is not None and superlative is not None:
        name = outright.reference.name
        raise Abstained(f"the task names {name!r} and asks for the best one as well")
    if outright is not None:
        return outright
    if superlative is None:
        reading.take_nouns_of([r.kind for r in containers])
        return await reading.pick(target.kind, None, containers)
    words = speaks_of(reading.text, superlative.words.stop)
    found = await reading.pick(target.kind, superlative, containers, only=words)
    _refuse_several(reading.text, words, found.reference.filters)
    filters = (*_obtainable(target.kind), *found.reference.filters)
    return Named(found.words, replace(found.reference, filters=filters))


def _refuse_several(text: TaskText, words: range, filters: Sequence[Filter]) -> None:
    """«the cheapest items» may be one or several; «the cheapest fries» are what is called so."""
    said = {f.text for f in filters}
    for index in words:
        word = text.tokens[index].plain
        if word not in said and singular(word) != word:
            raise Abstained(
                f"«{word}» may be one or several",
                f"say «{singular(word)}», or how many: «two of the cheapest {singular(word)}»",
            )


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


def _only_openers(named: list[Named], target: Use, reading: Reading) -> list[Named]:
    """Drop names that only filter a list where another name opens something on it.

    «tacos» may be a category of the start page; in «the cheapest tacos from Taco Bell» it is not.
    """

    def opens(each: Named) -> bool:
        kind = each.reference.kind
        return kind is not target.kind and _opens(kind, reading.domain)

    if not any(opens(n) for n in named):
        return named
    kept = [n for n in named if opens(n) or n.reference.kind is target.kind]
    for dropped in (n for n in named if n not in kept):
        reading.text.release(dropped.words)
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
    reading: Reading, named: list[Named], superlatives: list[Superlative], target: Use
) -> list[Reference]:
    """The things that the target is inside of, outermost first; their superlatives are removed."""
    found = [n.reference for n in named if n.reference.kind is not target.kind]
    kinds = [r.kind for r in found]
    if len({id(k) for k in kinds}) < len(kinds):
        names = " and ".join(repr(r.name) for r in found)
        raise Abstained(f"the task names {names}", "ask for one at a time")
    for superlative in list(superlatives):
        kind = superlative.noun
        if kind is None or kind is target.kind or not _opens(kind, reading.domain):
            continue
        if kind in kinds:
            raise Abstained(f"the task names a {kind.noun} and asks for the best as well")
        superlatives.remove(superlative)
        words = speaks_of(reading.text, superlative.words.stop)
        picked = await reading.pick(kind, superlative, found, only=words)
        _refuse_several(reading.text, words, picked.reference.filters)
        reading.take_nouns_of([kind])
        found.append(picked.reference)
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
