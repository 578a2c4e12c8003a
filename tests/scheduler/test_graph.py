"""Plans and the graphs that are left of them: a file a plan, under tests/golden/scheduler."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Final

import networkx as nx  # type: ignore[import-untyped]
import pytest

from agentjit.compiler import CheckedProgram, check
from agentjit.scheduler.building import build_graph
from agentjit.scheduler.exporting import graph_to_json
from agentjit.scheduler.graph import Graph, LoopNode, Region, nodes_in, regions_of
from agentjit.scheduler.independence import Independent, Serial
from agentjit.scheduler.network import to_networkx
from agentjit.scheduler.showing import show_graph
from agentjit.sites import load_site
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from tests.compiler.cases import cases_in
from tests.compiler.shop import SHOP
from tests.conftest import GOLDEN, Golden
from tests.sites.references import SITES

FOLDER: Final = GOLDEN / "scheduler" / "shop"
PLANS: Final = sorted(FOLDER.glob("*.plan"))
REFERENCES: Final = sorted((SITES / "dashdish" / "plans").glob("*.plan"))


def graph_in(path: Path, toolset: Toolset) -> Graph:
    checked = check(Source("plan", path.read_text("utf-8")), toolset)
    assert isinstance(checked, CheckedProgram), checked
    return build_graph(checked)


def all_graphs() -> list[Graph]:
    dashdish = load_site("dashdish").toolset
    graphs = [graph_in(path, SHOP) for path in PLANS]
    return graphs + [graph_in(path, dashdish) for path in REFERENCES]


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.stem)
def test_a_plan_of_the_shop_has_this_graph(path: Path, golden: Golden) -> None:
    golden(f"scheduler/shop/{path.stem}.txt", show_graph(graph_in(path, SHOP)))


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_a_reference_plan_of_dashdish_has_this_graph(path: Path, golden: Golden) -> None:
    toolset = load_site("dashdish").toolset
    golden(f"scheduler/dashdish/{path.stem}.txt", show_graph(graph_in(path, toolset)))


def test_a_graph_as_json(golden: Golden) -> None:
    graph = graph_in(FOLDER / "sums_and_the_best_are_folded_in_order.plan", SHOP)
    golden("scheduler/graph.json", json.dumps(graph_to_json(graph), indent=1) + "\n")


def test_every_graph_can_be_told_as_json() -> None:
    for graph in all_graphs():
        told = json.loads(json.dumps(graph_to_json(graph)))
        assert [e["id"] for e in told["episodes"]] == [e.id for e in graph.episodes]


def test_a_graph_for_networkx_has_all_nodes_and_no_cycle() -> None:
    for graph in all_graphs():
        drawn = to_networkx(graph)
        assert set(drawn) == {node.stmt.id for node in nodes_in(graph.root)}
        assert nx.is_directed_acyclic_graph(drawn)


def test_every_golden_has_its_plan() -> None:
    assert {p.stem for p in FOLDER.glob("*.txt")} == {p.stem for p in PLANS}
    told = {p.stem for p in (GOLDEN / "scheduler" / "dashdish").glob("*.txt")}
    assert told == {p.stem for p in REFERENCES}
    assert len(PLANS) + len(REFERENCES) >= 45


def test_the_goldens_have_every_reason_and_every_cause() -> None:
    reasons: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for graph in all_graphs():
        for region in regions_in(graph.root):
            reasons.update(type(r).__name__ for e in region.edges for r in e.reasons)
        for loop in graph.loops():
            if isinstance(loop.verdict, Serial):
                causes.update(type(c).__name__ for c in loop.verdict.causes)
    assert set(reasons) == {"Data", "Tab", "Account", "CommitOrder", "Sure", "Control"}
    expected = {"Rounds", "OnlyCode", "SharedTab", "OpenTab", "SharedAccount", "Irreversible"}
    assert set(causes) == {*expected, "Carried", "Mingled", "HeldFunction"}


def regions_in(region: Region) -> list[Region]:
    inner = [r for node in region.nodes for r in regions_of(node)]
    return [region, *(r for each in inner for r in regions_in(each))]


def test_edges_go_forward_and_stay_in_their_region() -> None:
    graphs = all_graphs()
    for case in cases_in("accepted"):
        checked = case.answer()
        assert isinstance(checked, CheckedProgram)
        graphs.append(build_graph(checked))
    for graph in graphs:
        for region in regions_in(graph.root):
            places = {node.stmt.id: place for place, node in enumerate(region.nodes)}
            assert all(places[e.before] < places[e.after] for e in region.edges)
            assert all(e.reasons for e in region.edges)


def test_a_graph_has_every_node_of_its_program_once() -> None:
    for graph in all_graphs():
        ids = [node.stmt.id for node in nodes_in(graph.root)]
        assert sorted(ids) == sorted(set(ids))
        loops = [node for node in nodes_in(graph.root) if isinstance(node, LoopNode)]
        inside = {node.stmt.id for node in nodes_in(graph.root)}
        for loop in loops:
            if isinstance(loop.verdict, Independent):
                assert {kept.node for kept in loop.verdict.kept} <= inside
