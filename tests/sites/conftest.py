"""Which tests of the tools in layout b run always: a few, for all of layout a's do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

#: Of so many tests of a module in layout b the first runs always, the others by `make check-slow`.
SAMPLE: Final = 8


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what takes a browser, and is no other test than in layout a."""
    seen: Counter[Path] = Counter()
    for item in items:
        if Path(__file__).parent not in item.path.parents or "browser" not in item.keywords:
            continue
        if "layout b" in item.nodeid.partition("[")[2] and not item.get_closest_marker("slow"):
            if seen[item.path] % SAMPLE:
                item.add_marker(pytest.mark.slow)
            seen[item.path] += 1
