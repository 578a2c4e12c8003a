"""Words of a task and of a toolset: tokens with their places, and crude English stems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

#: Words, numbers, and every sign that may change what is meant (a minus, a currency, a slash); what
#: only divides a sentence is no token.
_TOKEN: Final = re.compile(
    r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’&][^\W\d_]+)*|(?<!\w)-(?=\d)|[^\w\s.,;:!?'’\"()\[\]“”«»…—–-]"
)
_CAMEL: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        """Lower case, without apostrophes: `McDonald's` is mcdonalds."""
        return _plain(self.text)

    @property
    def base(self) -> str:
        """Lower case, without a genitive s: `Bell's` is bell."""
        return re.sub(r"['’]s$", "", self.text.casefold())

    @property
    def stem(self) -> str:
        """The stem of the base."""
        return stem(self.base)


@lru_cache(maxsize=4_096)
def _plain(word: str) -> str:
    return word.casefold().replace("'", "").replace("’", "")


def tokenize(text: str) -> tuple[Token, ...]:
    """The words and numbers of a text, in order."""
    return tuple(Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text))


def plain_words(text: str) -> tuple[str, ...]:
    """The plain forms of a text's words, `&` left out."""
    return tuple(t.plain for t in tokenize(text) if t.text != "&")


def name_words(name: str) -> tuple[str, ...]:
    """The words of an identifier, lower case: `list_menu_items`, `MenuItem`."""
    return tuple(w.lower() for part in name.split("_") for w in _CAMEL.findall(part))


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """A crude stem: plural and verb endings cut. Two forms of one word mostly share it."""
    if len(word) <= 3:
        return word
    if word in ("rating", "ratings"):
        # A noun of its own: a daily rate is a price, a rating is not.
        return "rating"
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + replacement
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "aeiouls":
                word = word[:-1]
            break
    # order/ordered, purchase/purchas(ed), reserve/reserv(ing): a silent e says nothing.
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def singular(word: str) -> str:
    """The word in the singular, as far as its ending tells."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
