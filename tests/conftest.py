"""What all tests share: goldens, and the check that no browser outlives the session."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.goldens import compare_golden
from tests.processes import leaked_browsers, mark_session

GOLDEN: Final = Path(__file__).parent / "golden"

#: The folders of the bundled sites' tests are in this one.
SITES: Final = Path(__file__).parent / "sites"

#: Seconds that closing browsers have, once the last test is over.
GRACE_SECONDS: Final = 5.0

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew instead of comparing with them; read the diff after",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what one of several processes runs by itself: a file, or the tests of a bundled site.

    A site's tests share a browser and a tab, which are opened once for the folder.
    """
    for item in items:
        shared = item.path.parent.parent == SITES
        item.add_marker(pytest.mark.xdist_group(str(item.path.parent if shared else item.path)))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a file under tests/golden, or rewrite the file when asked to."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(name: str, text: str) -> None:
        compare_golden(GOLDEN / name, text, update=update)

    return compare


@pytest.fixture(autouse=True)
def own_surroundings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test finds what another has kept, nor what the user has, nor how wide a terminal is."""
    base = tmp_path_factory.getbasetemp() / "caches"
    monkeypatch.setenv("AGENTJIT_CACHE", str(base / secrets.token_hex(8)))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session", autouse=True)
def session_marker() -> Iterator[str]:
    """Mark all that the session starts, and fail it if a browser is left behind."""
    marker = mark_session()
    yield marker
    leaked = leaked_browsers(marker, seconds=GRACE_SECONDS)
    commands = "\n".join(
        f"{process.pid} {process.command[:200]}".replace("\0", " ") for process in leaked
    )
    assert not leaked, f"browser processes left behind:\n{commands}"
