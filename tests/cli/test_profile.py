"""`agentjit profile`: show, reset."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.runtime.profile_store import ProfileStore
from agentjit.scheduler.profile import Profile
from agentjit.sites import load_site
from tests.cli.conftest import Agentjit
from tests.scheduler.measured import call


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    monkeypatch.setenv("AGENTJIT_CACHE", str(tmp_path))
    return ProfileStore(tmp_path / "profiles")


@pytest.fixture
def known(store: ProfileStore) -> ProfileStore:
    toolset = load_site("dashdish").toolset
    calls = [call("goto_store", 1.25, busy=1 + place % 2) for place in range(40)]
    store.save(Profile(site=toolset.name, version=toolset.version).learn(calls))
    return store


def test_what_was_measured_is_a_line_a_tool(known: ProfileStore, agentjit: Agentjit) -> None:
    shown = agentjit("profile", "show").out
    (line,) = [
        line.split() for line in shown.splitlines() if line.strip().startswith("goto_store ")
    ]
    assert line[1:3] == ["navigate", "40"]
    assert float(line[4]) == 1.25
    assert "(open a tab)" in shown
    assert "slowdown: 1 tabs ×1.00, 2 tabs ×1.00" in shown
    assert "forecasts: no run to compare with yet" in shown


def test_without_measurements_it_says_what_is_believed(
    store: ProfileStore, agentjit: Agentjit
) -> None:
    shown = agentjit("profile", "show").out
    assert shown.startswith("nothing was measured of dashdish ")
    assert "never measured with more than one busy tab" in shown


def test_a_profile_as_json(known: ProfileStore, agentjit: Agentjit) -> None:
    data = agentjit("profile", "show", "--json").data
    tools = {row["tool"]: row for row in data["tools"]}
    assert tools["goto_store"]["samples"] == 40
    assert tools["goto_store"]["p50 s"] == 1.25
    assert Path(data["file"]).exists()


@pytest.mark.parametrize("which", [("--site", "dashdish"), ("--all",)])
def test_what_was_measured_is_forgotten(
    which: tuple[str, ...], known: ProfileStore, agentjit: Agentjit
) -> None:
    assert agentjit("profile", "reset", *which).out.endswith(": 40 calls\n")
    assert known.profiles() == []
    assert agentjit("profile", "reset", *which).out.startswith("nothing was measured")


@pytest.mark.parametrize("which", [(), ("--all", "--site", "dashdish")])
def test_it_must_be_said_what_to_forget(
    which: tuple[str, ...], known: ProfileStore, agentjit: Agentjit
) -> None:
    called = agentjit("profile", "reset", *which)
    assert called.code == 2
    assert "give --site NAME, or --all" in called.err
    assert len(known.profiles()) == 1
