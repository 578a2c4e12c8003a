"""`agentjit tools check` on users' files: exit codes, stale examples, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Agentjit

SHOP = Path(__file__).with_name("shop.py")


def changed(folder: Path, old: str, new: str) -> str:
    """A copy of the library's tools with one change."""
    text = SHOP.read_text("utf-8")
    assert old in text
    path = folder / "changed_tools.py"
    path.write_text(text.replace(old, new), "utf-8")
    return str(path)


def test_a_stale_example_fails_the_check_with_its_place(agentjit: Agentjit, tmp_path: Path) -> None:
    tools = changed(tmp_path, "open_shelf('Poetry')", "open_shelf(3)")
    called = agentjit("tools", "check", "--tools", tools)
    assert called.code == 2
    assert "error[stale-example]: open_shelf: " in called.out
    assert "open_shelf.examples[0]:1:12" in called.out
    assert "broken  1 error, 2 warnings" in called.out
    data = agentjit("tools", "check", "--tools", tools, "--json").data
    assert (data["valid"], data["exit_code"], data["tools"]) == (False, 2, None)
    codes = [d["code"] for d in data["diagnostics"]]
    assert codes == ["dead-end", "unverifiable-commit", "stale-example"]


def test_a_toolset_with_a_stale_example_can_still_be_used(
    agentjit: Agentjit, tmp_path: Path
) -> None:
    tools = changed(tmp_path, "open_shelf('Poetry')", "open_shelf(3)")
    assert agentjit("tools", "list", "--tools", tools).code == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("requires=\"page == 'front'\", ", "requires=3, ", "error[bad-option]: list_shelves"),
        ("timeout=20.0", "timeout=0", "error[bad-option]: borrow: timeout=0"),
        ("observe=observe", "observe=print", "error[bad-toolset]: the toolset's `observe`"),
        ("tools=(list_shelves,", "tools=(observe,", "holds observe(), which is no tool"),
        ("state=STATE", "state=None", "the toolset's `state` is no StateModel"),
        ("list_shelves[].title", "list_shelves[].books", "error[bad-provenance]: open_shelf"),
        ("copies: int = 1", "copies: set[int]", "error[tool-signature]: take_book"),
    ],
)
def test_a_broken_file_is_told_in_diagnostics(
    agentjit: Agentjit, tmp_path: Path, old: str, new: str, told: str
) -> None:
    called = agentjit("tools", "check", "--tools", changed(tmp_path, old, new))
    assert called.code == 2
    assert told in " ".join(called.out.split())
    assert "Traceback" not in called.out + called.err


def test_what_cannot_be_loaded_is_told_with_its_line(agentjit: Agentjit, tmp_path: Path) -> None:
    tools = changed(tmp_path, "@tool(requires=\"page == 'front'\", effect", "@tool(effects")
    called = agentjit("tools", "check", "--tools", tools)
    assert called.code == 2
    assert "changed_tools.py:29 cannot be loaded: TypeError" in " ".join(called.err.split())
