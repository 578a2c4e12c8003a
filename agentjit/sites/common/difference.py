"""From two JSON states to their difference, in the two shapes that REAL's evaluators read.

`diff_states` follows the whole tree: `{"added": …, "deleted": …, "updated": …}`, each a tree that
holds only what changed. `diff_collection` looks at one collection of records and keeps them whole.
A list counts as a mapping from "0", "1", … to its elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from agentjit.toolspecs import JsonValue

Tree: TypeAlias = dict[str, JsonValue]


def diff_states(before: JsonValue, after: JsonValue) -> Tree:
    """What was added, deleted and updated between two states, as three trees."""
    old, new = as_mapping(before), as_mapping(after)
    return {"added": _added(old, new), "deleted": _deleted(old, new), "updated": _updated(old, new)}


def diff_collection(before: JsonValue, after: JsonValue) -> Tree:
    """The records of a collection that are new, gone, and changed, each whole, by their keys."""
    old, new = as_mapping(before), as_mapping(after)
    return {
        "added": {key: value for key, value in new.items() if key not in old},
        "deleted": {key: value for key, value in old.items() if key not in new},
        "updated": {key: value for key, value in new.items() if key in old and old[key] != value},
    }


def pick(state: JsonValue, path: str) -> JsonValue:
    """The part of a state at a dotted path; an empty mapping where there is none."""
    for key in path.split("."):
        state = as_mapping(state).get(key, {})
    return state


def as_mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """A mapping as it is, a list by position, anything else as an empty mapping."""
    match value:
        case dict():
            return value
        case list():
            return {str(index): element for index, element in enumerate(value)}
        case _:
            return {}


def _is_branch(value: JsonValue) -> bool:
    return isinstance(value, dict | list)


def _added(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Tree:
    tree: Tree = {}
    for key, value in new.items():
        if key not in old:
            tree[key] = value
        elif old[key] == value:
            # Most is as it was, and comparing is much cheaper than following both trees.
            continue
        elif _is_branch(old[key]) and (inner := _added(as_mapping(old[key]), as_mapping(value))):
            tree[key] = inner
    return tree


def _deleted(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Tree:
    tree: Tree = {}
    for key, value in old.items():
        if key not in new:
            tree[key] = None
        elif new[key] == value:
            continue
        elif _is_branch(new[key]) and (inner := _deleted(as_mapping(value), as_mapping(new[key]))):
            tree[key] = inner
    return tree


def _updated(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Tree:
    tree: Tree = {}
    for key, value in new.items():
        if key not in old or old[key] == value:
            continue
        if _is_branch(value) and _is_branch(old[key]):
            if inner := _updated(as_mapping(old[key]), as_mapping(value)):
                tree[key] = inner
        else:
            tree[key] = value
    return tree
