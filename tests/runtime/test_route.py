"""The way back to where a run stood, found by contracts alone."""

from __future__ import annotations

from typing import Any

from agentjit.runtime.route import Hop, after_call, find_route, stands_at, tab_part
from agentjit.sites import load_site

DASHDISH = load_site("dashdish").toolset
OMNIZON = load_site("omnizon").toolset
GITLAB = load_site("gitlab").toolset

HOME = {"page": "home", "selected_store": None, "filtered_by": None, "cart": "filled"}


def names(way: tuple[Hop, ...] | None) -> list[tuple[str, dict[str, Any]]] | None:
    return None if way is None else [(hop.tool, dict(hop.arguments)) for hop in way]


def test_arguments_come_from_what_is_wanted() -> None:
    wanted = {"page": "checkout", "selected_store": "Souvla"}
    assert names(find_route(DASHDISH, HOME, wanted, ())) == [
        ("goto_store", {"store_name": "Souvla"}),
        ("goto_checkout", {}),
    ]


def test_what_the_account_lacks_cannot_be_made_up_for() -> None:
    empty = {**HOME, "cart": "empty"}
    assert find_route(DASHDISH, empty, {"page": "checkout"}, ()) is None
    assert find_route(DASHDISH, HOME, {"page": "order_confirmation"}, ()) is None


def test_the_effect_of_a_write_on_the_tab_is_had_another_way() -> None:
    start = {"page": "home", "cart": "filled"}
    way = find_route(OMNIZON, start, {"page": "checkout"}, ())
    assert names(way) == [("goto_cart", {}), ("proceed_to_checkout", {})]


def test_a_name_that_only_the_result_tells_is_tried_as_the_one_argument() -> None:
    wanted = {"project_path": "byteblaze/dotfiles", "page": "project_members", "number": None}
    way = find_route(GITLAB, {"page": "home", "project_path": None}, wanted, ())
    assert names(way) == [
        ("goto_project", {"project": "byteblaze/dotfiles"}),
        ("goto_project_members", {}),
    ]


def test_calls_that_were_made_before_are_known() -> None:
    query = Hop("filter_stores", {"query": "pizza"})
    wanted = {"page": "home", "filtered_by": "Pizza places"}
    # By contract the filter is the query; the page called it otherwise, so it cannot be bound.
    assert find_route(DASHDISH, HOME, {**wanted, "filtered_by": "pizza"}, (query,)) == (query,)


def test_a_contract_is_applied_to_what_is_known() -> None:
    tool = DASHDISH.by_name["goto_store"]
    after = after_call(tool, HOME, {"store_name": "Souvla"})
    assert after == {**HOME, "page": "store", "selected_store": "Souvla"}
    opened = after_call(GITLAB.by_name["goto_project"], {"project_path": "a/b"}, {"project": "c"})
    assert "project_path" not in opened, "only the result says which it is"
    assert tab_part(DASHDISH, after).keys() == {"page", "selected_store", "filtered_by"}


def test_what_is_not_seen_contradicts_nothing() -> None:
    assert stands_at({"page": "home"}, {"page": "home", "filtered_by": "tea"})
    assert not stands_at({"page": "home", "filtered_by": None}, {"filtered_by": "tea"})
