"""How each rival is started: the program in this folder, with the Python that has the rival."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agentjit.bench.environments import find_environment
from agentjit.errors import UsageError

#: Names the folder with the virtual environments, where it is not the one that make makes.
VARIABLE: Final = "AGENTJIT_RIVALS"

#: Rival -> its virtual environment's name, and the settings that it is run with.
_WHERE: Final = {
    "browser-use": ("browser-use-0.13.14", "fast-multi"),
    "browser-use-defaults": ("browser-use-0.13.14", "defaults"),
    "browser-use-0.7.10": ("browser-use-0.7.10", "stock"),
}

RIVALS: Final = tuple(_WHERE)


def command_of(name: str) -> tuple[str, ...]:
    """The command that runs trials of a rival, see `drive_browser_use.py`.

    UsageError where there is no such rival, or where its Python is not there.
    """
    if name not in _WHERE:
        raise UsageError(f"there is no rival {name!r}", f"they are: {', '.join(RIVALS)}")
    _, profile = _WHERE[name]
    program = Path(__file__).with_name("drive_browser_use.py")
    return str(find_python(name)), "-I", str(program), profile


def find_python(name: str) -> Path:
    """The Python that has the rival. UsageError says how to get it."""
    environment, _ = _WHERE[name]
    python = find_environment(environment, VARIABLE, ".venv-rivals")
    if python is None:
        raise UsageError(
            f"{name} is not installed", f"`make rivals` installs it, or {VARIABLE} says where it is"
        )
    return python
