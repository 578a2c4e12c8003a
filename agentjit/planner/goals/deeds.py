"""Read what is to be done: a stretch of a task that asks for one thing, as an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.accounting import Account
from agentjit.planner.goals.choosing import Chooser
from agentjit.planner.goals.composing import takers
from agentjit.planner.goals.goal import Act, Found, Step, Things
from agentjit.planner.goals.listings import Listing, Listings
from agentjit.planner.goals.naming import Mention, Naming
from agentjit.planner.goals.selecting import (
    called_so,
    choose,
    obtainable,
    search_words,
    searching,
)
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.sight import Sight
from agentjit.planner.goals.slots import Slots
from agentjit.planner.goals.terms import (
    ABOUT_SITE,
    FILLERS,
)
from agentjit.planner.goals.tooling import Meant, Tooling
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: How far below the likeliest tool another one may be that is taken instead.
_SLACK = 3.0


@dataclass(slots=True)
class Deeds:
    """Reads acts off the words of a sentence."""

    toolset: Toolset
    listings: Listings
    tooling: Tooling
    sight: Sight
    start: dict[str, StateValue]
    sentence: Sentence

    @property
    def _account(self) -> Account:
        return Account(self.toolset, self.listings, self.tooling, self.sentence)

    async def read(
        self, within: range, verbs: Sequence[int], heads: Sequence[int], before: Act | None
    ) -> Act:
        """The act that a stretch asks for, with what its heads say. Raises Abstained."""
        stems = [self.sentence.pieces[i].stem for i in heads]
        said = frozenset(self.sentence.pieces[i].stem for i in within)
        meant = self.tooling.meant(stems, said)
        if not meant:
            raise Abstained(
                f"no tool does what «{self.sentence.words(verbs)}» says",
                "`agentjit tools list` shows what the site can do",
            )
        mark = self.sentence.mark()
        found: list[tuple[Meant, Act, tuple[bool, ...]]] = []
        failure: Abstained | None = None
        for each in meant:
            if each.score < meant[0].score - _SLACK or (found and each.score < found[0][0].score):
                break
            self.sentence.reset(mark)
            try:
                act = await self._attempt(each.tool, within, verbs, before)
            except Abstained as error:
                failure = failure or error
                continue
            found.append((each, act, self.sentence.mark()))
        self.sentence.reset(mark)
        if not found:
            raise failure or Abstained("nothing that the site can do is asked for")
        chosen = self._settle(found)
        self.sentence.reset(chosen[2])
        return chosen[1]

    def _settle(
        self, found: Sequence[tuple[Meant, Act, tuple[bool, ...]]]
    ) -> tuple[Meant, Act, tuple[bool, ...]]:
        """The only one, or the one that takes many at once. Raises Abstained."""
        if len(found) == 1:
            return found[0]
        batch = [f for f in found if any("list" in str(p.show()) for p in f[1].tool.params)]
        if len(batch) == 1:
            return batch[0]
        names = " or ".join(f"{m.tool.name}()" for m, _, _ in found)
        raise Abstained(f"the task may mean {names}", "say it in the words of one of them")

    async def _attempt(
        self, tool: Tool, within: range, verbs: Sequence[int], before: Act | None
    ) -> Act:
        self._account.take_verbs(tool, within, verbs)
        for phrase in ABOUT_SITE:
            self.sentence.take(self.sentence.find(phrase, within) or ())
        targets = self.tooling.targets(tool, self.listings)
        listed = [x for x in targets if not x.query]
        keyed = frozenset(p.name for x in listed for p in takers(tool, x.things()))
        setters = self.tooling.setters(tool)
        slots = Slots(self.sentence, within, self.listings, [tool, *setters], keyed)
        same = before is not None and self._account.same(within, before)
        slots.fill()
        levels: tuple[Things, ...] = ()
        if not same:
            levels = await self._levels(tool, within, targets)
            slots.fill()
        self._people(slots)
        await self._templates(slots, levels)
        await self._verify(slots)
        if slots.required_open():
            slots.rest_as_text()
        missing = [p.name for p in slots.required_open()]
        if missing:
            raise Abstained(
                f"the task does not say {' and '.join(missing)} of {tool.name}()",
                "say it, a text to write in quotes",
            )
        self._account.take_rest(within, tool, levels)
        self._account.finish(within)
        settings = tuple(slots.settings())
        return Act(tool, slots.arguments(tool), settings, levels, slots.each, same=same)

    def _people(self, slots: Slots) -> None:
        """Whom it is done to, where nothing but the verb leads to them: «invite yjlou»."""
        goal = slots.tools[0]
        for param in goal.params:
            listing = None
            if param.origin is not None:
                listing = self.listings.of(param.origin.path.split("[]")[0])
            if listing is None or listing.query is None or (goal.name, param.name) in slots.values:
                continue
            words = [
                i
                for i in self.sentence.free(slots.within)
                if self.sentence.pieces[i].kind in ("word", "quote")
                and self.sentence.pieces[i].plain not in FILLERS
            ]
            words = [i for i in words if self._is_name(i)]
            found = [slots.found(param, self.sentence.pieces[i].name) for i in words]
            values = tuple(f for f in found if f is not None)
            if values:
                self.sentence.take(words)
                many = "list" in param.show()
                slots.values[goal.name, param.name] = values if many else values[0]

    async def _templates(self, slots: Slots, levels: tuple[Things, ...]) -> None:
        """One of a few texts that are listed where it is done: «an Apache License»."""
        for tool in slots.tools[1:]:
            for param in tool.params:
                path = "" if param.origin is None else param.origin.path
                listing = self.listings.of(path.split("[]")[0])
                if listing is None or listing.record is not None or listing.query is not None:
                    continue
                words = [
                    i
                    for i in self.sentence.free(slots.within)
                    if self.sentence.pieces[i].text[0].isupper()
                    and not listing.means(self.sentence.pieces[i].stem)
                ]
                if not words:
                    continue
                rows = await self.sight.rows((*levels, listing.things()))
                said = [self.sentence.pieces[i].name for i in words]
                fitting = [r for r in rows if all(w.casefold() in r.casefold() for w in said)]
                if len(fitting) != 1:
                    raise Abstained(
                        f"«{' '.join(said)}» may be {len(fitting)} of {listing.reader.name}()",
                        f"there are: {', '.join(map(str, rows[:6]))}",
                    )
                self.sentence.take(words)
                found = Found(listing.reader, None, " ".join(said))
                slots.values[tool.name, param.name] = found

    def _is_name(self, index: int) -> bool:
        piece = self.sentence.pieces[index]
        known = self.tooling.is_verb(piece.stem)
        return not known and not any(x.means(piece.stem) for x in self.listings.all)

    # -- the things -------------------------------------------------------------------------------

    async def _levels(
        self, tool: Tool, within: range, targets: Sequence[Listing]
    ) -> tuple[Things, ...]:
        naming = Naming(self.toolset, self.listings, self.sight, self.start, self.sentence, within)
        if not targets and not tool.requires:
            return ()
        containers = await naming.containers()
        held = [c.reader for c in containers]
        inner = [t for t in targets if t.reader not in held and not t.query]
        mentions = self._sorted(naming.mentions(inner), within)
        everything = self.sentence.find("everything", within)
        if not mentions and everything is not None:
            mentions = [Mention(everything.start, x) for x in inner]
        if not mentions:
            sought = await self._sought(tool, within, naming, containers, inner)
            if sought:
                return sought
            people = await self._searched(within, targets) if not containers else ()
            return naming.arrange((*containers, *people), ())
        failure: Abstained | None = None
        mark = self.sentence.mark()
        for mention in mentions:
            self.sentence.reset(mark)
            try:
                return await self._inner(tool, within, naming, containers, mention)
            except Abstained as error:
                failure = failure or error
        raise failure or AssertionError

    async def _sought(
        self,
        tool: Tool,
        within: range,
        naming: Naming,
        containers: Sequence[Things],
        targets: Sequence[Listing],
    ) -> tuple[Things, ...]:
        """What is searched for by its name: «buy the cheapest coffee maker»."""
        chooser = Chooser(self.toolset, self.sentence, within)
        for listing in targets:
            mark = self.sentence.mark()
            ranking = chooser.superlative(listing)
            places = search_words(self.sentence, within)
            search = searching(self.toolset)
            if search is None or not places:
                self.sentence.reset(mark)
                continue
            query = " ".join(self.sentence.pieces[i].name for i in places)
            step = Step(search, ((search.params[0].name, query),))
            things = replace(listing.things(), after=(step,), ranking=ranking, single=True)
            try:
                levels = naming.arrange(containers, (things,))
                rows = await self.sight.rows(levels)
            except Abstained:
                self.sentence.reset(mark)
                continue
            condition = called_so(rows, listing.key, query, ranked=ranking is not None)
            if condition is None:
                self.sentence.reset(mark)
                continue
            self.sentence.take(places)
            numbered = [i for i in (places[0] - 1,) if self.sentence.is_free(i)]
            self.sentence.take(i for i in numbered if self.sentence.pieces[i].plain == "one")
            things = replace(levels[-1], conditions=(condition,))
            things = obtainable(things, listing, tool)
            return (*levels[:-1], things)
        return ()

    async def _searched(self, within: range, targets: Sequence[Listing]) -> tuple[Things, ...]:
        """A thing that is found by searching for its name: «follow vinta»."""
        for listing in targets:
            if listing.query is None or not listing.openers():
                continue
            names = [
                i
                for i in self.sentence.free(within)
                if self.sentence.pieces[i].plain not in FILLERS
                and self._is_name(i)
                and self.sentence.pieces[i].kind in ("word", "quote")
            ]
            if len(names) == 1:
                self.sentence.take(names)
                name = self.sentence.pieces[names[0]].name
                return (replace(listing.things(), names=(name,), single=True),)
        return ()

    async def _inner(
        self,
        tool: Tool,
        within: range,
        naming: Naming,
        containers: Sequence[Things],
        mention: Mention,
    ) -> tuple[Things, ...]:
        self.sentence.take((mention.index,))
        things = mention.listing.things()
        chooser = Chooser(self.toolset, self.sentence, within)
        levels = naming.arrange(containers, (things,))
        things = await choose(chooser, things, mention, levels[:-1], self.sight)
        things = await self._settled(things, mention, chooser, levels[:-1])
        things = obtainable(things, mention.listing, tool)
        return (*levels[:-1], things)

    async def _settled(
        self, things: Things, mention: Mention, chooser: Chooser, outer: tuple[Things, ...]
    ) -> Things:
        """One where the words speak of one, all where they say so. Raises Abstained.

        «the order» is none of several, and «orders» alone may be any number of them.
        """
        said = self.sentence.pieces[mention.index].plain
        plural = (said.endswith("s") and not said.endswith("ss")) or said == "everything"
        if things.single or things.count is not None or chooser.all_said:
            return things
        if plural and things.conditions:
            return things
        if things.conditions:
            rows = await self.sight.chosen((*outer, things))
            if len(rows) == 1:
                return replace(things, single=True)
        raise Abstained(
            f"which of those that {things.reader.name}() lists is «{said}»?",
            f"say which {said}, e.g. «the latest {said}» or «all {said}»",
        )

    async def _verify(self, slots: Slots) -> None:
        """That who is found by a name is called so, and nobody else is. Raises Abstained."""
        for value in slots.values.values():
            for found in value if isinstance(value, tuple) else (value,):
                if not isinstance(found, Found) or not found.searched:
                    continue
                listing = self.listings.of(found.reader.name)
                assert listing is not None
                assert listing.query is not None
                query = replace(listing.things(), arguments=((listing.query.name, found.text),))
                rows = await self.sight.rows((query,))
                said = found.text.casefold()
                named = [
                    r for r in rows if any(said in str(r[f.name]).casefold() for f in listing.texts)
                ]
                exact = [r for r in named if str(r[listing.key or ""]).casefold() == said]
                if not rows or rows[0] not in (exact or named) or (len(named) > 1 and not exact):
                    raise Abstained(f"{found.reader.name}() does not tell who {found.text!r} is")

    def _sorted(self, mentions: Sequence[Mention], within: range) -> list[Mention]:
        """Those first whose reader's own words are said; then in the order of the toolset."""
        order = {x.reader.name: n for n, x in enumerate(self.listings.all)}

        def rank(mention: Mention) -> tuple[int, int, int, int]:
            missed = mention.listing.unsaid(self.sentence, within)
            return (-mention.sureness, missed, order[mention.listing.reader.name], mention.index)

        return sorted(mentions, key=rank)
