"""The records of one task as a grammar: the toolset's names, and texts that the task has.

The layout is that of `record_writing`; after every whole record the line may end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from agentjit.compiler.decoding.rules import (
    EMPTY,
    Characters,
    Choice,
    Expression,
    Grammar,
    Literal,
    Reference,
    Repeat,
    Rule,
    Terminal,
    choice,
    optional,
    sequence,
)
from agentjit.planner.goals.goal import OPERATORS
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.record import WORDS
from agentjit.toolspecs import jsontypes
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import ListOf, Record
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: The most of something that is counted off where the task has no such number.
_COUNTED: Final = 12

_CALL, _LEVELS, _FIELD = Reference("call"), Reference("levels"), Reference("FIELD")
_VALUE, _COUNT = Reference("VALUE"), Reference("COUNT")


def record_grammar(spans: Iterable[str], tools: Iterable[Tool], toolset: Toolset) -> Grammar:
    """The grammar of records of these tools; `spans` are the task's texts and numbers, as JSON."""
    offered = tuple(tools)
    values = list(spans)
    rules = [
        Rule("start", _many(Reference("part"), " then ")),
        Rule("part", choice(*(Reference(name) for name in _kinds(offered, toolset)))),
        *_parts(offered, toolset),
        *_levels(),
        *_calls(offered, toolset),
    ]
    return Grammar(tuple(rules), tuple(_terminals(values, offered, toolset))).trimmed()


def _kinds(offered: Iterable[Tool], toolset: Toolset) -> Iterator[str]:
    listings = Listings(toolset)
    if any(not tool.effect.harmless for tool in offered):
        yield "act"
    if any(listings.of(tool.name) for tool in offered):
        yield from ("count", "tell")
    if any(tool.effect is Effect.READ for tool in offered):
        yield "read"


def _parts(offered: Iterable[Tool], toolset: Toolset) -> Iterator[Rule]:
    listed = any(Listings(toolset).of(tool.name) for tool in offered)
    told = optional(_many(_FIELD, ", "), " of ")
    things = choice(sequence(" for ", _LEVELS), " same") if listed else Literal(" same")
    each = sequence(" each ", Reference("PARAM"), " in [", _many(_VALUE, ", "), "]")
    below = sequence(" if ", _FIELD, " < ", _VALUE)
    done = Repeat(sequence(" with ", _CALL))
    yield Rule(
        "act",
        sequence(
            Reference("ACT"), "(", Reference("arguments"), ")", done,
            optional(things), optional(each), optional(below),
        ),
    )  # fmt: skip
    yield Rule("count", sequence("count ", _LEVELS))
    best = optional(choice("largest ", "smallest "), _FIELD, " ")
    yield Rule("tell", sequence("tell ", best, told, _LEVELS, optional(" by ", Reference("READ"))))
    around = optional(" for ", _LEVELS) if listed else EMPTY
    call = sequence(Reference("READ"), "(", Reference("arguments"), ")")
    yield Rule("read", sequence("read ", told, call, around))


def _levels() -> Iterator[Rule]:
    yield Rule("levels", _many(Reference("level"), " in "))
    condition = sequence(_FIELD, Reference("OPERATOR"), _many(_VALUE, " | "))
    items = (
        optional(" = ", _many(_VALUE, ", ")),
        optional(" where ", _many(condition, " and ")),
        optional(choice(" max ", " min "), _FIELD),
        optional(choice(" first ", " of the first "), _COUNT),
        Repeat(sequence(" after ", _CALL)),
        optional(" one"),
    )
    head = sequence(Reference("LISTED"), "(", Reference("arguments"), ")")
    yield Rule("level", sequence(head, *items))


def _calls(offered: Iterable[Tool], toolset: Toolset) -> Iterator[Rule]:
    tools = tuple(offered)
    arguments = _many(Reference("argument"), ", ") if any(t.params for t in tools) else EMPTY
    yield Rule("call", sequence(Reference("TOOL"), "(", Reference("arguments"), ")"))
    yield Rule("arguments", optional(arguments))
    yield Rule("argument", sequence(Reference("PARAM"), "=", Reference("given")))
    if not any(Listings(toolset).of(tool.name) for tool in tools):
        yield Rule("given", _VALUE)
        return
    listed = sequence("[", _many(Reference("found"), ", "), "]")
    yield Rule("given", choice(_VALUE, Reference("found"), listed))
    yield Rule("found", sequence("find ", Reference("LISTED"), " ", _VALUE))


def _terminals(
    values: list[str], offered: tuple[Tool, ...], toolset: Toolset
) -> Iterator[Terminal]:
    listings = Listings(toolset)
    for name, texts in (
        ("TOOL", [t.name for t in offered]),
        ("ACT", [t.name for t in offered if not t.effect.harmless]),
        ("READ", [t.name for t in offered if t.effect is Effect.READ]),
        ("LISTED", [t.name for t in offered if listings.of(t.name)]),
        ("PARAM", [p.name for t in offered for p in t.params]),
        ("FIELD", ["it", *(name for t in offered for name in fields_of(t))]),
    ):
        usable = [text for text in texts if text not in WORDS]
        if usable:
            yield Terminal(name, _any(usable))
    yield Terminal("OPERATOR", choice(*(f" {each} " for each in OPERATORS)))
    numbers = [v for v in values if v.isdigit()]
    yield Terminal("COUNT", _any([*numbers, *map(str, range(1, _COUNTED + 1))]))
    known = [json.dumps(v, ensure_ascii=False) for t in offered for v in _choices(t)]
    counts = map(str, range(1, _COUNTED + 1))
    digit = Characters("0-9")
    # The reader makes a date of «tomorrow»: it stands nowhere in the task.
    day = sequence('"', digit, digit, digit, digit, "-", digit, digit, "-", digit, digit, '"')
    fixed = _any([*values, *known, *counts, "true", "false"])
    yield Terminal("VALUE", choice(*_options(fixed), day))


def fields_of(tool: Tool) -> tuple[str, ...]:
    """The names of the fields of what a tool gives, or lists."""
    item = tool.returns.item if isinstance(tool.returns, ListOf) else tool.returns
    return tuple(f.name for f in item.fields) if isinstance(item, Record) else ()


def _choices(tool: Tool) -> Iterator[str]:
    for param in tool.params:
        for kind in getattr(param.type, "members", (param.type,)):
            if isinstance(kind, jsontypes.Choice):
                yield from (v for v in kind.values if isinstance(v, str))


def _any(texts: Iterable[str]) -> Expression:
    """Any of these, the longest first: some readers take the first that fits."""
    return choice(*sorted(dict.fromkeys(texts), key=lambda text: (-len(text), text)))


def _options(body: Expression) -> tuple[Expression, ...]:
    return body.options if isinstance(body, Choice) else (body,)


def _many(part: Expression, between: str) -> Expression:
    return sequence(part, Repeat(sequence(between, part)))
