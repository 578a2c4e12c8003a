"""What the site lists now, asked for through a port: names to bind the task's words to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from agentjit.errors import RunError
from agentjit.planner.abstaining import Abstained
from agentjit.planner.domain import Domain, Kind
from agentjit.planner.request import Reference
from agentjit.planner.routing import Move, find_route, holds_at
from agentjit.toolspecs.state import StateValue


class Lookup(Protocol):
    """Reads the site for the planner. Only READ and NAVIGATE tools are ever asked for."""

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        """Make these calls (tool, arguments) from the start; the last one's result.

        Raises RunError.
        """


class Catalogue:
    """Lists of the site, read at most once each."""

    def __init__(self, domain: Domain, start: Mapping[str, StateValue], lookup: Lookup) -> None:
        self._domain = domain
        self._start = start
        self._lookup = lookup
        self._known: dict[tuple[str, tuple[Reference, ...]], list[dict[str, Any]]] = {}

    def at_start(self) -> list[Kind]:
        """The kinds that a call can be about and whose lists can be read where the site stands."""
        useful = {id(u.kind) for u in self._domain.uses}
        return [k for k in self._domain.kinds if id(k) in useful and self.readable_at_start(k)]

    def readable_at_start(self, kind: Kind) -> bool:
        """Whether the kind's list can be read where the site stands now."""
        holds = holds_at(self._start)
        return all(holds(c) for c in kind.reader.requires)

    async def rows(self, kind: Kind, within: Sequence[Reference] = ()) -> list[dict[str, Any]]:
        """The records of a kind, after using the references `within`. Raises Abstained."""
        key = (kind.reader.name, tuple(within))
        if key not in self._known:
            route = find_route(self._domain, self._start, within, kind.reader, reads=kind)
            if route is None:
                raise self.unreachable(kind, within)
            steps = [await self._step(move, within) for move in route]
            try:
                self._known[key] = await self._lookup.look(steps)
            except RunError as error:
                raise Abstained(f"could not look it up: {error.message}", error.hint) from error
        return self._known[key]

    def unreachable(self, kind: Kind, within: Sequence[Reference]) -> Abstained:
        """Why a list cannot be read: mostly, because the task does not say of what."""
        for use in self._domain.uses:
            missing = Reference(use.kind, name="?", literal=True)
            if use.kind is kind or use.kind in [r.kind for r in within]:
                continue
            if find_route(self._domain, self._start, (*within, missing), kind.reader, reads=kind):
                noun = use.kind.noun
                return Abstained(f"the task does not say which {noun}", self._examples(use.kind))
        return Abstained(f"no sequence of calls leads to {kind.reader.name}()")

    def _examples(self, kind: Kind) -> str:
        rows = self._known.get((kind.reader.name, ()), [])
        names = [str(r[kind.key.name]) for r in rows[:4]]
        if not names:
            return f"name a {kind.noun} that {kind.reader.name}() lists"
        more = ", …" if len(rows) > len(names) else ""
        return f"name one of the site's {len(rows)}: {', '.join(names)}{more}"

    async def _step(self, move: Move, within: Sequence[Reference]) -> tuple[str, Mapping[str, Any]]:
        if move.uses is None or move.param is None:
            return move.tool.name, {}
        name = move.uses.name
        if name is None:
            outer = within[: within.index(move.uses)]
            name = move.uses.resolve(await self.rows(move.uses.kind, outer))
        if name is None:
            raise Abstained(f"there is no {move.uses.kind.record.name} to choose from")
        return move.tool.name, {move.param: name}
