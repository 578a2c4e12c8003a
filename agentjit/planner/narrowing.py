"""Words that narrow a list: «the cheapest taco», «restaurants that offer delivery»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from agentjit.planner.catalogue import Catalogue
from agentjit.planner.domain import Kind
from agentjit.planner.lexicon import FILLERS, GENERIC_NOUNS, LIGHT_VERBS, NUMBERS
from agentjit.planner.request import Filter, Reference
from agentjit.planner.tasktext import TaskText
from agentjit.planner.words import singular, stem
from agentjit.toolspecs.jsontypes import Scalar

#: A text longer than this describes a thing, it does not say what sort of thing it is.
_SHORT: Final = 40


async def narrow(
    text: TaskText,
    kind: Kind,
    catalogue: Catalogue,
    within: Sequence[Reference],
    *,
    only: Sequence[int] | None = None,
) -> tuple[Filter, ...]:
    """Filters for words that nothing else accounts for and that some records' own words hold."""
    words = [i for i in text.free() if _may_narrow(text, i, kind)]
    words = words if only is None else [i for i in words if i in only]
    if not words:
        return ()
    rows = await catalogue.rows(kind, within)
    found: list[Filter] = []
    for index in words:
        fitting = _filter_for(text.tokens[index].base, kind, rows, found)
        if fitting is not None:
            text.take((index,))
            found.append(fitting)
    return tuple(found)


def _may_narrow(text: TaskText, index: int, kind: Kind) -> bool:
    token = text.tokens[index]
    return not (
        token.plain in FILLERS
        or token.plain in NUMBERS
        or token.plain.isdigit()
        or token.stem in LIGHT_VERBS
        or token.stem in GENERIC_NOUNS
        or token.stem in kind.nouns
    )


def _filter_for(
    word: str, kind: Kind, rows: list[dict[str, Any]], found: Sequence[Filter]
) -> Filter | None:
    admitted = [r for r in rows if all(f.admits(r) for f in found)]
    for field in kind.record.fields:
        if field.type == Scalar("bool") and stem(word) in kind.field_words(field):
            return Filter(field, None)
    texts = [f for f in kind.record.fields if f.type == Scalar("str")]
    # The name says best what a thing is; other short texts (its section, its sort) come after.
    for field in sorted(texts, key=lambda f: f is not kind.key):
        values = [str(r.get(field.name, "")) for r in admitted]
        sorts = field is kind.key or len(set(values)) < len(values)
        if not sorts or any(len(v) > _SHORT for v in values):
            continue
        for form in dict.fromkeys((word, singular(word))):
            fitting = Filter(field, form)
            meant = [_whole_word(form, v) for v in values]
            # Containing the text must be the same as having the word: «ham» is in «hamburger».
            if any(meant) and meant == [fitting.admits(r) for r in admitted]:
                return fitting
    return None


def _whole_word(word: str, value: str) -> bool:
    return any(w in (word, f"{word}s", f"{word}es") for w in value.casefold().split())
