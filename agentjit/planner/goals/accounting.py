"""Account for the words of an act that are no slots: verbs, nouns, pronouns and grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentjit.planner.abstaining import Abstained
from agentjit.planner.goals.goal import Act, Things
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.terms import ALL, FILLERS, LEADING, PRONOUNS, SETTING, SYNONYMS
from agentjit.planner.goals.tooling import Tooling
from agentjit.planner.lexicon import GENERIC_NOUNS, NUMBERS
from agentjit.planner.words import name_words, plain_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Words after which a noun stands, even one that may be a verb.
_LEADS = frozenset("a an the my your new this that its and of".split())


@dataclass(frozen=True, slots=True)
class Account:
    """Takes words of a sentence that an act accounts for."""

    toolset: Toolset
    listings: Listings
    tooling: Tooling
    sentence: Sentence

    def take_verbs(self, tool: Tool, within: range, verbs: Sequence[int]) -> None:
        """The verbs that mean the tool, what feeds it or only leads there; and its own words."""
        meant = [tool, *self.tooling.feeders(tool), *self.tooling.setters(tool)]
        own = {stem(w) for w in name_words(tool.name)}
        feeders = {"".join(name_words(t.name)) for t in (tool, *self.tooling.feeders(tool))}
        for index in self.sentence.free(within):
            piece = self.sentence.pieces[index]
            if piece.kind == "quote" and piece.name.casefold().replace(" ", "") in feeders:
                # use "buy now": the tool by its own name
                self.sentence.take((index,))
        for index in verbs:
            word = self.sentence.pieces[index].stem
            leads = word in LEADING or (word in SETTING and len(meant) > 1)
            if leads or any(m.tool in meant for m in self.tooling.meant([word], frozenset())):
                self.sentence.take((index,))
        # «as unread» says what is done, not to which: such words are not left to conditions.
        params = {stem(w) for p in tool.params for w in name_words(p.name)}
        nouns = {w for x in self.tooling.targets(tool, self.listings) for w in x.nouns}
        rest = own - params - nouns
        for index in self.sentence.free(within):
            piece = self.sentence.pieces[index]
            if piece.kind == "word" and piece.stem in rest and tool.effect is Effect.WRITE:
                self.sentence.take((index,))

    def same(self, within: range, before: Act) -> bool:
        """«it», «them», «those two emails»: what the act before was about."""
        if not before.levels:
            return False
        free = self.sentence.free(within)
        for index in free:
            if self.sentence.pieces[index].plain not in PRONOUNS:
                continue
            used = [index]
            place = index + 1
            while place in within and self.sentence.is_free(place):
                piece = self.sentence.pieces[place]
                listing = self.listings.of(before.levels[-1].reader.name)
                noun = listing is not None and listing.means(piece.stem)
                if piece.plain not in NUMBERS and not noun and not piece.text.isdigit():
                    break
                used.append(place)
                place += 1
            self.sentence.take(used)
            return True
        return False

    def take_rest(self, within: range, tool: Tool, levels: Sequence[Things]) -> None:
        """Words that change nothing: those of grammar, and nouns of what it is about anyway."""
        about = [self.listings.of(x.reader.name) for x in levels]
        docs = {stem(w) for w in name_words(tool.name)}
        docs |= {
            stem(w) for each in (tool, *self._ways_to(tool)) for w in plain_words(each.summary)
        }
        for index in self.sentence.free(within):
            piece = self.sentence.pieces[index]
            if piece.kind != "word":
                continue
            noun = any(x is not None and x.means(piece.stem) for x in about)
            led = index > within.start and self.sentence.pieces[index - 1].plain in _LEADS
            alike = {w for group in SYNONYMS if group & docs for w in group}
            own = piece.stem in docs | (alike if led else set()) and (
                led or not self.tooling.is_verb(piece.stem)
            )
            everything = piece.plain in ALL and not levels
            if (
                piece.plain in FILLERS
                or noun
                or (own and not everything)
                or piece.stem in GENERIC_NOUNS
                or piece.stem == stem(self.toolset.name)
            ):
                self.sentence.take((index,))

    def _ways_to(self, tool: Tool) -> list[Tool]:
        """The calls without arguments that lead to where the tool can be called."""
        wanted = {str(c) for c in tool.requires}
        return [
            t
            for t in self.toolset.tools
            if t.effect is Effect.NAVIGATE
            and not any(p.required for p in t.params)
            and any(str(c) in wanted for c in t.ensures)
        ]

    def finish(self, within: range) -> None:
        """All words must be accounted for. Raises Abstained."""
        rest = self.sentence.free(within)
        if rest:
            words = ", ".join(f"«{self.sentence.pieces[i].text}»" for i in rest)
            raise Abstained(
                f"cannot account for {words}",
                "say it in plainer words, or set OPENAI_API_KEY to plan with a language model",
            )
