"""Find the superlatives of a task and the numeric fields that they rank by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentjit.planner.domain import Kind
from agentjit.planner.lexicon import (
    GENERIC_LARGEST,
    GENERIC_SMALLEST,
    SUPERLATIVES,
    Ranking,
)
from agentjit.planner.tasktext import TaskText
from agentjit.toolspecs.jsontypes import Field

#: Tokens before a superlative in which the noun that it belongs to may stand.
_REACH = 4
#: Words after a superlative that may say what it ranks.
_PHRASE = 20

#: Words at which what a superlative speaks of ends: «the cheapest taco | from …».
_ENDS = frozenset(
    """of from at in on to for with and or that which they it there than by as is are was has have
    sells offers serves please""".split()
)


@dataclass(frozen=True, slots=True)
class Superlative:
    """A superlative in the task: what it ranks by, in which kinds, and the kind that it names."""

    words: range
    largest: bool
    #: The field in each kind that has one.
    fields: tuple[tuple[Kind, Field], ...]
    #: The kind whose noun follows, where one does.
    noun: Kind | None

    def field_of(self, kind: Kind) -> Field | None:
        """The field that it ranks by in this kind."""
        return next((f for k, f in self.fields if k is kind), None)


def find_superlatives(text: TaskText, kinds: Sequence[Kind]) -> list[Superlative]:
    """The task's superlatives, in order; their words are taken."""
    found = [*_fixed(text, kinds), *_generic(text, kinds)]
    return sorted(found, key=lambda s: s.words.start)


def _fixed(text: TaskText, kinds: Sequence[Kind]) -> list[Superlative]:
    found = []
    for phrase in sorted(SUPERLATIVES, key=lambda p: -len(p.split())):
        while (span := text.find(phrase.split())) is not None:
            text.take(span)
            ranking = SUPERLATIVES[phrase]
            fields = tuple((k, f) for k in kinds if (f := best_field(k, ranking)) is not None)
            ranked = [k for k, _ in fields]
            noun = _noun_after(text, span.stop, kinds) or _noun_before(text, span.start, ranked)
            found.append(Superlative(span, ranking.largest, fields, noun))
    return found


def best_field(kind: Kind, ranking: Ranking) -> Field | None:
    """The kind's numeric field that a superlative ranks by: the plainest of the best word."""
    for word in ranking.fields:
        fitting = [f for f in kind.numeric_fields if word in kind.field_words(f)]
        if fitting:
            return min(fitting, key=lambda f: len(kind.field_words(f)))
    return None


def _generic(text: TaskText, kinds: Sequence[Kind]) -> list[Superlative]:
    """«highest daily rate», «most reviews»: the field is named by the words that follow."""
    found = []
    for index in text.free():
        word = text.tokens[index].plain
        if word not in GENERIC_LARGEST | GENERIC_SMALLEST or not text.is_free(index):
            continue
        for size in (3, 2, 1):
            span = range(index + 1, min(index + 1 + size, len(text.tokens)))
            stems = frozenset(text.tokens[i].stem for i in span if text.is_free(i))
            fields = tuple(
                (k, f)
                for k in kinds
                for f in k.numeric_fields
                if len(stems) == size and _names(stems, k.field_words(f))
            )
            if fields and len({id(k) for k, _ in fields}) == len(fields):
                whole = range(_with(text, index), span.stop)
                text.take(whole)
                ranked = [k for k, _ in fields]
                noun = _noun_after(text, whole.stop, kinds)
                noun = noun or _noun_before(text, whole.start, ranked)
                found.append(Superlative(whole, word in GENERIC_LARGEST, fields, noun))
                break
    return found


def _with(text: TaskText, index: int) -> int:
    """Where «with the most reviews» begins; the superlative itself where nothing introduces it."""
    words = [t.plain for t in text.tokens[max(0, index - 2) : index]]
    return index - 2 if words == ["with", "the"] else index


def _names(said: frozenset[str], words: frozenset[str]) -> bool:
    """Whether what was said names a field: its words, or an adjective made of one (powerful)."""
    return all(s in words or any(len(w) > 3 and s.startswith(w) for w in words) for s in said)


def speaks_of(text: TaskText, start: int) -> range:
    """The words right after a superlative that say what it ranks: «beef taco», «item»."""
    stop = start
    while (
        stop < min(len(text.tokens), start + _PHRASE)
        and text.is_free(stop)
        and text.tokens[stop].plain not in _ENDS
        and not text.divided(stop)
    ):
        stop += 1
    return range(start, stop)


def _noun_after(text: TaskText, start: int, kinds: Sequence[Kind]) -> Kind | None:
    nouns = (noun_of(text, index, kinds) for index in speaks_of(text, start))
    return next((kind for kind in nouns if kind is not None), None)


def _noun_before(text: TaskText, start: int, kinds: Sequence[Kind]) -> Kind | None:
    for index in range(start - 1, max(-1, start - 1 - _REACH), -1):
        named = noun_of(text, index, kinds) if text.is_free(index) else None
        if named is not None:
            return named
    return None


def noun_of(text: TaskText, index: int, kinds: Sequence[Kind]) -> Kind | None:
    """The one kind that a word means; the stronger evidence decides."""
    stem = text.tokens[index].stem
    strong = [k for k in kinds if stem in k.nouns]
    if len(strong) == 1:
        return strong[0]
    weak = [k for k in kinds if stem in k.weak_nouns]
    return weak[0] if not strong and len(weak) == 1 else None
