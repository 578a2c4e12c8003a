"""Serving a fresh Fossil: the same each time, set back at will, and gone at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from typing import NoReturn

import pytest

from examples.fossil import serve
from examples.fossil.facts import read_facts
from examples.fossil.serve import FossilError, Served, serving
from tests.processes import list_processes


def test_the_start_is_the_same_each_time_and_can_be_had_again(fossil_site: Served) -> None:
    fossil_site.reset()
    start = read_facts(fossil_site.repository)
    assert (len(start.tickets), len(start.wiki), len(start.posts)) == (8, 2, 4)
    with serving() as other:
        assert other.url != fossil_site.url
        assert read_facts(other.repository) == start
        other.repository.write_bytes(b"not a repository")
        other.reset()
        assert read_facts(other.repository) == start
        with urllib.request.urlopen(f"{other.url}/wiki?name=Release+plan") as answer:
            assert b"planned for March" in answer.read()


def test_the_server_ends_with_the_block_though_it_fails(fossil_site: Served) -> None:
    def fail() -> NoReturn:
        with serving() as site:
            seen.append(site)
            assert site.pid in processes_of(site)
            raise KeyError(site.url)

    seen: list[Served] = []
    with pytest.raises(KeyError):
        fail()
    (site,) = seen
    assert processes_of(site) == []
    assert not site.repository.exists()
    assert fossil_site.pid in processes_of(fossil_site)


def processes_of(site: Served) -> list[int]:
    """The server, and its children that answer requests."""
    return [p.pid for p in list_processes() if str(site.repository) in p.command]


def test_without_the_program_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not serve.is_installed()
    with pytest.raises(FossilError, match="apt install fossil"), serving():
        pass


def test_the_command_says_so_too_and_its_exit_code_is_no_success() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "examples.fossil"),
        env={**os.environ, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "apt install fossil" in done.stderr
    assert "Traceback" not in done.stderr
