"""The state model of a site: its variables, their types, scopes and start values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

StateValue: TypeAlias = None | bool | int | str


class Scope(Enum):
    """Whose variable it is."""

    #: Belongs to one browser tab: which page it shows, what is selected.
    TAB = "tab"
    #: Belongs to the signed-in account and is shared by all tabs: the cart, the mailbox.
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class StateVar:
    """One variable. With `values` it is an enumeration of these strings; `start` None is unset."""

    name: str
    type: type[str] | type[int] | type[bool] = str
    values: tuple[str, ...] = ()
    scope: Scope = Scope.TAB
    start: StateValue = None
    doc: str = ""

    def admits(self, value: StateValue) -> bool:
        """Whether the variable can ever hold `value` (unset included)."""
        if value is None:
            return True
        if self.values:
            return value in self.values
        # bool is a subclass of int in Python, but not in a contract.
        return type(value) is self.type

    def show_type(self) -> str:
        """The type in words: `'home' | 'store'`, `str`, …"""
        return " | ".join(repr(v) for v in self.values) if self.values else self.type.__name__


@dataclass(frozen=True, slots=True)
class StateModel:
    """All variables of a site, in the order of their declaration."""

    variables: tuple[StateVar, ...]

    def get(self, name: str) -> StateVar | None:
        """The variable called `name`."""
        return next((v for v in self.variables if v.name == name), None)

    def names(self) -> tuple[str, ...]:
        """The variables' names."""
        return tuple(v.name for v in self.variables)

    def start(self) -> dict[str, StateValue]:
        """The values that a fresh tab of a fresh account has."""
        return {v.name: v.start for v in self.variables}
