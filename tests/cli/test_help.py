"""The command itself: what it loads, what its help says, how it starts."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

from agentjit.cli.app import COMMANDS
from tests.cli.conftest import Agentjit

#: Whoever asks for help must not wait for any of these.
HEAVY = ("lark", "openai", "playwright", "pydantic", "pydantic_monty", "rich", "starlette")

NAMES = [
    [name, *inner]
    for name, entry in COMMANDS.items()
    for inner in ([[]] if not isinstance(entry, dict) else [[], *([i] for i in entry)])
]


def test_help_lists_every_command(agentjit: Agentjit) -> None:
    called = agentjit("--help")
    assert called.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in called.out
    assert agentjit().out == called.out


@pytest.mark.parametrize("words", NAMES, ids=" ".join)
def test_every_command_has_help(words: list[str], agentjit: Agentjit) -> None:
    called = agentjit(*words, "--help")
    assert called.code == 0
    assert called.out.startswith(f"Usage: agentjit {' '.join(words)}")
    assert called.out.count("--help") == 1


def test_the_version_is_the_distributions(agentjit: Agentjit) -> None:
    assert agentjit("--version").out == f"agentjit {version('agentjit')}\n"


def test_an_unknown_command_exits_with_2(agentjit: Agentjit) -> None:
    called = agentjit("ruin")
    assert (called.code, called.out) == (2, "")
    assert "ruin" in called.err


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys, agentjit.cli as cli; cli.main(['--help']);"
        f"sys.exit(str([n for n in {HEAVY!r} if n in sys.modules]))"
    )
    command = (sys.executable, "-c", program)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_the_package_runs_as_a_module() -> None:
    command = (sys.executable, "-m", "agentjit", "explain", "nothing-of-the-kind")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error[usage]: ")


def test_a_reader_that_goes_away_is_no_error() -> None:
    # The output is longer than a pipe holds, so the writer finds out.
    program = "import sys, agentjit.cli as cli; sys.exit(cli.main(['tools', 'list', '--json']))"
    with subprocess.Popen(
        (sys.executable, "-c", program), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() != 0
