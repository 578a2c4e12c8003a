"""Latency profiles as JSON: what is kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agentjit.scheduler.answering import Answers
from agentjit.scheduler.calibration import MOST as MOST_RECORDS
from agentjit.scheduler.calibration import read_record
from agentjit.scheduler.profile import Calls, Profile
from agentjit.scheduler.samples import MOST, Samples

#: The form of a profile; another form is not read.
FORM: Final = 1
#: No measured time is longer than a day.
LONGEST: Final = 86_400.0


def profile_to_json(profile: Profile) -> dict[str, Any]:
    """As JSON data, seconds to a tenth of a millisecond."""
    return {
        "form": FORM,
        "site": profile.site,
        "version": profile.version,
        "tools": {
            name: {
                "times": [[round(seconds, 4), busy] for seconds, busy in calls.times],
                "failures": list(calls.failures.values),
            }
            for name, calls in sorted(profile.tools.items())
        },
        "opening": _told(profile.opening),
        "reset": _told(profile.reset),
        "answers": [[tokens, round(seconds, 4)] for tokens, seconds in profile.answers.seen],
        "lengths": {name: _told(seen) for name, seen in sorted(profile.lengths.items())},
        "rounds": {key: _told(seen) for key, seen in sorted(profile.rounds.items())},
        "taken": {key: _told(seen) for key, seen in sorted(profile.taken.items())},
        "records": [record.to_json() for record in profile.records],
    }


def read_profile(data: Any) -> Profile:
    """The profile that was told as JSON.

    Raises KeyError, TypeError, ValueError, ArithmeticError or AttributeError for what is none.
    """
    if data["form"] != FORM:
        raise ValueError(data["form"])
    return Profile(
        site=str(data["site"]),
        version=str(data["version"]),
        tools={
            str(name): Calls(
                tuple((_number(s), max(1, int(busy))) for s, busy in calls["times"][-MOST:]),
                _samples(calls["failures"]),
            )
            for name, calls in data["tools"].items()
        },
        opening=_samples(data["opening"]),
        reset=_samples(data["reset"]),
        answers=Answers(
            tuple(
                (None if tokens is None else _number(tokens), _number(seconds))
                for tokens, seconds in data["answers"][-MOST:]
            )
        ),
        lengths=_named(data["lengths"]),
        rounds=_named(data["rounds"]),
        taken=_named(data["taken"]),
        records=tuple(read_record(record) for record in data["records"][-MOST_RECORDS:]),
    )


def _told(samples: Samples) -> list[float]:
    return [round(value, 4) for value in samples.values]


def _samples(values: Any) -> Samples:
    return Samples(tuple(_number(value) for value in values)[-MOST:])


def _named(found: Mapping[str, Any]) -> dict[str, Samples]:
    # Of what was never measured there is no entry: an empty one has no quantiles.
    return {str(name): _samples(values) for name, values in found.items() if values}


def _number(value: Any) -> float:
    number = float(value)
    # NaN fails both comparisons.
    if not 0 <= number <= LONGEST:
        raise ValueError(value)
    return number
