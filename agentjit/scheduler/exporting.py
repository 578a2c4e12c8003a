"""The dependence graph as JSON: what is kept with a run, and drawn in its report."""

from __future__ import annotations

import re
from typing import Any, Final

from agentjit.scheduler.graph import (
    BranchNode,
    CodeNode,
    Graph,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    ToolNode,
)
from agentjit.scheduler.independence import Cause, Serial, Verdict
from agentjit.scheduler.reasons import reason_to_json
from agentjit.scheduler.showing import node_text

_INNER_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def graph_to_json(graph: Graph) -> dict[str, Any]:
    """The graph: its episodes and its root region, regions in each other as they are."""
    return {
        "toolset": graph.toolset,
        "version": graph.version,
        "episodes": [
            {"id": e.id, "calls": list(e.calls), "fresh": e.fresh} for e in graph.episodes
        ],
        "root": _region(graph.root),
    }


def _region(region: Region) -> dict[str, Any]:
    return {
        "nodes": [_node(node) for node in region.nodes],
        "edges": [
            {
                "before": edge.before,
                "after": edge.after,
                "reasons": [reason_to_json(reason) for reason in edge.reasons],
            }
            for edge in region.edges
        ],
    }


def _node(node: Node) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": node.stmt.id,
        "line": node.stmt.span.line,
        "text": node_text(node),
    }
    match node:
        case ToolNode():
            return told | {
                "kind": "tool",
                "tool": node.stmt.tool,
                "effect": node.effect.value,
                "episode": node.episode,
                "start": node.start.value,
                "dropped": node.dropped,
            }
        case ModelNode():
            return told | {"kind": "model"}
        case CodeNode():
            return told | {"kind": "code"}
        case JumpNode():
            return told | {"kind": "jump"}
        case BranchNode(body=body, orelse=orelse, episode=episode):
            regions = {"body": _region(body), "orelse": _region(orelse)}
            return told | {"kind": "branch", "episode": episode, **regions}
        case LoopNode():
            return told | {
                "kind": "loop",
                "episode": node.episode,
                "verdict": verdict_to_json(node.verdict),
                "prelude": _region(node.prelude),
                "body": _region(node.body),
                "orelse": _region(node.orelse),
            }


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Whether iterations are independent; why not, or what running them so takes."""
    told: dict[str, Any] = {"independent": not isinstance(verdict, Serial), "text": str(verdict)}
    if isinstance(verdict, Serial):
        causes = [{"kind": _kind(cause), "text": str(cause)} for cause in verdict.causes]
        return {**told, "causes": causes}
    return {
        **told,
        "reads": sorted(verdict.reads),
        "own": sorted(verdict.own),
        "accumulators": [{"name": a.name, "kind": a.kind} for a in verdict.accumulators],
        "kept": [
            {"node": k.node, "names": list(k.names), "text": k.text, "runs": k.runs}
            for k in verdict.kept
        ],
        "breaks": verdict.breaks,
        "opens_tabs": verdict.opens_tabs,
    }


def _kind(cause: Cause) -> str:
    return _INNER_CAPITAL.sub("-", type(cause).__name__).lower()
