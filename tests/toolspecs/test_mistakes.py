"""What lint says of a mistake, a golden each, and that it says nothing of the correction."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentjit.diagnostics import Diagnostic, render_all
from agentjit.errors import ToolsetError
from agentjit.toolspecs import Toolset, lint
from tests.conftest import Golden
from tests.toolspecs.broken import problems
from tests.toolspecs.mistakes import MISTAKES


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_what_to_do(name: str, golden: Golden) -> None:
    found = problems(MISTAKES[name].wrong)
    assert {d.code.replace("-", "_") for d in found} == {_code_of(name, found)}
    assert all(d.remedy for d in found if d.code != "bad-state-model")
    golden(f"toolspecs/{name}.txt", render_all(found) + "\n")


@pytest.mark.parametrize("name", MISTAKES)
def test_its_correction_is_quiet(name: str) -> None:
    assert lint(MISTAKES[name].right()) == ()


def _code_of(name: str, found: tuple[Diagnostic, ...]) -> str:
    """The code that the name of a mistake begins with."""
    return next(c for d in found if name.startswith(c := d.code.replace("-", "_")))


@pytest.mark.parametrize("name", MISTAKES)
def test_what_lint_calls_an_error_keeps_a_toolset_from_loading(name: str) -> None:
    make: Callable[[], Toolset] = MISTAKES[name].wrong
    found = problems(make)
    if any(d.severity.value == "error" for d in found):
        with pytest.raises(ToolsetError):
            make()
    else:
        assert lint(make()) == found
