"""Hedged reading beside plain reading: the tail, and what it costs."""

from __future__ import annotations

import json

import pytest

from agentjit.bench.hedging import PLAN, STRATEGIES, Hedged
from agentjit.compiler.check import check_or_raise
from agentjit.scheduler.building import build_graph
from agentjit.sites import load_site
from agentjit.source import Source


def test_the_plan_only_reads() -> None:
    toolset = load_site("dashdish").toolset
    checked = check_or_raise(Source("plan", PLAN), toolset)
    graph = build_graph(checked)
    effects = {tool.name: tool.effect for tool in toolset.tools}
    called = [call for call in effects if f"{call}(" in PLAN]
    assert len(called) == 3
    assert all(effects[call].harmless for call in called)
    assert len(list(graph.loops())) == 1


def test_the_tail_and_its_price() -> None:
    plain, hedged = STRATEGIES
    seen = Hedged(
        seconds={plain: (1.0, 1.0, 5.0), hedged: (1.0, 1.0, 2.0)},
        requests={plain: (18,), hedged: (21,)},
        calls={plain: (6,), hedged: (6,)},
    )
    assert seen.p95(plain) == pytest.approx(4.6)
    assert seen.tail == pytest.approx(1.9 / 4.6)
    assert seen.price == pytest.approx(7 / 6)
    assert "at 1.17 times the requests and 1.00 times the tool calls" in seen.show()
    assert json.loads(json.dumps(seen.to_json()))["request_ratio"] == pytest.approx(1.1667)
