"""Which tools a verb may mean, and which calls fill in what a tool then does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from agentjit.planner.domain import TOOL_WORDS, head_nouns
from agentjit.planner.goals.goal import takes_list
from agentjit.planner.goals.listings import Listing, Listings
from agentjit.planner.goals.search import feeds
from agentjit.planner.goals.terms import SETTING, SYNONYMS
from agentjit.planner.lexicon import COMPLETING, FILLERS, LIGHT_VERBS
from agentjit.planner.words import name_words, plain_words, stem
from agentjit.toolspecs.contract import Constant, Equals, OneOf
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Words of names that say how a tool works.
_MANNER = frozenset(stem(w) for w in "batch details info now as to the detail".split())


@dataclass(frozen=True, slots=True)
class Meant:
    """A tool that a verb may mean: how surely, 1 being a mere setting of something."""

    tool: Tool
    sureness: int
    score: float


@dataclass(frozen=True)
class Tooling:
    """The tools that change something, by words."""

    toolset: Toolset

    @cached_property
    def changing(self) -> tuple[Tool, ...]:
        """WRITE and COMMIT tools."""
        return tuple(t for t in self.toolset.tools if not t.effect.harmless)

    def is_verb(self, word: str) -> bool:
        """Whether a stem is a verb by which some tool may be meant."""
        return word in SETTING or any(self._sureness(t, word) > 1 for t in self.changing)

    def meant(self, verbs: Sequence[str], said: frozenset[str]) -> list[Meant]:
        """Tools that one of the verbs may mean, the likeliest first, by all that is said."""
        found = []
        for tool in self.changing:
            sure = max((self._sureness(tool, v) for v in set(verbs)), default=0)
            if not sure or (sure == 1 and tool.effect is Effect.COMMIT):
                continue
            named = {stem(w) for w in name_words(tool.name)} - _MANNER - LIGHT_VERBS - COMPLETING
            covered = len(named & said)
            about = {stem(w) for w in plain_words(tool.summary) if w not in FILLERS} & said
            missed = len(named - said - set(verbs) - _near(verbs))
            many = any(takes_list(p) for p in tool.params)
            score = many + 3 * sure + 2 * covered - 1.5 * missed + 0.5 * min(len(about), 4)
            found.append(Meant(tool, sure, score))
        return sorted(self._concluded(found), key=lambda m: -m.score)

    @cached_property
    def _known(self) -> dict[tuple[str, str], int]:
        return {}

    def _sureness(self, tool: Tool, verb: str) -> int:
        key = (tool.name, verb)
        if key not in self._known:
            self._known[key] = _sureness(tool, verb)
        return self._known[key]

    def _concluded(self, found: Sequence[Meant]) -> list[Meant]:
        """«buy» means the order, and not only the basket, where the verb is a word for both."""
        raised = []
        for each in found:
            fed = [m.score for m in found if m.tool in self.feeders(each.tool)]
            score = max((s + 1 for s in fed), default=0) if each.sureness > 2 else 0
            raised.append(Meant(each.tool, each.sureness, max(score, each.score)))
        return raised

    def feeders(self, goal: Tool) -> list[Tool]:
        """WRITE tools that put something into what the goal then concludes."""
        return [t for t in self.changing if t is not goal and feeds(self.toolset, t, goal)]

    def setters(self, goal: Tool) -> list[Tool]:
        """Calls with parameters that fill in the page on which the goal is done, and stay there."""
        feeders = self.feeders(goal)
        own, before = _pages(goal), set().union(*(_pages(f) for f in feeders), set())
        found = []
        for tool in self.toolset.tools:
            if tool is goal or not tool.params or tool.effect in (Effect.READ, Effect.COMMIT):
                continue
            pages = _pages(tool)
            stays = not _leads(tool) or _leads(tool) <= pages
            at_goal = bool(pages & own) and pages <= own | before
            if tool.effect is Effect.WRITE and not (goal.terms and at_goal and tool not in feeders):
                continue
            if stays and pages and (at_goal or pages <= before):
                found.append(tool)
        return found

    def targets(self, goal: Tool, listings: Listings) -> list[Listing]:
        """What the goal is done to: what it takes, what its feeders take, what is opened for it."""
        found = [x for x in listings.all if any(t is goal for t, _ in x.takers) and not x.query]
        wanted = [goal, *self.feeders(goal)]
        for listing in listings.all:
            taken = any(t in wanted for t, _ in listing.takers)
            opened = any(
                _leads(o) & _pages(w) and _pages(w) for o in listing.openers() for w in wanted
            )
            texts = listing.record is None
            if (taken or opened) and not texts and listing not in found:
                found.append(listing)
        return found


def _sureness(tool: Tool, verb: str) -> int:
    """4: the name's verb; 3: that of its text; 2: one that means the same; 1: one that sets."""
    first, *rest = (stem(w) for w in name_words(tool.name))
    named = {first} if first not in LIGHT_VERBS | COMPLETING else set(rest)
    if verb in named or verb == first:
        return 4 if verb not in LIGHT_VERBS | COMPLETING else 2
    leading = [stem(w) for w in plain_words(tool.doc)[:1]]
    aside = {stem(w) for w in _asides(tool.summary)}
    if verb in leading or verb in aside:
        return 3
    near = _near([verb])
    if near & (named | set(leading) | aside):
        return 2
    setting = {first, *leading} & (SETTING | COMPLETING)
    return 1 if verb in SETTING and setting else 0


def _near(verbs: Sequence[str]) -> frozenset[str]:
    return frozenset(w for group in SYNONYMS for w in group if group & set(verbs))


def _asides(summary: str) -> Iterator[str]:
    """The first words of what brackets add: «Clear (delete, remove) …»."""
    for inside in re.findall(r"\(([^)]*)\)", summary):
        for part in inside.split(","):
            words = part.split()
            if words:
                yield words[0].casefold()


def _pages(tool: Tool) -> set[object]:
    """The values of states with fixed values in which the tool can be called."""
    found: set[object] = set()
    for clause in tool.requires:
        match clause:
            case Equals(var="page", value=Constant(value)):
                found.add(value)
            case OneOf(var="page", values=values):
                found.update(values)
            case _:
                pass
    return found


def _leads(tool: Tool) -> set[object]:
    return {
        c.value.value
        for c in tool.ensures
        if isinstance(c, Equals) and c.var == "page" and isinstance(c.value, Constant)
    }


__all__ = ["TOOL_WORDS", "Meant", "Tooling", "head_nouns"]
