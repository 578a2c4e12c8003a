"""Candidate plans, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentjit.compiler.check import CheckedProgram
from agentjit.diagnostics import Diagnostic
from agentjit.planner.dry import DryRun
from agentjit.ports import Usage
from agentjit.toolspecs.state import StateValue
from agentjit.toolspecs.toolset import Toolset


@dataclass(frozen=True, slots=True)
class Task:
    """What is wanted: the person's words, the tools, and where the site stands at the start."""

    text: str
    toolset: Toolset
    #: Observed start values, where they differ from the state model's.
    start: tuple[tuple[str, StateValue], ...] = ()

    @property
    def facts(self) -> dict[str, StateValue]:
        """Every state variable's value at the start."""
        return {**self.toolset.state.start(), **dict(self.start)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One plan's text, where it came from, and what it cost to get."""

    plan: str
    #: the symbolic planner, "given", or "provider/model #3".
    origin: str
    usage: Usage = Usage()
    #: Wall time until it was there, in seconds.
    seconds: float = 0.0
    #: The plan cache's name for it, where it was kept there.
    kept_as: str = ""
    #: What whoever wrote it wants to say about it.
    remarks: tuple[str, ...] = ()
    #: Whether the search made it of a goal, rather than somebody wrote it.
    composed: bool = False
    #: What repair put in, as a unified diff from the plan as it was written; else empty.
    diff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A candidate after compilation: checked and priced, or with the reasons why not."""

    candidate: Candidate
    checked: CheckedProgram | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    #: Relative cost (see `planner.cost`); None for a candidate that does not check.
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Valid candidates with one dry run: the same changes in the same order, the same answer."""

    effect: DryRun
    #: In the order of their arrival; the same plan twice is two of them.
    members: tuple[Verdict, ...]

    @property
    def size(self) -> int:
        """How many candidates agree."""
        return len(self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The winner, and the others, each with the reason why it lost."""

    winner: Verdict
    losers: tuple[tuple[Verdict, str], ...] = field(default=())
    #: Of all calls for it, those that gave no candidate too.
    usage: Usage = Usage()
    #: Where agreement was asked for: the valid candidates by what they do, the largest first.
    clusters: tuple[Cluster, ...] = ()

    @property
    def checked(self) -> CheckedProgram:
        """The winner's program."""
        assert self.winner.checked is not None
        return self.winner.checked
