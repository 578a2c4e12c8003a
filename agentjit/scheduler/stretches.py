"""The stretches of a region: what is put on one tab, or waited for, as a whole.

A stretch holds its tab from its first call to its last, and gets one when all that it needs from
outside is there. So stretches that hold tabs never wait for one another, and none can starve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from agentjit.compiler.ir import NodeId
from agentjit.scheduler.graph import (
    BranchNode,
    EpisodeId,
    LoopNode,
    ModelNode,
    Node,
    Region,
    Start,
    ToolNode,
    nodes_in,
)


class Kind(Enum):
    """What a stretch takes."""

    #: A tab: calls of one episode, with all that lies between them.
    TAB = "tab"
    #: A model call, and no tab.
    MODEL = "model"
    #: A branch or a loop whose stretches have tabs of their own.
    REGION = "region"
    #: No time worth speaking of: pure code, jumps, navigations that are dropped.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Nodes of a region that are scheduled as one."""

    kind: Kind
    #: In program order.
    nodes: tuple[Node, ...]
    #: The stretches of the region that it waits for, by their places.
    needs: tuple[int, ...]

    @property
    def id(self) -> NodeId:
        """The node that stands for it: its first."""
        return self.nodes[0].stmt.id

    #: The tool calls that are done in it, those of inner branches and loops too.
    calls: tuple[ToolNode, ...]

    @property
    def start(self) -> Start:
        """How its tab must be, before its first call."""
        return self.calls[0].start if self.calls else Start.NO

    @property
    def hedgeable(self) -> bool:
        """Whether a copy may run beside it: it starts on a fresh tab and changes nothing."""
        if self.kind is not Kind.TAB or self.start is Start.NO:
            return False
        return all(call.effect.harmless for call in self.calls)


def split_region(region: Region) -> tuple[Stretch, ...]:
    """A region's stretches, each after those that it waits for."""
    nodes = region.nodes
    places = {node.stmt.id: place for place, node in enumerate(nodes)}
    needs = [{places[n] for n in region.needs[node.stmt.id]} for node in nodes]
    groups = _close(_by_episode(nodes), _ancestors(needs))
    return tuple(_order(nodes, needs, groups))


def _by_episode(nodes: Sequence[Node]) -> list[int]:
    """For each node, the place of the first one that it must be together with."""
    first: dict[EpisodeId, int] = {}
    found = []
    for place, node in enumerate(nodes):
        episode = _episode(node)
        found.append(place if episode is None else first.setdefault(episode, place))
    return found


def _episode(node: Node) -> EpisodeId | None:
    match node:
        case ToolNode(dropped=False, episode=episode):
            return episode
        case BranchNode(episode=inner) | LoopNode(episode=inner):
            return inner
        case _:
            return None


def _ancestors(needs: Sequence[set[int]]) -> list[int]:
    """For each node, all that it waits for, as bits."""
    found: list[int] = []
    for before in needs:
        bits = 0
        for place in before:
            bits |= found[place] | 1 << place
        found.append(bits)
    return found


def _close(groups: list[int], ancestors: Sequence[int]) -> list[int]:
    """Take into each group what lies between its members: it waits for one, and one for it."""
    changed = True
    while changed:
        changed = False
        for group in sorted(set(groups)):
            members = [place for place, of in enumerate(groups) if of == group]
            if not members:
                continue
            inside = sum(1 << place for place in members)
            for place in range(members[0] + 1, members[-1]):
                if groups[place] == group or not ancestors[place] & inside:
                    continue
                if any(ancestors[member] >> place & 1 for member in members):
                    taken = groups[place]
                    groups = [group if of == taken else of for of in groups]
                    changed = True
                    break
    return groups


def _order(
    nodes: Sequence[Node], needs: Sequence[set[int]], groups: Sequence[int]
) -> Iterator[Stretch]:
    waiting = {
        group: (
            [p for p, of in enumerate(groups) if of == group],
            {groups[n] for p, of in enumerate(groups) if of == group for n in needs[p]} - {group},
        )
        for group in sorted(set(groups))
    }
    placed: dict[int, int] = {}
    while waiting:
        # Two groups that wait for one another would be one: episodes do not interleave.
        group = next(g for g, (_, before) in waiting.items() if before <= placed.keys())
        members, before = waiting.pop(group)
        placed[group] = len(placed)
        taken = tuple(nodes[place] for place in members)
        needed = tuple(sorted(placed[b] for b in before))
        calls = tuple(
            n for n in nodes_in(Region(taken)) if isinstance(n, ToolNode) and not n.dropped
        )
        yield Stretch(_kind(taken), taken, needed, calls)


def _kind(nodes: Sequence[Node]) -> Kind:
    if any(_episode(node) is not None for node in nodes):
        return Kind.TAB
    if any(isinstance(node, ModelNode) for node in nodes):
        return Kind.MODEL
    inner = any(
        isinstance(n, ModelNode) or (isinstance(n, ToolNode) and not n.dropped)
        for n in nodes_in(Region(tuple(nodes)))
    )
    return Kind.REGION if inner else Kind.NOTHING
