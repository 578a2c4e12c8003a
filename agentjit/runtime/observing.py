"""Hold a contract against the live page: observe, compare, and wait for late content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentjit.ports import Clock
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
    Value,
)
from agentjit.toolspecs.state import StateValue

#: Seconds between two looks at a page: the first, and the longest.
FIRST_PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.2

_UNSEEN: Final = object()


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen, and the clauses that it contradicts. What cannot be seen contradicts nothing."""

    state: Mapping[str, StateValue]
    broken: tuple[Clause, ...]


async def wait_for(
    clauses: Sequence[Clause],
    look: Callable[[], Awaitable[Mapping[str, StateValue]]],
    values: Mapping[str, Any],
    *,
    seconds: float,
    clock: Clock,
) -> Observation:
    """Look until no clause is contradicted, or `seconds` are over; the last look is returned.

    `values` holds the call's arguments, and its result under "result".
    """
    deadline, pause = clock.now() + seconds, FIRST_PAUSE
    while True:
        state = await look()
        broken = tuple(c for c in clauses if not consistent(c, state, values))
        if not broken or clock.now() >= deadline:
            return Observation(state, broken)
        await clock.sleep(pause)
        pause = min(pause * 1.6, LONGEST_PAUSE)


def consistent(
    clause: Clause, state: Mapping[str, StateValue], values: Mapping[str, Any]
) -> bool:
    """Whether what was seen agrees with the clause; an unseen variable agrees with everything."""
    seen = state.get(clause.var, _UNSEEN)
    if seen is _UNSEEN:
        return True
    match clause:
        case Equals(value=value):
            return same(seen, _resolve(value, values))
        case Differs(value=value):
            return not same(seen, _resolve(value, values))
        case OneOf(values=options):
            return any(same(seen, option) for option in options)
        case Known():
            return seen is not None
        case Forgets():
            return True


def same(left: Any, right: Any) -> bool:
    """Equality of state values; texts are compared as people do, case and spacing aside."""
    if isinstance(left, str) and isinstance(right, str):
        return " ".join(left.casefold().split()) == " ".join(right.casefold().split())
    return type(left) is type(right) and bool(left == right)


def _resolve(value: Value, values: Mapping[str, Any]) -> Any:
    match value:
        case Constant(constant):
            return constant
        case ParamRef(name):
            return values.get(name)
        case ResultRef(path):
            found = values.get("result")
            for key in path:
                found = found.get(key) if isinstance(found, Mapping) else None
            return found
