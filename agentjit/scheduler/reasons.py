"""Why one node of the graph waits for another: a closed set of reasons, each with its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from agentjit.compiler.names import is_temporary
from agentjit.scheduler.footprints import Conflict


class Order(Enum):
    """In which order two nodes use a name or a value."""

    #: The later one reads what the earlier one made.
    FLOW = "flow"
    #: The later one changes what the earlier one still has to read.
    ANTI = "anti"
    #: Both change it, and the later one's change is the one that stays.
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Data:
    """A name of the plan, or a value that it shares with others."""

    name: str
    order: Order

    def __str__(self) -> str:
        name = "a value" if is_temporary(self.name) else f"`{self.name}`"
        match self.order:
            case Order.FLOW:
                return f"reads {name}"
            case Order.ANTI:
                return f"changes {name} after it is read"
            case Order.OUTPUT:
                return f"changes {name} again"


@dataclass(frozen=True, slots=True)
class Tab:
    """Both are of one episode: the later one sees what the earlier one leaves in the tab."""

    episode: int

    def __str__(self) -> str:
        return f"same tab (episode {self.episode})"


@dataclass(frozen=True, slots=True)
class Account:
    """Their account footprints conflict."""

    conflict: Conflict

    def __str__(self) -> str:
        return str(self.conflict)


@dataclass(frozen=True, slots=True)
class CommitOrder:
    """Both are irreversible."""

    def __str__(self) -> str:
        return "commits keep their order"


@dataclass(frozen=True, slots=True)
class Sure:
    """The later one changes the account: it waits until all before it has gone well.

    So a run that fails leaves the account as the serial run would have left it.
    """

    tool: str

    def __str__(self) -> str:
        return f"{self.tool} happens only when all before it went well"


@dataclass(frozen=True, slots=True)
class Control:
    """The earlier one may leave the round, or end the loop."""

    line: int

    def __str__(self) -> str:
        return f"line {self.line} may end the round"


Reason: TypeAlias = Data | Tab | Account | CommitOrder | Sure | Control


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """The reason as JSON: its kind, its fields and its words."""
    told: dict[str, Any] = {"kind": _kind(reason), "text": str(reason)}
    match reason:
        case Data(name=name, order=order):
            return {**told, "name": name, "order": order.value}
        case Tab(episode=episode):
            return {**told, "episode": episode}
        case Account(conflict=found):
            return {
                **told,
                "resource": found.resource,
                "first_writes": found.first_writes,
                "second_writes": found.second_writes,
            }
        case Sure(tool=tool):
            return {**told, "tool": tool}
        case Control(line=line):
            return {**told, "line": line}
        case CommitOrder():
            return told


def _kind(reason: Reason) -> str:
    match reason:
        case CommitOrder():
            return "commit-order"
        case _:
            return type(reason).__name__.lower()
