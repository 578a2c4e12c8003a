"""Which tests of the tools in layout b run always: some, for all of layout a's do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

#: Of so many cases of a test in layout b the first runs always, the others by `make check-slow`.
SAMPLE: Final = 4


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what takes a browser, and is no other test than in layout a."""
    seen: Counter[str] = Counter()
    for item in items:
        if Path(__file__).parent not in item.path.parents or "browser" not in item.keywords:
            continue
        test, bracket, case = item.nodeid.partition("[")
        if bracket and "layout b" in case:
            if seen[test] % SAMPLE:
                item.add_marker(pytest.mark.slow)
            seen[test] += 1
