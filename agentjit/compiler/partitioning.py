"""Paths that are told apart by the flags that they have set.

Where paths meet, what was known of two things together is lost: `added` is True on the one on which
the cart was filled. So facts are kept apart as long as a name that a plan tests has another literal
on each: `added = True`, `found = None`, `count = 0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from agentjit.compiler.atoms import Literal, belief_of
from agentjit.compiler.cfg import Cfg, binds_of
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import If, Let, While
from agentjit.compiler.joining import join_facts
from agentjit.compiler.names import is_temporary

#: Flags of one plan; and how many ways to one point are told apart.
MAX_FLAGS: Final = 4
MAX_WAYS: Final = 6

#: What the flags hold; None is any other value.
Setting: TypeAlias = tuple[Literal | None, ...]

#: The facts of a point, for each setting with which it is reached.
Ways: TypeAlias = dict[Setting, Facts]


def find_flags(cfg: Cfg) -> tuple[str, ...]:
    """The names that are tested, given a literal in one place, and written in another too."""
    tested: set[str] = set()
    literal: dict[str, None] = {}
    written: dict[str, int] = {}
    for point in cfg.points:
        match point.stmt:
            case If(test=test) | While(test=test):
                tested |= test.reads
            case Let(target=target, value=value) if value.literal:
                literal.setdefault(target)
        if not point.entry:
            for name in binds_of(point.stmt):
                written[name] = written.get(name, 0) + 1
    found = [n for n in literal if n in tested and written[n] > 1 and not is_temporary(n)]
    return tuple(found[:MAX_FLAGS])


def setting_of(facts: Facts, flags: tuple[str, ...]) -> Setting:
    """What the flags hold, where that is one literal."""
    return tuple(_only(facts, name) for name in flags)


def _only(facts: Facts, name: str) -> Literal | None:
    atom = facts.env.get(name)
    among = belief_of(atom).among if atom is not None else None
    return next(iter(among)) if among is not None and len(among) == 1 else None


def add_way(
    ways: Ways, facts: Facts, flags: tuple[str, ...], point: int, *, again: bool
) -> Setting | None:
    """Let facts flow into a point; gives the setting whose facts have changed, if any have.

    Where too many ways meet, they are no longer told apart.
    """
    setting = setting_of(facts, flags)
    if len(ways) >= MAX_WAYS and setting not in ways:
        facts = join_ways({**ways, setting: facts}, point)
        ways.clear()
        setting = ()
    elif () in ways:
        setting = ()
    old = ways.get(setting)
    new = facts if old is None else join_facts(old, facts, point, again=again)
    if new is old:
        return None
    ways[setting] = new
    return setting


def join_ways(ways: Mapping[Setting, Facts], point: int) -> Facts:
    """What holds at a point whichever way was taken."""
    first, *rest = (ways[setting] for setting in sorted(ways, key=str))
    for facts in rest:
        first = join_facts(first, facts, point, again=True)
    return first
