"""Write values, conditions and choices as a plan has them."""

from __future__ import annotations

import json
import keyword
from collections.abc import Collection, Sequence
from typing import Final

from agentjit.planner.goals.goal import Arguments, Condition, Found, Given, Ranking, Things
from agentjit.planner.goals.search import Call
from agentjit.planner.words import name_words, singular
from agentjit.toolspecs.jsontypes import Either, Field, JsonValue, ListOf, Scalar
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Names that a plan's variables should not take.
_TAKEN: Final = PLAN_BUILTINS | frozenset((*keyword.kwlist, "result", "next", "key"))


def quote(value: JsonValue) -> str:
    """A value as plans are mostly written: texts in double quotes."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def write_given(value: Given) -> str:
    """A value of the task's own, or the expression that finds it."""
    if isinstance(value, tuple):
        return f"[{', '.join(write_given(each) for each in value)}]"
    if not isinstance(value, Found):
        return quote(value)
    part = "" if value.key is None else f"[{quote(value.key)}]"
    if value.searched:
        return f"{value.reader.name}({quote(value.text)})[0]{part}"
    test = f"{quote(value.text.casefold())} in each{part}.casefold()"
    return f"next(each for each in {value.reader.name}() if {test}){part}"


def as_call(tool: Tool, arguments: Arguments, holding: tuple[()] = ()) -> Call:
    """A call with what the task gives for its parameters."""
    written = tuple((name, write_given(value)) for name, value in arguments)
    known = tuple(
        (name, value) for name, value in arguments if not isinstance(value, Found | tuple)
    )
    return Call(tool, written, known, holding)


def name_many(things: Things, used: Collection[str]) -> str:
    """A variable for the list: the last word of its reader's name."""
    word = name_words(things.reader.name)[-1]
    return _free(word if word != singular(word) else f"{word}_list", used)


def name_one(things: Things, used: Collection[str]) -> str:
    """A variable for one of them."""
    return _free(singular(name_words(things.reader.name)[-1]), used)


def _free(name: str, used: Collection[str]) -> str:
    name = name if name.isidentifier() else "row"
    while name in _TAKEN or name in used:
        name = f"{name}_"
    return name


def choose_many(things: Things, source: str, one: str) -> str:
    """The expression of those that are meant, in their order."""
    if things.early:
        source = f"{source}[:{things.count}]"
    tests = [_test(one, condition, things) for condition in things.conditions]
    named = next((c for c in things.conditions if _names_several(c, things)), None)
    if named is not None:
        # Those that the task names one by one stand in the task's order.
        tests = [_test(one, c, things) for c in things.conditions if c is not named]
        held = _held(one, named.field)
        tests.insert(0, f"{held} == name")
        listed = f"[{', '.join(quote(v) for v in named.values)}]"
        chosen = f"[{one} for name in {listed} for {one} in {source} if {' and '.join(tests)}]"
    else:
        tests += _ranked_tests(one, things)
        chosen = f"[{one} for {one} in {source} if {' and '.join(tests)}]" if tests else source
    if things.ranking is not None:
        order = ", reverse=True" if things.ranking.largest else ""
        chosen = f"sorted({chosen}, key={_key(one, things.ranking)}{order})"
    return chosen if things.count is None or things.early else f"{chosen}[:{things.count}]"


def choose_one(things: Things, source: str, one: str) -> str:
    """The expression of the one that is meant."""
    tests = [_test(one, condition, things) for condition in things.conditions]
    if things.ranking is None:
        if not tests:
            return f"{source}[0]"
        return f"next({one} for {one} in {source} if {' and '.join(tests)})"
    tests += _ranked_tests(one, things)
    rows = f"[{one} for {one} in {source} if {' and '.join(tests)}]" if tests else source
    pick = "max" if things.ranking.largest else "min"
    return f"{pick}({rows}, key={_key(one, things.ranking)})"


def write_fields(one: str, fields: Sequence[str], key: str | None) -> str:
    """What is told of one: its field, or a record of several."""
    if not fields:
        return _held(one, key)
    if len(fields) == 1:
        return _held(one, fields[0])
    return f"{{{', '.join(f'{quote(f)}: {_held(one, f)}' for f in fields)}}}"


def _names_several(condition: Condition, things: Things) -> bool:
    several = condition.operator == "==" and len(condition.values) > 1
    return several and condition.field == things.key


def _key(one: str, ranking: Ranking) -> str:
    return f"lambda {one}: {_held(one, ranking.field)}"


def _ranked_tests(one: str, things: Things) -> list[str]:
    field = None if things.ranking is None else _field(things, things.ranking.field)
    optional = field is not None and _may_be_none(field)
    return [f"{_held(one, field.name)} is not None"] if field is not None and optional else []


def _field(things: Things, name: str | None) -> Field | None:
    return None if things.record is None or name is None else things.record.field(name)


def _held(one: str, field: str | None) -> str:
    return one if field is None else f"{one}[{quote(field)}]"


def _test(one: str, condition: Condition, things: Things) -> str:
    held = _held(one, condition.field)
    field = _field(things, condition.field)
    values = condition.values
    match condition.operator:
        case "==" if values in ((True,), (False,)):
            return held if values[0] else f"not {held}"
        case "==" if len(values) > 1:
            return f"{held} in [{', '.join(quote(v) for v in values)}]"
        case "has" if field is not None and isinstance(field.type, ListOf):
            tests = [f"{quote(v)} in {held}" for v in values]
        case "has":
            tests = [f"{quote(str(v).casefold())} in {held}.casefold()" for v in values]
        case operator:
            none = field is not None and operator not in ("==", "!=") and _may_be_none(field)
            known = f"{held} is not None and " if none else ""
            tests = [f"{known}{held} {operator} {quote(v)}" for v in values]
    return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"


def _may_be_none(field: Field) -> bool:
    return isinstance(field.type, Either) and Scalar("None") in field.type.members
