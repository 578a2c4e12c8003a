"""A few texts for every target, the same ones every time; `make fuzz` tries millions of others."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz import verdict
from tests.fuzz.drawing import texts_for
from tests.fuzz.minimising import minimise
from tests.fuzz.mutation import mutate
from tests.fuzz.record import Record, read_current, read_findings, read_numbers
from tests.fuzz.target import Target
from tests.fuzz.targets import NAMES, load_target
from tests.fuzz.verdict import try_text

COUNTS = {"plans": 60, "lowering": 300, "contracts": 400, "replies": 600, "tasks": 60}


def test_every_target_has_a_smoke() -> None:
    assert tuple(COUNTS) == NAMES


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_a_target_stands_some_changed_texts(
    name: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Measuring coverage slows the tests down several times.
    monkeypatch.setattr(verdict, "CPU_LIMIT", 8.0)
    target = load_target(name)
    chance = Random(0)
    for _ in range(count):
        text = mutate(target, chance.choice(target.seeds), chance)
        finding = try_text(target, text).finding
        assert finding is None, f"{finding.key}\n{text!r}\n{finding.story}"


def test_chance_with_one_seed_makes_one_text() -> None:
    target = load_target("contracts")
    assert mutate(target, target.seeds[0], Random(3)) == mutate(target, target.seeds[0], Random(3))
    assert not texts_for(target).is_empty


# --- what finds must find ---


def dislike(text: str) -> None:
    if "b" in text and "d" in text:
        raise ValueError(f"{len(text)} characters")


def wait_for_ever(text: str) -> None:
    while "x" in text:
        pass


def fall(text: str) -> None:
    if text:
        fall(text)


def target_of(run: object) -> Target:
    assert callable(run)
    return Target("planted", run, ("abc", "cde"), ("b", "d"))


def test_a_planted_error_is_found_and_made_small(tmp_path: Path) -> None:
    target = target_of(dislike)
    assert try_text(target, "abc").finding is None
    trial = try_text(target, "one abc\nand some words\nand cde\n")
    assert trial.finding is not None
    assert trial.finding.kind == "crash"
    assert "ValueError: 31 characters" in trial.finding.story
    assert sorted(minimise(target, trial.finding, seconds=60.0).text) == ["b", "d"]


def test_a_planted_loop_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "CPU_LIMIT", 0.05)
    finding = try_text(target_of(wait_for_ever), "x").finding
    assert finding is not None
    assert finding.kind == "hang"


def test_endless_recursion_has_one_key() -> None:
    first, second = (try_text(target_of(fall), text).finding for text in ("a", "bc"))
    assert first is not None
    assert second is not None
    assert first.key == second.key
    assert first.key.startswith("RecursionError")


def test_a_record_outlives_its_worker(tmp_path: Path) -> None:
    record, target = Record(tmp_path), target_of(dislike)
    for text in ("abd", "ok", "bd"):
        record.begin(text)
        assert read_current(tmp_path) == text
        record.end(text, try_text(target, text))
    record.begin("half \ud800")
    record.write()
    assert read_current(tmp_path) == "half \ud800"
    numbers = read_numbers(tmp_path)
    assert numbers.executions == 3
    assert list(numbers.met.values()) == [2]
    assert [found.text for found in read_findings(tmp_path)] == ["abd"]
