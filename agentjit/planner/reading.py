"""Read a task: what is asked for, and of which things. Every content word must be accounted for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from agentjit.planner.abstaining import Abstained
from agentjit.planner.catalogue import Catalogue
from agentjit.planner.domain import Domain, Kind
from agentjit.planner.lexicon import (
    ABLE,
    ANYONE,
    FILLERS,
    GENERIC_NOUNS,
    GOING,
    HAVING,
    NUMBERS,
    QUESTION_STARTS,
    WHOLE_LIST,
)
from agentjit.planner.narrowing import narrow
from agentjit.planner.ranking import Superlative, find_superlatives, noun_of
from agentjit.planner.request import Best, Reference
from agentjit.planner.tasktext import TaskText
from agentjit.planner.verbs import is_request
from agentjit.planner.words import singular
from agentjit.toolspecs.jsontypes import Field, is_numeric

#: Words of politeness that may stand before the first word that counts.
_POLITE = frozenset(
    """please pls kindly hey hi hello can could would will you i id like want to just me so ok okay
    now im well let""".split()
)


#: Words that make a question of a text, where no verb before them asks for an action.
_ASKING = frozenset("what how which who whats".split())

#: Words that begin a question, or a request that goes on: «find … and order it».
_LOOKING = frozenset("find look check see".split())


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that the task speaks of, and the words that it does it with."""

    words: range
    reference: Reference


