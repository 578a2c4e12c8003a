"""Differences between JSON states: nothing is lost, nothing is invented."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentjit.sites.common.difference import diff_collection, diff_states, pick

_NOTHING: dict[str, Any] = {"added": {}, "deleted": {}, "updated": {}}

_STATES = st.recursive(
    st.integers(0, 3) | st.text("ab", max_size=2) | st.none(),
    lambda inner: (
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)
_TREES = st.dictionaries(st.sampled_from("abc"), _STATES, max_size=3)


def test_a_new_record_is_added_whole_with_the_path_to_it() -> None:
    before: Any = {"cart": {"items": ["soup"], "orders": {}}}
    after: Any = {"cart": {"items": [], "orders": {"0": {"total": 9.5, "items": ["soup"]}}}}
    assert diff_states(before, after) == {
        "added": {"cart": {"orders": {"0": {"total": 9.5, "items": ["soup"]}}}},
        "deleted": {"cart": {"items": {"0": None}}},
        "updated": {},
    }


def test_a_changed_value_is_updated_where_it_is() -> None:
    before: Any = {"pay": {"type": "Visa", "tip": 2}, "kept": [1]}
    after: Any = {"pay": {"type": "PayPal", "tip": 2}, "kept": [1]}
    assert diff_states(before, after) == {**_NOTHING, "updated": {"pay": {"type": "PayPal"}}}


def test_a_collection_keeps_its_records_whole() -> None:
    before: Any = {"0": {"n": 1}, "1": {"n": 2, "m": 0}}
    after: Any = {"1": {"n": 3, "m": 0}, "2": {"n": 4}}
    assert diff_collection(before, after) == {
        "added": {"2": {"n": 4}},
        "deleted": {"0": {"n": 1}},
        "updated": {"1": {"n": 3, "m": 0}},
    }


def test_an_absent_part_is_an_empty_collection() -> None:
    assert pick({"a": {"b": [1]}}, "a.b") == [1]
    assert pick({"a": 1}, "a.b.c") == {}
    assert diff_collection(pick({}, "orders"), {}) == _NOTHING


@given(_TREES)
def test_equal_states_differ_in_nothing(state: dict[str, Any]) -> None:
    assert diff_states(state, state) == _NOTHING


@given(_TREES, _TREES)
def test_what_one_direction_adds_the_other_deletes(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    def paths(tree: Any, stop: Any) -> set[tuple[str, ...]]:
        return {
            (key, *rest)
            for key, value in tree.items()
            for rest in (
                paths(value, stop[key])
                if isinstance(value, dict) and isinstance(stop.get(key), dict | list)
                else {()}
            )
        }

    def by_key(state: Any) -> Any:
        if isinstance(state, list):
            state = {str(i): v for i, v in enumerate(state)}
        return {k: by_key(v) for k, v in state.items()} if isinstance(state, dict) else state

    one, two = by_key(one), by_key(two)
    forth, back = diff_states(one, two), diff_states(two, one)
    assert paths(forth["added"], one) == paths(back["deleted"], one)
