"""docs/tools.md: its code is the example's own, and every command prints what the page says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Final

import pytest

from agentjit.cli import main
from examples.fossil.seeding import PASSWORD, USER
from tests.cli.conftest import WIDTH
from tests.docs.documents import Block, read_blocks, read_commands, show_commands, write_files

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / "examples" / "fossil"
PAGE: Final = ROOT / "docs" / "tools.md"
TEXT: Final = PAGE.read_text("utf-8")
BLOCKS: Final = read_blocks(TEXT)
EXCERPTS: Final = [block for block in BLOCKS if "/" in block.role]
#: What the page writes itself, such as a plan with a mistake.
OWN: Final = [block for block in BLOCKS if block.language == "python" and "/" not in block.role]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples and the page's own files, which is the current one."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    write_files(OWN, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    for block in BLOCKS:
        assert (
            block in EXCERPTS
            or block in OWN
            or (block.language, block.role)
            in {
                ("console", ""),
                ("sh", ""),
            }
        ), block.text
    assert len(EXCERPTS) > 10


@pytest.mark.parametrize("block", EXCERPTS, ids=lambda block: block.text.strip()[:40])
def test_an_excerpt_stands_in_its_file_line_by_line(block: Block) -> None:
    path = ROOT / block.role
    assert path.is_relative_to(EXAMPLE)
    assert f"\n{block.text}" in "\n" + path.read_text("utf-8")


def test_every_command_prints_what_the_page_says(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    page = TEXT
    for block in BLOCKS:
        if block.language != "console":
            continue
        answers = []
        for words, _ in read_commands(block):
            main(words)
            captured = capsys.readouterr()
            out = "\n".join(line.rstrip() for line in (captured.out + captured.err).splitlines())
            answers.append((words, out + "\n"))
        page = page.replace(
            f"```console\n{block.text}```", f"```console\n{show_commands(answers)}```"
        )
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
        return
    assert page == TEXT, "pytest --update-golden, and read the diff"


def test_the_shell_s_commands_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = "".join(block.text for block in BLOCKS if block.language == "sh")
    targets = re.findall(r"^make (\S+)$", commands, re.MULTILINE)
    modules = re.findall(r"^python -m (\S+)$", commands, re.MULTILINE)
    assert targets
    assert modules
    assert all(f"\n{target}:" in makefile for target in targets)
    assert all(importlib.util.find_spec(module) for module in modules)
    assert f"FOSSIL_USER={USER} FOSSIL_PASSWORD={PASSWORD}" in commands
    named = re.findall(r"examples/fossil/\S+", commands)
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_every_file_that_the_page_speaks_of_is_there_and_none_is_left_out() -> None:
    table = TEXT.split("\n## 1.")[0].partition("| file |")[2]
    listed = set(re.findall(r"`(\w+(?:\.\w+|/))`", table))
    there = {p.name + "/" * p.is_dir() for p in EXAMPLE.iterdir() if p.name[:2] != "__"}
    assert listed == there
