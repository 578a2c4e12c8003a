"""Which of a list are meant: how many, in which order, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from agentjit.planner.goals.dates import MONTHS
from agentjit.planner.goals.goal import Condition, Ranking, Step, Things
from agentjit.planner.goals.listings import Listing, best_number, field_stems
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import ALL, BY, COMPARISONS, FILLERS, LATEST, ORDINALS
from agentjit.planner.lexicon import (
    GENERIC_LARGEST,
    GENERIC_NOUNS,
    GENERIC_SMALLEST,
    NUMBERS,
    PRICE_FIELDS,
    SUPERLATIVES,
)
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Choice, Field, Scalar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Values of a parameter by which a list has the latest first.
_NEW: Final = ("new", "newest", "latest")
#: Words of tools that go somewhere, which do not say where to.
_GOING: Final = frozenset("goto go to open tab page list".split())
_IN: Final = frozenset("in on from at of".split())
#: A text longer than this describes a thing; it is no name.
_SHORT: Final = 60


@dataclass(slots=True)
class Chooser:
    """Reads how the words of a range choose among what is listed."""

    toolset: Toolset
    sentence: Sentence
    within: range
    #: Whether «all», «every» or «each» was said.
    all_said: bool = False

    def _spans(self, phrases: Iterable[str]) -> range | None:
        return next((s for p in phrases if (s := self.sentence.find(p, self.within))), None)

    # -- how many, which first --------------------------------------------------------------------

    def quantity(self, things: Things, listing: Listing, noun: int) -> Things:
        """«the first two», «three newest», «the latest», «all», «each of»."""
        things = self._latest(things, listing, noun)
        if things.single or things.count is not None:
            return things
        for index in self.sentence.free(self.within):
            plain = self.sentence.pieces[index].plain
            if plain not in ("first", "top") or index > noun + 1:
                continue
            number = self.number(index + 1)
            self.sentence.take((index, index + 1) if number else (index,))
            ranking = self.by_number(listing) if plain == "top" else None
            if ranking is not None:
                return replace(things, ranking=ranking, count=number, single=number is None)
            if plain == "top" and number is None:
                return self._sorted(things, "top", single=True)
            if number is None:
                return replace(things, single=True)
            before = [p.plain for p in self.sentence.pieces[max(0, index - 2) : index]]
            return replace(things, count=number, early=before in (["of", "the"], ["many", "of"]))
        if self._take_all():
            return things
        return things

    def _take_all(self) -> bool:
        found = [
            i
            for i in self.sentence.free(self.within)
            if self.sentence.pieces[i].plain in ALL - {"any"}
        ]
        self.sentence.take(found)
        self.all_said = self.all_said or bool(found)
        return bool(found)

    def number(self, index: int) -> int | None:
        """The number that stands at a place, where it is free."""
        if not self.sentence.is_free(index):
            return None
        piece = self.sentence.pieces[index]
        if piece.kind == "number" and piece.text.isdigit():
            return int(piece.text)
        return NUMBERS.get(piece.plain)

    def _latest(self, things: Things, listing: Listing, noun: int) -> Things:
        span = self._spans(LATEST)
        if span is None or span.start > noun + 2:
            return things
        number, used = self.number(span.stop), range(span.start, span.stop + 1)
        if number is None:
            number, used = self.number(span.start - 1), range(span.start - 1, span.stop)
        self.sentence.take(span if number is None else used)
        many = None if number is None or number == 1 else number
        single = many is None and self.sentence.pieces[noun].plain == self._singular(noun)
        if number is None and not single:
            # «the latest emails» may be any number of them.
            self.sentence.release(span)
            return things
        sized = replace(things, count=many, single=single)
        if listing.newest_first:
            return sized
        by_new = next((self._sorted(sized, v, single=single) for v in _NEW if self._order(v)), None)
        if by_new is not None:
            return by_new
        if listing.when is None:
            # Nothing tells which came last: it is not said to be the first that is listed.
            self.sentence.release(range(used.start, used.stop))
            return things
        return replace(sized, ranking=Ranking(listing.when.name, largest=True))

    def _singular(self, noun: int) -> str:
        plain = self.sentence.pieces[noun].plain
        return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain

    def _order(self, value: str) -> tuple[Tool, str] | None:
        """A NAVIGATE tool with nothing but choices, one of which is this value."""
        for tool in self.toolset.tools:
            if tool.effect is not Effect.NAVIGATE:
                continue
            for param in tool.params:
                choices = param.type.values if isinstance(param.type, Choice) else ()
                if value in choices and all(p is param or not p.required for p in tool.params):
                    return tool, param.name
        return None

    def _sorted(self, things: Things, value: str, *, single: bool) -> Things:
        found = self._order(value)
        if found is None:
            return replace(things, single=single)
        tool, name = found
        step = Step(tool, ((name, value),))
        return replace(things, after=(*things.after, step), single=single)

    # -- the best ---------------------------------------------------------------------------------

    def superlative(self, listing: Listing) -> Ranking | None:
        """«the cheapest», «the highest rated», «with the most subscribers»."""
        for phrase in sorted(SUPERLATIVES, key=lambda p: -len(p.split())):
            span = self.sentence.find(phrase, self.within)
            if span is None:
                continue
            meant = SUPERLATIVES[phrase]
            field = best_number(listing.numbers, meant.fields)
            if field is not None:
                self.sentence.take(span)
                return Ranking(field.name, meant.largest)
        return self._generic(listing)

    def _generic(self, listing: Listing) -> Ranking | None:
        for index in self.sentence.free(self.within):
            plain = self.sentence.pieces[index].plain
            if plain not in GENERIC_LARGEST | GENERIC_SMALLEST:
                continue
            for size in (2, 1):
                span = range(index + 1, index + 1 + size)
                if not all(self.sentence.is_free(i) for i in span):
                    continue
                said = frozenset(self.sentence.pieces[i].stem for i in span)
                field = next((f for f in listing.numbers if field_stems(f) == said), None)
                if field is not None:
                    self.sentence.take((index, *span))
                    return Ranking(field.name, plain in GENERIC_LARGEST)
        return None

    # -- conditions -------------------------------------------------------------------------------

    def comparisons(self, listing: Listing) -> list[Condition]:
        """«under $30», «fewer than 20 reviews», «rated over 4.5»."""
        found = []
        for phrase, operator in COMPARISONS:
            for span in list(self.sentence.find_all(phrase, self.within)):
                condition = self._compared(listing, span, operator)
                if condition is not None:
                    found.append(condition)
        return found

    def _compared(self, listing: Listing, span: range, operator: str) -> Condition | None:
        place = span.stop
        if not self.sentence.is_free(place):
            return None
        piece = self.sentence.pieces[place]
        if piece.kind not in ("money", "number"):
            return None
        amount = piece.amount
        value = int(amount) if amount.is_integer() else amount
        if piece.kind == "money":
            field = best_number(listing.numbers, PRICE_FIELDS)
            used = [*span, place]
        else:
            near = [i for i in (place + 1, span.start - 1) if self.sentence.is_free(i)]
            named = [(i, f) for i in near for f in listing.numbers if self._says(i, f)]
            if not named:
                return None
            used, field = [*span, place, named[0][0]], named[0][1]
        if field is None:
            return None
        self.sentence.take(used)
        return Condition(field.name, operator, (value,))

    def _says(self, index: int, field: Field) -> bool:
        said = self.sentence.pieces[index].stem
        return said in field_stems(field) or (said == stem("rated") and "rating" in field.name)

    def flags(self, listing: Listing) -> list[Condition]:
        """«unread», «starred», «that offer delivery»: fields that are true or false."""
        found = []
        for field in listing.fields:
            if field.type != Scalar("bool"):
                continue
            words = field_stems(field)
            places = [
                i
                for i in self.sentence.free(self.within)
                if self.sentence.pieces[i].stem in words and i
            ]
            # A word that is said twice («the star from every starred …») says more than the flag.
            said = [self.sentence.pieces[i].stem for i in places]
            if len(said) == len(words) and set(said) == words:
                self.sentence.take(places)
                found.append(Condition(field.name, "==", (True,)))
        return found

    def months(self, listing: Listing) -> list[Condition]:
        """«the July orders»: of a date that is told as an ISO date."""
        when = listing.when
        for index in self.sentence.free(self.within):
            number = MONTHS.get(self.sentence.pieces[index].plain)
            if number is not None and when is not None and number:
                self.sentence.take((index,))
                return [Condition(when.name, "has", (f"-{number:02}-",))]
        return []

    def values(
        self, listing: Listing, rows: Sequence[Any], skip: Callable[[int], bool]
    ) -> list[Condition]:
        """«from Alerts and Newsletter», «cancelled», «"Meeting notes"»: what texts of them say."""
        found: list[Condition] = []
        for field in _by_name_first(listing):
            held = _texts(rows, field)
            if not held or (field is not None and any(len(t) > _SHORT * 2 for t in held)):
                continue
            said = self._said_among(held, skip)
            if said:
                name = None if field is None else field.name
                found.append(Condition(name, "==", tuple(said)))
        return found

    def _said_among(self, held: Sequence[str], skip: Callable[[int], bool]) -> list[str]:
        """The texts, of those that are listed, that the words say in full, in the task's order."""
        said: list[tuple[int, str]] = []
        for text in sorted(dict.fromkeys(held), key=lambda t: (-len(t), t)):
            span = self.sentence.find_name(text, self.within, lambda s: not any(skip(i) for i in s))
            if span is not None and span:
                self.sentence.take(span)
                self._take_around(span)
                said.append((span.start, text))
        return [text for _, text in sorted(said)]

    def _take_around(self, span: range) -> None:
        """The words before a text that say what it is to them: «created by», «and»."""
        for phrase in (*BY, "and", "the"):
            words = phrase.split()
            before = range(span.start - len(words), span.start)
            if before.start >= self.within.start and all(
                self.sentence.pieces[i].plain == w for i, w in zip(before, words, strict=True)
            ):
                self.sentence.take(before)
                return

    def parts(
        self,
        listing: Listing,
        rows: Sequence[Any],
        places: Iterable[int],
        *,
        anywhere: bool = False,
    ) -> list[Condition]:
        """Words that are in the name of some, but not the whole of it: «the cheapest taco».

        `anywhere` looks at their other texts, too: «by kilian».
        """
        found: list[Condition] = []
        named = _is_name(listing.key) or listing.record is None
        fields = [f for f in _by_name_first(listing) if named or anywhere]
        if not anywhere:
            fields = fields[:1]
        for index in places:
            piece = self.sentence.pieces[index]
            if not self.sentence.is_free(index) or _says_nothing(piece.plain, piece.stem):
                continue
            condition = self._part(piece.plain, fields, rows)
            if condition is not None:
                self.sentence.take((index,))
                self._take_around(range(index, index + 1))
                found.append(condition)
        return found

    @staticmethod
    def _part(plain: str, fields: Sequence[Field | None], rows: Sequence[Any]) -> Condition | None:
        for field in fields:
            held = _texts(rows, field)
            for word in dict.fromkeys((plain, plain.removesuffix("s"))):
                if any(_has_word(text, word) for text in held):
                    return Condition(None if field is None else field.name, "has", (word,))
        return None

    # -- where ------------------------------------------------------------------------------------

    def places(self, listing: Listing) -> tuple[Step, ...]:
        """«in the inbox», «not yet shipped»: what the site has a page of its own for."""
        found = []
        for tool in self.toolset.tools:
            if tool.effect is not Effect.NAVIGATE or any(p.required for p in tool.params):
                continue
            words = [w for w in name_words(tool.name) if w not in _GOING]
            words = [w for w in words if not listing.means(stem(w))]
            span = self._place(words)
            if span is not None:
                self.sentence.take(span)
                found.append(Step(tool))
        return tuple(found)

    def _place(self, words: Sequence[str]) -> range | None:
        if not words:
            return None
        span = self.sentence.find(" ".join(words), self.within)
        if span is None and len(words) == 1:
            span = self.sentence.find(f"{words[0]}page", self.within)
        if span is None or len(words) > 1:
            return span
        before = ["", *(p.plain for p in self.sentence.pieces[max(0, span.start - 2) : span.start])]
        led = before[-1] in _IN or (before[-1] in ("the", "my") and before[-2] in _IN)
        page = self.sentence.find("page", range(span.stop, min(span.stop + 1, self.within.stop)))
        return (range(span.start, page.stop) if page else span) if led else None

    def by_number(self, listing: Listing) -> Ranking | None:
        """«by commit count»: what the top ones are the top of."""
        pieces = self.sentence.pieces
        for index in self.sentence.free(self.within):
            if pieces[index].plain != "by":
                continue
            for field in listing.numbers:
                words = field_stems(field)
                stop = index + 1
                while self.sentence.is_free(stop) and (
                    pieces[stop].stem in words | {"number", "count", "of"}
                ):
                    stop += 1
                if words <= {pieces[i].stem for i in range(index + 1, stop)}:
                    self.sentence.take(range(index, stop))
                    return Ranking(field.name, largest=True)
        return None


def _is_name(key: str | None) -> bool:
    return key is not None and not re.search(r"(^|_)(id|url|number|digits)$", key)


def _by_name_first(listing: Listing) -> list[Field | None]:
    if listing.record is None:
        return [None]
    return [*sorted(listing.texts, key=lambda f: f.name != listing.key)]


def _texts(rows: Sequence[Any], field: Field | None) -> list[str]:
    held = [row if field is None else row.get(field.name) for row in rows]
    return [text for text in held if isinstance(text, str) and text]


def _says_nothing(plain: str, stemmed: str) -> bool:
    numbers = plain in NUMBERS or plain in ORDINALS
    return plain in FILLERS or plain in ALL or stemmed in GENERIC_NOUNS or numbers


def _has_word(text: str, word: str) -> bool:
    words = re.findall(r"[^\W_]+", str(text).casefold().replace("'", "").replace("’", ""))
    return any(w in (word, f"{word}s", f"{word}es") for w in words)
