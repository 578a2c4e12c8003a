"""A task's text in tokens that keep what belongs together: quotes, addresses, paths, amounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agentjit.planner.words import stem

_PATTERNS: Final = {
    "quote": r"“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»",
    "address": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "date": r"\b\d{4}-\d{1,2}-\d{1,2}\b",
    "money": r"\$\s?\d+(?:\.\d+)?|\b\d+(?:\.\d+)?\s?(?:\$|dollars?\b|usd\b)",
    "path": r"\b[A-Za-z][\w.-]*/[\w.-]*\w",
    "number": r"(?<![\w-])\d+(?:\.\d+)?(?![\w-]|\.\w|/)",
    "word": r"[^\W_](?:[\w'’.&-]*\w)?",
    "stop": r"[.,;:!?()—–…\n]|(?<=\s)-(?=\s)",
    "sign": r"[^\s]",
}
_TOKEN: Final = re.compile("|".join(f"(?P<{k}>{p})" for k, p in _PATTERNS.items()), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: a word, or something that is taken as it is."""

    text: str
    kind: str

    @property
    def plain(self) -> str:
        """Lower case, without apostrophes and a genitive's sign."""
        return self.text.casefold().replace("'", "").replace("’", "")

    @property
    def stem(self) -> str:
        """The stem, of the word without a genitive s."""
        return stem(re.sub(r"['’]s$", "", self.text.casefold()))

    @property
    def value(self) -> str:
        """What is inside the quotes; the text itself of all others."""
        return self.text[1:-1] if self.kind == "quote" else self.text

    @property
    def name(self) -> str:
        """The value as a name: without the sign that ends a part of the sentence around it."""
        return self.value.strip().rstrip(",.;:")

    @property
    def amount(self) -> float:
        """The number of an amount."""
        return float(re.sub(r"[^\d.]", "", self.text))


class Sentence:
    """Tokens; readers take those that they understand, and none but stops may be left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = tuple(Piece(m.group(), str(m.lastgroup)) for m in _TOKEN.finditer(text))
        self._taken = [p.kind == "stop" for p in self.pieces]

    def free(self, within: range | None = None) -> list[int]:
        """The places of tokens that nothing has accounted for."""
        places = range(len(self.pieces)) if within is None else within
        return [i for i in places if not self._taken[i]]

    def is_free(self, index: int) -> bool:
        """Whether a token is there, and still to be accounted for."""
        return 0 <= index < len(self.pieces) and not self._taken[index]

    def take(self, places: Iterable[int]) -> None:
        """Account for tokens."""
        for index in places:
            self._taken[index] = True

    def release(self, places: Iterable[int]) -> None:
        """They are to be accounted for otherwise."""
        for index in places:
            self._taken[index] = self.pieces[index].kind == "stop"

    def mark(self) -> tuple[bool, ...]:
        """What is accounted for now, for `reset`."""
        return tuple(self._taken)

    def reset(self, mark: Sequence[bool]) -> None:
        """Go back to an earlier state of reading."""
        self._taken = list(mark)

    def find(self, phrase: str, within: range | None = None) -> range | None:
        """Where these plain words stand in a row, all free."""
        return next(self.find_all(phrase, within), None)

    def find_all(self, phrase: str, within: range | None = None) -> Iterator[range]:
        """Each place where these plain words stand in a row, all free."""
        words = phrase.split()
        places = range(len(self.pieces)) if within is None else within
        for start in range(places.start, places.stop - len(words) + 1):
            span = range(start, start + len(words))
            pairs = zip(span, words, strict=True)
            if all(self.is_free(i) and self.pieces[i].plain == w for i, w in pairs):
                yield span

    def find_name(self, name: str, within: range, fits: Callable[[range], bool]) -> range | None:
        """Where a thing's name stands, free: in a quote, or its words in a row."""
        words = _name_words(name)
        for start in within:
            piece = self.pieces[start]
            if piece.kind == "quote" and self.is_free(start):
                if _name_words(piece.name) == words and fits(range(start, start + 1)):
                    return range(start, start + 1)
                continue
            span = self._name_at(words, start, within.stop)
            if span is not None and fits(span):
                return span
        return None

    def _name_at(self, words: list[str], start: int, stop: int) -> range | None:
        index, number = start, 0
        while number < len(words):
            if index >= stop:
                return None
            piece = self.pieces[index]
            if piece.text in ("&", ".") and number:
                index += 1
                continue
            if not self.is_free(index) or piece.kind == "quote":
                return None
            said = _name_words(piece.text)
            last = number + len(said) >= len(words)
            same = said == words[number : number + len(said)]
            if not same and not (last and number == len(words) - 1 and _ends(said, words[-1])):
                return None
            index, number = index + 1, number + len(said)
            if not said:
                return None
        return range(start, index)

    def words(self, places: Iterable[int]) -> str:
        """These tokens as they were written."""
        return " ".join(self.pieces[i].text for i in places)


def _name_words(name: str) -> list[str]:
    plain = name.casefold().replace("'", "").replace("’", "")
    return [w for w in re.findall(r"[^\W_]+|_", plain) if w != "_"]


def _ends(said: list[str], word: str) -> bool:
    """Whether the last word differs in its ending only: a plural, or a genitive."""
    return len(said) == 1 and (said[0] == f"{word}s" or (len(word) > 3 and said[0] == f"{word}es"))
