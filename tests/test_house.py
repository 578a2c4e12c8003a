"""The house itself: its links, sizes, names, packaging, and what importing it costs."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import agentjit

ROOT: Final = Path(__file__).parents[1]
LINKS: Final = ("planner", "scheduler", "sites", "toolspecs")
MAX_LINES: Final = 400

#: Files that people write: what is not one of these is data or made by a tool.
WRITTEN: Final = frozenset({".css", ".html", ".js", ".md", ".py", ".toml"})

#: What a user who only imports agentjit, or asks for help, must not wait for.
HEAVY: Final = ("networkx", "numpy", "openai", "playwright", "pydantic_monty", "starlette")

#: What may do no I/O, by the design; the linter can only be told of modules that are there.
PURE: Final = (
    "compiler",
    "planner/cost",
    "planner/select",
    "planner/symbolic",
    "scheduler",
    "toolspecs",
)

#: Folders of the machine that this was written on. Written so as not to match themselves.
PRIVATE_PATH: Final = re.compile(r"(?<![\w.~$}/])/(?:wo[r]k|fa[r]m|ro[o]t)/|bash_[j]obs")


def written_files() -> Iterator[Path]:
    for folder in ("agentjit", "examples", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in WRITTEN and "__pycache__" not in path.parts:
                yield path


def modules() -> Iterator[Path]:
    return (path for path in written_files() if path.suffix == ".py")


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield every committed text file; in a tree without git, every written one."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else map(str, written_files())
    for name in filter(None, names):
        path = ROOT / name
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8")


@pytest.mark.parametrize("name", LINKS)
def test_the_links_at_the_top_lead_into_the_package(name: str) -> None:
    link = ROOT / name
    assert link.is_symlink()
    assert link.readlink() == Path("agentjit") / name
    assert (link / "__init__.py").is_file()


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in written_files()
        if "golden" not in path.parts
    }
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_of_the_package_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if ROOT / "agentjit" in path.parents and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_every_folder_of_the_package_is_a_package() -> None:
    folders = {path.parent for path in modules() if ROOT / "agentjit" in path.parents}
    assert [
        str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()
    ] == []


def test_the_public_face_is_sorted_and_importable() -> None:
    assert sorted(agentjit.__all__) == list(agentjit.__all__)
    for name in agentjit.__all__:
        assert getattr(agentjit, name) is not None


def test_every_exported_name_exists_where_it_is_exported() -> None:
    for path in modules():
        if path.name != "__init__.py" or ROOT / "agentjit" not in path.parents:
            continue
        module = importlib.import_module(".".join(path.parent.relative_to(ROOT).parts))
        missing = [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)]
        assert missing == [], module.__name__


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = f"import sys, agentjit; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run(
        (sys.executable, "-c", program), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_wheel_installs_one_name_with_its_types_and_its_data(tmp_path: Path) -> None:
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"agentjit"}
    packed = {name for name in names if name.startswith("agentjit/")}
    assert packed == set(package_files()), "the wheel is not the package"


def package_files() -> Iterator[str]:
    for path in (ROOT / "agentjit").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix()


def contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["id"] == name)


def exists(module: str) -> bool:
    path = ROOT / "agentjit" / module
    return path.with_name(f"{path.name}.py").is_file() or (path / "__init__.py").is_file()


def test_every_layer_that_is_there_is_required_by_the_linter() -> None:
    optional = [
        layer.strip("()") for layer in contract("layers")["layers"] if layer.startswith("(")
    ]
    assert [layer for layer in optional if exists(layer)] == [], "take the parentheses away"


def test_every_pure_module_that_is_there_is_held_to_it_by_the_linter() -> None:
    expected = [f"agentjit.{module.replace('/', '.')}" for module in PURE if exists(module)]
    assert contract("pure-core")["source_modules"] == expected


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {project['version']}" in changes


def test_the_tree_knows_no_machine() -> None:
    found = {
        name: sorted({match.group() for match in PRIVATE_PATH.finditer(text)})
        for name, text in tracked_texts()
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_continuous_integration_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text("utf-8")
    assert "make check" in text
    assert "make test" in text


def test_every_make_target_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    helped = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert helped == set(phony.split())
