"""What the tests of the examples share: a Fossil that is served, where there is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examples.fossil.serve import Served, is_installed, serving


@pytest.fixture(scope="session")
def fossil_site() -> Iterator[Served]:
    """A fresh repository on loopback; the test is skipped where Fossil is not installed."""
    if not is_installed():
        pytest.skip("there is no fossil on the PATH (Debian, Ubuntu: apt install fossil)")
    with serving() as site:
        yield site
