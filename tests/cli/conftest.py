"""What the tests of the command line share: a call of the command, and text from renderables."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console, RenderableType

from agentjit.cli import main
from agentjit.cli.consoles import show

#: Columns of what goldens hold.
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Called:
    """What a call of the command gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Agentjit = Callable[..., Called]


@pytest.fixture
def agentjit(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Agentjit:
    """Call the command in this process, with no terminal and no endpoint."""
    for name in ("OPENAI_API_KEY", "AGENTJIT_SITE_SEED", "AGENTJIT_SITE_LATENCY", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))

    def call(*arguments: str) -> Called:
        code = main(arguments)
        captured = capsys.readouterr()
        return Called(code, captured.out, captured.err)

    return call


def text_of(*parts: RenderableType, width: int = WIDTH) -> str:
    """What a pipe would get."""
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    show(console, *parts)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def terminal_console(*, width: int = WIDTH) -> Console:
    """A console that takes a string for a terminal."""
    return Console(
        file=io.StringIO(),
        width=width,
        height=40,
        force_terminal=True,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
