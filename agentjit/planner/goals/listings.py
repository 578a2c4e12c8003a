"""What a toolset can list, and the words that mean it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from agentjit.planner.domain import KEY_WORDS, PLAIN_WORDS, TOOL_WORDS, head_nouns
from agentjit.planner.goals.goal import Things
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import ALL, ASKING, LATEST, ORDINALS, SPEAKERS
from agentjit.planner.lexicon import FILLERS, NUMBERS, UNITS
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import Field, ListOf, Record, Scalar, is_numeric
from agentjit.toolspecs.tool import Param, Tool
from agentjit.toolspecs.toolset import Toolset

#: Words of texts that are no nouns.
_GRAMMAR: Final = frozenset("about part not your did access again before invited what add".split())
#: Stems of words that count things, and are none.
_COUNTING: Final = frozenset(stem(w) for w in (*NUMBERS, *ORDINALS, *LATEST, *ALL))
#: Words of fields that hold a time, and of those the ones that tell of a beginning.
_TIMES: Final = frozenset("date day time at on when".split())
_MADE: Final = frozenset(
    "created posted placed sent submitted opened received written published added made".split()
)
#: What people do to one another: whose doing it is decides what is meant.
PASSING: Final = frozenset(stem(w) for w in "sent send shared forwarded wrote".split())
_DOERS: Final = SPEAKERS | frozenset(("ive", "weve"))
#: Words of a reader's name that only say which of a kind it lists.
_SORTS: Final = frozenset(stem(w) for w in "my all visible".split())


@dataclass(frozen=True, slots=True)
class Listing:
    """A READ tool that lists things of a kind, and the field that other tools take of one."""

    reader: Tool
    record: Record | None
    key: str | None
    #: Stems of nouns: from names of the reader, the record and takers; weaker ones from its text.
    nouns: frozenset[str]
    weak: frozenset[str]
    #: Tools that take the key of one, with the parameter.
    takers: tuple[tuple[Tool, Param], ...]
    #: A required parameter that a text to search for is given to.
    query: Param | None

    def things(self) -> Things:
        """All that is listed."""
        return Things(self.reader, self.key)

    @property
    def newest_first(self) -> bool:
        """Whether the reader's text says that the latest stands first."""
        return bool(re.search(r"\b(newest|latest|most recent)[ \w,]* first", self.reader.summary))

    @property
    def when(self) -> Field | None:
        """The field that tells when each came to be: not when it is due, arrives or was changed."""
        made = [f for f in self.fields if {*name_words(f.name)} <= _TIMES | _MADE]
        named = [f for f in made if {*name_words(f.name)} & _MADE]
        return next(iter((*named, *made)), None)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of one."""
        return () if self.record is None else self.record.fields

    @property
    def numbers(self) -> tuple[Field, ...]:
        """The fields that hold numbers."""
        return tuple(f for f in self.fields if is_numeric(f.type))

    @property
    def texts(self) -> tuple[Field, ...]:
        """The fields that hold texts."""
        return tuple(f for f in self.fields if _is_text(f))

    def openers(self) -> list[Tool]:
        """The tools that show one."""
        return [tool for tool, _ in self.takers if tool.effect is Effect.NAVIGATE]

    def means(self, word: str) -> int:
        """How surely a noun's stem means such things; 0 for not at all."""
        if word in _COUNTING:
            # «three» is no short form of thread.
            return 0
        if word in self.nouns:
            return 2
        # «repo» for repository
        short = len(word) > 3 and any(n.startswith(word) for n in self.nouns | self.weak)
        return int(word in self.weak or short)

    def is_meant(self, sentence: Sentence, within: range) -> bool:
        """Whether the list can be meant: one of what somebody did needs that they did it."""
        done = [i for i in within if sentence.pieces[i].stem in self.own & PASSING]
        return not self.own & PASSING or any(self._mine(sentence, i) for i in done)

    def unsaid(self, sentence: Sentence, within: range) -> int:
        """How many of its own words the sentence does not say of such things.

        What others do to somebody («who sent me …», «that was sent») says nothing of a list of what
        one has sent oneself: that needs «I sent», or the word before the noun.
        """
        said = {
            sentence.pieces[i].stem
            for i in within
            if sentence.pieces[i].stem not in PASSING or self._mine(sentence, i)
        }
        return len(self.own - said - self.weak)

    def _mine(self, sentence: Sentence, index: int) -> bool:
        pieces = sentence.pieces
        before = {p.plain for p in pieces[max(0, index - 2) : index]}
        after = [p.plain for p in pieces[index + 1 : index + 3]]
        noun = bool(after) and self.means(pieces[index + 1].stem) > 0
        return bool(before & _DOERS) or noun or after == ["by", "me"]

    @property
    def own(self) -> frozenset[str]:
        """The words of the reader's name that tell it from others of its kind."""
        return frozenset(stem(w) for w in name_words(self.reader.name)) - TOOL_WORDS - _SORTS


