"""The words of a question: which say nothing, and whether all are accounted for."""

from __future__ import annotations

from typing import Final

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.goal import Count, Part
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import ASKING, FILLERS, YES_OR_NO
from agentjit.planner.lexicon import GENERIC_NOUNS
from agentjit.planner.words import stem

#: Words that add nothing to what is asked for.
_EXTRA: Final = frozenset(
    stem(w) for w in "full title name names username which post listed".split()
)


def refuse_yes_or_no(sentence: Sentence, within: range) -> None:
    """«is it unread»: the thing itself would be no answer. Raises Abstained."""
    free = sentence.free(within)
    first = sentence.pieces[free[0]].plain if free else ""
    if first in YES_OR_NO:
        raise Abstained(f"«{first} …» asks for yes or no", "ask which, what or how many")


def says_nothing(sentence: Sentence, index: int) -> bool:
    """Whether a word of a question is no part of what is asked."""
    piece = sentence.pieces[index]
    return (
        piece.plain in ASKING | FILLERS
        or piece.stem in GENERIC_NOUNS
        or piece.kind not in ("word", "quote")
    )


def finish_question(part: Part, listings: Listings, sentence: Sentence, within: range) -> None:
    """All words must be accounted for. Raises Abstained."""
    levels = part.levels
    about = [listings.of(x.reader.name) for x in levels]
    for index in sentence.free(within):
        piece = sentence.pieces[index]
        noun = any(x is not None and x.means(piece.stem) for x in about)
        # «open issues»: the list has no others, as its text says.
        usual = any(f" {piece.plain} " in x.reader.doc for x in levels)
        before_noun = any(
            x is not None and index + 1 in within and x.means(sentence.pieces[index + 1].stem)
            for x in about
        )
        if (
            (usual and before_noun)
            or noun
            or piece.plain in ASKING | FILLERS
            or piece.stem in GENERIC_NOUNS
            or (piece.stem in _EXTRA and not isinstance(part, Count))
        ):
            sentence.take((index,))
    rest = sentence.free(within)
    if rest:
        words = ", ".join(f"«{sentence.pieces[i].text}»" for i in rest)
        raise Abstained(
            f"cannot account for {words}",
            "say it in plainer words, or set OPENAI_API_KEY to plan with a language model",
        )
