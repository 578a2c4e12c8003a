"""The comparison as a table: verdicts and outcomes by mutation, false alarms by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from agentjit.diagnostics import Diagnostic
from tests.compiler.mutation.mutants import Kind
from tests.compiler.mutation.running import End
from tests.compiler.mutation.verdicts import Judged

_BEYOND = "broken beyond the state model"
#: The outcomes, the worst first, each with what a column has room for.
_COLUMNS = {
    End.BROKEN.value: "broken",
    End.MISTYPED.value: "mistyped",
    _BEYOND: "beyond",
    End.REFUSED.value: "refused",
    End.CRASHED.value: "crashed",
    End.ENDLESS.value: "endless",
    End.UNBROKEN.value: "unbroken",
}


def render(judged: Sequence[Judged]) -> str:
    """The whole report."""
    parts = [
        _counts("accepted", [j for j in judged if j.accepted]),
        _counts("rejected", [j for j in judged if not j.accepted]),
        _missed(judged),
        _causes("accepted, broken beyond the state model, by cause", _beyond(judged)),
        _causes("rejected, broken, by cause", _caught(judged)),
        _causes("false alarms, by cause", _alarms(judged)),
    ]
    return "\n\n".join(part for part in parts if part)


def _counts(title: str, judged: Sequence[Judged]) -> str:
    header = f"{title:<10}" + "".join(f"{short:>10}" for short in _COLUMNS.values()) + f"{'all':>8}"
    rows = [_row(kind.value, [j for j in judged if j.mutant.kind is kind]) for kind in Kind]
    return "\n".join([header, *rows, _row("all", judged)])


def _row(title: str, judged: Sequence[Judged]) -> str:
    counts = Counter(j.outcome for j in judged)
    cells = "".join(f"{counts[outcome] or '-':>10}" for outcome in _COLUMNS)
    return f"{title:<10}{cells}{len(judged):>8}"


def _missed(judged: Iterable[Judged]) -> str:
    missed = [j for j in judged if j.missed]
    lines = [f"  {j.mutant.name}: {j.worst.why} ({j.worst.world})" for j in missed]
    return "\n".join([f"missed: {len(missed)}", *lines])


def _causes(title: str, pairs: Iterable[tuple[str, Judged]]) -> str:
    """How often each cause came, and the first mutant that shows it."""
    found = list(pairs)
    lines = [f"{title}: {len(found)}"]
    for cause, count in Counter(cause for cause, _ in found).most_common():
        first = next(j for each, j in found if each == cause)
        lines += [f"{count:>6}  {cause}", f"        e.g. {first.mutant.name}"]
        lines += [f"             {_short(d)}" for d in first.diagnostics[:1]]
    return "\n".join(lines) if found else ""


def _beyond(judged: Iterable[Judged]) -> Iterator[tuple[str, Judged]]:
    return ((j.worst.why, j) for j in judged if j.accepted and j.outcome == _BEYOND)


def _caught(judged: Iterable[Judged]) -> Iterator[tuple[str, Judged]]:
    return ((j.worst.why, j) for j in judged if not j.accepted and j.worst.end is End.BROKEN)


def _alarms(judged: Iterable[Judged]) -> Iterator[tuple[str, Judged]]:
    return ((j.alarm.value, j) for j in judged if j.alarm)


def _short(diagnostic: Diagnostic) -> str:
    text = f"{diagnostic.code}: {diagnostic.message}"
    return text if len(text) <= 110 else f"{text[:109]}…"
