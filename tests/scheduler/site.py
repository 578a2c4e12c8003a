"""A toy site of concrete state: one account, any number of tabs, and tools that are functions.

What a call answers and does is drawn from all that it may depend on by its declaration (arguments,
the whole state of its tab, the resources that it reads), so that two runs can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zlib import crc32

from agentjit.scheduler.footprints import access_of
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
)
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.jsontypes import JsonType, ListOf, Record, Scalar, mismatch
from agentjit.toolspecs.state import Scope
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

TEXTS = ("a", "b", "c", "dd")
NUMBERS = (0.1, 0.2, 0.7, 1.1, 3.0)

Tab = dict[str, Any]


class ToolFailed(Exception):
    """The call failed; nothing was changed."""


@dataclass(slots=True)
class Site:
    """The account, and what happened to it."""

    toolset: Toolset
    resources: tuple[str, ...]
    seed: int
    account: dict[str, Any] = field(default_factory=dict)
    #: One call in so many fails; 0: none.
    failing: int = 40
    #: In what the tab that a run begins with is unlike a fresh one.
    begun: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = dict.fromkeys(self.resources, 0)
        for variable in self.toolset.state.variables:
            if variable.scope is Scope.ACCOUNT:
                self.account[variable.name] = variable.start

    def open_tab(self) -> Tab:
        """A fresh tab."""
        model = self.toolset.state
        return {v.name: v.start for v in model.variables if v.scope is Scope.TAB}

    def first_tab(self) -> Tab:
        """The tab that a run begins with."""
        return {**self.open_tab(), **self.begun}

    def call(self, name: str, given: Mapping[str, Any], tab: Tab) -> Any:
        """Perform a tool in a tab. Raises ToolFailed."""
        tool = self.toolset.by_name[name]
        arguments = {p.name: given.get(p.name, p.default) for p in tool.params}
        if any(mismatch(arguments[p.name], p.type) for p in tool.params):
            raise ToolFailed(f"{name} turns its arguments away")
        access = access_of(tool, self.toolset, 0)
        read = sorted(self.account) if access.reads is None else sorted(access.reads)
        basis = (self.seed, name, arguments, sorted(tab.items()), self._values(read))
        chance = Random(crc32(repr(basis).encode()))
        for clause in tool.requires:
            if not self._holds(clause, tab):
                raise ToolFailed(f"{name} requires {clause}, but {tab}, {self.account}")
        # A navigation that nobody needs is not done, so that it cannot fail either.
        fragile = self.failing and tool.effect is not Effect.NAVIGATE
        if fragile and chance.randrange(self.failing) == 0:
            raise ToolFailed(f"{name} fails")
        result = answer(tool.returns, chance)
        written = access.writes if access.writes is not None else self.account
        for resource in sorted(written):
            if resource in self.resources:
                before = self.account[resource]
                self.account[resource] = crc32(repr((before, basis)).encode())
        if tool.resets_tab:
            # A whole page is loaded: nothing of the one before is left.
            tab.update(self.open_tab())
        self._move(tool, arguments, result, tab, chance)
        return result

    def _values(self, names: list[str]) -> list[tuple[str, Any]]:
        return [(n, self.account.get(n)) for n in names]

    def _state(self, name: str, tab: Tab) -> dict[str, Any]:
        return tab if name in tab else self.account

    def _holds(self, clause: Clause, tab: Tab) -> bool:
        actual = self._state(clause.var, tab)[clause.var]
        match clause:
            case Equals(value=Constant(value)):
                return bool(actual == value)
            case OneOf(values=values):
                return actual in values
            case _:
                return actual is not None

    def _move(
        self, tool: Tool, arguments: Mapping[str, Any], result: Any, tab: Tab, chance: Random
    ) -> None:
        for clause in tool.ensures:
            state = self._state(clause.var, tab)
            match clause:
                case Equals(value=Constant(value)):
                    state[clause.var] = value
                case Equals(value=ResultRef()):
                    state[clause.var] = result
                case Equals(value=ParamRef(parameter)):
                    state[clause.var] = arguments[parameter]
                case OneOf(values=values):
                    state[clause.var] = chance.choice(values)
                case Known():
                    state[clause.var] = chance.choice(self._domain(clause.var))
                case Forgets() | _:
                    state[clause.var] = chance.choice((None, *self._domain(clause.var)))

    def _domain(self, name: str) -> tuple[Any, ...]:
        variable = self.toolset.state.get(name)
        assert variable is not None
        return variable.values or TEXTS


def answer(kind: JsonType, chance: Random) -> Any:
    """A value of this type."""
    match kind:
        case Scalar("str"):
            return chance.choice(TEXTS)
        case Scalar("float"):
            return chance.choice(NUMBERS)
        case Scalar("int"):
            return chance.randrange(4)
        case Scalar("bool"):
            return chance.random() < 0.5
        case ListOf(item):
            return [answer(item, chance) for _ in range(chance.choice((0, 1, 2, 3, 3)))]
        case Record(fields=fields):
            return {f.name: answer(f.type, chance) for f in fields}
        case _:
            return None


def reply(question: str, values: Mapping[str, Any], kind: JsonType, seed: int) -> Any:
    """What a model answers: always the same to the same question."""
    return answer(kind, Random(crc32(repr((seed, question, values)).encode())))
