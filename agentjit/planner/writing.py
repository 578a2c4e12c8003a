"""Write a plan: the route as code, with the choices that it makes on the way."""

from __future__ import annotations

import json
import keyword
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from agentjit.planner.domain import Kind
from agentjit.planner.request import (
    Act,
    AskBest,
    AskCount,
    AskField,
    AskList,
    Filter,
    Reference,
    Request,
)
from agentjit.planner.routing import Move
from agentjit.planner.words import name_words, singular
from agentjit.toolspecs.jsontypes import Either, Field, Scalar
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Names that a plan's variables should not take.
_TAKEN: Final = PLAN_BUILTINS | frozenset((*keyword.kwlist, "result", "next"))


@dataclass(slots=True)
class _Writer:
    toolset: Toolset
    lines: list[str] = field(default_factory=list)

    def many(self, kind: Kind) -> str:
        """A variable for the list of a kind: the last word of its reader's name."""
        word = name_words(kind.reader.name)[-1]
        return self._free(word if word != singular(word) else f"{word}_list", "rows")

    def one(self, kind: Kind) -> str:
        """A variable for one of the kind."""
        return self._free(singular(name_words(kind.reader.name)[-1]), "row")

    def _free(self, name: str, plain: str) -> str:
        name = name if name.isidentifier() else plain
        return f"{name}_" if name in _TAKEN or name in self.toolset.by_name else name

    def read(self, kind: Kind) -> None:
        """`items = list_items()`"""
        self.lines.append(f"{self.many(kind)} = {kind.reader.name}()")

    def choose(self, reference: Reference) -> None:
        """`item = min(items, key=…)`, or the one of that name."""
        kind, one = reference.kind, self.one(reference.kind)
        if reference.best is None:
            test = f"{one}[{_quote(kind.key.name)}] == {_quote(reference.name)}"
            chosen = f"next({one} for {one} in {self.many(kind)} if {test})"
        else:
            ranked = reference.best.field
            rows = self.filtered(kind, reference.filters, ranked)
            pick = "max" if reference.best.largest else "min"
            chosen = f"{pick}({rows}, key=lambda {one}: {one}[{_quote(ranked.name)}])"
        self.lines.append(f"{one} = {chosen}")

    def filtered(self, kind: Kind, filters: Sequence[Filter], ranked: Field | None = None) -> str:
        """The list, or those of it that pass."""
        one, many = self.one(kind), self.many(kind)
        tests = [_test(one, f) for f in filters]
        if ranked is not None and _may_be_none(ranked):
            tests.append(f"{one}[{_quote(ranked.name)}] is not None")
        return f"[{one} for {one} in {many} if {' and '.join(tests)}]" if tests else many

    def call(self, move: Move, counts: str, *, result: bool) -> None:
        """One call, with the key of the thing that it takes."""
        arguments = ""
        if move.uses is not None:
            uses = move.uses
            arguments = (
                _quote(uses.name)
                if uses.literal
                else f"{self.one(uses.kind)}[{_quote(uses.kind.key.name)}]"
            )
        text = f"{move.tool.name}({arguments}{counts})"
        self.lines.append(f"result = {text}" if result else text)


def write_plan(request: Request, route: Sequence[Move], toolset: Toolset) -> str:
    """The plan's text."""
    writer = _Writer(toolset)
    pending = list(_references(request))
    for index, move in enumerate(route):
        last = index == len(route) - 1
        if move.reads is not None and not (last and isinstance(request, Act)):
            writer.read(move.reads)
            following = route[index + 1 :]
            for reference in pending:
                if reference.kind is move.reads and any(m.uses == reference for m in following):
                    writer.choose(reference)
            continue
        counts = ""
        if isinstance(request, Act) and move.uses is not None:
            given = [f"{p.name}={n}" for p, n in request.counts if move.tool.param(p.name) == p]
            counts = "".join(f", {g}" for g in given)
        writer.call(move, counts, result=last)
    _answer(request, writer)
    return "\n".join(writer.lines) + "\n"


def _answer(request: Request, writer: _Writer) -> None:
    match request:
        case AskField(subject=subject, field=asked):
            writer.choose(subject)
            writer.lines.append(f"result = {writer.one(subject.kind)}[{_quote(asked.name)}]")
        case AskBest(subject=subject):
            assert subject.best is not None
            writer.choose(subject)
            one = writer.one(subject.kind)
            keys = (subject.kind.key.name, subject.best.field.name)
            inside = ", ".join(f"{_quote(k)}: {one}[{_quote(k)}]" for k in keys)
            writer.lines.append(f"result = {{{inside}}}")
        case AskCount(kind=kind, filters=filters):
            writer.lines.append(f"result = len({writer.filtered(kind, filters)})")
        case AskList(kind=kind):
            writer.lines.append(f"result = {writer.many(kind)}")
        case Act():
            pass


def _references(request: Request) -> Sequence[Reference]:
    return request.references


def _test(one: str, each: Filter) -> str:
    held = f"{one}[{_quote(each.field.name)}]"
    if each.text is None:
        return held if each.value else f"not {held}"
    return f"{_quote(each.text)} in {held}.casefold()"


def _may_be_none(each: Field) -> bool:
    return isinstance(each.type, Either) and Scalar("None") in each.type.members


def _quote(text: str | None) -> str:
    """As plans are mostly written: in double quotes."""
    return json.dumps(text, ensure_ascii=False)
