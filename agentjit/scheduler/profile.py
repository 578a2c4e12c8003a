"""Latency profiles: what was measured of a site's tools, and what that says of the next call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import Any, Final

from agentjit.ports import RunEvent
from agentjit.scheduler.answering import Answers
from agentjit.scheduler.calibration import MOST as MOST_RECORDS
from agentjit.scheduler.calibration import Record
from agentjit.scheduler.contention import FLOOR, Contention, fit_contention
from agentjit.scheduler.overlapping import count_busy
from agentjit.scheduler.samples import MOST, Distribution, Prior, Samples, blend, decayed
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.toolset import Toolset

#: What is believed of a call that was never measured, by what it may change: seconds.
PRIORS: Final[Mapping[Effect, Prior]] = {
    Effect.READ: Prior(0.15, 0.7),
    Effect.NAVIGATE: Prior(0.5, 0.7),
    Effect.WRITE: Prior(0.3, 0.7),
    Effect.COMMIT: Prior(0.6, 0.7),
}
OPENING: Final = Prior(0.3, 0.5)
RESET: Final = Prior(0.2, 0.5)
#: What a site's own pace is held against, in samples.
PACE_TRUST: Final = 3.0
#: The kinds of events that there is something to learn from.
LEARNT: Final = frozenset(
    "branched call-done call-failed loop-left model-answered tab-opened tab-reset".split()
)
#: Of calls that were never made, this many fail in how many: one in a hundred.
FAILURES: Final = (0.05, 5.0)


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one tool, in the order of time."""

    #: Seconds, and how many tabs were busy when the call began, itself among them.
    times: tuple[tuple[float, int], ...] = ()
    #: 1 for a call that failed, 0 for one that did not.
    failures: Samples = field(default_factory=Samples)

    def done(self, seconds: float, busy: int) -> Calls:
        """With one more that went well."""
        return Calls((*self.times, (seconds, max(1, busy)))[-MOST:], self.failures.add((0.0,)))

    def failed(self) -> Calls:
        """With one more that failed; its time says nothing."""
        return replace(self, failures=self.failures.add((1.0,)))


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All that was measured of one version of a site's tools. Learning gives a new one."""

    site: str
    version: str
    tools: Mapping[str, Calls] = field(default_factory=dict)
    #: Opening a tab at the site's start, and bringing a used tab back there.
    opening: Samples = field(default_factory=Samples)
    reset: Samples = field(default_factory=Samples)
    answers: Answers = field(default_factory=Answers)
    #: Lengths of the lists that a tool returned.
    lengths: Mapping[str, Samples] = field(default_factory=dict)
    #: Rounds of loops, and branches taken (1) or not (0), by their keys.
    rounds: Mapping[str, Samples] = field(default_factory=dict)
    taken: Mapping[str, Samples] = field(default_factory=dict)
    records: tuple[Record, ...] = ()

    def learn(self, events: Iterable[RunEvent]) -> Profile:
        """With what the events of one run say; those of other kinds say nothing.

        `call-done` (tool, seconds, result; busy: tabs busy meanwhile, its own among them; else the
        events that overlap tell), `call-failed` (tool), `tab-opened` and `tab-reset` (seconds, else
        nothing is learnt), `model-answered` (seconds, output_tokens), `loop-left` (key, rounds),
        `branched` (key, taken). Keys are those of `trips.Sources.key`. Calls that were cancelled
        must not be told: they have no time.
        """
        profile, told = self, tuple(events)
        for event, busy in zip(told, count_busy(told), strict=True):
            profile = _learn(profile, event.kind, event.data, busy)
        return profile

    def keep(self, record: Record) -> Profile:
        """With one more forecast that can be held against its run."""
        return replace(self, records=(*self.records, record)[-MOST_RECORDS:])


@dataclass(frozen=True, slots=True)
class Latencies:
    """What a profile says of the next call. Made once a forecast: fitting takes a millisecond."""

    profile: Profile
    contention: Contention
    #: By what the site's calls differ from what is believed of calls in general.
    pace: float
    #: What was worked out of it for simulations: draws are from the same tables again.
    tables: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def tool(self, name: str, effect: Effect) -> Distribution:
        """Seconds of a call while no other tab is busy."""
        calls = self.profile.tools.get(name, Calls()).times
        alone = [seconds / self.contention(busy) for seconds, busy in calls]
        return blend(alone, decayed(len(alone)), PRIORS[effect].scaled(self.pace))

    def opening(self) -> Distribution:
        """Seconds until a new tab is at the site's start."""
        samples = self.profile.opening
        return blend(samples.values, samples.weights(), OPENING.scaled(self.pace))

    def reset(self) -> Distribution:
        """Seconds until a used tab is at the site's start again."""
        samples = self.profile.reset
        return blend(samples.values, samples.weights(), RESET.scaled(self.pace))

    def failure(self, name: str) -> float:
        """The probability that a call fails."""
        failures = self.profile.tools.get(name, Calls()).failures
        weights = failures.weights()
        bad = sum(v * w for v, w in zip(failures.values, weights, strict=True))
        return (bad + FAILURES[0]) / (sum(weights) + FAILURES[1])


def read_latencies(profile: Profile, toolset: Toolset) -> Latencies:
    """What the profile says of the next calls of these tools."""
    effects = {tool.name: tool.effect for tool in toolset.tools}
    times = {name: calls.times for name, calls in profile.tools.items()}
    contention = fit_contention(times)
    total = weight = 0.0
    for name, calls in times.items():
        if name in effects:
            for (seconds, busy), each in zip(calls, decayed(len(calls)), strict=True):
                alone = max(seconds, FLOOR) / contention(busy)
                total += each * log(alone / PRIORS[effects[name]].median)
                weight += each
    return Latencies(profile, contention, exp(total / (weight + PACE_TRUST)))


def _learn(profile: Profile, kind: str, data: Mapping[str, Any], busy: int) -> Profile:
    match kind:
        case "call-done":
            return _learn_call(profile, data, busy)
        case "call-failed":
            calls = profile.tools.get(data["tool"], Calls()).failed()
            return replace(profile, tools={**profile.tools, data["tool"]: calls})
        case "tab-opened" if "seconds" in data:
            return replace(profile, opening=profile.opening.add((float(data["seconds"]),)))
        case "tab-reset" if "seconds" in data:
            return replace(profile, reset=profile.reset.add((float(data["seconds"]),)))
        case "model-answered":
            tokens = data.get("output_tokens")
            return replace(profile, answers=profile.answers.add(data["seconds"], tokens))
        case "loop-left":
            rounds = _add(profile.rounds, data["key"], data["rounds"])
            return replace(profile, rounds=rounds)
        case "branched":
            return replace(profile, taken=_add(profile.taken, data["key"], data["taken"]))
        case _:
            return profile


def _learn_call(profile: Profile, data: Mapping[str, Any], busy: int) -> Profile:
    tool, result = data["tool"], data.get("result")
    calls = profile.tools.get(tool, Calls()).done(float(data["seconds"]), busy)
    if isinstance(result, list):
        profile = replace(profile, lengths=_add(profile.lengths, tool, len(result)))
    return replace(profile, tools={**profile.tools, tool: calls})


def _add(found: Mapping[str, Samples], key: str, value: float) -> dict[str, Samples]:
    return {**found, key: found.get(key, Samples()).add((float(value),))}
