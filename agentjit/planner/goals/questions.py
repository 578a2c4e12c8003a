"""Read a question: what is to be told, of which things. A question never acts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.asked import finish_question, refuse_yes_or_no, says_nothing
from agentjit.planner.goals.choosing import Chooser
from agentjit.planner.goals.fields import called, find_detail, take_fields, who_of
from agentjit.planner.goals.goal import Condition, Count, Part, Read, Step, Tell, Things
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.naming import Mention, Naming
from agentjit.planner.goals.selecting import choose, dated
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.sight import Sight
from agentjit.planner.lexicon import SUPERLATIVES
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import ListOf, Record
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset


@dataclass(slots=True)
class Questions:
    """Reads a question off the words of a sentence."""

    toolset: Toolset
    listings: Listings
    sight: Sight
    start: dict[str, StateValue]
    sentence: Sentence
    within: range

    async def read(self) -> Part:
        """What is asked. Raises Abstained."""
        refuse_yes_or_no(self.sentence, self.within)
        counting = self.sentence.find("how many", self.within) or self.sentence.find(
            "number of", self.within
        )
        if counting is not None:
            self.sentence.take(counting)
        naming = Naming(
            self.toolset, self.listings, self.sight, self.start, self.sentence, self.within
        )
        containers = await naming.containers()
        mark = self.sentence.mark()
        failure: Abstained | None = None
        many = counting is not None
        readings: tuple[Callable[[], Awaitable[Part]], ...] = (
            *([partial(self._of_counted, containers)] if many else []),
            partial(self._of_listed, naming, containers, many),
            partial(self._of_inside, naming, containers),
            partial(self._of_named, containers, many),
            partial(self._of_one_tool, containers),
        )
        for reading in readings:
            self.sentence.reset(mark)
            try:
                part = await reading()
                finish_question(part, self.listings, self.sentence, self.within)
            except Abstained as error:
                failure = failure or error
                continue
            return part
        raise failure or Abstained("cannot tell what is asked")

    # -- things that are listed -------------------------------------------------------------------

    async def _of_listed(
        self, naming: Naming, containers: Sequence[Things], counting: bool
    ) -> Part:
        """«the first three reviews of each vendor in …», «how many stores …»."""
        held = [c.reader for c in containers]
        mentions = naming.mentions(
            [x for x in self.listings.all if x.reader not in held and not x.query]
        )
        if not mentions:
            return await self._of_best(naming, containers)
        failure: Abstained | None = None
        mark = self.sentence.mark()
        if self._superlative_here():
            try:
                part = await self._of_most(naming, containers)
                finish_question(part, self.listings, self.sentence, self.within)
                return part
            except Abstained:
                self.sentence.reset(mark)
        for target, outer in self._readings(mentions):
            self.sentence.reset(mark)
            try:
                part = await self._told(naming, containers, target, outer, counting)
                finish_question(part, self.listings, self.sentence, self.within)
                return part
            except Abstained as error:
                failure = failure or error
        raise failure or AssertionError

    def _superlative_here(self) -> bool:
        """Whether «the most …» is asked for, of whatever has that number."""
        return self.sentence.find("the most", self.within) is not None

    def _readings(self, mentions: Sequence[Mention]) -> list[tuple[Mention, list[Mention]]]:
        """Which mention is asked of, and which others it is inside of; the likeliest first."""
        whole = range(len(self.sentence.pieces))
        order = {x.reader.name: n for n, x in enumerate(self.listings.all)}

        def rank(mention: Mention) -> tuple[int, int, int, int]:
            listing = mention.listing
            missed = listing.unsaid(self.sentence, whole)
            useful = 0 if listing.takers else 1
            return (mention.index, -mention.sureness, missed + useful, order[listing.reader.name])

        found = []
        for target in sorted(mentions, key=rank):
            others = [m for m in mentions if m.index > target.index and self._each(m.index)]
            if others:
                found += [(target, [o]) for o in sorted(others, key=rank) if o.listing.openers()]
            found.append((target, []))
        return found

    def _each(self, index: int) -> bool:
        return self.sentence.pieces[index - 1].plain in ("each", "every", "all")

    async def _told(
        self,
        naming: Naming,
        containers: Sequence[Things],
        target: Mention,
        outer: Sequence[Mention],
        counting: bool,
    ) -> Part:
        self.sentence.take([target.index, *(m.index for m in outer)])
        self.sentence.take([m.index - 1 for m in outer])
        listing = target.listing
        chooser = Chooser(self.toolset, self.sentence, self.within)
        around = [*containers, *(m.listing.things() for m in outer)]
        # What «who» did is no condition: «who opened …» asks of open and closed ones alike.
        who = who_of(self.sentence, self.within, listing)
        things = dated(self.sentence, self.within, listing)
        levels = self._reached(naming, around, things, target)
        things = levels[-1]
        if all(c.reader is not levels[-1].reader for c in containers):
            things = await choose(chooser, things, target, levels[:-1], self.sight)
        plain = replace(things, arguments=(), conditions=())
        rows = await self.sight.rows((*levels[:-1], plain))
        fields = take_fields(self.sentence, self.within, listing.fields)
        free = self._telling()
        parts = chooser.parts(listing, rows, free, anywhere=counting)
        things = replace(things, conditions=(*things.conditions, *parts))
        levels = (*levels[:-1], things)
        if things.conditions and not counting and not await self._any(levels):
            raise Abstained(f"{listing.reader.name}() lists nothing of that kind")
        if counting:
            return Count(levels)
        if not fields:
            detail = find_detail(self.toolset, self.sentence, self.within, listing)
            if detail is not None:
                return Tell(levels, detail[1], detail[0])
            fields = who
        if not fields and things.ranking is not None and things.single and listing.key:
            fields = tuple(dict.fromkeys((called(listing), things.ranking.field)))
        return Tell(levels, fields)

    async def _any(self, levels: tuple[Things, ...]) -> bool:
        several = any(len(t.names) != 1 and not t.single for t in levels[:-1])
        return several or bool(await self.sight.chosen(levels))

    def _reached(
        self, naming: Naming, around: Sequence[Things], things: Things, target: Mention
    ) -> tuple[Things, ...]:
        """The levels; where nothing leads to the list, what is left is searched for."""
        try:
            return naming.arrange(around, (things,))
        except Abstained:
            searched = self._searched(things, target)
            if searched is None:
                raise
            return naming.arrange(around, (searched,))

    def _searched(self, things: Things, target: Mention) -> Things | None:
        """The list, after a search for the words right before its noun, or for a quote."""
        for tool in self.toolset.tools:
            required = [p for p in tool.params if p.required]
            if tool.effect is not Effect.NAVIGATE or len(required) != 1 or required[0].origin:
                continue
            if "query" not in required[0].name:
                continue
            words = self._left_of(target.index)
            if words:
                said = self.sentence.words(words)
                step = Step(tool, ((required[0].name, said),))
                conditions = tuple(
                    Condition(things.key, "has", (self.sentence.pieces[i].plain,)) for i in words
                )
                self.sentence.take(words)
                return replace(things, after=(step,), conditions=conditions)
        return None

    def _left_of(self, index: int) -> list[int]:
        found: list[int] = []
        place = index - 1
        while self.sentence.is_free(place) and not says_nothing(self.sentence, place):
            if any(self.sentence.pieces[place].plain in phrase.split() for phrase in SUPERLATIVES):
                break
            found.insert(0, place)
            place -= 1
        return found

    # -- the best of several places ---------------------------------------------------------------

    async def _of_best(self, naming: Naming, containers: Sequence[Things]) -> Part:
        """«which of A, B and C has the cheapest fries»: of what is listed in each of them."""
        if not containers or containers[-1].single:
            return await self._of_most(naming, containers)
        chooser = Chooser(self.toolset, self.sentence, self.within)
        for listing in self.listings.all:
            if listing.reader in [c.reader for c in containers]:
                continue
            try:
                levels = naming.arrange(containers, (listing.things(),))
            except Abstained:
                continue
            ranking = chooser.superlative(listing)
            if ranking is None:
                continue
            rows = []
            for name in containers[-1].names:
                one = replace(containers[-1], names=(name,), single=True)
                rows += await self.sight.rows((*levels[:-2], one, levels[-1]))
            free = [
                i for i in self.sentence.free(self.within) if not says_nothing(self.sentence, i)
            ]
            parts = tuple(chooser.parts(listing, rows, free))
            things = replace(levels[-1], conditions=parts)
            fields = tuple(dict.fromkeys((called(listing), ranking.field)))
            return Tell((*levels[:-1], things), fields, best=ranking)
        raise Abstained("cannot tell what is the best of them")

    async def _of_most(self, naming: Naming, containers: Sequence[Things]) -> Part:
        """«who has made the most commits to …»: the first list that has such a number."""
        chooser = Chooser(self.toolset, self.sentence, self.within)
        for listing in self.listings.all:
            if listing.query or listing.reader in [c.reader for c in containers]:
                continue
            try:
                levels = naming.arrange(containers, (listing.things(),))
            except Abstained:
                continue
            ranking = chooser.superlative(listing)
            if ranking is not None:
                things = replace(levels[-1], ranking=ranking, single=True)
                fields = tuple(dict.fromkeys((called(listing), ranking.field)))
                return Tell((*levels[:-1], things), fields)
        raise Abstained("cannot tell what is asked", "ask for one thing's price, rating, …")

    # -- things that are named --------------------------------------------------------------------

    async def _of_counted(self, containers: Sequence[Things]) -> Part:
        """«how many commits does … have»: the site's own number, where the page of the one thing
        that is named tells one; a list of them may be the first page of many.
        """
        if len(containers) == 1 and containers[0].single:
            listing = self.listings.of(containers[0].reader.name)
            assert listing is not None
            detail = find_detail(self.toolset, self.sentence, self.within, listing, counted=True)
            if detail is not None:
                return Tell(tuple(containers), detail[1], detail[0])
        raise Abstained("nothing tells that number")

    async def _of_named(self, containers: Sequence[Things], counting: bool) -> Part:
        """«how many subscribers does the coffee forum have»: a field of what is named."""
        if containers:
            *outer, last = containers
            listing = self.listings.of(last.reader.name)
            assert listing is not None
            mark = self.sentence.mark()
            fields = take_fields(
                self.sentence, self.within, listing.numbers if counting else listing.fields
            )
            if fields:
                condition = Condition(last.key, "==", last.names)
                named = replace(last, names=(), conditions=(condition,)) if last.names else last
                # A name that the task spells out need not be on the list that can be read here.
                if await self._any((*outer, named)):
                    return Tell((*outer, named), fields)
                self.sentence.reset(mark)
            detail = find_detail(self.toolset, self.sentence, self.within, listing)
            if detail is not None:
                return Tell((*outer, last), detail[1], detail[0])
        return await self._of_searched(counting)

    async def _of_inside(self, naming: Naming, containers: Sequence[Things]) -> Part:
        """«the prices of A and B at C»: things that are named, inside of what is named."""
        chooser = Chooser(self.toolset, self.sentence, self.within)
        for listing in self.listings.all:
            fields = take_fields(self.sentence, self.within, listing.fields, take=False)
            if not fields or listing.query or listing.reader in [c.reader for c in containers]:
                continue
            try:
                levels = naming.arrange(containers, (listing.things(),))
                rows = await self.sight.rows(levels)
            except Abstained:
                continue
            said = [
                c for c in chooser.values(listing, rows, lambda _: False) if c.field == listing.key
            ]
            if said:
                fields = take_fields(self.sentence, self.within, listing.fields)
                single = len(said[0].values) == 1
                things = replace(levels[-1], conditions=tuple(said), single=single)
                return Tell((*levels[:-1], things), fields)
        raise Abstained("cannot tell what is asked", "ask for one thing's price, rating, …")

    async def _of_searched(self, counting: bool) -> Part:
        """«what does the … cost»: what is found by searching for its name."""
        for listing in self.listings.all:
            fields = take_fields(
                self.sentence,
                self.within,
                listing.numbers if counting else listing.fields,
                take=False,
            )
            places = [i for i in self.sentence.free(self.within) if self._is_named(i)]
            if not fields or not places or listing.query:
                continue
            mention = Mention(places[-1] + 1, listing)
            mark = self.sentence.mark()
            searched = self._searched(listing.things(), mention)
            if searched is None:
                continue
            try:
                rows = await self.sight.rows((searched,))
            except Abstained:
                self.sentence.reset(mark)
                continue
            said = self.sentence.words(i for i in places if not mark[i])
            names = [str(row[searched.key]) for row in rows if searched.key]
            exact = [n for n in names if n.casefold() == said.casefold()]
            if len(exact) == 1:
                fields = take_fields(self.sentence, self.within, listing.fields)
                condition = Condition(searched.key, "==", (exact[0],))
                return Tell((replace(searched, conditions=(condition,), single=True),), fields)
            self.sentence.reset(mark)
        raise Abstained("cannot tell what is asked", "ask for one thing's price, rating, …")

    def _telling(self) -> list[int]:
        """The words left that say something."""
        free = self.sentence.free(self.within)
        return [i for i in free if not says_nothing(self.sentence, i)]

    def _is_named(self, index: int) -> bool:
        text = self.sentence.pieces[index].text
        return (text[0].isupper() and not says_nothing(self.sentence, index)) or text[0].isdigit()

    # -- what one tool tells ----------------------------------------------------------------------

    async def _of_one_tool(self, containers: Sequence[Things]) -> Part:
        """«what is my status»: a READ tool that is called so."""
        said = {self.sentence.pieces[i].stem for i in self.sentence.free(self.within)}
        for tool in self.toolset.tools:
            if tool.effect is not Effect.READ or any(p.required for p in tool.params):
                continue
            words = {stem(w) for w in name_words(tool.name)} - {"get", "list", "detail", "count"}
            if not words or not words <= said or isinstance(tool.returns, ListOf):
                continue
            fields = tool.returns.fields if isinstance(tool.returns, Record) else ()
            taken = [
                i for i in self.sentence.free(self.within) if self.sentence.pieces[i].stem in words
            ]
            self.sentence.take(taken)
            return Read(
                tool, (), take_fields(self.sentence, self.within, fields), tuple(containers)
            )
        raise Abstained("cannot tell what is asked", "ask for one thing's price, rating, …")
