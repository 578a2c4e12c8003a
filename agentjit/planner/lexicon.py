"""The small English lexicon of the symbolic planner. It knows no site.

Words that can change what is wanted (not, without, if, unless, or, under, except, …) are left out
on purpose: a word that nothing accounts for makes the planner abstain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agentjit.planner.words import stem


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in text.split())


@dataclass(frozen=True, slots=True)
class Ranking:
    """A superlative: what it ranks by (field words, best first), and which end it means."""

    fields: tuple[str, ...]
    largest: bool


_PRICE: Final = tuple(
    stem(w) for w in ("price", "cost", "rate", "fare", "fee", "charge", "amount", "total")
)
_RATING: Final = tuple(stem(w) for w in ("rating", "stars", "score", "grade"))
_TIME: Final = tuple(stem(w) for w in ("minutes", "time", "duration", "eta", "hours", "wait"))
_DISTANCE: Final = tuple(stem(w) for w in ("distance", "km", "miles"))
_WEIGHT: Final = tuple(stem(w) for w in ("weight", "mass", "kg"))
_SIZE: Final = tuple(stem(w) for w in ("size", "area", "volume", "length", "capacity"))
_REVIEWS: Final = tuple(stem(w) for w in ("review", "reviews"))

#: Phrases, longest first when matched; each is words as a person writes them.
SUPERLATIVES: Final[dict[str, Ranking]] = {
    **{
        phrase: Ranking(_PRICE, largest=False)
        for phrase in (
            "cheapest", "least expensive", "lowest priced", "lowest price", "lowest cost",
            "least costly", "most affordable", "most inexpensive", "costs the least",
            "cost the least", "costs least", "lowest in price", "smallest price", "least pricey",
            "cheapest priced", "with the lowest price", "with the smallest price",
        )
    },
    **{
        phrase: Ranking(_PRICE, largest=True)
        for phrase in (
            "most expensive", "priciest", "dearest", "costliest", "most costly", "highest priced",
            "highest price", "highest cost", "costs the most", "cost the most", "costs most",
            "most pricey", "with the highest price",
        )
    },
    **{
        phrase: Ranking(_RATING, largest=True)
        for phrase in (
            "highest rated", "best rated", "top rated", "highest rating", "best rating",
            "highest ranked", "with the highest rating", "with the best rating", "best reviewed",
            "most highly rated", "rated highest", "rated best", "rated the highest",
        )
    },
    **{
        phrase: Ranking(_RATING, largest=False)
        for phrase in (
            "lowest rated", "worst rated", "lowest rating", "worst rating", "rated lowest",
            "with the lowest rating", "with the worst rating", "rated worst",
        )
    },
    **{
        phrase: Ranking(_TIME, largest=False)
        for phrase in ("fastest", "quickest", "soonest", "shortest time", "shortest")
    },
    **{phrase: Ranking(_TIME, largest=True) for phrase in ("slowest", "longest time", "longest")},
    **{phrase: Ranking(_DISTANCE, largest=False) for phrase in ("nearest", "closest")},
    **{phrase: Ranking(_DISTANCE, largest=True) for phrase in ("farthest", "furthest")},
    "heaviest": Ranking(_WEIGHT, largest=True),
    "lightest": Ranking(_WEIGHT, largest=False),
    **{phrase: Ranking(_SIZE, largest=True) for phrase in ("largest", "biggest")},
    "smallest": Ranking(_SIZE, largest=False),
    "most reviewed": Ranking(_REVIEWS, largest=True),
    "least reviewed": Ranking(_REVIEWS, largest=False),
}  # fmt: skip

#: Words that rank by whatever field is named after them: "highest daily rate", "most reviews".
GENERIC_LARGEST: Final = frozenset(("highest", "most", "greatest", "maximum", "largest", "biggest"))
GENERIC_SMALLEST: Final = frozenset(
    ("lowest", "least", "fewest", "minimum", "smallest", "shortest")
)

#: Verbs that mean the same to people. The first group that holds a tool's own verb extends it.
SYNONYMS: Final = (
    _stems("order buy purchase"),
    _stems("book reserve hire rent"),
    _stems("send mail email"),
    _stems("delete remove trash"),
    _stems("cancel"),
    _stems("add put"),
    _stems("post publish submit"),
)

#: Verbs that say nothing by themselves; they may stand beside an explicit one.
LIGHT_VERBS: Final = _stems(
    """place make do go get give have put take need want wish hit grab fetch let proceed find look
    check"""
)

#: Verbs that end something; what is ended says what is done: `confirm_booking`, `submit_form`.
COMPLETING: Final = _stems("confirm submit complete finish finalize perform create")

#: Units in field names, which nobody says: `distance_km`.
UNITS: Final = frozenset("km kg kw m cm mi lb lbs usd eur gbp cents pct percent s sec h".split())

#: Words of politeness and grammar that leave a request as it is. Words that could make two things
#: of one, or a statement of a request (and, with, have, should, was), are left out.
FILLERS: Final = frozenset(
    """a an the of at from in on to for me us please pls kindly i id you would could can will like
    want need just hey hi hello thanks thank that their its it them go ahead now ok okay yo one's s
    whatever which is""".split()
)

#: What follows a name and only says that the thing is there: «whatever Popeyes has».
HAVING: Final = frozenset("has sells offers serves".split())

#: Words that begin a clause about where to look: «go to the store …», «find the depot …».
GOING: Final = frozenset("go find visit open".split())

#: Phrases that only say that the whole list is meant, before or after a superlative.
WHOLE_LIST: Final = (
    "that they have", "that they sell", "they have", "they sell", "they serve", "they offer",
    "it has", "that it has", "that is there",
    "out of everything", "of everything", "out of all", "of all", "of them all", "there is",
    "that there is", "on offer", "in stock",
)  # fmt: skip

#: Nouns that stand for whatever the task is about.
GENERIC_NOUNS: Final = _stems("thing item product option something article choice")

NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple": 2, "dozen": 12,
}  # fmt: skip

#: Parameter names that mean how many of a thing.
QUANTITY_WORDS: Final = _stems("quantity qty count number amount copies units pieces")

#: Fields that say whether a thing can be had.
AVAILABLE: Final = frozenset(("available", "in_stock", "instock", "orderable"))
UNAVAILABLE: Final = frozenset(("sold_out", "unavailable", "out_of_stock", "soldout"))

#: How questions begin, after words of politeness. A question never acts.
QUESTION_STARTS: Final = frozenset(
    """how what whats which who where when why is are does do did tell show list find look name
    count check see give wonder wondering know""".split()
)

#: Words that a question may hold beside its subject and its field.
QUESTION_FILLERS: Final = frozenset(
    """how much many what whats which who does do did tell show list find look know wonder
    wondering see give name out up got get number any all let check count cost costs charge charges
    price priced worth main there's different total altogether curious exactly set back
    here if before take takes deliver delivers delivery anything site website and as has having have
    am are be being been was were this these those there they we our your my mine im ill so well who
    whose what whats offered offers offer sold sells sell available currently listed up serves serve
    mind oh hmm right away love should like with by place shop spot one""".split()
)

#: Words that ask for a price («what would it set me back»).
PRICE_WORDS: Final = _stems("much cost costs charge price priced back")

#: Words before a verb that make it part of a question: «what can I order», «where to buy».
ABLE: Final = frozenset("can could may might to if before when".split())
ANYONE: Final = frozenset("i you we one".split())

PRICE_FIELDS: Final = _PRICE
