"""docs/plan-language.md: what it accepts, refuses, prints and tells is what agentjit does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from agentjit.cli import main
from agentjit.compiler import CheckedProgram, check, limits, messages
from agentjit.diagnostics import CATALOGUE
from agentjit.source import Source
from agentjit.toolspecs import Toolset, lint, load_toolset
from agentjit.toolspecs.contract import Contract
from agentjit.toolspecs.words import AI_EVAL, PLAN_BUILTINS
from tests.cli.conftest import WIDTH
from tests.docs.documents import Block, read_blocks, read_commands, show_commands, write_files

PAGE: Final = Path(__file__).parents[2] / "docs" / "plan-language.md"
TEXT: Final = PAGE.read_text("utf-8")
BLOCKS: Final = read_blocks(TEXT)
TOOLS: Final = "eats.py"

#: A row of a table, split at the bars that are not escaped.
_ROW: Final = re.compile(r"^\| (?P<row>.*) \|$", re.MULTILINE)
_CODE: Final = re.compile(r"`([^`]+)`")
_LEFT_OUT: Final = "leave it out"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's files in a folder of their own, which is the current one."""
    write_files(BLOCKS, tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop(Path(TOOLS).stem, None)


@pytest.fixture
def toolset(folder: Path) -> Toolset:
    """The toolset that stands at the page's end."""
    return load_toolset(folder / TOOLS)


def section(title: str) -> str:
    """The text below a heading."""
    _, _, rest = TEXT.partition(f"\n## {title}\n")
    assert rest, title
    return rest.split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The cells of the rows of a section's table, its head left out."""
    found = [m["row"] for m in _ROW.finditer(section(title))]
    return [re.split(r" ?(?<!\\)\| ?", row) for row in found[1:]]


def as_plan(cell: str) -> str:
    """The plan that stands in a cell, a span of code for a line; nothing where it says so."""
    assert cell == _LEFT_OUT or _CODE.sub("", cell).replace("<br>", "") == "", cell
    return "\n".join(line.replace("\\|", "|") for line in _CODE.findall(cell)) + "\n"


def told(plan: str, toolset: Toolset) -> str:
    """What is told of a plan, as a cell; nothing where it is accepted."""
    found = check(Source("plan", plan), toolset)
    if isinstance(found, CheckedProgram):
        return ""
    lines = dict.fromkeys(f"`{d.code}`: {d.remedy}".replace("|", "\\|") for d in found)
    return "<br>".join(lines)


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    for block in BLOCKS:
        kind = (block.language, block.role)
        assert kind in {("console", ""), ("text", "builtins")} or block.role.endswith(".py")
    checked = {words[1] for block in BLOCKS for words, _ in _commands(block)}
    assert {b.role for b in BLOCKS if b.language == "python"} == checked | {TOOLS}
    assert all(words[0] == "check" for block in BLOCKS for words, _ in _commands(block))


def test_the_toolset_of_the_page_is_sound_and_its_table_is_right(toolset: Toolset) -> None:
    assert lint(toolset) == ()
    shown = [
        [f"`{t.signature()}`".replace("|", "\\|"), *map(_span, _sides(t.contract))]
        for t in toolset.tools
    ]
    assert sorted(rows("A first plan")) == sorted(shown)


def test_every_command_prints_what_the_page_says(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    parts, end = [], 0
    for block in BLOCKS:
        if block.language != "console":
            continue
        answers = []
        for words, _ in read_commands(block):
            main(words)
            captured = capsys.readouterr()
            out = "\n".join(line.rstrip() for line in (captured.out + captured.err).splitlines())
            answers.append((words, out + "\n"))
        parts += [TEXT[end : block.start], show_commands(answers)]
        end = block.start + len(block.text)
    page = "".join([*parts, TEXT[end:]])
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
        return
    assert page == TEXT, "pytest --update-golden, and read the diff"


def test_what_is_outside_is_told_so_and_what_stands_beside_it_is_accepted(
    toolset: Toolset, request: pytest.FixtureRequest
) -> None:
    page = PAGE.read_text("utf-8")
    for wrong, message, right in rows("What is outside, and what to write instead"):
        answer = told(as_plan(wrong), toolset)
        assert answer, f"{wrong} is accepted"
        assert told(as_plan(right), toolset) == ""
        page = page.replace(f"| {wrong} | {message} |", f"| {wrong} | {answer} |")
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
        return
    assert page == TEXT, "pytest --update-golden, and read the diff"


def test_every_code_of_a_plan_is_on_the_page() -> None:
    kinds = [c for c, k in CATALOGUE.items() if k.__module__ == messages.__name__]
    assert [c for c in kinds if f"[{c}]" not in TEXT and f"`{c}`" not in TEXT] == []


def test_the_limits_are_those_of_the_compiler() -> None:
    assert [int(limit.replace(",", "")) for _, limit in rows("Limits")] == [
        limits.MAX_PLAN_CHARS,
        limits.MAX_NESTING,
        limits.MAX_NAMES,
        limits.MAX_STATEMENTS,
        limits.MAX_CALLS,
        limits.MAX_OPERANDS,
        limits.MAX_NUMBER_BITS,
        limits.MAX_WHILE_TRIPS,
        limits.MAX_FOR_TRIPS,
    ]


def test_the_functions_are_those_that_plans_may_call() -> None:
    (block,) = (b for b in BLOCKS if b.role == "builtins")
    assert sorted(block.text.split()) == sorted((PLAN_BUILTINS - {AI_EVAL}) | {"next"})


def _commands(block: Block) -> list[tuple[list[str], str]]:
    return read_commands(block) if block.language == "console" else []


def _sides(contract: Contract) -> tuple[str, str]:
    return contract.show_requires(), contract.show_ensures()


def _span(text: str) -> str:
    return f"`{text}`" if text else ""
