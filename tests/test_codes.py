"""Every diagnostic has a code, an explanation and a golden."""

from __future__ import annotations

import re

import pytest

import agentjit.compiler  # noqa: F401 - it fills the catalogue
from agentjit.diagnostics import CATALOGUE, Diagnostic
from tests.conftest import GOLDEN

#: Other tests may define diagnostics of their own.
CODES = sorted(c for c, kind in CATALOGUE.items() if kind.__module__.startswith("agentjit."))


def goldens() -> str:
    """The text of all goldens."""
    return "\n".join(p.read_text("utf-8") for p in sorted(GOLDEN.rglob("*.txt")))


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_kebab_case_and_explained(code: str) -> None:
    kind = CATALOGUE[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert kind.code == code
    assert len(kind.explanation.split()) > 10
    assert kind.explanation.endswith(".")
    assert kind.__doc__


def test_every_code_has_a_golden() -> None:
    text = goldens()
    assert [c for c in CODES if f"[{c}]" not in text] == []


def test_two_diagnostics_may_not_share_a_code() -> None:
    with pytest.raises(TypeError, match="share the code"):

        class Twin(Diagnostic):
            code = "plan-syntax"
            title = "again"
            explanation = "Again."
