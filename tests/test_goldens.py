from __future__ import annotations

from pathlib import Path

import pytest

from tests.goldens import compare_golden


def test_a_text_that_equals_its_golden_passes(tmp_path: Path) -> None:
    golden = tmp_path / "plan.txt"
    golden.write_text("a\n")
    compare_golden(golden, "a\n", update=False)


def test_a_text_that_differs_fails_and_leaves_the_golden_alone(tmp_path: Path) -> None:
    golden = tmp_path / "plan.txt"
    golden.write_text("a\n")
    with pytest.raises(AssertionError, match="--update-golden"):
        compare_golden(golden, "b\n", update=False)
    assert golden.read_text() == "a\n"


def test_a_golden_that_is_not_there_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="no golden"):
        compare_golden(tmp_path / "plan.txt", "a", update=False)


def test_an_update_writes_the_golden_and_its_folder(tmp_path: Path) -> None:
    compare_golden(tmp_path / "ir" / "plan.txt", "a", update=True)
    assert (tmp_path / "ir" / "plan.txt").read_text() == "a"
