"""The registry knows the sites by name, and names the nearest one for a slip."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agentjit.errors import UsageError
from agentjit.sites import load_site, site_names
from agentjit.toolspecs import lint


@pytest.mark.parametrize("name", site_names())
def test_every_site_has_an_application_and_a_clean_toolset(name: str) -> None:
    site = load_site(name)
    assert site.name == name
    assert site.toolset.name == name
    assert lint(site.toolset) == ()


def test_an_unknown_site_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="dashdsh") as caught:
        load_site("dashdsh")
    assert "dashdish" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        load_site("zzz")
    assert "dashdish" in caught.value.hint


def test_the_registry_loads_no_web_server_and_no_browser() -> None:
    script = (
        "import sys, agentjit.sites as s; s.load_site('dashdish').toolset; "
        "print([m for m in ('starlette', 'uvicorn', 'jinja2', 'playwright') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
