"""Which calls may change places, by what they declare to do to the account."""

from __future__ import annotations

import pytest

from agentjit.scheduler.footprints import Access, access_of, conflict, conflict_among
from agentjit.sites import load_site
from agentjit.toolspecs.effects import Effect
from tests.compiler.shop import SHOP

CART = frozenset({"cart"})
NOTHING = frozenset[str]()


def access(name: str, reads: frozenset[str] | None, writes: frozenset[str] | None) -> Access:
    return Access(name, 1, Effect.WRITE if writes != NOTHING else Effect.READ, reads, writes)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (access("a", CART, NOTHING), access("b", CART, NOTHING), None),
        (access("a", None, NOTHING), access("b", None, NOTHING), None),
        (access("a", NOTHING, CART), access("b", CART, NOTHING), "a writes cart, b reads it"),
        (access("a", CART, NOTHING), access("b", NOTHING, CART), "a reads cart, b writes it"),
        (access("a", NOTHING, CART), access("a", NOTHING, CART), "a writes cart"),
        (access("a", None, NOTHING), access("b", NOTHING, CART), "a reads cart, b writes it"),
        (access("a", NOTHING, None), access("b", NOTHING, None), "a writes anything, b writes it"),
        (access("a", NOTHING, None), access("b", NOTHING, NOTHING), None),
        (access("a", NOTHING, CART), access("b", NOTHING, frozenset({"mail"})), None),
    ],
)
def test_two_calls_conflict_when_one_writes_what_the_other_touches(
    first: Access, second: Access, told: str | None
) -> None:
    found = conflict(first, second)
    assert (None if found is None else str(found)) == told


def test_a_call_conflicts_with_itself_in_the_next_round() -> None:
    assert str(conflict_among([access("a", NOTHING, CART)])) == "a writes cart"
    assert conflict_among([access("a", CART, NOTHING)]) is None


def test_a_read_that_declares_nothing_reads_everything_and_writes_nothing() -> None:
    found = access_of(SHOP.by_name["list_stores"], SHOP, 1)
    assert (found.reads, found.writes) == (None, NOTHING)


def test_a_write_that_declares_nothing_writes_everything() -> None:
    assert access_of(SHOP.by_name["write_to"], SHOP, 1).writes is None


def test_a_contract_on_account_variables_counts() -> None:
    toolset = load_site("dashdish").toolset
    assert access_of(toolset.by_name["goto_checkout"], toolset, 1).reads == CART


def test_a_commit_reads_what_its_terms_and_its_verification_read() -> None:
    toolset = load_site("dashdish").toolset
    found = access_of(toolset.by_name["place_order"], toolset, 1)
    assert found.reads == frozenset({"cart", "checkout", "orders"})
