"""The text form of a goal: one line that a person or a model can write, and that is read strictly.

    forward_email(to="me@example.com", note="For your records") for list_emails() first 2
        then delete_email_batch() same
    count list_all_stores() where rating > 4.5
    tell text of get_store_reviews() first 3 in list_all_stores() in list_categories() = "Sweets"

Things are innermost first; `in` leads outwards. Texts are in double quotes, as JSON has them.
"""

from __future__ import annotations

import json
from typing import Any, Final

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from agentjit.diagnostics import Diagnostic
from agentjit.planner.goals.goal import (
    Act,
    Arguments,
    Condition,
    Count,
    Found,
    Given,
    Goal,
    Part,
    Ranking,
    Read,
    Step,
    Tell,
    Things,
)
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.record_messages import RecordProblem, RecordSyntax
from agentjit.source import Source, Span
from agentjit.toolspecs.toolset import Toolset

#: The grammar with any names; `record_grammar` has that of a toolset, for an endpoint.
_GRAMMAR: Final = r"""
start: part ("then" part)*
?part: act | count | tell | read
act: call setting* things? each? below?
setting: "with" call
things: "for" levels | SAME
each: "each" NAME "in" "[" VALUE ("," VALUE)* "]"
below: "if" NAME "<" VALUE
count: "count" levels
tell: "tell" best? fields? levels detail?
best: (LARGEST | SMALLEST) NAME
fields: NAME ("," NAME)* "of"
detail: "by" NAME
read: "read" fields? call ("for" levels)?
levels: level ("in" level)*
level: call item*
?item: named | where | ranking | early | first | after | ONE
named: "=" VALUE ("," VALUE)*
where: "where" condition ("and" condition)*
condition: NAME OPERATOR VALUE ("|" VALUE)*
ranking: (MAX | MIN) NAME
first: "first" VALUE
early: "of" "the" "first" VALUE
after: "after" call
call: NAME "(" [argument ("," argument)*] ")"
argument: NAME "=" given
?given: VALUE | found | list
found: "find" NAME VALUE
list: "[" found ("," found)* "]"
SAME: "same"
ONE: "one"
MAX: "max"
MIN: "min"
LARGEST: "largest"
SMALLEST: "smallest"
OPERATOR: "==" | "!=" | "<=" | ">=" | "<" | ">" | "has"
VALUE: /"(\\.|[^"\\])*"/ | /-?\d+(\.\d+)?/ | "true" | "false" | "null"
%ignore /[ \t\n]+/
NAME: """

#: Words of the grammar, which are no names.
WORDS: Final = frozenset(
    (
        "then with for same each in if count tell of by read where and max min first the after one "
        "find has largest smallest true false null"
    ).split()
)
_NAME: Final = rf"/(?!({'|'.join(sorted(WORDS))})\b)[a-z_]\w*/"

_PARSER: Final = Lark(_GRAMMAR + _NAME, parser="earley", propagate_positions=True)


def parse_goal(text: str, toolset: Toolset) -> Goal | list[Diagnostic]:
    """The goal that a line says; else what is wrong with it, and where."""
    source = Source("goal", text)
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput as error:
        position = getattr(error, "pos_in_stream", None)
        start = len(text) if not isinstance(position, int) or position < 0 else position
        return [RecordSyntax(problem=_expected(error), span=_span(text, start), source=source)]
    try:
        goal = _Reader(toolset, text).transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, _WrongError):
            wrong = error.orig_exc
            return [RecordProblem(problem=str(wrong), span=wrong.span, source=source)]
        raise
    assert isinstance(goal, Goal)
    return goal


def _expected(error: UnexpectedInput) -> str:
    return "it ends too early" if "EOF" in type(error).__name__ else "this cannot stand here"


def _span(text: str, start: int, stop: int | None = None) -> Span:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    size = max(1, (stop or start + 1) - start)
    return Span(line, column, line, column + size)


