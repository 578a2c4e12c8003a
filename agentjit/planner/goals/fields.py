"""Which fields of a thing a question asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from agentjit.planner.goals.listings import Listing, best_number, field_stems
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.lexicon import PRICE_FIELDS
from agentjit.planner.words import stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import DictOf, Field, ListOf, Record, is_numeric
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Words that ask for a price.
_PRICE = frozenset(stem(w) for w in "cost costs price prices much".split())
#: Whom «who» asks for.
_WHO = ("sender", "author", "reviewer", "username", "name")
#: What they are asked to have done.
_DOES: Final[Mapping[str, frozenset[str]]] = {
    "sender": frozenset("sent wrote mailed emailed".split()),
    "author": frozenset("wrote posted made created opened submitted started filed".split()),
    "reviewer": frozenset("wrote left".split()),
}


def take_fields(
    sentence: Sentence, within: range, fields: Sequence[Field], *, take: bool = True
) -> tuple[str, ...]:
    """The fields that the words name in full, in the order of the record."""
    found, places = [], []
    free = sentence.free(within)
    stems = {sentence.pieces[i].stem for i in free}
    for field in fields:
        words = field_stems(field)
        if isinstance(field.type, ListOf | Record | DictOf) or not words:
            continue
        if words <= stems and field.name not in ("id", "name"):
            found.append(field.name)
            places += [i for i in free if sentence.pieces[i].stem in words]
    if not found and stems & _PRICE:
        price = best_number([f for f in fields if is_numeric(f.type)], PRICE_FIELDS)
        if price is not None and stems & {stem("cost"), stem("price"), stem("much")}:
            found = [price.name]
            places = [i for i in free if sentence.pieces[i].stem in _PRICE]
    if take:
        sentence.take(places)
    return tuple(found)


def who_of(sentence: Sentence, within: range, listing: Listing) -> tuple[str, ...]:
    """The field that tells who, where the question asks that; what they did is said with it."""
    asked = sentence.find("who", within)
    if asked is None:
        return ()
    names = [f.name for f in listing.fields]
    found = tuple(n for n in _WHO if n in names)[:1]
    does = _DOES.get(found[0], frozenset()) if found else frozenset()
    if sentence.is_free(asked.stop) and sentence.pieces[asked.stop].plain in does:
        sentence.take((asked.stop,))
    return found


def find_detail(
    toolset: Toolset,
    sentence: Sentence,
    within: range,
    listing: Listing,
    *,
    counted: bool = False,
) -> tuple[Tool, tuple[str, ...]] | None:
    """A READ tool on the page of an opened thing that has the fields which are asked for; only
    those with numbers where something is counted.
    """
    pages = {str(c) for tool in listing.openers() for c in tool.ensures}
    for tool in toolset.tools:
        if tool.effect is not Effect.READ or not isinstance(tool.returns, Record):
            continue
        there = [c for c in tool.requires if str(c) in pages]
        if there and not any(p.required for p in tool.params):
            told = [f for f in tool.returns.fields if is_numeric(f.type) or not counted]
            fields = take_fields(sentence, within, told)
            if fields:
                return tool, fields
    return None


def called(listing: Listing) -> str:
    """The field by which people call a thing."""
    names = [f.name for f in listing.fields]
    return next((n for n in ("name", "title", "subject") if n in names), str(listing.key))
