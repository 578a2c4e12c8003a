"""One run of one task by one system: what it did, what it took, and what the grader said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from agentjit.bench.latency.thinking import Think, Thought, modelled, think_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What was forecast of a run of a plan, and what it took: seconds, without planning."""

    strategy: str
    p50: float
    #: The interval that should hold four of five runs.
    low: float
    high: float
    measured: float
    #: Calls that were made before the plan was there: the forecast is of them, too.
    ahead: int = 0

    @property
    def held(self) -> bool:
        """Whether the run was in the interval."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A call of a tool that a trial made, and in which tab; seconds since the trial began."""

    tool: str
    tab: int
    began: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One trial. Seconds are wall time from the moment when the system is given the task."""

    task: str
    system: str
    seed: int
    repeat: int
    #: What the grader says; `done` is what the system says.
    passed: bool
    done: bool
    findings: tuple[str, ...] = ()
    error: str | None = None
    wall_seconds: float = 0.0
    #: Of the browser's start and the first visit of the site, which no wall time holds.
    startup_seconds: float = 0.0
    #: None where there was no browser action, or the system does not tell.
    first_action_seconds: float | None = None
    thoughts: tuple[Thought, ...] = ()
    steps: int = 0
    actions: int = 0
    #: The most memory that the system's processes had at once, the browser's among them.
    peak_bytes: int = 0
    #: Irreversible calls: recorded before the attempt, and seen done. None where nobody counts.
    intended: int | None = None
    made: int | None = None
    foretold: Foretold | None = None
    #: The calls of tools, where the system tells them.
    deeds: tuple[Deed, ...] = ()
    #: Who wrote the plan, where there was one.
    origin: str | None = None

    @property
    def calls(self) -> int:
        """Calls of the model."""
        return len(self.thoughts)

    @property
    def prompt_tokens(self) -> int:
        """Tokens that the model read, in all calls."""
        return sum(each.prompt_tokens for each in self.thoughts)

    @property
    def output_tokens(self) -> int:
        """Tokens that the model wrote, in all calls."""
        return sum(each.output_tokens for each in self.thoughts)

    @property
    def think_seconds(self) -> float:
        """Seconds in which the model was waited for."""
        return min(think_seconds(self.thoughts), self.wall_seconds)

    @property
    def harness_seconds(self) -> float:
        """Seconds that are not the model's."""
        return self.wall_seconds - self.think_seconds

    def wall_at(self, think: Think) -> float:
        """What the same run would have taken with a model of another pace."""
        return self.harness_seconds + modelled(self.thoughts, think)

    def to_json(self) -> dict[str, Any]:
        """As JSON data: every field, and what follows from them."""
        data = {name: _rounded(value) for name, value in asdict(self).items()}
        return data | {
            "calls": self.calls,
            "prompt_tokens": self.prompt_tokens,
            "output_tokens": self.output_tokens,
            "think_seconds": round(self.think_seconds, 4),
            "harness_seconds": round(self.harness_seconds, 4),
        }


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 4)
        case tuple():
            return [_rounded(each) for each in value]
        case dict():
            return {name: _rounded(each) for name, each in value.items()}
        case _:
            return value


def trial_from_json(data: Mapping[str, Any]) -> Trial:
    """The trial that `to_json` wrote. Raises LookupError or TypeError for what is none."""
    given = {spec.name: data[spec.name] for spec in fields(Trial)}
    given["findings"] = tuple(given["findings"])
    given["thoughts"] = tuple(Thought(**each) for each in given["thoughts"])
    given["deeds"] = tuple(Deed(**each) for each in given["deeds"])
    given["foretold"] = None if given["foretold"] is None else Foretold(**given["foretold"])
    return Trial(**given)
