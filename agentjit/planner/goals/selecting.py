"""Select among what is listed, as the words around its noun say; and what is searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.choosing import Chooser
from agentjit.planner.goals.dates import read_date
from agentjit.planner.goals.goal import Condition, Things
from agentjit.planner.goals.listings import Listing
from agentjit.planner.goals.naming import Mention
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.sight import Sight, admits
from agentjit.planner.goals.terms import ALL, FILLERS, LEADING
from agentjit.planner.lexicon import AVAILABLE, NUMBERS
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Scalar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset


async def choose(
    chooser: Chooser,
    things: Things,
    mention: Mention,
    outer: tuple[Things, ...],
    sight: Sight,
) -> Things:
    """The things as the words choose among them. Raises Abstained where that stays open."""
    listing = mention.listing
    ranking = chooser.superlative(listing)
    if ranking is not None:
        things = replace(things, ranking=ranking, single=True)
    things = chooser.quantity(things, listing, mention.index)
    flagged = [*chooser.comparisons(listing), *chooser.flags(listing), *chooser.months(listing)]
    things = _with_visible(chooser, things)
    things = replace(things, after=(*chooser.places(listing), *things.after))
    rows = await sight.rows((*outer, things))
    said = chooser.values(listing, rows, lambda _: False)
    things = replace(things, conditions=(*things.conditions, *flagged, *said))
    return _as_many(chooser, things, mention, rows)


def _as_many(chooser: Chooser, things: Things, mention: Mention, rows: Sequence[Any]) -> Things:
    """«the three July orders»: as many as there must be, or it is not known which. Abstained."""
    before = range(max(chooser.within.start, mention.index - 2), mention.index)
    places = [i for i in before if chooser.sentence.is_free(i)]
    numbers = [(i, n) for i in places if (n := chooser.number(i)) is not None]
    if len(numbers) != 1 or not things.conditions or things.single or things.count is not None:
        return things
    (index, number), found = numbers[0], sum(admits(things, row) for row in rows)
    if found != number:
        raise Abstained(f"there are {found} of what the task says are {number}")
    chooser.sentence.take((index,))
    return things


def searching(toolset: Toolset) -> Tool | None:
    """The NAVIGATE tool that searches by words."""
    for tool in toolset.tools:
        required = [p for p in tool.params if p.required]
        if tool.effect is Effect.NAVIGATE and len(required) == 1 and required[0].name == "query":
            return tool
    return None


def search_words(sentence: Sentence, within: range) -> list[int]:
    """The words to search for: a quote, or the only words in a row that say something."""
    free = [
        i
        for i in sentence.free(within)
        if sentence.pieces[i].plain not in FILLERS | ALL
        and sentence.pieces[i].plain not in NUMBERS
        and sentence.pieces[i].stem not in LEADING
        and sentence.pieces[i].kind in ("word", "quote")
    ]
    quotes = [i for i in free if sentence.pieces[i].kind == "quote"]
    if quotes:
        return quotes if len(quotes) == 1 else []
    together = bool(free) and free == list(range(free[0], free[-1] + 1))
    return free if together else []


def called_so(rows: Sequence[Any], key: str | None, said: str, *, ranked: bool) -> Condition | None:
    """The one thing of exactly that name; for the best, all whose name has the words."""
    names = [str(row if key is None else row[key]) for row in rows]
    exact = [n for n in names if n.casefold() == said.casefold()]
    if len(exact) == 1:
        return Condition(key, "==", (exact[0],))
    if ranked and any(said.casefold() in n.casefold() for n in names):
        return Condition(key, "has", (said.casefold(),))
    return None


def _with_visible(chooser: Chooser, things: Things) -> Things:
    """«that are visible»: a parameter of the reader that is true or false."""
    for param in things.reader.params:
        word = stem(name_words(param.name)[0])
        if param.type != Scalar("bool") or len(name_words(param.name)) < 2:
            continue
        for index in chooser.sentence.free(chooser.within):
            if chooser.sentence.pieces[index].stem == word:
                chooser.sentence.take((index,))
                return replace(things, arguments=((param.name, True),))
    return things


def obtainable(things: Things, listing: Listing, tool: Tool) -> Things:
    """What cannot be had is not ordered, and what cannot be cancelled is not cancelled."""
    verb = name_words(tool.name)[0]
    wanted = [
        f.name
        for f in listing.fields
        if f.type == Scalar("bool") and (f.name in AVAILABLE or f.name == f"can_{verb}")
    ]
    if things.count is not None or (things.single and things.ranking is None):
        return things
    more = tuple(Condition(name, "==", (True,)) for name in wanted)
    return replace(things, conditions=(*things.conditions, *more))


def dated(sentence: Sentence, within: range, listing: Listing) -> Things:
    """«on March 5, 2023», for a reader that takes a day; else all that is listed."""
    things = listing.things()
    for param in listing.reader.params:
        if "date" not in name_words(param.name):
            continue
        for index in sentence.free(within):
            found = read_date(sentence, index)
            if found is not None:
                sentence.take(found[0])
                return replace(things, arguments=((param.name, found[1]),))
    return things
