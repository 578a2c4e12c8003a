"""What lint says of broken toolsets: a golden each, under tests/golden/toolspecs."""

from __future__ import annotations

import pytest

from agentjit.diagnostics import has_errors, render_all
from agentjit.errors import ToolsetError
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs import lint
from tests.compiler.shop import SHOP
from tests.conftest import GOLDEN, Golden
from tests.fixtures.toolhire.tools import TOOLSET as TOOLHIRE
from tests.toolspecs.broken import BROKEN, problems
from tests.toolspecs.mistakes import MISTAKES


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_toolset_is_told_what_is_wrong_and_what_to_do(name: str, golden: Golden) -> None:
    golden(f"toolspecs/{name}.txt", render_all(problems(BROKEN[name])) + "\n")


@pytest.mark.parametrize("name", BROKEN)
def test_a_toolset_with_errors_does_not_load(name: str) -> None:
    if not has_errors(problems(BROKEN[name])):
        BROKEN[name]()
        return
    with pytest.raises(ToolsetError, match="broken") as caught:
        BROKEN[name]()
    assert caught.value.exit_code == 2
    assert render_all(caught.value.diagnostics) in str(caught.value)


@pytest.mark.parametrize("toolset", [SHOP, TOOLSET, TOOLHIRE], ids=lambda t: t.name)
def test_a_good_toolset_has_nothing_said_of_it(toolset: object) -> None:
    assert lint(toolset) == ()  # type: ignore[arg-type]


def test_every_golden_has_its_toolset() -> None:
    assert {p.stem for p in (GOLDEN / "toolspecs").glob("*.txt")} == {*BROKEN, *MISTAKES}
