"""The dependence graph as text: a tree of regions; each node says what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agentjit.compiler.ir import Break, Expr, For, Let, NodeId
from agentjit.compiler.names import is_temporary
from agentjit.scheduler.graph import (
    BranchNode,
    CodeNode,
    Edge,
    EpisodeId,
    Graph,
    JumpNode,
    LoopNode,
    ModelNode,
    Node,
    Region,
    Start,
    ToolNode,
)
from agentjit.scheduler.independence import OnlyCode, Serial, Verdict

#: Characters of a node's own text; what is longer is cut.
MAX_TOLD: Final = 72


def show_graph(graph: Graph) -> str:
    """The whole graph; episodes and loops are summed up below it."""
    lines = [*_region(graph.root, "")] or ["nothing to do"]
    if graph.episodes:
        lines += ["", "episodes:"]
        lines += [f"  {line}" for line in _episodes(graph)]
    loops = [loop for loop in graph.loops() if _kind(loop.verdict) != "only code"]
    if loops:
        lines += ["", "loops:"]
        lines += [f"  {line}" for loop in loops for line in _verdict(loop)]
    return "\n".join(lines) + "\n"


def _region(region: Region, indent: str) -> Iterator[str]:
    for node in region.nodes:
        yield f"{indent}%{node.stmt.id} line {node.stmt.span.line}: {_node(node)}"
        for edge in region.edges:
            if edge.after == node.stmt.id:
                yield f"{indent}    <- %{edge.before}: {_reasons(edge)}"
        yield from _inside(node, indent + "    ")


def _inside(node: Node, indent: str) -> Iterator[str]:
    match node:
        case BranchNode(body=body, orelse=orelse):
            yield from _region(body, indent)
            if orelse.nodes:
                yield f"{indent[:-4]}else"
                yield from _region(orelse, indent)
        case LoopNode(prelude=prelude, body=body, orelse=orelse):
            yield from _region(prelude, indent + "? ")
            yield from _region(body, indent)
            if orelse.nodes:
                yield f"{indent[:-4]}else"
                yield from _region(orelse, indent)
        case _:
            pass


def _reasons(edge: Edge) -> str:
    return "; ".join(str(reason) for reason in edge.reasons)


def _node(node: Node) -> str:
    told = node_text(node)
    match node:
        case ToolNode():
            return f"{told}  [{node.effect.value}, {_tab(node)}]"
        case ModelNode():
            return f"{told}  [model]"
        case BranchNode(episode=episode):
            return told + _shared(episode)
        case LoopNode(episode=episode, verdict=verdict):
            return f"{told}  [{_kind(verdict)}]{_shared(episode)}"
        case CodeNode() | JumpNode():
            return told


def _kind(verdict: Verdict) -> str:
    if isinstance(verdict, Serial):
        return "only code" if verdict.causes == (OnlyCode(),) else "serial"
    return "parallel"


def node_text(node: Node) -> str:
    """The node's own line, much as the plan has it; cut where it is long."""
    match node:
        case ToolNode(stmt=stmt):
            return _cut(f"{_target(stmt.target)}{stmt.tool}({_pairs(stmt.args)})")
        case ModelNode(stmt=stmt):
            values = _pairs((("question", stmt.question), *stmt.values))
            return _cut(f"{_target(stmt.target)}ai_eval({values})")
        case CodeNode(stmt=stmt):
            if isinstance(stmt, Let):
                return _cut(f"{stmt.target} = {stmt.value.text}")
            first, *more = stmt.text.split("\n")
            return _cut(f"{first} …" if more else first)
        case JumpNode(stmt=stmt):
            return "break" if isinstance(stmt, Break) else "continue"
        case BranchNode(stmt=stmt):
            return _cut(f"if {stmt.test.text}")
        case LoopNode(stmt=stmt):
            if isinstance(stmt, For):
                return _cut(f"for {stmt.target} in {stmt.iterable.text}")
            return _cut(f"while {stmt.test.text}")


def _tab(node: ToolNode) -> str:
    if node.dropped:
        return "dropped: nobody sees its effect"
    match node.start:
        case Start.NO:
            return f"episode {node.episode}"
        case Start.FRESH:
            return f"episode {node.episode}, starts as a fresh tab"
        case Start.RESET:
            return f"episode {node.episode}, resets its tab"


def _shared(episode: EpisodeId | None) -> str:
    return "" if episode is None else f"  [episode {episode}]"


def _target(name: str | None) -> str:
    return f"{name} = " if name else ""


def _pairs(pairs: tuple[tuple[str, Expr], ...]) -> str:
    return ", ".join(f"{name}={expr.text}" for name, expr in pairs)


def _cut(text: str) -> str:
    text = " ".join(text.split("\n"))
    return text if len(text) <= MAX_TOLD else f"{text[: MAX_TOLD - 1]}…"


def _episodes(graph: Graph) -> Iterator[str]:
    for episode in graph.episodes:
        where = "a tab of its own" if episode.fresh else "the tab that the run begins with"
        yield f"{episode.id}: {where}: {', '.join(f'%{call}' for call in episode.calls)}"


def _verdict(loop: LoopNode) -> Iterator[str]:
    yield f"%{loop.stmt.id} line {loop.stmt.span.line}: {loop.verdict}"
    match loop.verdict:
        case Serial(causes=causes):
            yield from (f"    and because {cause}" for cause in causes[1:])
        case verdict:
            reads = sorted(n for n in verdict.reads if not is_temporary(n))
            if reads:
                yield f"    each is given {', '.join(reads)}"
            later = [k.node for k in verdict.kept if not k.runs]
            if later:
                yield f"    folded in their order: {_nodes(later)}"


def _nodes(nodes: list[NodeId]) -> str:
    return ", ".join(f"%{node}" for node in nodes)
