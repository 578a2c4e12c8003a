"""Fault texts: what they mean, what is refused; and which answers they hit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.errors import UsageError
from agentjit.sites.common.faults import Fault, FaultCounter, FaultKind, Faults, parse_faults


def _hits(
    text: str, asked: list[str], *, seed: int = 0, page: bool = True
) -> list[tuple[int, str]]:
    """Which of these answers, counted from 1, are hit, and by what."""
    faults, counter = parse_faults(text), FaultCounter()
    hits = []
    for number, each in enumerate(asked, 1):
        method, _, path = each.partition(" ")
        struck = counter.strike(faults, method, path, page=page, seed=seed)
        hits += [(number, str(fault.kind)) for fault in struck]
    return hits


WALK = ["GET /", "GET /cart", "POST /cart/add", "GET /checkout", "POST /checkout/place"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("none", []),
        ("", []),
        ("error@3", [3]),
        ("lost@POST:1", [3]),
        ("lost@POST:2", [5]),
        ("lost@POST", [3, 5]),
        ("slow@/checkout:1x5", [4]),
        ("slow@/cart", [2, 3]),
        ("expire@GET/cart:1", [2]),
        ("expire@POST/checkout:1", [5]),
        ("modal", [1, 2, 3, 4, 5]),
        ("layout@*", [1, 2, 3, 4, 5]),
        ("error@1.0", [1, 2, 3, 4, 5]),
        ("error@9", []),
    ],
)
def test_a_fault_hits_the_answers_that_its_text_says(text: str, hits: list[int]) -> None:
    assert [number for number, _ in _hits(text, WALK)] == hits


def test_each_fault_counts_for_itself() -> None:
    assert _hits("error@2,slow@2,lost@POST:1", WALK) == [(2, "error"), (2, "slow"), (3, "lost")]


def test_layouts_and_dialogs_do_not_count_what_scripts_ask_for() -> None:
    assert _hits("layout@1,modal,error@2", WALK, page=False) == [(2, "error")]


def test_a_share_is_drawn_by_the_seed() -> None:
    asked = ["GET /"] * 1000
    first = _hits("modal@0.1", asked, seed=1)
    assert first == _hits("modal@0.1", asked, seed=1) != _hits("modal@0.1", asked, seed=2)
    assert 60 < len(first) < 140


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("explode", "no fault 'explode'"),
        ("error@", "'' is neither|does not say when"),
        ("error@0", "counted from 1"),
        ("error@1.5", "above 0 and at most 1"),
        ("error@0.0", "above 0 and at most 1"),
        ("error@soon", "neither a method nor a path"),
        ("error@FETCH:1", "neither a method nor a path"),
        ("error@/cart:often", "does not say when"),
        ("error@3x5", "only slow answers have seconds"),
        ("slow@3x500", "more than 120"),
        ("slow@3x", "does not say when"),
        ("error@3,", "no fault ''"),
    ],
)
def test_a_text_without_meaning_is_a_usage_error(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        parse_faults(text)
    assert "lost@POST:1" in caught.value.hint


_TIMES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.integers(1, 99).map(lambda n: {"nth": n}),
    st.integers(1, 999).map(lambda n: {"share": n / 1000}),
    st.just({}),
)


@st.composite
def _faults(draw: st.DrawFn) -> Fault:
    kind = draw(st.sampled_from(list(FaultKind)))
    more = draw(_TIMES)
    if kind is FaultKind.SLOW:
        more = {**more, "seconds": draw(st.integers(0, 119_999)) / 1000}
    return Fault(
        kind=kind,
        method=draw(st.sampled_from(["", "GET", "POST", "DELETE"])),
        path=draw(st.sampled_from(["", "/", "/a/-/b"])),
        **more,
    )


@given(st.lists(_faults()))
def test_faults_and_their_text_are_the_same(each: list[Fault]) -> None:
    faults = Faults(tuple(each))
    assert parse_faults(str(faults)) == faults
