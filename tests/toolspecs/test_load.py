"""Toolsets out of users' own files: what loads, and what is said of what does not."""

from __future__ import annotations

import colorsys
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agentjit.errors import ToolsetError, UsageError
from agentjit.toolspecs import load_toolset
from tests.compiler.shop import SHOP

GOOD = '''
from __future__ import annotations
from typing import Annotated, NotRequired, TypedDict, TYPE_CHECKING
from agentjit.toolspecs import Effect, From, StateModel, StateVar, Toolset, tool
if TYPE_CHECKING:
    from playwright.async_api import Page

class Thing(TypedDict):
    name: str
    unit_price: NotRequired[float]

@tool(requires="page == 'home'", effect=Effect.READ, reads={"things", "prices", "more"})
async def list_things(page: Page) -> list[Thing]:
    """List the things. All of them."""

@tool(effect=Effect.WRITE, writes=())
async def take(page: Page, name: Annotated[str, From("list_things[].name")], n: int = 1) -> None:
    """Take a thing"""

async def observe(page: Page) -> dict[str, str]:
    return {}

TOOLSET = Toolset(
    name="mine", title="Mine", state=StateModel((StateVar("page", start="home"),)),
    observe=observe, tools=(list_things, take),
)
'''


def written(folder: Path, text: str, name: str = "my_tools.py") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_with_one_toolset_loads(tmp_path: Path) -> None:
    toolset = load_toolset(written(tmp_path, GOOD + "\nAGAIN = TOOLSET\n"))
    assert [t.signature() for t in toolset.tools] == [
        "list_things() -> list[Thing]",
        "take(name: str, n: int = 1) -> None",
    ]
    assert [t.summary for t in toolset.tools] == ["List the things.", "Take a thing."]
    take = toolset.by_name["take"]
    assert take.params[0].origin is not None
    assert take.touches.show() == "reads anything, writes nothing"


def test_a_toolset_may_have_helper_modules_beside_it(tmp_path: Path) -> None:
    written(tmp_path, "NAME = 'helped'\n", "beside_it_for_a_test.py")
    text = GOOD.replace('name="mine"', "name=NAME")
    helper = "from beside_it_for_a_test import NAME"
    path = written(tmp_path, text.replace("class Thing", f"{helper}\nclass Thing"))
    before = list(sys.path)
    assert load_toolset(path).name == "helped"
    assert sys.path == before


def test_two_toolsets_may_have_helper_modules_of_one_name(tmp_path: Path) -> None:
    names = []
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, f"NAME = {folder!r}\n", "beside_both_for_a_test.py")
        helper = "from beside_both_for_a_test import NAME"
        text = GOOD.replace('name="mine"', "name=NAME")
        path = written(tmp_path / folder, text.replace("class Thing", f"{helper}\nclass Thing"))
        names += [load_toolset(path).name, load_toolset(path).name]
    assert names == ["one", "one", "other", "other"]


def test_a_helper_module_does_not_displace_one_that_others_use(tmp_path: Path) -> None:
    written(tmp_path, "raise RuntimeError", "colorsys.py")
    load_toolset(written(tmp_path, GOOD))
    assert sys.modules["colorsys"] is colorsys


def test_a_program_beside_it_does_not_displace_the_one_that_runs(tmp_path: Path) -> None:
    running = sys.modules["__main__"]
    written(tmp_path, "raise RuntimeError", "__main__.py")
    load_toolset(written(tmp_path, GOOD))
    assert sys.modules["__main__"] is running


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "holds no Toolset"),
        (GOOD + "\nimport dataclasses\nB = dataclasses.replace(TOOLSET, name='b')\n", "2 Toolsets"),
        ("def (", r"my_tools\.py:1: "),
        ("import nowhere_to_be_found\n", "ModuleNotFoundError"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("{}['a']\n", "KeyError"),
        ("open('/nowhere/at/all')\n", "FileNotFoundError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("assert False\n", "AssertionError"),
        ("x = undefined\n", "NameError"),
        ("x = '\0'\n", "null bytes|cannot be loaded"),
    ],
)
def test_a_file_that_holds_no_toolset_is_told_apart(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        load_toolset(written(tmp_path, text))
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_broken_toolset_carries_its_diagnostics(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("page == 'home'", "pag = 'home'"))
    with pytest.raises(ToolsetError) as caught:
        load_toolset(path)
    assert [d.code for d in caught.value.diagnostics] == ["contract-syntax"]


def test_what_is_no_python_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        load_toolset(tmp_path / "nowhere.py")
    with pytest.raises(UsageError, match="there is no file"):
        load_toolset(tmp_path)
    with pytest.raises(UsageError, match="not a Python file"):
        load_toolset(written(tmp_path, GOOD, "tools.txt"))


def test_the_version_changes_with_what_a_schedule_depends_on() -> None:
    tools = tuple(replace(t, resets_tab=False) if t.name == "goto_home" else t for t in SHOP.tools)
    assert replace(SHOP, tools=tools).version != SHOP.version


def test_the_version_is_the_same_in_every_process_and_changes_with_the_contract(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, GOOD)
    code = (
        "import sys, pathlib; from agentjit.toolspecs import load_toolset;"
        "print(load_toolset(pathlib.Path(sys.argv[1])).version)"
    )
    versions = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert versions == {load_toolset(path).version}
    other = written(tmp_path, GOOD.replace('{"things"', '{"thing"'), "other.py")
    assert load_toolset(other).version not in versions
