"""Read how many: a number counts only where it stands right before what it counts."""

from __future__ import annotations

from agentjit.planner.domain import Use
from agentjit.planner.lexicon import NUMBERS, QUANTITY_WORDS
from agentjit.planner.reading import Named
from agentjit.planner.tasktext import TaskText
from agentjit.planner.words import name_words, stem
from agentjit.toolspecs.jsontypes import Scalar
from agentjit.toolspecs.tool import Param

#: Words between a number and what it counts.
_ARTICLES = frozenset(("the", "their", "its", "those", "these"))


def read_counts(
    text: TaskText, target: Use, thing: Named, *, ranked: bool
) -> tuple[tuple[Param, int], ...]:
    """Numbers of the task, each bound to the parameter that it is for; the others stay unread.

    «3 days» is for a parameter called days; «two of the cheapest» and «two crunchy tacos» are for a
    quantity. «the two cheapest» are two things, and «at 5» is no quantity.
    """
    params = [p for p in target.tool.params if p.type == Scalar("int")]
    found: dict[str, tuple[Param, int]] = {}
    for index in text.free():
        token = text.tokens[index]
        number = int(token.text) if token.text.isdecimal() else NUMBERS.get(token.plain)
        if number is None or number < 1:
            continue
        unit = text.tokens[index + 1].stem if index + 1 < len(text.tokens) else ""
        named = next((p for p in params if unit in _words(p)), None)
        if named is not None and named.name not in found:
            text.take((index, index + 1))
            found[named.name] = (named, number)
            continue
        between = _up_to(text, index, thing.words.start)
        if between is None or (ranked and not between & {"of", "x"}):
            continue
        quantity = next((p for p in params if _words(p) & QUANTITY_WORDS), None)
        if quantity is None and number == 1:
            text.take(range(index, thing.words.start))
        elif quantity is not None and quantity.name not in found:
            text.take(range(index, thing.words.start))
            found[quantity.name] = (quantity, number)
    return tuple(found.values())


def _up_to(text: TaskText, index: int, start: int) -> set[str] | None:
    """The words between a number and the thing; None where others than `x`, `of the` do."""
    between = [text.tokens[i].plain for i in range(index + 1, start)]
    if not index < start or any(text.divided(i) for i in range(index + 1, start + 1)):
        return None
    allowed = {"x", "of"} | _ARTICLES
    return set(between) if len(between) <= 3 and set(between) <= allowed else None


def _words(param: Param) -> set[str]:
    return {stem(w) for w in name_words(param.name)}
