"""Read a task as a goal: part after part, with every word accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agentjit.planner.abstaining import Abstained
from agentjit.planner.catalogue import Lookup
from agentjit.planner.goals.deeds import Deeds
from agentjit.planner.goals.goal import Act, Goal, Part
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.questions import Questions
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.sight import Sight
from agentjit.planner.goals.terms import (
    DENYING,
    LEADING,
    PERMITTING,
    POLITE,
    SETTING,
    SPEAKERS,
    STARTS,
    WISHES,
)
from agentjit.planner.goals.tooling import Tooling
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset

#: Where a second question of the same form begins.
_TWICE = re.compile(r",?\s+and\s+(?=how many\b)", re.IGNORECASE)
_ENDS = frozenset(".;!?\n")
_ASKED = frozenset(("can", "could", "would", "will"))


async def read_goal(
    text: str, toolset: Toolset, start: Mapping[str, StateValue], lookup: Lookup
) -> Goal:
    """What a task asks for. Raises Abstained with the words that it could not account for."""
    sight = Sight(toolset, start, lookup)
    parts: list[Part] = []
    for asked in _apart(text):
        goal = await _Reader(toolset, dict(start), Sentence(asked), sight).read()
        parts += goal.parts
    return Goal(tuple(parts))


def _apart(text: str) -> list[str]:
    """«how many orders are shipped, and how many are not» as two questions, each with its noun."""
    first, *rest = _TWICE.split(text)
    noun = re.search(r"\bhow many (\w+)", first, re.IGNORECASE)
    if not rest or noun is None:
        return [text]
    whole = [re.sub(r"^how many (?=are|is|have|were)", f"how many {noun[1]} ", r) for r in rest]
    return [first, *whole]


def asked_verbs(text: str, toolset: Toolset) -> list[str]:
    """The stems of the verbs by which a task asks for something; none where it only asks or tells.

    A word that makes a condition or a denial of it (if, unless, not, …) leaves nothing asked for.
    """
    sentence = Sentence(text)
    if {p.plain for p in sentence.pieces if p.kind != "quote"} & DENYING:
        return []
    reader = _Reader(toolset, {}, sentence, None)
    tooling = Tooling(toolset)
    reader.prepare()
    try:
        stretches = [] if reader.is_question(tooling) else reader.stretches(tooling)
    except Abstained:
        return []
    return [sentence.pieces[i].stem for stretch in stretches for i in stretch.verbs]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Tokens that ask for one thing, and the verbs in them."""

    within: range
    verbs: tuple[int, ...]
    #: Those of the verbs that say what is done; the others lead there, or fill something in.
    heads: tuple[int, ...]


