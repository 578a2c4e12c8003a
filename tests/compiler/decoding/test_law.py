"""The law: whatever the grammar derives, the front end accepts, and so does a Lark parser."""

from __future__ import annotations

from random import Random

import pytest
from lark import Lark

from agentjit.compiler import check
from agentjit.compiler.decoding import REMAINING, decoding_grammar, render_lark
from agentjit.compiler.limits import MAX_PLAN_CHARS
from agentjit.compiler.messages import PlanTooLarge
from agentjit.diagnostics import render_all
from agentjit.sites import load_site
from agentjit.source import Source
from agentjit.toolspecs import Toolset
from tests.compiler.decoding.depths import Digger
from tests.compiler.decoding.derivations import Deriver
from tests.compiler.decoding.frontend import front_end
from tests.compiler.shop import SHOP
from tests.compiler.toolsets import random_toolset

TOOLSETS = {
    "shop": SHOP,
    "dashdish": load_site("dashdish").toolset,
    **{f"random{n}": random_toolset(Random(n)) for n in range(6)},
}


def hold(text: str, toolset: Toolset) -> None:
    """Fail where the front end says of a derived text what it should not."""
    found = [d for d in front_end(text, toolset) if d.code not in REMAINING]
    assert not found, f"{text}\n{render_all(found, Source('plan', text))}"


def prefixes(text: str) -> list[str]:
    """The text, cut after each line that completes a statement."""
    lines = text.split("\n")
    return [
        "\n".join(lines[:n]) for n in range(len(lines)) if n and lines[n - 1][-1:] not in ("", ":")
    ]


@pytest.mark.parametrize("name", TOOLSETS)
def test_the_front_end_accepts_what_the_grammar_derives(name: str) -> None:
    toolset = TOOLSETS[name]
    deriver = Deriver(decoding_grammar(toolset), Random(name))
    for _ in range(1_000 if name == "shop" else 300):
        hold(deriver.plan(), toolset)


@pytest.mark.parametrize("name", TOOLSETS)
def test_the_front_end_accepts_what_is_left_when_a_plan_ends_early(name: str) -> None:
    toolset = TOOLSETS[name]
    deriver = Deriver(decoding_grammar(toolset), Random(f"{name} ends"))
    cut = [text for _ in range(200) for text in prefixes(deriver.plan())]
    assert len(cut) > 90
    for text in cut:
        hold(text, toolset)


@pytest.mark.parametrize("name", ["shop", "dashdish", "random0"])
def test_lark_parses_what_is_derived_and_its_beginnings(name: str) -> None:
    grammar = decoding_grammar(TOOLSETS[name])
    parser = Lark(render_lark(grammar))
    deriver = Deriver(grammar, Random(f"{name} parsed"), steps=80)
    for _ in range(12):
        text = deriver.plan()
        for each in [text, *prefixes(text)[:3]]:
            parser.parse(each)


@pytest.mark.parametrize("name", ["shop", "random1"])
def test_the_deepest_derivations_are_within_the_limits(name: str) -> None:
    toolset = TOOLSETS[name]
    digger = Digger(decoding_grammar(toolset), Random(name))
    for _ in range(30):
        text = digger.plan()
        assert len(text) <= MAX_PLAN_CHARS
        found = front_end(text, toolset)
        assert [d.what for d in found if isinstance(d, PlanTooLarge)] == []


def test_what_remains_to_be_said_can_be_derived() -> None:
    toolset = TOOLSETS["shop"]
    parser = Lark(render_lark(decoding_grammar(toolset)))
    changed = "for x in xs:\n    goto_home()\n    xs.append(x)"
    large = f"x = [{', '.join(['x and x'] * 101)}]"
    for text, code in ((changed, "changed-while-looping"), (large, "plan-too-large")):
        parser.parse(text)
        assert [d.code for d in front_end(text, toolset)] == [code]


def test_names_may_be_read_unbound() -> None:
    text = "x = never_bound + 1"
    Lark(render_lark(decoding_grammar(SHOP))).parse(text)
    assert front_end(text, SHOP) == []
    checked = check(Source("plan", text), SHOP)
    assert isinstance(checked, tuple)
    assert [d.code for d in checked] == ["type-mismatch"]
