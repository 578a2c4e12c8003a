"""`agentjit explain`: every diagnostic is illustrated, and the illustrations are true."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from agentjit.cli.codes import list_codes
from agentjit.cli.illustrations import PLANS, Illustration
from agentjit.cli.toolset_illustrations import TOOLSETS
from agentjit.compiler import CheckedProgram, check
from agentjit.compiler.examples import check_examples
from agentjit.compiler.ir import calls_in
from agentjit.diagnostics import Severity
from agentjit.errors import ToolsetError
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.source import Source
from agentjit.toolspecs import lint, load_toolset
from tests.cli.conftest import Agentjit
from tests.conftest import Golden

#: No plan for dashdish shows it: an endpoint says that it stopped; its commit takes nothing; and
#: a goal record is no plan.
NOT_SHOWN: Final = {
    "plan-cut-off",
    "page-text-committed",
    "model-answer-committed",
    *(code.code for code in list_codes() if code.about == "goal record"),
}
#: Told by the planner of a plan that the compiler accepts.
OF_THE_PLANNER: Final = "plan-does-nothing"

CODES: Final = {c.code: c for c in list_codes() if c.exit_code is None}

BEFORE: Final = """
from __future__ import annotations
from typing import TYPE_CHECKING, Annotated, TypedDict
from agentjit import Effect, From, Scope, StateModel, StateVar, Tool, Toolset, tool
if TYPE_CHECKING:
    from playwright.async_api import Page

STATE = StateModel((
    StateVar("page", values=("home", "store"), start="home"),
    StateVar("store"),
    StateVar("cart", values=("empty", "filled"), start="empty", scope=Scope.ACCOUNT),
))

class Store(TypedDict):
    name: str

async def observe(page: Page) -> dict[str, str]:
    return {}

"""

AFTER: Final = """

TOOLS = tuple(value for value in list_of_globals if isinstance(value, Tool))
TOOLSET = Toolset(name="shown", title="Shown", state=STATE, observe=observe, tools=TOOLS)
""".replace("list_of_globals", "[*globals().values()]")


def codes_of_plan(text: str, task: str | None) -> set[str]:
    """The codes of what is wrong with a plan for dashdish."""
    checked = check(Source("plan", text), TOOLSET, task=task)
    found = checked if isinstance(checked, tuple) else checked.warnings
    if isinstance(checked, tuple) or found:
        return {d.code for d in found}
    return set() if calls_in(checked.program.body) else {OF_THE_PLANNER}


def codes_of_toolset(text: str, folder: Path) -> tuple[set[str], set[str]]:
    """The codes of the errors in a toolset with this part, and of its warnings."""
    path = folder / "shown.py"
    path.write_text(BEFORE + text + AFTER, "utf-8")
    try:
        toolset = load_toolset(path)
        found = (*lint(toolset), *check_examples(toolset))
    except ToolsetError as error:
        found = error.diagnostics
    errors = {d.code for d in found if d.severity is Severity.ERROR}
    return errors, {d.code for d in found} - errors


def test_every_diagnostic_is_illustrated() -> None:
    assert {c for c, code in CODES.items() if code.illustration is None} == NOT_SHOWN
    assert {*PLANS, *TOOLSETS} == {*CODES} - NOT_SHOWN


@pytest.mark.parametrize("code", PLANS)
def test_a_plan_breaks_as_it_says_and_the_other_is_valid(code: str) -> None:
    shown: Illustration = PLANS[code]
    assert codes_of_plan(shown.breaks, shown.task) == {code}
    assert codes_of_plan(shown.instead, shown.task) == set()
    assert isinstance(check(Source("plan", shown.instead), TOOLSET), CheckedProgram)


@pytest.mark.parametrize("code", TOOLSETS)
def test_a_toolset_breaks_as_it_says_and_the_other_loads(code: str, tmp_path: Path) -> None:
    errors, warnings = codes_of_toolset(TOOLSETS[code].breaks, tmp_path)
    assert code in warnings if not errors else errors == {code}
    errors, warnings = codes_of_toolset(TOOLSETS[code].instead, tmp_path)
    assert errors == set()
    assert code not in warnings


@pytest.mark.parametrize("code", CODES)
def test_it_reads_well(code: str, agentjit: Agentjit, golden: Golden) -> None:
    golden(f"cli/explain/{code}.txt", agentjit("explain", code).out)


def test_an_illustration_is_data_too(agentjit: Agentjit) -> None:
    data = agentjit("explain", "unknown-function", "--json").data
    assert data["breaks"] == 'open_store("Taco Bell")'
    assert data["instead"] == 'goto_store("Taco Bell")'
    assert agentjit("explain", "usage", "--json").data["breaks"] is None
