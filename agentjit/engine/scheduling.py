"""How a checked plan is run: in one tab as it stands, or woven."""

from __future__ import annotations

from typing import Final

from agentjit.compiler.check import CheckedProgram
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.calls import Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.strategies import Hedge, Parallel, Serial, Strategy, parse_strategy

#: Tabs at once where nothing is said.
WIDTH: Final = 4
#: Seconds after which a call is late where nothing is known of its tool.
LATE: Final = 1.5


def choose_strategy(option: str, graph: Graph) -> Strategy:  # noqa: ARG001 - to be asked for it
    """The strategy that was asked for; else one tab, until forecasts decide."""
    return parse_strategy(option) or Serial()


def policy_of(strategy: Parallel | Hedge, checked: CheckedProgram) -> Policy:
    """The strategy as the machine takes it."""
    match strategy:
        case Parallel(workers=workers):
            return Policy(width=workers)
        case Hedge(workers=workers):
            late = {t.name: LATE for t in checked.toolset.tools if t.effect.harmless}
            return Policy(width=workers, late=late, spare=workers)


__all__ = ["build_graph", "choose_strategy", "policy_of"]
