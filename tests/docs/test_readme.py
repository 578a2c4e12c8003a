"""README.md: the plan that it shows is valid, and without its first line is told what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from agentjit.cli import main
from tests.cli.conftest import WIDTH

TEXT: Final = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def block_after(words: str) -> str:
    """The first block of code after some words."""
    _, _, rest = TEXT.partition(words)
    assert rest, words
    _, fence, rest = rest.partition("```")
    assert fence
    return rest.partition("\n")[2].partition("```")[0]


def test_the_plan_of_the_readme_is_told_what_the_readme_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    plan = block_after("A plan is a small subset of Python.")
    for text, code in ((plan, 0), (plan.partition("\n")[2], 3)):
        Path("plan.py").write_text(text, "utf-8")
        assert main(["check", "plan.py", "--site", "dashdish"]) == code
    printed = "".join(f"{line.rstrip()}\n" for line in capsys.readouterr().out.splitlines())
    told = block_after("`agentjit check` says")
    assert printed.partition("error[")[2].startswith(told.removeprefix("error["))