@dataclass(slots=True)
class _Reader:
    toolset: Toolset
    start: dict[str, StateValue]
    sentence: Sentence
    sight: Sight | None

    async def read(self) -> Goal:
        assert self.sight is not None
        self.prepare()
        listings, tooling = Listings(self.toolset), Tooling(self.toolset)
        whole = range(len(self.sentence.pieces))
        if self.is_question(tooling):
            questions = Questions(
                self.toolset, listings, self.sight, self.start, self.sentence, whole
            )
            return Goal((await questions.read(),))
        deeds = Deeds(self.toolset, listings, tooling, self.sight, self.start, self.sentence)
        parts: list[Part] = []
        before: Act | None = None
        for stretch in self.stretches(tooling):
            act = await deeds.read(stretch.within, stretch.verbs, stretch.heads, before)
            parts.append(act)
            before = act if act.levels else before
        if not parts:
            raise Abstained("no word of the task says what to do")
        return Goal(tuple(parts))

    def prepare(self) -> None:
        """Account for what is said before and beside the task itself."""
        self._take_label()
        self._take_permissions()

    def _take_label(self) -> None:
        """«Dashdish: …»: to whom it is said."""
        pieces = self.sentence.pieces
        for size in (1, 2):
            if len(pieces) > size and pieces[size].text == ":":
                said = "".join(p.plain for p in pieces[:size])
                if said == self.toolset.name.casefold():
                    self.sentence.take(range(size))

    def _take_permissions(self) -> None:
        """«(you can invite users if needed)» asks for nothing."""
        pieces = self.sentence.pieces
        opened = [i for i, p in enumerate(pieces) if p.text == "("]
        for index in opened:
            close = next((i for i in range(index, len(pieces)) if pieces[i].text == ")"), None)
            if close is None or {p.plain for p in pieces[index + 1 : index + 3]} - PERMITTING:
                continue
            said = [p.plain for p in pieces[index:close]]
            if "if" in said and said[-1] in ("needed", "necessary", "required"):
                self.sentence.take(range(index, close))

    def is_question(self, tooling: Tooling) -> bool:
        """Whether the task asks for an answer."""
        for index in self.sentence.free():
            piece = self.sentence.pieces[index]
            if piece.plain in STARTS and not tooling_means(tooling, piece.stem):
                return True
            if piece.plain not in POLITE and self._name_at(index) is None:
                return False
        return False

    def _name_at(self, index: int) -> str | None:
        """A place that a question begins with: «In the DIY forum, get …»."""
        comma = next((i for i, p in enumerate(self.sentence.pieces) if p.text == ","), None)
        begins = self.sentence.pieces[self.sentence.free()[0]].plain in ("in", "at", "on")
        return "place" if begins and comma is not None and index < comma else None

    # -- stretches --------------------------------------------------------------------------------

    def stretches(self, tooling: Tooling) -> list[_Stretch]:
        """The clauses, those together that lead to one thing. Raises Abstained."""
        found: list[_Stretch] = []
        for clause in self._clauses(tooling):
            verb = self._verb(clause, tooling)
            more = self._more_heads(clause, verb, tooling)
            going = self._goes_on(found[-1], clause, verb, tooling) if found else ""
            if going:
                last = found[-1]
                heads = more if going == "heads" else more[:-1]
                found[-1] = _Stretch(
                    range(last.within.start, clause.stop),
                    (*last.verbs, *more),
                    (*last.heads, *heads),
                )
            else:
                found.append(_Stretch(clause, more, more))
        return found

    def _more_heads(self, clause: range, verb: int, tooling: Tooling) -> tuple[int, ...]:
        """The clause's verb; with «use … to purchase» the one that it is used for, too."""
        pieces = self.sentence.pieces
        if pieces[verb].stem in LEADING:
            for index in range(verb + 1, clause.stop - 1):
                purpose = index + 1
                if pieces[index].plain == "to" and tooling_means(tooling, pieces[purpose].stem):
                    self.sentence.take((index,))
                    return purpose, verb
        return (verb,)

    def _clauses(self, tooling: Tooling) -> list[range]:
        pieces = self.sentence.pieces
        starts = [0]
        for index in range(1, len(pieces)):
            before = pieces[index - 1]
            ended = before.text in _ENDS or (
                before.kind == "quote"
                and before.value[-1:] in tuple(",.")
                and self._begins(index, tooling)
            )
            joined = before.text == "," or before.plain in ("and", "then")
            if ended or (joined and self._begins(index, tooling)):
                starts.append(index)
        clauses = [range(a, b) for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True)]
        kept = []
        for clause in clauses:
            ends = [i for i in clause if pieces[i].plain in ("and", "then")]
            if clause.stop < len(pieces) and ends and ends[-1] == clause.stop - 1:
                self.sentence.take(ends[-1:])
            if self.sentence.free(clause):
                kept.append(clause)
        return kept

    def _begins(self, index: int, tooling: Tooling) -> bool:
        """Whether a clause begins here: a verb, or `then` and a verb."""
        piece = self.sentence.pieces[index]
        if piece.kind != "word":
            return False
        if piece.plain in ("then", "also") and index + 1 < len(self.sentence.pieces):
            following = self.sentence.pieces[index + 1]
            return following.kind == "word" and self._is_verb(following.stem, tooling)
        ending = piece.plain.endswith(("ed", "ing", "s"))
        return not ending and self._is_verb(piece.stem, tooling)

    @staticmethod
    def _is_verb(word: str, tooling: Tooling) -> bool:
        return word in LEADING or tooling.is_verb(word)

    def _verb(self, clause: range, tooling: Tooling) -> int:
        """The clause's verb, where it asks for something; words of politeness before it are taken.

        Raises Abstained.
        """
        before: list[int] = []
        for index in self.sentence.free(clause):
            piece = self.sentence.pieces[index]
            if piece.kind == "word" and self._is_verb(piece.stem, tooling):
                wished = {self.sentence.pieces[i].plain for i in before} & {*SPEAKERS, "would"}
                if piece.plain not in POLITE or (piece.plain == "like" and not wished):
                    self._refuse(clause, index, before)
                    self.sentence.take(before)
                    return index
            if piece.plain not in POLITE:
                break
            before.append(index)
        raise Abstained(
            f"no word of «{self.sentence.words(clause)}» says what to do",
            "nothing is done without a clear request for it",
        )

    def _refuse(self, clause: range, verb: int, before: list[int]) -> None:
        """«I booked», «should I book», «we book»: these ask for nothing. Raises Abstained."""
        words = {self.sentence.pieces[i].plain for i in before}
        piece = self.sentence.pieces[verb]
        ended = next((p.text for p in self.sentence.pieces[clause.start :] if p.text in _ENDS), "")
        asked = ended == "?" and not ("you" in words and words & _ASKED)
        told = words & SPEAKERS and not words & WISHES
        if asked or told or piece.plain.endswith(("ed", "ing")):
            said = self.sentence.words([*before, verb])
            raise Abstained(f"«{said}» asks for nothing to be done", "begin with what to do")

    def _goes_on(self, last: _Stretch, clause: range, verb: int, tooling: Tooling) -> str:
        """Whether a clause says more of what the stretch before it asks for.

        "heads": its verb says what is done, too; "fills": it leads there, or fills in.
        """
        pieces = self.sentence.pieces
        own = [pieces[i].stem for i in last.heads]
        said = frozenset(pieces[i].stem for i in last.within)
        more = frozenset(pieces[i].stem for i in clause)
        now = tooling.meant([pieces[verb].stem], more)
        leads = pieces[verb].stem in LEADING
        if all(word in LEADING for word in own):
            return "fills" if leads or pieces[verb].stem in SETTING else "heads"
        before = tooling.meant([w for w in own if w not in LEADING], said)
        if not before or not now:
            return "fills" if leads else ""
        first, next_ = before[0].tool, now[0].tool
        if first is next_ or first in tooling.feeders(next_) or next_ in tooling.feeders(first):
            return "heads"
        setters = tooling.setters(first)
        setting = any(_about(t.name) & more for t in setters) and now[0].sureness <= 2
        said_in_full = any(
            {stem(w) for w in name_words(t.name)[2:]} <= more and name_words(t.name)[2:]
            for t in setters
        )
        setting = setting or said_in_full
        # «assign» fills in the assignee of what is being made.
        verb_stem = pieces[verb].stem
        filling = len(verb_stem) > 4 and any(
            w.startswith(verb_stem) for t in setters for w in _about(t.name)
        )
        return "fills" if setting or filling or leads else ""


def _about(name: str) -> set[str]:
    return {stem(w) for w in name_words(name)[-1:]}


def tooling_means(tooling: Tooling, word: str) -> bool:
    """Whether a word asks for something to be done rather than told."""
    return any(m.sureness > 2 for m in tooling.meant([word], frozenset()))
