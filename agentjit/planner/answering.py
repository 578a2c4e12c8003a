"""Read a question: what is asked about which thing. A question never acts."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.planner.abstaining import Abstained
from agentjit.planner.domain import Kind
from agentjit.planner.goals.listings import field_stems
from agentjit.planner.lexicon import PRICE_FIELDS, PRICE_WORDS, QUESTION_FILLERS, Ranking
from agentjit.planner.narrowing import narrow
from agentjit.planner.ranking import Superlative, best_field
from agentjit.planner.reading import Reading
from agentjit.planner.request import AskBest, AskCount, AskField, AskList, Reference, Request
from agentjit.planner.words import stem
from agentjit.toolspecs.jsontypes import DictOf, Field, ListOf, Record, Scalar, is_numeric


async def read_question(reading: Reading) -> Request:
    """What is asked. Raises Abstained."""
    reading.take_possible_actions()
    counting = reading.text.find(("how", "many")) is not None
    superlatives = reading.superlatives()
    named = [n.reference for n in reading.named]
    if len({id(r.kind) for r in named}) < len(named):
        names = " and ".join(repr(r.name) for r in named)
        raise Abstained(f"the question is about {names}", "ask about one at a time")
    if superlatives:
        request = await _best(reading, named, superlatives)
    elif counting:
        request = await _count(reading, named)
    else:
        request = await _field_or_list(reading, named)
    _close(reading, request)
    return request


async def _best(
    reading: Reading, named: list[Reference], superlatives: list[Superlative]
) -> Request:
    if len(superlatives) > 1:
        raise Abstained("the question has more than one superlative", "ask about one at a time")
    superlative = superlatives[0]
    kind = superlative.noun or _subject_kind(reading, named, superlative)
    within = [r for r in named if r.kind is not kind]
    if len(within) < len(named):
        raise Abstained("the question names one and asks for the best as well")
    reading.take_nouns_of([kind, *(r.kind for r in within)])
    reading.take_fillers(QUESTION_FILLERS)
    subject = await reading.pick(kind, superlative, within)
    return AskBest(subject.reference, tuple(within))


def _subject_kind(reading: Reading, named: Sequence[Reference], superlative: Superlative) -> Kind:
    """The kind that a superlative without a noun is about."""
    kinds = [k for k, _ in superlative.fields if k not in [r.kind for r in named]]
    mentioned = [k for k in reading.nouns(reading.domain.kinds) if k in kinds]
    # «at Millbrook» speaks of what is listed there, not of what is listed everywhere.
    near = [k for k in kinds if reading.catalogue.readable_at_start(k) is not bool(named)]
    found = mentioned or near or kinds
    if len(found) != 1:
        words = reading.text.words(superlative.words)
        options = " or ".join(k.record.name for k in found) or "nothing that is listed"
        raise Abstained(f"«{words}» may be about {options}", "name the kind of thing")
    return found[0]


async def _count(reading: Reading, named: list[Reference]) -> Request:
    for reference in named:
        field = _field_named(reading, reference.kind, counting=True)
        if field is not None:
            others = tuple(r for r in named if r is not reference)
            return AskField(reference, field, others)
    inside = [r.kind for r in named]
    nouns = [k for k in reading.nouns(reading.domain.kinds) if k not in inside]
    reading.take_nouns_of(inside)
    # «how many … offer delivery» counts those of which that is true.
    flags = {
        w for k in nouns for f in k.record.fields if f.type == Scalar("bool") for w in _own(k, f)
    }
    reading.take_fillers(QUESTION_FILLERS, keep=frozenset(flags))
    reading.take_generic_nouns()
    if named and any(_told_elsewhere(reading, kind) for kind in nouns):
        raise Abstained("the page of what is named tells that number itself")
    found = []
    for kind in nouns or [k for k in reading.domain.kinds if k not in inside and named]:
        try:
            filters = await narrow(reading.text, kind, reading.catalogue, named)
        except Abstained:
            continue
        if filters or nouns:
            found.append(AskCount(kind, filters, tuple(named)))
    if len(found) != 1:
        raise Abstained("cannot tell what is to be counted", "ask «how many <things> …»")
    return found[0]


def _told_elsewhere(reading: Reading, kind: Kind) -> bool:
    """Whether a tool tells how many there are: a list may be one page of many."""
    for tool in reading.domain.toolset.tools:
        fields = tool.returns.fields if isinstance(tool.returns, Record) else ()
        for field in fields:
            if is_numeric(field.type) and field_stems(field) <= kind.nouns:
                return True
    return False


def _own(kind: Kind, field: Field) -> frozenset[str]:
    """The words of a field of which the text has all."""
    return kind.field_words(field)


async def _field_or_list(reading: Reading, named: list[Reference]) -> Request:
    for reference in named:
        field = _field_named(reading, reference.kind)
        if field is not None:
            return AskField(reference, field, tuple(r for r in named if r is not reference))
    inside = [r.kind for r in named]
    asked = _fields_asked(reading, [k for k in reading.domain.kinds if k not in inside])
    if asked:
        kind, field = await _kind_naming(reading, asked, named)
        reading.take_nouns_of(inside)
        subject = await reading.pick(kind, None, named)
        return AskField(subject.reference, field, tuple(named))
    nouns = [k for k in reading.nouns(reading.domain.kinds) if k not in inside]
    if len(nouns) != 1:
        raise Abstained("cannot tell what is asked", "ask for one thing's price, rating, …")
    return AskList(nouns[0], tuple(named))


def _fields_asked(reading: Reading, kinds: Sequence[Kind]) -> list[tuple[Kind, Field]]:
    """The fields that the question's words name, or those that hold a price if it asks for one."""
    before = reading.text.free()
    found = [(k, f) for k in kinds if (f := _field_named(reading, k, take=False)) is not None]
    if found:
        words = {w for k, f in found for w in k.field_words(f)}
        reading.text.take(i for i in before if reading.text.tokens[i].stem in words)
        return found
    if not any(reading.text.tokens[i].stem in PRICE_WORDS for i in before):
        return []
    ranking = Ranking(PRICE_FIELDS, largest=False)
    return [(k, f) for k in kinds if (f := best_field(k, ranking)) is not None]


