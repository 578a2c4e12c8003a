"""Find the one verb that asks for something to be done; only where it is a request.

«order …», «please order …», «could you order …», «I want to order …» ask. «should I order …?»,
«I ordered …», «my order», «what can I order?» do not.
"""

from __future__ import annotations

from typing import Final

from agentjit.planner.abstaining import Abstained
from agentjit.planner.domain import Domain
from agentjit.planner.lexicon import COMPLETING, LIGHT_VERBS
from agentjit.planner.tasktext import TaskText
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.tool import Tool

#: Words that may stand between the start of a clause and its verb.
_REQUEST: Final = frozenset(
    """please pls kindly just now so ok okay hey hi hello yo go ahead and then can could would will
    you i id want need like to we""".split()
)
#: Someone who says what they want, not what they do: «I want to order».
_SPEAKERS: Final = frozenset(("i", "we", "id"))
_WISHES: Final = frozenset(("want", "like", "need"))
_ASKED: Final = frozenset(("can", "could", "would", "will"))
_PREPOSITIONS: Final = frozenset(("from", "at", "in", "the"))
_ARTICLES: Final = frozenset(("a", "an", "the", "this", "that"))


def find_action(text: TaskText, domain: Domain) -> Tool:
    """The tool that the task asks for; its words are taken. Raises Abstained."""
    found: dict[str, Tool] = {}
    for index in text.free():
        actions = domain.actions(text.tokens[index].stem)
        words = _request(text, index, actions) if actions else None
        if words is None:
            continue
        if len(actions) > 1:
            names = " or ".join(f"{t.name}()" for t in actions)
            word = text.tokens[index].text
            raise Abstained(f"«{word}» may mean {names}", "say it in the words of one of them")
        text.take(words)
        found[actions[0].name] = actions[0]
    if not found:
        commits = [t for t in domain.toolset.tools if t.effect is Effect.COMMIT]
        known = "; ".join(f"{t.name}: {t.summary}" for t in commits)
        raise Abstained(
            "no word of the task says what to do",
            f"nothing is done without a clear request for it. This site can {known}",
        )
    if len(found) > 1:
        raise Abstained(f"the task asks for several things: {', '.join(found)}", "ask for one")
    return next(iter(found.values()))


def is_request(text: TaskText, index: int, domain: Domain) -> bool:
    """Whether the word at a place asks for something to be done."""
    actions = domain.actions(text.tokens[index].stem)
    return bool(actions) and _request(text, index, actions) is not None


def _request(text: TaskText, index: int, actions: list[Tool]) -> list[int] | None:
    """The words of a request whose verb stands at `index`; None where it is none."""
    token = text.tokens[index]
    if token.plain.endswith(("ed", "ing")) or token.plain != token.base:
        return None
    begin = _beginning(text, index, actions)
    if begin is None:
        return None
    start = text.clause_start(begin)
    before = [text.tokens[i] for i in range(start, begin) if text.is_free(i)]
    # «from Popeyes order …»: with a name that is taken already, its preposition may stand.
    names = any(not text.is_free(i) for i in range(start, begin))
    words = {t.plain for t in before} - (_PREPOSITIONS if names else frozenset())
    if not words <= _REQUEST:
        return None
    if words & _SPEAKERS and not words & _WISHES:
        return None
    if text.is_asked(index) and not ("you" in words and words & _ASKED):
        return None
    joined = start > 0 and text.tokens[start - 1].plain in ("and", "then")
    first = start - 1 if joined else start
    return [i for i in range(first, index + 1) if text.is_free(i)]


def _beginning(text: TaskText, index: int, actions: list[Tool]) -> int | None:
    """Where the verb begins: at the light verb of «place the order», where there is one."""
    light = {stem(name_words(tool.name)[0]) for tool in actions} & (LIGHT_VERBS | COMPLETING)
    if index and text.tokens[index - 1].plain in _ARTICLES:
        return index - 2 if index > 1 and text.tokens[index - 2].stem in light else None
    return index - 1 if index and text.tokens[index - 1].stem in light else index
