"""How a checked plan is run: in one tab as it stands, or woven."""

from __future__ import annotations

from typing import Final

from agentjit.compiler.check import CheckedProgram
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.calls import Policy
from agentjit.scheduler.graph import Graph
from agentjit.scheduler.independence import Independent
from agentjit.scheduler.strategies import Hedge, Parallel, Serial, Strategy, parse_strategy

#: Tabs at once where nothing is said.
WIDTH: Final = 4
#: Seconds after which a call is late where nothing is known of its tool.
LATE: Final = 1.5


def choose_strategy(option: str, graph: Graph) -> Strategy:
    """The strategy that was asked for; or by what the graph has to gain."""
    asked = parse_strategy(option)
    if asked is not None:
        return asked
    loops = any(isinstance(loop.verdict, Independent) for loop in graph.loops())
    return Parallel(WIDTH) if loops or len(graph.episodes) > 1 else Serial()


def policy_of(strategy: Parallel | Hedge, checked: CheckedProgram) -> Policy:
    """The strategy as the machine takes it."""
    match strategy:
        case Parallel(workers=workers):
            return Policy(width=workers)
        case Hedge(workers=workers):
            late = {t.name: LATE for t in checked.toolset.tools if t.effect.harmless}
            return Policy(width=workers, late=late, spare=workers)


__all__ = ["build_graph", "choose_strategy", "policy_of"]
