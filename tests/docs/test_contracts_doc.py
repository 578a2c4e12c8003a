"""docs/contracts.md: every file in it loads, every contract parses, every command prints that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from agentjit.cli import main
from agentjit.compiler.examples import check_examples
from agentjit.diagnostics import CATALOGUE, Diagnostic
from agentjit.source import Source
from agentjit.toolspecs import lint, load_toolset
from agentjit.toolspecs.contract import Clause, Differs, Equals, Forgets, Known, OneOf
from agentjit.toolspecs.grammar import parse_clauses
from tests.cli.conftest import WIDTH
from tests.docs.documents import Block, read_blocks, read_commands, show_commands, write_files

PAGE: Final = Path(__file__).parents[2] / "docs" / "contracts.md"
BLOCKS: Final = read_blocks(PAGE.read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files in a folder of their own, which is the current one."""
    write_files(BLOCKS, tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    for block in BLOCKS:
        assert (block.language, block.role) in {("console", ""), ("text", "contract")} or (
            block.language == "python" and block.role.endswith(".py")
        ), block.text
    used = {word for b in BLOCKS for words, _ in _commands(b) for word in words}
    assert {b.role for b in BLOCKS if b.language == "python"} <= used


def test_the_running_example_is_sound(folder: Path) -> None:
    toolset = load_toolset(folder / "library.py")
    assert lint(toolset) == ()
    assert check_examples(toolset) == ()


def test_every_contract_parses_and_all_forms_are_shown() -> None:
    forms: set[type[Clause]] = set()
    for block in BLOCKS:
        if block.role != "contract":
            continue
        for line in block.text.splitlines():
            text = line.partition("#")[0].strip().removeprefix("requires ").removeprefix("ensures ")
            clauses = parse_clauses(Source("contract", text))
            assert not isinstance(clauses, Diagnostic), clauses
            forms |= {type(c) for c in clauses}
    assert forms == {Equals, Differs, OneOf, Known, Forgets}


def test_every_command_prints_what_the_page_says(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    page, offset = PAGE.read_text("utf-8"), 0
    for block in BLOCKS:
        if block.language != "console":
            continue
        answers = []
        for words, _ in read_commands(block):
            main(words)
            captured = capsys.readouterr()
            out = "\n".join(line.rstrip() for line in (captured.out + captured.err).splitlines())
            answers.append((words, out + "\n"))
        shown = show_commands(answers)
        at = block.start + offset
        page = page[:at] + shown + page[at + len(block.text) :]
        offset += len(shown) - len(block.text)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
        return
    assert page == PAGE.read_text("utf-8"), "pytest --update-golden, and read the diff"


def test_the_page_names_every_code_of_lint() -> None:
    page = PAGE.read_text("utf-8")
    codes = [c for c, kind in CATALOGUE.items() if kind.__module__.startswith("agentjit.toolspecs")]
    assert [c for c in codes if f"`{c}`" not in page] == []


def test_the_files_of_the_page_are_in_the_folder(folder: Path) -> None:
    assert (folder / "library.py").is_file()


def _commands(block: Block) -> list[tuple[list[str], str]]:
    return read_commands(block) if block.language == "console" else []
