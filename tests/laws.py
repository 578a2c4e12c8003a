"""How property tests run: the same examples every time, and none of them kept."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

#: A gate must not depend on luck; longer and random searches are the benchmark's work.
LAW: Final = settings(max_examples=100, deadline=None, derandomize=True, database=None)
