"""The task's words, and which of them have been accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from agentjit.planner.words import Token, plain_words, stem, tokenize

#: Signs that divide a sentence into parts that are read apart.
_DIVIDING = frozenset(".,;:!?()—–…\n")


class TaskText:
    """A task as tokens; readers take the tokens that they understand, and none may be left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: tuple[Token, ...] = tokenize(text)
        self._taken = [False] * len(self.tokens)
        self._plain = [t.plain for t in self.tokens]
        self._divided = [self._gap_divides(index) for index in range(len(self.tokens))]
        self._starts = self._clause_starts()

    def free(self) -> list[int]:
        """The positions of tokens that nothing has accounted for yet."""
        return [i for i, taken in enumerate(self._taken) if not taken]

    def is_free(self, index: int) -> bool:
        """Whether a token is still to be accounted for."""
        return not self._taken[index]

    def take(self, indices: Iterable[int]) -> None:
        """Account for tokens."""
        for index in indices:
            self._taken[index] = True

    def release(self, indices: Iterable[int]) -> None:
        """They are to be accounted for otherwise."""
        for index in indices:
            self._taken[index] = False

    def find(self, phrase: Sequence[str]) -> range | None:
        """Where the phrase's plain words stand in a row, all of them free."""
        size = len(phrase)
        for start in range(len(self.tokens) - size + 1):
            span = range(start, start + size)
            if all(
                self.is_free(i) and self.tokens[i].plain == w
                for i, w in zip(span, phrase, strict=True)
            ):
                return span
        return None

    def find_name(self, name: str) -> tuple[range, bool] | None:
        """Where a thing is named, and whether in exactly its own words.

        `&` may be written as `and`; the last word may have a genitive or a plural s.
        """
        words = plain_words(name)
        if not words:
            return None
        joins = _joins(name)
        positions = [i for i, t in enumerate(self.tokens) if t.text != "&"]
        # A name of one word may end otherwise; of a longer one the first word stands as it is.
        begins = None if len(words) == 1 else words[0]
        # Each word may have an `and` before it.
        room = 2 * len(words)
        for offset, position in enumerate(positions):
            if begins is None or self._plain[position] == begins:
                found = self._name_at(words, positions[offset : offset + room], joins)
                if found is not None:
                    return found
        return None

    def _name_at(
        self, words: tuple[str, ...], positions: list[int], joins: set[int]
    ) -> tuple[range, bool] | None:
        used: list[int] = []
        exact = True
        rest = list(positions)
        for number, word in enumerate(words):
            joined = number in joins
            if rest and used and joined and self.tokens[rest[0]].plain == "and":
                # "mac and cheese" for "Mac & Cheese"
                rest.pop(0)
                exact = False
            if not rest or not self.is_free(rest[0]) or (used and self.divided(rest[0])):
                return None
            token, last = self.tokens[rest[0]], number == len(words) - 1
            if token.plain != word:
                if not last or not (token.base == word or token.stem == stem(word)):
                    return None
                exact = exact and token.base == word
            used.append(rest.pop(0))
        if any(b - a > 2 for a, b in pairwise(used)):
            return None
        return range(used[0], used[-1] + 1), exact

    def divided(self, index: int) -> bool:
        """Whether punctuation stands between a token and the one before it."""
        return self._divided[index]

    def _gap_divides(self, index: int) -> bool:
        if index == 0:
            return True
        gap = self.text[self.tokens[index - 1].end : self.tokens[index].start]
        return not _DIVIDING.isdisjoint(gap)

    def clause_start(self, index: int) -> int:
        """Where the clause begins that a token stands in."""
        return self._starts[index]

    def _clause_starts(self) -> list[int]:
        """Where each token's clause begins; found once, for readers ask for every token."""
        starts: list[int] = []
        for index in range(len(self.tokens)):
            begins = self.divided(index) or self._plain[index - 1] in ("and", "then")
            starts.append(index if begins else starts[-1])
        return starts

    def is_asked(self, index: int) -> bool:
        """Whether the sentence that a token stands in ends in a question mark."""
        end = re.search(r"[.!?]", self.text[self.tokens[index].end :])
        return end is not None and end[0] == "?"

    def words(self, indices: Iterable[int]) -> str:
        """These tokens as the person wrote them."""
        return " ".join(self.tokens[i].text for i in indices)


def _joins(name: str) -> set[int]:
    """The numbers of the words of a name that a `&` stands before."""
    found, number = set(), 0
    for token in tokenize(name):
        if token.text == "&":
            found.add(number)
        else:
            number += 1
    return found
