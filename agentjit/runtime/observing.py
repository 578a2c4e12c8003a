"""Hold a contract against the live page: observe, compare, and wait for late content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentjit.errors import ContractBroken
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

#: Where a call's result stands beside its arguments; no parameter can have this name.
RESULT: Final = "result()"

_UNSEEN: Final = object()


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen, and the clauses that it contradicts; the unseen contradicts nothing."""

    state: Mapping[str, StateValue]
    broken: tuple[Clause, ...]
    #: What was in the way before, and was dismissed.
    cleared: tuple[str, ...] = ()
    #: Whether it was seen as well that no known obstacle was in the way.
    unobstructed: bool = False


async def wait_for(
    clauses: Sequence[Clause],
    look: Callable[[], Awaitable[Mapping[str, StateValue] | None]],
    values: Mapping[str, Any],
    *,
    seconds: float,
    clock: Clock,
) -> Observation:
    """Look until no clause is contradicted, or `seconds` are over; the last look is returned.

    A look that is None saw no page at all, which proves nothing: there will be another. `values`
    holds the call's arguments, and its result under RESULT. Raises ContractBroken when the page is
    still being replaced at the end.
    """
    deadline, waits = clock.now() + seconds, pauses()
    while True:
        state = await look()
        if state is not None or not clauses:
            seen = hold(clauses, state or {}, values)
            if not seen.broken or clock.now() >= deadline:
                return seen
        elif clock.now() >= deadline:
            raise ContractBroken(
                f"the page was still being replaced after {seconds:g} s: nothing can be seen on it",
                "the site redirects without end, or is very slow",
            )
        # Not past the end: the last look is at the deadline itself.
        await clock.sleep(min(next(waits), max(deadline - clock.now(), FIRST_PAUSE)))


def hold(
    clauses: Sequence[Clause], state: Mapping[str, StateValue], values: Mapping[str, Any]
) -> Observation:
    """Hold clauses against what was seen."""
    return Observation(state, tuple(c for c in clauses if not consistent(c, state, values)))


def pauses() -> Iterator[float]:
    """Seconds between one look and the next: short at first, then longer."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 1.6, LONGEST_PAUSE)


def consistent(clause: Clause, state: Mapping[str, StateValue], values: Mapping[str, Any]) -> bool:
    """Whether what was seen agrees with the clause; an unseen variable agrees with everything."""
    seen = state.get(clause.var, _UNSEEN)
    if seen is _UNSEEN:
        return True
    match clause:
        case Equals(value=value):
            return same(seen, resolve(value, values))
        case Differs(value=value):
            return not same(seen, resolve(value, values))
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


def explain(clause: Clause, values: Mapping[str, Any]) -> str:
    """What stands behind the clause's `$parameter` or `result.field`, in parentheses."""
    match clause:
        case (
            Equals(value=ParamRef() | ResultRef() as value)
            | Differs(value=ParamRef() | ResultRef() as value)
        ):
            return f" ({value} is {resolve(value, values)!r})"
        case _:
            return ""


def resolve(value: Value, values: Mapping[str, Any]) -> Any:
    """What a contract's value is, given the arguments, and the result under RESULT."""
    match value:
        case Constant(constant):
            return constant
        case ParamRef(name):
            return values.get(name)
        case ResultRef(path):
            found = values.get(RESULT)
            for key in path:
                found = found.get(key) if isinstance(found, Mapping) else None
            return found
