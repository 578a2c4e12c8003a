"""What is known of a loop's length before it is reached."""

from __future__ import annotations

import pytest

from agentjit.compiler.ir import For
from agentjit.scheduler.graph import BranchNode, nodes_in
from agentjit.scheduler.trips import MAX_KEY, Length, find_sources
from tests.compiler.shop import SHOP
from tests.scheduler.measured import graph_of_plan

VISIT = """
    goto_store("a")
    goto_home()
"""


@pytest.mark.parametrize(
    ("before", "over", "length", "key"),
    [
        ("", "['a', 'b']", Length(exact=2), "for ['a', 'b']"),
        ("xs = ['a', 'b', 'c']", "xs[:2]", Length(exact=2), "for ['a', 'b', 'c'][:2]"),
        ("", "range(5)", Length(exact=5), "for range(5)"),
        ("", "list_stores()", Length(tool="list_stores"), "for list_stores()"),
        ("s = list_stores()", "s", Length(tool="list_stores"), "for list_stores()"),
        ("s = list_stores()", "s[:3]", Length(tool="list_stores", most=3), "for list_stores()[:3]"),
        (
            "s = list_stores()",
            "[x for x in s if x['rating'] > 4]",
            Length(tool="list_stores", filtered=True),
            "for [x for x in list_stores() if x['rating'] > 4]",
        ),
        (
            "s = sorted(list_stores(), key=lambda x: x['rating'])",
            "enumerate(s)",
            Length(tool="list_stores"),
            "for enumerate(sorted(list_stores(), key=lambda x: x['rating']))",
        ),
        (
            "xs = ['a', 'b']",
            "[x for x in xs if x]",
            Length(most=2, filtered=True),
            "for [x for x in ['a', 'b'] if x]",
        ),
        ("n = len(list_stores())", "range(n)", Length(), "for range(len(list_stores()))"),
    ],
)
def test_a_length_and_a_key(before: str, over: str, length: Length, key: str) -> None:
    graph = graph_of_plan(f"{before}\nfor each in {over}:{VISIT}", SHOP)
    (loop,) = graph.loops()
    assert isinstance(loop.stmt, For)
    sources = find_sources(graph.program)
    assert sources.key(loop.stmt) == key
    assert sources.length(loop.stmt) == length


@pytest.mark.parametrize(
    "text",
    [
        f"s = ['a']\nif list_stores():\n    s = ['b', 'c']\nfor each in s:{VISIT}",
        f"s = ['a']\ns.append('b')\nfor each in s:{VISIT}",
        f"s = []\ns += ['b']\nfor each in s:{VISIT}",
    ],
)
def test_a_name_that_is_bound_or_changed_again_is_not_followed(text: str) -> None:
    graph = graph_of_plan(text, SHOP)
    (loop,) = graph.loops()
    assert isinstance(loop.stmt, For)
    assert find_sources(graph.program).length(loop.stmt) == Length()


def test_long_keys_end_in_a_digest() -> None:
    names = ", ".join(f"'{n} {'x' * 20}'" for n in range(10))
    graphs = [graph_of_plan(f"for s in [{names}, {end}]:{VISIT}", SHOP) for end in ("'a'", "'b'")]
    keys = set()
    for graph in graphs:
        (loop,) = graph.loops()
        keys.add(find_sources(graph.program).key(loop.stmt))
    assert len(keys) == 2
    assert all(len(key) < MAX_KEY + 20 for key in keys)


def test_branches_and_whiles_have_keys_too() -> None:
    graph = graph_of_plan(f"n = 0\nif n < 3:{VISIT}", SHOP)
    (branch,) = [n for n in nodes_in(graph.root) if isinstance(n, BranchNode)]
    assert find_sources(graph.program).key(branch.stmt) == "if 0 < 3"
    graph = graph_of_plan(f"n = 0\nwhile n < 3:{VISIT}    n += 1\n", SHOP)
    (loop,) = graph.loops()
    assert find_sources(graph.program).key(loop.stmt) == "while n < 3"