class _WrongError(Exception):
    """What a record says that the toolset does not have."""

    def __init__(self, problem: str, span: Span) -> None:
        super().__init__(problem)
        self.span = span


class _Reader(Transformer[Token, Any]):
    """From the tree to the goal; names are looked up in the toolset."""

    def __init__(self, toolset: Toolset, text: str) -> None:
        super().__init__()
        self._toolset = toolset
        self._listings = Listings(toolset)
        self._text = text

    def _wrong(self, problem: str, token: Token) -> _WrongError:
        start = token.start_pos or 0
        return _WrongError(problem, _span(self._text, start, token.end_pos))

    def start(self, parts: list[Part]) -> Goal:
        """The whole line."""
        return Goal(tuple(parts))

    def VALUE(self, token: Token) -> Any:  # noqa: N802
        """A value as JSON has it."""
        try:
            return json.loads(token)
        except ValueError:
            raise self._wrong(f"{token} is no value as JSON has them", token) from None

    def act(self, parts: list[Any]) -> Act:
        """A call, and what it is done to."""
        (tool, arguments), *rest = parts
        act = Act(tool, arguments)
        settings = tuple(x for x in rest if isinstance(x, Step))
        levels: tuple[Things, ...] = ()
        same, each, below = False, None, None
        for kind, value in (x for x in rest if isinstance(x, tuple)):
            match kind:
                case "levels":
                    levels = value
                case "same":
                    same = True
                case "each":
                    each = value
                case _:
                    below = value
        return Act(act.tool, act.arguments, settings, levels, each, below, same)

    def setting(self, parts: list[Any]) -> Step:
        """A call that fills something in."""
        ((tool, arguments),) = parts
        return Step(tool, arguments)

    def things(self, parts: list[Any]) -> tuple[str, Any]:
        """What it is done to."""
        (found,) = parts
        return ("same", True) if isinstance(found, Token) else ("levels", found)

    def each(self, parts: list[Any]) -> tuple[str, Any]:
        """A parameter with each of several values."""
        name, *values = parts
        return "each", (str(name), tuple(values))

    def below(self, parts: list[Any]) -> tuple[str, Any]:
        """A condition on the terms."""
        name, limit = parts
        if isinstance(limit, bool) or not isinstance(limit, int | float):
            raise self._wrong(f"`{name}` is compared with {limit!r}, which is no number", name)
        return "below", (str(name), limit)

    def count(self, parts: list[Any]) -> Count:
        """How many."""
        return Count(parts[0])

    def tell(self, parts: list[Any]) -> Tell:
        """Fields of things."""
        fields: tuple[str, ...] = ()
        levels: tuple[Things, ...] = ()
        best, detail = None, None
        for part in parts:
            match part:
                case Ranking():
                    best = part
                case ("fields", names):
                    fields = names
                case ("detail", tool):
                    detail = tool
                case _:
                    levels = part
        if detail is None and levels[-1].record is not None:
            known = {f.name for f in levels[-1].record.fields}
            for name in fields:
                if str(name) not in known:
                    raise self._wrong(f"{levels[-1].reader.name}() has no field `{name}`", name)  # type: ignore[arg-type]
        return Tell(levels, tuple(str(f) for f in fields), detail, best)

    def best(self, parts: list[Any]) -> Ranking:
        """The best of all."""
        return Ranking(str(parts[1]), largest=str(parts[0]) == "largest")

    def fields(self, parts: list[Any]) -> tuple[str, Any]:
        """What is told."""
        return "fields", tuple(parts)

    def detail(self, parts: list[Any]) -> tuple[str, Any]:
        """The tool that tells more."""
        return "detail", self._tool(parts[0])

    def read(self, parts: list[Any]) -> Read:
        """What one tool gives."""
        fields: tuple[str, ...] = ()
        if parts and parts[0][0] == "fields":
            fields = tuple(str(f) for f in parts.pop(0)[1])
        (tool, arguments), *levels = parts
        return Read(tool, arguments, fields, levels[0] if levels else ())

    def levels(self, parts: list[Things]) -> tuple[Things, ...]:
        """Outermost first."""
        return tuple(reversed(parts))

    def level(self, parts: list[Any]) -> Things:
        """Some of a list."""
        (tool, arguments), *items = parts
        listing = self._listings.of(tool.name)
        if listing is None:
            raise _WrongError(f"{tool.name}() lists nothing", Span(1, 1, 1, 2))
        values: dict[str, Any] = {"arguments": arguments}
        for item in items:
            match item:
                case Token():
                    values["single"] = True
                case Step():
                    values["after"] = (*values.get("after", ()), item)
                case Ranking():
                    values["ranking"] = item
                case ("where", conditions):
                    for name, _ in conditions:
                        self._check_field(listing.fields, name, tool.name)
                    values["conditions"] = tuple(c for _, c in conditions)
                case ("early", value):
                    values["count"], values["early"] = value, True
                case (kind, value):
                    values[kind] = value
                case _:
                    raise AssertionError(item)
        single = values.pop("single", False) or len(values.get("names", ())) == 1
        return Things(tool, listing.key, **values, single=single)

    def _check_field(self, fields: Any, name: Token, tool: str) -> None:
        if fields and str(name) not in {f.name for f in fields}:
            raise self._wrong(f"{tool}() has no field `{name}`", name)

    def named(self, names: list[Any]) -> tuple[str, Any]:
        """Keys that the task spells out."""
        return "names", tuple(str(n) for n in names)

    def where(self, conditions: list[Any]) -> tuple[str, Any]:
        """Conditions."""
        return "where", conditions

    def condition(self, parts: list[Any]) -> tuple[Token, Condition]:
        """One condition, with the name for messages."""
        name, operator, *values = parts
        field = None if str(name) == "it" else str(name)
        return name, Condition(field, str(operator), tuple(values))

    def ranking(self, parts: list[Any]) -> Ranking:
        """The largest or smallest first."""
        return Ranking(str(parts[1]), largest=str(parts[0]) == "max")

    def first(self, parts: list[Any]) -> tuple[str, Any]:
        """How many."""
        return "count", self._counted(parts[0])

    def early(self, parts: list[Any]) -> tuple[str, Any]:
        """How many, before the conditions."""
        return "early", self._counted(parts[0])

    def _counted(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise _WrongError(f"{value!r} is no number of things", Span(1, 1, 1, 2))
        return value

    def after(self, parts: list[Any]) -> Step:
        """A call before the list is read."""
        ((tool, arguments),) = parts
        return Step(tool, arguments)

    def call(self, parts: list[Any]) -> tuple[Any, Arguments]:
        """A tool with arguments."""
        name, *arguments = parts
        tool = self._tool(name)
        given = [a for a in arguments if a is not None]
        for param, _ in given:
            if tool.param(str(param)) is None:
                raise self._wrong(f"{tool.name}() has no parameter `{param}`", param)
        return tool, tuple((str(param), value) for param, value in given)

    def argument(self, parts: list[Any]) -> tuple[Token, Given]:
        """A parameter and its value."""
        return parts[0], parts[1]

    def found(self, parts: list[Any]) -> Found:
        """A value that a tool knows."""
        name, text = parts
        tool = self._tool(name)
        listing = self._listings.of(tool.name)
        if listing is None:
            raise self._wrong(f"{tool.name}() lists nothing", name)
        return Found(tool, listing.key, str(text), searched=listing.query is not None)

    def list(self, parts: list[Found]) -> tuple[Found, ...]:
        """Several found values."""
        return tuple(parts)

    def _tool(self, name: Token) -> Any:
        tool = self._toolset.get(str(name))
        if tool is None:
            raise self._wrong(f"there is no tool `{name}`", name)
        return tool
