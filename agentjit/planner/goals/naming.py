"""Which things a task names, and inside of what: «the newest post in books forum»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.composing import trace_calls
from agentjit.planner.goals.goal import Condition, Things
from agentjit.planner.goals.listings import PASSING, Listing, Listings
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.sight import Sight
from agentjit.planner.goals.terms import FILLERS
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset

_BEFORE = frozenset("in at from to of for on and by inside within".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun that means what is listed."""

    index: int
    listing: Listing
    #: As `Listing.means` says.
    sureness: int = 2


@dataclass(slots=True)
class Naming:
    """Finds containers by their names, and nouns."""

    toolset: Toolset
    listings: Listings
    sight: Sight
    start: dict[str, StateValue]
    sentence: Sentence
    within: range

    async def containers(self, skip: Sequence[Listing] = ()) -> list[Things]:
        """Things that are named outright and can be opened from the start."""
        found: list[tuple[int, Things]] = []
        for listing in self.listings.all:
            if listing in skip or not listing.openers() or not self._has_names(listing):
                continue
            if listing.query is not None:
                continue
            named = await self._named(listing)
            if named is not None:
                found.append(named)
        return [things for _, things in sorted(found, key=lambda pair: pair[0])]

    def _has_names(self, listing: Listing) -> bool:
        return not re.search(r"(^|_)(id|url|number|digits)$", listing.key or "id")

    async def _named(self, listing: Listing) -> tuple[int, Things] | None:
        paths = self._paths(listing)
        if paths:
            names = tuple(self.sentence.pieces[i].text for i in paths)
            self.sentence.take(paths)
            for index in paths:
                self._take_near(listing, range(index, index + 1))
            things = replace(listing.things(), names=names, single=len(names) == 1)
            return paths[0], things
        if not self._readable(listing):
            return None
        rows = await self.sight.rows((listing.things(),))
        held = [str(row if listing.key is None else row[listing.key]) for row in rows]
        spans: list[tuple[range, str]] = []
        for name in sorted(dict.fromkeys(held), key=lambda n: (-len(n), n)):
            span = self.sentence.find_name(name, self.within, lambda s: self._fits(s, listing))
            while span is not None and len(span):
                self.sentence.take(span)
                spans.append((span, name))
                span = self.sentence.find_name(name, self.within, lambda s: self._fits(s, listing))
        if spans:
            spans.sort(key=lambda pair: pair[0].start)
            for span, _ in spans:
                self._take_near(listing, span)
            names = tuple(dict.fromkeys(name for _, name in spans))
            things = replace(listing.things(), names=names, single=len(names) == 1)
            return spans[0][0].start, things
        return self._partly(listing, held)

    def _paths(self, listing: Listing) -> list[int]:
        """Paths stand for themselves where a thing is named by its path."""
        if "path" not in (listing.key or ""):
            return []
        return [
            i for i in self.sentence.free(self.within) if self.sentence.pieces[i].kind == "path"
        ]

    def _readable(self, listing: Listing) -> bool:
        try:
            trace_calls((listing.things(),), self.toolset, self.start)
        except Abstained:
            return False
        return True

    def _fits(self, span: range, listing: Listing) -> bool:
        """Whether a name stands where one can: quoted, by its noun, or after a preposition."""
        pieces = self.sentence.pieces
        if pieces[span.start].kind == "quote":
            return self._by_noun(span, listing) or self._after(span)
        plain = len(span) == 1 and pieces[span.start].text.islower()
        if self._by_noun(span, listing):
            return True
        listed = span.start > 0 and pieces[span.start - 1].text == ","
        return (self._after(span) or listed) and not (plain and self._is_noun(span.start, listing))

    def _is_noun(self, index: int, listing: Listing) -> bool:
        word = self.sentence.pieces[index].stem
        return any(each.means(word) for each in self.listings.all if each is not listing)

    def _after(self, span: range) -> bool:
        before = [p.plain for p in self.sentence.pieces[max(0, span.start - 2) : span.start]]
        return bool(before) and (
            before[-1] in _BEFORE or (before[-1] in ("the", "my") and before[0] in _BEFORE)
        )

    def _by_noun(self, span: range, listing: Listing) -> bool:
        near = [i for i in (span.start - 1, span.start - 2, span.stop) if i in self.within]
        return any(listing.means(self.sentence.pieces[i].stem) for i in near)

    def _take_near(self, listing: Listing, span: range) -> None:
        """The noun beside a name, and the words that lead to it."""
        pieces = self.sentence.pieces
        for index in (span.stop, span.start - 1, span.start - 2):
            if index in self.within and listing.means(pieces[index].stem):
                self.sentence.take((index,))
                break
        place = span.start - 1
        while place in self.within and (
            pieces[place].plain in _BEFORE | {"the", "my", "a", "each"}
            or pieces[place].text == ","
            or listing.means(pieces[place].stem)
        ):
            self.sentence.take((place,))
            place -= 1

    def _partly(self, listing: Listing, held: Sequence[str]) -> tuple[int, Things] | None:
        """«the a11yproject repo»: a part of one name only, beside the noun."""
        for index in self.sentence.free(self.within):
            piece = self.sentence.pieces[index]
            if piece.kind not in ("word", "quote") or piece.plain in FILLERS:
                continue
            here = range(index, index + 1)
            exact = self._after(here) and any(c in piece.text for c in "._-")
            if not (self._by_noun(here, listing) or exact) or listing.means(piece.stem):
                continue
            said = piece.name.casefold()
            parts = [
                n for n in held if said in re.split(r"[/.\s]", n.casefold()) or said == n.casefold()
            ]
            parts = parts or [n for n in held if n.casefold().endswith(f"/{said}")]
            if len(parts) == 1:
                self.sentence.take((index,))
                self._take_near(listing, range(index, index + 1))
                condition = Condition(listing.key, "==", (parts[0],))
                return index, replace(listing.things(), conditions=(condition,), single=True)
        return None

    def mentions(self, among: Sequence[Listing]) -> list[Mention]:
        """Free nouns that mean one of these, the surest meaning of each word first."""
        found = []
        whole = range(len(self.sentence.pieces))
        among = [each for each in among if each.is_meant(self.sentence, whole)]
        for index in self.sentence.free(self.within):
            piece = self.sentence.pieces[index]
            if piece.kind != "word" or piece.stem in PASSING:
                # «sent» says what somebody did, and not what there is.
                continue
            sure = [(each.means(piece.stem), each) for each in among]
            sure.sort(key=lambda pair: -pair[0])
            found += [Mention(index, each, s) for s, each in sure if s]
        return found

    def arrange(self, containers: Sequence[Things], inner: Sequence[Things]) -> tuple[Things, ...]:
        """The levels, outermost first, in an order that the contracts allow. Raises Abstained."""
        failure: Abstained | None = None
        for order in permutations(containers):
            levels = (*order, *inner)
            if not levels:
                return ()
            named = [_one(each) for each in levels]
            try:
                trace_calls((*named[:-1], replace(named[-1], names=())), self.toolset, self.start)
            except Abstained as error:
                failure = failure or error
                continue
            return levels
        raise failure or Abstained("nothing is named")


def _one(things: Things) -> Things:
    names = things.names[:1] or ("?",)
    return replace(things, names=names, conditions=(), single=True)
