"""Every command that needs no browser: its output, its JSON, its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.errors import UsageError
from agentjit.runtime.result import RunResult
from tests.cli.conftest import Agentjit
from tests.conftest import Golden

VALID = 'goto_store("Taco Bell")\nresult = list_menu_items()\n'
INVALID = "items = list_menu_items()\n"
#: The keys of a run's object, whatever became of the run.
RUN_KEYS = set(RunResult(task="", status="usage", error=UsageError("")).to_json())

BROKEN_TOOLS = '''
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool

@tool(requires="page === 'home'", effect=Effect.NAVIGATE)
async def go(page: object, where: str) -> None:
    """Go somewhere."""

async def observe(page: object) -> dict[str, str]:
    return {}

STATE = StateModel((StateVar("page", values=("home",), start="home"),))
TOOLSET = Toolset(name="t", title="T", state=STATE, observe=observe, tools=(go,))
'''


SHOP = str(Path(__file__).with_name("shop.py"))


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A short name: long ones are wrapped, and temporary folders' names grow.
    monkeypatch.chdir(tmp_path)
    path = Path("plan.py")
    path.write_text(VALID)
    return path


@pytest.fixture
def broken_tools(tmp_path: Path) -> str:
    path = tmp_path / "broken_tools.py"
    path.write_text(BROKEN_TOOLS)
    return str(path)


def test_a_valid_plan_exits_with_0(agentjit: Agentjit, plan: Path) -> None:
    called = agentjit("check", str(plan))
    assert called.code == 0
    assert called.out.startswith("valid  ")
    assert "2 tool calls, cost 0.2" in called.out
    assert "page = 'store', selected_store = 'Taco Bell'" in called.out


def test_the_facts_of_a_valid_plan_can_be_seen(agentjit: Agentjit, plan: Path) -> None:
    lines = agentjit("check", str(plan), "--facts").out.splitlines()
    assert "%1 call goto_store(store_name='Taco Bell')" in lines
    assert sum(line.startswith("# page = ") for line in lines) == 3


def test_a_plan_is_checked_as_data(agentjit: Agentjit, plan: Path) -> None:
    data = agentjit("check", str(plan), "--json").data
    assert (data["valid"], data["exit_code"], data["tool_calls"]) == (True, 0, 2)
    assert data["final"]["page"] == "'store'"
    plan.write_text(INVALID)
    called = agentjit("check", str(plan), "--json")
    assert (called.code, called.data["valid"]) == (3, False)
    assert set(called.data) == set(data)
    (diagnostic,) = called.data["diagnostics"]
    assert diagnostic["code"] == "precondition-not-met"
    assert diagnostic["span"]["line"] == 1
    assert called.err == ""


def test_an_invalid_plan_exits_with_3_and_shows_where(
    agentjit: Agentjit, golden: Golden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.py").write_text(
        'if len("ab") > 1:\n    open_shelf("Poetry")\ntake_book("Emma")\nborrow()\n'
    )
    called = agentjit("check", "plan.py", "--tools", SHOP)
    assert called.code == 3
    golden("cli/check_invalid.txt", called.out)


def test_the_task_brings_provenance_into_the_check(agentjit: Agentjit, plan: Path) -> None:
    assert agentjit("check", str(plan), "--task", "look at Taco Bell").code == 0
    called = agentjit("check", str(plan), "--task", "look at Pizza Hut", "--json")
    assert called.code == 3
    assert called.data["diagnostics"][0]["code"] == "invented-argument"


def test_a_plan_for_another_page_is_checked_with_what_holds_there(
    agentjit: Agentjit, plan: Path
) -> None:
    plan.write_text(INVALID)
    assert agentjit("check", str(plan)).code == 3
    called = agentjit("check", str(plan), "--given", "page == 'store', selected_store == 'Souvla'")
    assert called.code == 0
    assert "page = 'store', selected_store = 'Souvla'" in called.out


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("page = 'store'", "--given is no contract"),
        ("pages == 'store'", "no variable 'pages'"),
        ("page != 'home'", "does not say what page is"),
        ("page == $page", "does not say what page is"),
        ("page == 'attic'", "can never hold"),
        ("page == 'home', page == 'store'", "two things of 'page'"),
    ],
)
def test_what_is_given_must_be_facts(
    agentjit: Agentjit, plan: Path, given: str, complaint: str
) -> None:
    called = agentjit("check", str(plan), "--given", given)
    assert called.code == 2
    assert complaint in " ".join(called.err.split())


@pytest.mark.parametrize("command", [("check",), ("run", "go", "--plan"), ("plan", "go", "--plan")])
def test_a_plan_that_cannot_be_read_exits_with_2(
    command: tuple[str, ...],
    agentjit: Agentjit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    binary = Path("binary.py")
    binary.write_bytes(b"\xff\xfe")
    for path, why in ((Path("none.py"), "No such file"), (binary, "not UTF-8")):
        called = agentjit(*command, str(path))
        assert (called.code, called.out) == (2, "")
        assert why in called.err


@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_plan_that_is_no_plan_is_told_before_a_browser_is_started(
    command: str, agentjit: Agentjit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Were a browser looked for, this would be another error.
    monkeypatch.setenv("AGENTJIT_BROWSER", str(tmp_path / "none"))
    plan = tmp_path / "plan.py"
    plan.write_text("x = = 1\n")
    called = agentjit(command, "go", "--plan", str(plan))
    assert called.code == 3
    assert "error[plan-syntax]" in called.err


def test_an_unknown_site_exits_with_2_and_a_suggestion(agentjit: Agentjit) -> None:
    for command in (("run", "go"), ("plan", "go"), ("tools", "list")):
        called = agentjit(*command, "--site", "dashdsh")
        assert called.code == 2
        assert "error[usage]: there is no site 'dashdsh'" in called.err
        assert "did you mean 'dashdish'?" in called.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "the task is empty"),
        ((" \t",), "the task is empty"),
        (("go", "--latency", "soon"), "latency 'soon'"),
        (("go", "--seed", "-1"), "seed -1 is out of range"),
        (("go", "--seed", "x"), "seed 'x' is not a whole number"),
        (("go", "--planner", "oracle"), "there is no planner 'oracle'"),
        (("go", "--planner", "model"), "needs OPENAI_API_KEY"),
        (("go", "--model", "openai/x"), "needs OPENAI_API_KEY"),
        (("go", "--tools", "none.py", "--url", "http://127.0.0.1:1"), "there is no file"),
        (("go", "--url", "http://127.0.0.1:1", "--seed", "1"), "--seed and --latency are for"),
        (("go", "--nonsense"), "No such option"),
        ((), "Missing argument 'TASK'"),
    ],
)
def test_bad_input_is_one_clear_error_for_people_and_machines(
    arguments: tuple[str, ...], message: str, agentjit: Agentjit
) -> None:
    called = agentjit("run", *arguments)
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("error[usage]: ")
    assert message in " ".join(called.err.split())
    assert "hint: " in called.err
    called = agentjit("run", *arguments, "--json")
    assert (called.code, called.err) == (2, "")
    assert set(called.data) == RUN_KEYS
    assert (called.data["status"], called.data["exit_code"]) == ("usage", 2)
    assert message in called.data["error"]["message"]


def test_seed_and_latency_may_come_from_the_environment(
    agentjit: Agentjit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTJIT_SITE_LATENCY", "soon")
    assert "latency 'soon'" in agentjit("run", "go").err


def test_a_broken_toolset_exits_with_2_and_its_diagnostics(
    agentjit: Agentjit, broken_tools: str
) -> None:
    called = agentjit("tools", "check", "--tools", broken_tools)
    assert called.code == 2
    assert "error[contract-syntax]" in called.out
    assert "broken  1 error" in called.out
    data = agentjit("tools", "check", "--tools", broken_tools, "--json").data
    assert (data["valid"], data["exit_code"]) == (False, 2)
    assert [d["code"] for d in data["diagnostics"]] == ["contract-syntax"]
    for command in (("tools", "list"), ("run", "go", "--url", "http://127.0.0.1:1")):
        called = agentjit(*command, "--tools", broken_tools)
        assert called.code == 2
        assert "error[toolset]" in called.err
        assert "error[contract-syntax]" in called.err


def test_the_bundled_toolset_is_sound(agentjit: Agentjit) -> None:
    called = agentjit("tools", "check")
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith("ok  dashdish: ")


def test_tools_are_listed_with_their_contracts(agentjit: Agentjit) -> None:
    out = agentjit("tools", "list").out
    assert "goto_store(store_name: str) -> None  NAVIGATE" in out
    assert "ensures   page == 'store', selected_store == $store_name" in out
    data = agentjit("tools", "list", "--json").data
    order = next(t for t in data["tools"] if t["name"] == "place_order")
    assert (order["effect"], order["terms"]) == ("commit", "get_checkout_details")


def test_a_toolset_reads_well(agentjit: Agentjit, golden: Golden) -> None:
    golden("cli/tools_list.txt", agentjit("tools", "list", "--tools", SHOP).out)
    golden("cli/tools_show.txt", agentjit("tools", "show", "open_shelf", "--tools", SHOP).out)
    golden(
        "cli/tools_show_read.txt", agentjit("tools", "show", "list_shelves", "--tools", SHOP).out
    )
    golden("cli/tools_show_commit.txt", agentjit("tools", "show", "borrow", "--tools", SHOP).out)
    golden("cli/tools_check.txt", agentjit("tools", "check", "--tools", SHOP).out)


def test_one_tool_is_shown_in_full(agentjit: Agentjit) -> None:
    out = agentjit("tools", "show", "goto_store").out
    assert "store_name: str  from list_all_stores[].name" in out
    for label in ("requires", "ensures", "reads", "writes", "timeout"):
        assert f"\n{label}" in out
    data = agentjit("tools", "show", "goto_store", "--json").data
    assert data["parameters"][0]["from"] == "list_all_stores[].name"
    called = agentjit("tools", "show", "goto_stor")
    assert called.code == 2
    assert "did you mean goto_store?" in called.err


def test_sites_are_listed(agentjit: Agentjit) -> None:
    assert "dashdish" in agentjit("sites", "list").out
    assert agentjit("sites", "list", "--json").data["sites"][0]["name"] == "dashdish"
    assert agentjit("sites", "serve", "nowhere").code == 2
    for option, slip in {
        "--latency": "soon",
        "--faults": "explode",
        "--layout": "z",
        "--today": "soon",
    }.items():
        assert agentjit("sites", "serve", option, slip).code == 2


def test_every_code_can_be_explained(agentjit: Agentjit) -> None:
    codes = agentjit("explain", "--json").data["codes"]
    assert len({entry["code"] for entry in codes}) == len(codes) > 30
    for entry in codes:
        assert entry["title"], entry
        called = agentjit("explain", entry["code"])
        assert called.code == 0
        assert called.out.startswith(entry["code"])


def test_an_explanation_reads_well(agentjit: Agentjit, golden: Golden) -> None:
    golden("cli/explain.txt", agentjit("explain", "unknown-function").out)
    golden("cli/explain_error.txt", agentjit("explain", "outcome-unknown").out)


def test_an_unknown_code_exits_with_2_and_the_nearest(agentjit: Agentjit) -> None:
    called = agentjit("explain", "presondition-not-met")
    assert (called.code, called.out) == (2, "")
    assert "did you mean precondition-not-met?" in called.err
    assert agentjit("explain", "error[Plan-Syntax]").code == 2
    assert agentjit("explain", "[plan-syntax]").code == 0
