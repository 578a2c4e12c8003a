"""Whether a loop's iterations may run at the same time; if not, why; if so, what that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agentjit.compiler.ir import NodeId
from agentjit.compiler.names import is_temporary
from agentjit.scheduler.footprints import Conflict


@dataclass(frozen=True, slots=True)
class Rounds:
    """It is a `while`: each round decides whether there is a next one."""

    def __str__(self) -> str:
        return "each round of a while decides whether there is another"


@dataclass(frozen=True, slots=True)
class OnlyCode:
    """No tool and no model is called inside: there is nothing to wait for."""

    def __str__(self) -> str:
        return "they only compute"


@dataclass(frozen=True, slots=True)
class SharedTab:
    """A call goes on in the tab that an earlier iteration left, and it is not as a fresh one."""

    tool: str
    line: int
    #: What is known there that does not hold on a fresh tab, as text; empty at the start.
    facts: str

    def __str__(self) -> str:
        where = f", where {self.facts}" if self.facts else ""
        return f"{self.tool} (line {self.line}) goes on in the tab of the iteration before{where}"


@dataclass(frozen=True, slots=True)
class OpenTab:
    """A call beside the iterations shares their tab: it is before the loop, or after it."""

    tool: str
    line: int

    def __str__(self) -> str:
        return f"the loop shares its tab with {self.tool} (line {self.line}), which is outside it"


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """The body's account footprint conflicts with itself."""

    conflict: Conflict

    def __str__(self) -> str:
        return f"{self.conflict} (line {self.conflict.second.line})"


@dataclass(frozen=True, slots=True)
class Irreversible:
    """The body has a COMMIT."""

    tool: str
    line: int

    def __str__(self) -> str:
        return f"{self.tool} (line {self.line}) is irreversible"


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """The loop may be broken off, and what a later iteration has done cannot be thrown away."""

    tool: str
    line: int

    def __str__(self) -> str:
        return f"the loop may be broken off, and {self.tool} (line {self.line}) changes the account"


@dataclass(frozen=True, slots=True)
class Carried:
    """A call or a decision needs what earlier iterations made of a name."""

    name: str
    #: What needs it: a tool's name, `ai_eval`, `if`, `for` or `while`.
    reader: str
    line: int

    def __str__(self) -> str:
        name = "a value" if is_temporary(self.name) else f"`{self.name}`"
        return f"{self.reader} (line {self.line}) needs {name} as earlier iterations left it"


@dataclass(frozen=True, slots=True)
class Mingled:
    """A value of one iteration is shared with what outlives it, and is changed in place."""

    name: str
    line: int

    def __str__(self) -> str:
        name = "a value" if is_temporary(self.name) else f"`{self.name}`"
        return f"{name} (line {self.line}) is shared with other iterations and changed in place"


@dataclass(frozen=True, slots=True)
class HeldFunction:
    """Iterations use a function that has a name; functions cannot be copied, as values can."""

    name: str
    line: int

    def __str__(self) -> str:
        return f"`{self.name}` (line {self.line}) is a function, of which there are no copies"


Cause: TypeAlias = (
    Rounds
    | OnlyCode
    | SharedTab
    | OpenTab
    | SharedAccount
    | Irreversible
    | EarlyEnd
    | Carried
    | Mingled
    | HeldFunction
)


@dataclass(frozen=True, slots=True)
class Accumulator:
    """A name that outlives the iterations, and in which way they add to it, in words."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Kept:
    """What an iteration puts aside, each time that it comes to this node, for the fold.

    `names` are read there (after the node has run, where `runs`) and their values copied. The fold
    goes through all that was put aside, in the order of iterations and within each as it came: it
    binds the names outside the loop to these values and then runs `text` there. That is what the
    serial program does, so any update folds to the serial answer.
    """

    node: NodeId
    names: tuple[str, ...]
    text: str
    #: Whether the node also runs in the iteration itself.
    runs: bool


@dataclass(frozen=True, slots=True)
class Independent:
    """Iterations may run at the same time, each on fresh tabs and with variables of its own."""

    #: The names from outside that an iteration needs copies of.
    reads: frozenset[str]
    #: The names that are an iteration's own and die with it, the loop's target among them.
    own: frozenset[str]
    accumulators: tuple[Accumulator, ...]
    kept: tuple[Kept, ...]
    #: Whether the loop may be broken off. Iterations after the first that did are thrown away,
    #: errors included.
    breaks: bool
    #: Whether iterations call tools: each then begins on fresh tabs.
    opens_tabs: bool

    def __str__(self) -> str:
        told = "iterations are independent"
        if self.accumulators:
            told += f"; in their order: {', '.join(str(a) for a in self.accumulators)}"
        return told + ("; the first break counts" if self.breaks else "")


@dataclass(frozen=True, slots=True)
class Serial:
    """One iteration after another."""

    causes: tuple[Cause, ...]

    def __str__(self) -> str:
        return f"iterations are serial because {self.causes[0]}"


Verdict: TypeAlias = Independent | Serial