@dataclass(frozen=True)
class Listings:
    """All that a toolset can list."""

    toolset: Toolset

    @cached_property
    def all(self) -> tuple[Listing, ...]:
        """In the order of the toolset."""
        return tuple(self._read())

    def of(self, reader: str) -> Listing | None:
        """That of a reader's name."""
        return next((each for each in self.all if each.reader.name == reader), None)

    def _read(self) -> Iterator[Listing]:
        for tool in self.toolset.tools:
            if tool.effect is not Effect.READ or not isinstance(tool.returns, ListOf):
                continue
            item = tool.returns.item
            record = item if isinstance(item, Record) else None
            if record is None and item != Scalar("str"):
                continue
            required = [p for p in tool.params if p.required]
            if len(required) > 1 or any(p.type != Scalar("str") for p in required):
                continue
            taking = tuple(self._takers(tool))
            yield Listing(
                tool,
                record,
                _key(record, taking),
                self._nouns(tool, record, taking),
                self._weak(tool, taking),
                taking,
                required[0] if required else None,
            )

    @staticmethod
    def _weak(tool: Tool, takers: tuple[tuple[Tool, Param], ...]) -> frozenset[str]:
        """What the texts call them: «List the stores (restaurants) …», «Open a project (repo)»."""
        words = {*head_nouns(tool.summary)}
        words |= {w for taker, _ in takers for w in _aside(taker.summary)}
        plain = FILLERS | PLAIN_WORDS | ASKING | _GRAMMAR
        return frozenset(stem(w) for w in words if w not in plain) - TOOL_WORDS

    def _takers(self, reader: Tool) -> Iterator[tuple[Tool, Param]]:
        for tool in self.toolset.tools:
            for param in tool.params:
                if param.origin is not None and param.origin.path.startswith(f"{reader.name}[]"):
                    yield tool, param

    def _nouns(
        self, tool: Tool, record: Record | None, takers: tuple[tuple[Tool, Param], ...]
    ) -> frozenset[str]:
        words = {*name_words(tool.name), *(name_words(record.name) if record else ())}
        words |= {w for _, p in takers for w in name_words(p.name)}
        return frozenset(stem(w) for w in words) - TOOL_WORDS - KEY_WORDS - _SORTS


def _key(record: Record | None, takers: tuple[tuple[Tool, Param], ...]) -> str | None:
    if record is None:
        return None
    for _, param in takers:
        if param.origin is not None and "." in param.origin.path:
            return param.origin.path.rsplit(".", 1)[1]
    texts = [f.name for f in record.fields if _is_text(f)]
    return next(
        (n for n in ("name", "title", "subject") if n in texts), texts[0] if texts else None
    )


def _aside(summary: str) -> list[str]:
    return re.findall(r"\w+", " ".join(re.findall(r"\(([^)]*)\)", summary)))


def _is_text(field: Field) -> bool:
    members = getattr(field.type, "members", (field.type,))
    return Scalar("str") in members


def field_stems(field: Field) -> frozenset[str]:
    """The stems of a field's name, without its unit."""
    words = name_words(field.name)
    return frozenset(stem(w) for w in words if len(words) == 1 or w not in UNITS) - {"count"}


def best_number(numbers: Sequence[Field], words: Sequence[str]) -> Field | None:
    """The field with a number that the first of these words names, the plainest of it."""
    for word in words:
        fitting = [f for f in numbers if word in field_stems(f)]
        if fitting:
            return min(fitting, key=lambda f: len(field_stems(f)))
    return None
