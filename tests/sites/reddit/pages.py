"""A Reddit over HTTP, without a browser, on a fixed day."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.settings import make_settings

TODAY: Final = date(2026, 3, 2)


def make_visitor(*, layout: str = "a", seed: int = 0) -> TestClient:
    """Somebody who has seen nothing yet."""
    settings = make_settings(layout=layout, seed=seed, today=TODAY.isoformat())
    return TestClient(load_site("reddit").create_app(settings))
