"""Which names may hold one value: more rather than less, and yet not everything."""

from __future__ import annotations

import pytest

from agentjit.compiler.check import read_program
from agentjit.compiler.ir import Program
from agentjit.scheduler.objects import trace_sharing
from agentjit.source import Source
from tests.scheduler.toy import TOOLSET

START = "xs = [1]\nys = [2]\nrow = {'a': xs}\nxss = [[1], [2]]\n"


def changes(line: str) -> set[str]:
    """The names from which the last line's changes can be seen."""
    program = read_program(Source("plan", f"{START}{line}\nfetch()\n"), TOOLSET)
    assert isinstance(program, Program), program
    sharing = trace_sharing(program, TOOLSET)
    changed = frozenset().union(*sharing.changed.values())
    return {name for name in sharing.names if changed & sharing.reached((name,))}


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("xs.append(3)", {"xs", "row"}),
        ("ys.append(3)", {"ys"}),
        ("zs = ys\nzs.append(3)", {"ys", "zs"}),
        ("zs = list(ys)\nzs.append(3)", {"zs"}),
        ("zs = ys[:]\nzs.append(3)", {"zs"}),
        ("zs = ys + xs\nzs.append(3)", {"zs"}),
        ("zs = ys if fetch() else xs\nzs.append(3)", {"xs", "ys", "zs", "row"}),
        ("zs = ys or xs\nzs.append(3)", {"xs", "ys", "zs", "row"}),
        ("row['a'].append(3)", {"xs", "row"}),
        ("row['b'] = 1", {"row"}),
        ("row['b'] = ys\nrow['b'].append(3)", {"row", "xs", "ys"}),
        ("xss[0].append(3)", {"xss"}),
        ("first = xss[0]\nfirst.sort()", {"xss", "first"}),
        ("first = min(xss)\nfirst.sort()", {"xss", "first"}),
        ("first = sorted(xss)[0]\nfirst.sort()", {"xss", "first"}),
        ("copy = xss.copy()\ncopy.append([3])", {"copy"}),
        ("copy = xss.copy()\ncopy[0].append(3)", {"copy", "xss"}),
        ("for each in xss:\n    each.append(3)", {"xss", "each"}),
        ("for each in [xs, ys]:\n    each.append(3)", {"xs", "ys", "row", "each"}),
        ("a, b = xs, ys\nb.append(3)", {"ys", "b"}),
        ("ys += [3]", {"ys"}),
        ("ys += xss\nys[1].append(3)", {"ys", "xss"}),
        ("zs = [each for each in xss if each]\nzs[0].append(3)", {"xss", "zs", "each"}),
        ("d = dict(row)\nd['a'].append(3)", {"d", "row", "xs"}),
        ("zs = ys.pop()", {"ys"}),
        ("n = len(ys) + sum(xs)", set()),
    ],
)
def test_a_change_is_seen_from_every_name_that_shares_the_value(line: str, seen: set[str]) -> None:
    found = changes(line)
    assert seen <= found
    assert not (found - seen) & {"xs", "ys", "row", "xss"}, "too much is taken to be shared"
