"""From a text and the file that says what it should be to a failed test, or a new file."""

from __future__ import annotations

from pathlib import Path

import pytest


def compare_golden(path: Path, text: str, *, update: bool) -> None:
    """Fail the test unless the file holds exactly the text; with `update`, make it so."""
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return
    if not path.exists():
        pytest.fail(f"there is no golden {path.name} yet: pytest --update-golden")
    assert text == path.read_text("utf-8"), f"{path} differs: pytest --update-golden"