@dataclass(slots=True)
class Reading:
    """A task being read against a domain."""

    text: TaskText
    domain: Domain
    catalogue: Catalogue
    #: What the task names outright, and where.
    named: list[Named] = field(default_factory=list)

    def is_question(self) -> bool:
        """Whether the task asks: «can you tell …» does, «can you order …» does not."""
        tokens = self.text.tokens
        requests = [i for i in range(len(tokens)) if is_request(self.text, i, self.domain)]
        for token in tokens:
            if token.plain in QUESTION_STARTS:
                # «find the best one and order it» asks for more than to find it.
                return not (requests and token.plain in _LOOKING)
            if token.plain not in _POLITE:
                break
        # «I'm curious, how many stores are there?»: what is asked comes before any request.
        first = min(requests, default=len(tokens))
        return any(t.plain in _ASKING for t in tokens[:first])

    def _mentioned(self, index: int) -> bool:
        """Whether a verb is only spoken of: «what can I order», «where to buy»."""
        before = [t.plain for t in self.text.tokens[max(0, index - 2) : index]]
        if before and before[-1] in ANYONE:
            before.pop()
        return bool(before) and before[-1] in ABLE

    async def find_named(self) -> None:
        """Find what the task names outright, among the things that the site lists at the start."""
        candidates = []
        numbers = any(char.isdecimal() for token in self.text.tokens for char in token.text)
        for kind in self.catalogue.at_start():
            if is_numeric(kind.key.type) and not numbers:
                # None of them can be named, and there may be thousands.
                continue
            for row in await self.catalogue.rows(kind):
                name = str(row[kind.key.name])
                candidates.append((len(name), name, kind))
        for _, name, kind in sorted(candidates, key=lambda c: (-c[0], c[1])):
            place = self.text.find_name(name)
            if place is None:
                continue
            span, exact = place
            self.text.take(span)
            self.named.append(Named(span, Reference(kind, name=name, literal=exact)))
        self.named.sort(key=lambda n: n.words.start)

    def superlatives(self) -> list[Superlative]:
        """The task's superlatives, and the phrases that only say what they range over."""
        found = find_superlatives(self.text, self.domain.kinds)
        for phrase in WHOLE_LIST if found else ():
            self.text.take(self.text.find(phrase.split()) or ())
        return found

    def nouns(self, kinds: Sequence[Kind]) -> list[Kind]:
        """The kinds that the task's nouns mean, in the order of the text; the nouns are taken."""
        found: list[Kind] = []
        for index in self.text.free():
            kind = noun_of(self.text, index, kinds)
            if kind is not None:
                self.text.take((index,))
                if kind not in found:
                    found.append(kind)
        return found

    def take_fillers(
        self, more: frozenset[str] = frozenset(), *, keep: frozenset[str] = frozenset()
    ) -> None:
        """Account for words that leave the task as it is, but for stems to `keep`."""
        for index in self.text.free():
            plain = self.text.tokens[index].plain
            after_name = index > 0 and any(index == n.words.stop for n in self.named)
            going = plain in GOING and self.text.clause_start(index) == index
            if self.text.tokens[index].stem in keep:
                continue
            if plain in FILLERS or plain in more or going or (after_name and plain in HAVING):
                self.text.take((index,))

    def take_possible_actions(self) -> None:
        """Account for verbs that a question only mentions: «what can I order», «where to buy»."""
        for index in self.text.free():
            if self._mentioned(index) and self.domain.actions(self.text.tokens[index].stem):
                self.text.take((index,))

    def take_generic_nouns(self) -> None:
        """Account for «thing», «item», …"""
        generic = [i for i in self.text.free() if self.text.tokens[i].stem in GENERIC_NOUNS]
        self.text.take(generic)

    def take_nouns_of(self, kinds: Sequence[Kind]) -> None:
        """Account for the nouns of kinds that the reading is about anyway."""
        for index in self.text.free():
            stem = self.text.tokens[index].stem
            if any(stem in k.nouns or stem in k.weak_nouns for k in kinds):
                self.text.take((index,))

    async def pick(
        self,
        kind: Kind,
        superlative: Superlative | None,
        within: Sequence[Reference],
        *,
        only: Sequence[int] | None = None,
    ) -> Named:
        """The one thing of a kind that the task means: the best of its list, or one by its name.

        `only` are the words that may narrow the list; by default all that are left.
        """
        if superlative is not None:
            ranked = superlative.field_of(kind)
            if ranked is None:
                raise Abstained(
                    f"{kind.record.name} has no number that "
                    f"«{self.text.words(superlative.words)}» could rank by",
                    f"its numbers are: {_names(kind.numeric_fields)}",
                )
            filters = await narrow(self.text, kind, self.catalogue, within, only=only)
            best = Best(ranked, superlative.largest)
            return Named(superlative.words, Reference(kind, best=best, filters=filters))
        return await self._by_name(kind, within)

    async def _by_name(self, kind: Kind, within: Sequence[Reference]) -> Named:
        rows = await self.catalogue.rows(kind, within)
        names = sorted({str(r[kind.key.name]) for r in rows}, key=lambda n: (-len(n), n))
        for name in names:
            place = self.text.find_name(name)
            if place is not None and not self._may_count(*place):
                span, exact = place
                self.text.take(span)
                return Named(span, Reference(kind, name=name, literal=exact))
        self.take_fillers()
        self.take_generic_nouns()
        wanted = self.text.words(self.text.free())
        if not wanted:
            raise Abstained(
                f"which {kind.noun}? The task names none",
                f"name one, or say which is wanted, e.g. «the cheapest {kind.noun}»",
            )
        raise Abstained(f"no {kind.noun} is called {wanted!r}", _suggest(wanted, names, len(rows)))

    def _may_count(self, span: range, exact: bool) -> bool:
        """Whether a name's first word may be a number instead: «two Piece Plates»."""
        first = self.text.tokens[span.start].plain
        return not exact and (first in NUMBERS or first.isdecimal())

    def finish(self) -> None:
        """All words must be accounted for. Raises Abstained with those that are not."""
        rest = self.text.free()
        if rest:
            words = ", ".join(f"«{self.text.tokens[i].text}»" for i in rest)
            raise Abstained(
                f"cannot account for {words}",
                "say it in plainer words, or set OPENAI_API_KEY to plan with a language model",
            )


def _suggest(wanted: str, names: list[str], count: int) -> str:
    words = {singular(w) for w in wanted.casefold().split()}
    holding = [n for n in names if words & {singular(w) for w in n.casefold().split()}]
    near = holding or difflib.get_close_matches(wanted, names, n=5, cutoff=0.4)
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near[:5])}?"
    return f"there are {count}: {', '.join(repr(n) for n in names[:5])}, …"


def _names(fields: Sequence[Field]) -> str:
    return ", ".join(f.name for f in fields) or "none"
