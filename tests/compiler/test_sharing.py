"""Values that are equal and not the same, and paths that a flag tells apart."""

from __future__ import annotations

import textwrap

import pytest

from agentjit.compiler.check import CheckedProgram, check
from agentjit.source import Source
from tests.compiler.shop import SHOP


def _check(plan: str) -> list[str]:
    """The codes of what is wrong with a plan."""
    found = check(Source("plan.py", textwrap.dedent(plan)), SHOP)
    return [] if isinstance(found, CheckedProgram) else [d.code for d in found]


#: Each breaks a precondition when it is run.
CHANGED = {
    "two new lists, one filled through what holds it": """\
        low = []
        high = []
        groups = {"low": low, "high": high}
        goto_store("Taco Bell")
        for item in list_menu_items():
            groups["low"].append(item["name"])
        if low:
            for name in high:
                add_to_cart(name)
            goto_checkout()
        """,
    "two equal records, one changed in a loop": """\
        a = {"name": "A"}
        b = {"name": "A"}
        for r in [a]:
            r["name"] = "Z"
        goto_store(a["name"])
        list_reviews(b["name"])
        """,
    "two empty records, filled by a helper": """\
        def put(d: dict[str, str], v: str) -> int:
            d["k"] = v
            return 0
        d = {}
        e = {}
        put(d, "A")
        put(e, "B")
        goto_store(d["k"])
        list_reviews(e["k"])
        """,
    "two copies of a list": """\
        xs = ["A"]
        a = xs[:]
        b = xs[:]
        for l in [b]:
            l[0] = "Z"
        goto_store(a[0])
        list_reviews(b[0])
        """,
    "a helper out of a list": """\
        def rename(s: Store) -> int:
            s["name"] = "X"
            return 0
        stores = list_stores()
        fs = [rename]
        s = stores[0]
        goto_store(s["name"])
        n = sorted(stores, key=fs[0])
        list_reviews(s["name"])
        """,
    "a lambda out of a record, and what it reads changes": """\
        k = "A"
        fs = {"f": lambda x: x == k}
        names = ["A", "B"]
        goto_store(list(filter(fs["f"], names))[0])
        k = "B"
        list_reviews(list(filter(fs["f"], names))[0])
        """,
    "a star in a test": """\
        lists = [["a"]]
        if len(*lists) > 0:
            lists = [[]]
            if len(*lists) == 0:
                list_menu_items()
        """,
}

#: Each is right, whatever the site has.
RIGHT = {
    "numbered": """\
        goto_store("Taco Bell")
        items = list_menu_items()
        if items:
            for i, item in enumerate(items):
                add_to_cart(item["name"])
            goto_checkout()
        """,
    "the first two": """\
        goto_store("Taco Bell")
        items = list_menu_items()
        if items:
            for item in items[:2]:
                add_to_cart(item["name"])
            goto_checkout()
        """,
    "sorted": """\
        goto_store("Taco Bell")
        items = list_menu_items()
        if items:
            for item in sorted(items, key=lambda i: i["price"]):
                add_to_cart(item["name"])
            goto_checkout()
        """,
    "so many times as a name says": """\
        goto_store("Taco Bell")
        n = 3
        items = list_menu_items()
        for i in range(n):
            add_to_cart(items[i]["name"])
        goto_checkout()
        """,
    "the pairs of a record": """\
        goto_store("Taco Bell")
        wanted = {"Taco": 2, "Fries": 1}
        for k, v in wanted.items():
            add_to_cart(k)
        goto_checkout()
        """,
    "two lists at once": """\
        goto_store("Taco Bell")
        for a, b in zip(["x", "y"], [1, 2]):
            add_to_cart(a)
        goto_checkout()
        """,
    "a flag that was set": """\
        goto_store("Taco Bell")
        added = False
        for item in list_menu_items():
            if item["price"] < 3:
                add_to_cart(item["name"])
                added = True
        if added:
            goto_checkout()
        """,
    "a counter that was raised": """\
        goto_store("Taco Bell")
        count = 0
        for item in list_menu_items():
            if item["price"] < 3:
                add_to_cart(item["name"])
                count += 1
        if count > 0:
            goto_checkout()
        """,
    "what was found, a record": """\
        opened = None
        for s in list_stores():
            if s["rating"] > 4:
                goto_store(s["name"])
                opened = s
                break
        if opened:
            list_menu_items()
        """,
    "what was found, a text": """\
        opened = None
        for s in list_stores():
            if s["rating"] > 4:
                goto_store(s["name"])
                opened = s["name"]
                break
        if opened is not None:
            list_reviews(opened)
        """,
}


@pytest.mark.parametrize("case", CHANGED)
def test_what_is_changed_by_another_name_is_not_what_it_was(case: str) -> None:
    assert _check(CHANGED[case]) != []


@pytest.mark.parametrize("case", RIGHT)
def test_what_a_plan_knows_of_itself_is_followed(case: str) -> None:
    assert _check(RIGHT[case]) == []


@pytest.mark.parametrize(
    "plan",
    [
        RIGHT["a flag that was set"].replace("if added:", "if not added:"),
        RIGHT["a counter that was raised"].replace("if count > 0:", "if count >= 0:"),
        RIGHT["what was found, a record"].replace("if opened:", "if opened is None:"),
        # The flag is set where nothing was added.
        RIGHT["a flag that was set"].replace("        added = True", "    added = True"),
        RIGHT["two lists at once"].replace('["x", "y"]', "[]"),
        RIGHT["so many times as a name says"].replace("n = 3", "n = 0"),
    ],
)
def test_a_flag_says_no_more_than_it_does(plan: str) -> None:
    assert _check(plan) == ["precondition-not-met"]


@pytest.mark.parametrize(
    "test",
    [
        '"Taco Bell" in [*names]',
        '"a" not in (*names, "b")',
        "len([*names]) > 0",
        "names in ([], *names)",
    ],
)
def test_a_star_in_a_test_is_nothing_that_is_followed(test: str) -> None:
    assert _check(f'names = ["Taco Bell"]\nif {test}:\n    goto_home()\n') == []


def test_tests_deep_in_one_another_are_looked_at_to_some_depth_only() -> None:
    test = "x0"
    for number in range(1, 21):
        test = f"x{number} {'and' if number % 2 else 'or'} ({test})"
    lines = [f"x{number} = len(list_stores())" for number in range(21)]
    plan = "\n".join([*lines, f"if {test}:", "    goto_home()", ""])

    assert _check(plan) == []


def test_many_flags_are_told_apart_to_some_number_only() -> None:
    lines = [f"f{number} = False" for number in range(12)]
    for number in range(12):
        lines += [f"if len(list_stores()) > {number}:", f"    f{number} = True"]
    lines += [f"if f{number}:\n    goto_home()" for number in range(12)]

    assert _check("\n".join([*lines, ""])) == []


def test_types_that_are_too_involved_end_in_a_diagnostic() -> None:
    lines = ["x0 = {'a': 1}"]
    lines += [f"x{n} = {{'a': x{n - 1}, 'b': [x{n - 1}, {n}]}}" for n in range(1, 25)]

    assert _check("\n".join([*lines, ""])) == ["type-mismatch"]
    # The next plan has a worker of its own.
    assert _check("goto_home()\n") == []
