"""Latency profiles on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentjit.errors import UsageError
from agentjit.runtime.profile_store import ProfileStore, find_profiles
from agentjit.scheduler.profile import Profile
from agentjit.scheduler.profile_json import profile_to_json
from tests.compiler.shop import SHOP
from tests.scheduler.measured import measured

SEEN = measured(SHOP, {"list_stores": [0.1, 0.2]})


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "new" / "profiles")
    store.save(SEEN)
    assert store.load("shop", SHOP.version) == SEEN
    assert store.profiles() == [SEEN]
    assert [file.name for file in store.folder.iterdir()] == [f"shop-{SHOP.version}.json"]


def test_other_tools_have_a_profile_of_their_own(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.save(SEEN)
    assert store.load("shop", "other") == Profile(site="shop", version="other")
    store.file("shop", "other").write_bytes(store.file("shop", SHOP.version).read_bytes())
    assert store.load("shop", "other") == Profile(site="shop", version="other"), "it was moved"
    assert store.profiles() == [SEEN]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"form": 1}', '{"form": 99}', "[" * 9999])
def test_a_file_that_is_no_profile_is_as_none(text: str, tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.file("shop", "1").write_text(text)
    assert store.load("shop", "1") == Profile(site="shop", version="1")
    assert store.profiles() == []


def test_a_number_that_is_none_makes_a_file_no_profile(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    told = profile_to_json(SEEN) | {"opening": [10**400]}
    store.file(SEEN.site, SEEN.version).write_text(json.dumps(told))
    assert store.load(SEEN.site, SEEN.version) == Profile(site=SEEN.site, version=SEEN.version)
    assert store.profiles() == []


def test_what_was_never_measured_is_not_known(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    told = profile_to_json(SEEN) | {"lengths": {"list": []}, "rounds": {"loop": []}}
    store.file(SEEN.site, SEEN.version).write_text(json.dumps(told))
    found = store.load(SEEN.site, SEEN.version)
    assert (found.lengths, found.rounds) == ({}, {})


def test_one_site_or_all_are_forgotten(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    other = Profile(site="other", version="1")
    store.save(SEEN)
    store.save(other)
    assert store.reset("shop") == [SEEN]
    assert store.profiles() == [other]
    assert store.reset() == [other]
    assert store.reset() == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="latency profiles cannot be kept"):
        ProfileStore(tmp_path / "file" / "profiles").save(SEEN)


@pytest.mark.parametrize(
    ("env", "folder"),
    [
        ({"AGENTJIT_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a/profiles"),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/agentjit/profiles"),
        ({"HOME": "/c"}, "/c/.cache/agentjit/profiles"),
    ],
)
def test_profiles_are_where_plans_are_kept(env: dict[str, str], folder: str) -> None:
    store = find_profiles(env)
    assert store is not None
    assert store.folder == Path(folder)


def test_without_a_home_nothing_is_kept() -> None:
    assert find_profiles({}) is None