async def _kind_naming(
    reading: Reading, asked: list[tuple[Kind, Field]], named: list[Reference]
) -> tuple[Kind, Field]:
    """The kind, of those that have the field, that holds a thing which the question names."""
    failure: Abstained | None = None
    readable = []
    for kind, field in asked:
        try:
            rows = await reading.catalogue.rows(kind, named)
        except Abstained as error:
            failure = failure or error
            continue
        readable.append((kind, field))
        if any(reading.text.find_name(str(r[kind.key.name])) for r in rows):
            return kind, field
    if len(readable) == 1:
        # `pick` will say what there is instead.
        return readable[0]
    raise failure or Abstained("nothing that is listed there is named in the question")


def _field_named(
    reading: Reading, kind: Kind, *, counting: bool = False, take: bool = True
) -> Field | None:
    """The field of a kind that the question's words name in full; the words are taken."""
    uncounted = {stem("count"), stem("number")} if counting else set()
    plain = [f for f in kind.record.fields if not isinstance(f.type, ListOf | Record | DictOf)]
    for field in kind.numeric_fields if counting else plain:
        words = kind.field_words(field) - uncounted
        places = [i for i in reading.text.free() if reading.text.tokens[i].stem in words]
        said = {reading.text.tokens[i].stem for i in places}
        together = bool(places) and places[-1] - places[0] < len(words) + 1
        if field is not kind.key and said == words and together:
            if take:
                reading.text.take(places)
            return field
    return None


def _close(reading: Reading, request: Request) -> None:
    match request:
        case (
            AskField(subject=subject, references=within)
            | AskBest(subject=subject, references=within)
        ):
            kinds = [subject.kind, *(r.kind for r in within)]
        case AskCount(kind=kind, references=within) | AskList(kind=kind, references=within):
            kinds = [kind, *(r.kind for r in within)]
        case _:
            raise AssertionError(request)
    reading.take_nouns_of(kinds)
    reading.take_fillers(QUESTION_FILLERS)
    reading.take_generic_nouns()
    reading.finish()
