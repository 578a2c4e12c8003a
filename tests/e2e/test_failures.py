"""What can go wrong in a whole run: one clear error each, and nothing done twice or lost."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentjit.engine import AgentJIT
from agentjit.errors import AgentjitError, ToolsetError, UsageError
from agentjit.ports import RunEvent
from agentjit.runtime import tabs
from agentjit.runtime.result import RunResult
from agentjit.sites import load_site
from tests.e2e.hire import (
    CHEAPEST_DRILL,
    PATIENCE,
    PLAN,
    Hire,
    events_of,
    kill_browsers,
    open_hire,
    truth,
    with_body,
)
from tests.fixtures.toolhire.serve import toolhire_site
from tests.fixtures.toolhire.tools import TOOLSET

browser = pytest.mark.browser
NOTHING: Any = {"reservation": [], "bookings": []}


def check_failure(result: RunResult, status: str, code: int, *said: str) -> None:
    """The result says what went wrong and what to do, and the run's folder says the same."""
    assert (result.status, result.exit_code) == (status, code), result.error
    assert result.error is not None
    for words in said:
        assert words in f"{result.error.message}\n{result.error.hint}"
    assert result.error.hint
    assert "Traceback" not in str(result.error)
    assert result.run_dir is not None
    kept = json.loads((result.run_dir / "result.json").read_text("utf-8"))
    assert kept == result.to_json()
    last = events_of(result.run_dir)[-1]
    assert (last["kind"], last["status"]) == ("run-ended", status)


def folders_in(runs_dir: Path) -> list[Path]:
    """The run folders, the latest last."""
    return sorted(runs_dir.iterdir(), key=lambda folder: folder.stat().st_mtime_ns)


@pytest.fixture(autouse=True)
def no_tracebacks(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """Whatever went wrong, no task or future was left alone with it."""
    yield
    gc.collect()
    records = [*caplog.get_records("call"), *caplog.get_records("teardown")]
    assert [r.getMessage() for r in records if r.name == "asyncio"] == []
    assert "Traceback" not in "".join(capfd.readouterr())


# --- before anything is started ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"site": "dashdsh"}, ["there is no site 'dashdsh'", "did you mean 'dashdish'?"]),
        ({"site": "dashdish", "tools": TOOLSET}, ["not both"]),
        ({"tools": TOOLSET}, ["need the site's address", "--url"]),
        ({"tools": TOOLSET, "url": "127.0.0.1:8000"}, ["is not the address of a site", "http://"]),
        ({"tools": TOOLSET, "url": "http://"}, ["is not the address of a site", "http://"]),
        ({"tools": TOOLSET, "url": "http://[::1"}, ["is not the address of a site"]),
        ({"tools": TOOLSET, "url": "http://a:b"}, ["is not the address of a site"]),
        ({"tools": TOOLSET, "url": "http://me:pw@127.0.0.1"}, ["keep the password out of the"]),
        ({"tools": TOOLSET, "url": "me:pw@127.0.0.1"}, ["what was given is not the address"]),
        ({"tools": "no_tools.py", "url": "http://127.0.0.1"}, ["there is no file"]),
        ({"planner": "magic"}, ["there is no planner 'magic'"]),
        ({"planner": "model", "env": {}}, ["OPENAI_API_KEY"]),
        ({"approve": "yes"}, ["cannot approve"]),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(options: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        AgentJIT(**options)
    assert caught.value.exit_code == 2
    assert "pw" not in str(caught.value)
    for words in said:
        assert words in f"{caught.value.message}\n{caught.value.hint}"


@pytest.mark.parametrize("task", ["", "  \n\t ", "x" * 10_001])
async def test_an_empty_or_endless_task_is_a_usage_error(task: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        await AgentJIT("dashdish", runs_dir=tmp_path).run(task)
    assert caught.value.hint
    assert folders_in(tmp_path) == []


async def test_an_engine_that_is_not_open_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the engine is not open"):
        await AgentJIT("dashdish", runs_dir=tmp_path).run("order tea")
    assert folders_in(tmp_path) == []


def test_a_broken_contract_in_a_tools_file_is_told_with_its_place(tmp_path: Path) -> None:
    good = Path(__file__).parents[1].joinpath("fixtures", "toolhire", "tools.py").read_text("utf-8")
    path = tmp_path / "my_tools.py"
    path.write_text(good.replace("requires=\"screen == 'depot_floor'\"", 'requires="scren = 1"'))
    with pytest.raises(ToolsetError) as caught:
        AgentJIT(tools=path, url="http://127.0.0.1:1")
    assert caught.value.exit_code == 2
    assert caught.value.diagnostics
    assert {d.code for d in caught.value.diagnostics} == {"contract-syntax"}
    assert "hint:" in str(caught.value)


# --- the site ------------------------------------------------------------------------------------


@browser
async def test_a_site_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "OPEN_TIMEOUT_MS", 500)
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        refusing = f"http://127.0.0.1:{free.getsockname()[1]}"
        async with AgentJIT(tools=TOOLSET, url=refusing, runs_dir=tmp_path) as jit:
            refused = await jit.run("book a drill", plan=PLAN)
        accepting = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with AgentJIT(tools=TOOLSET, url=accepting, runs_dir=tmp_path) as jit:
            unanswered = await jit.run("book a drill", plan=PLAN)
    async with AgentJIT(tools=TOOLSET, url="http://127.0.0.1:1", runs_dir=tmp_path) as jit:
        unsafe = await jit.run("book a drill", plan=PLAN)
    check_failure(refused, "failed", 1, "does not answer", "ERR_CONNECTION_REFUSED", "--url")
    check_failure(unsafe, "failed", 1, "cannot be opened", "ERR_UNSAFE_PORT", "--url")
    assert unsafe.error is not None
    assert unsafe.error.code == "site-unreachable"
    check_failure(unanswered, "failed", 1, "did not answer within 0.5 s", "--url")


@browser
async def test_the_wrong_site_for_the_tools(tmp_path: Path) -> None:
    async with open_hire(tmp_path, tools=load_site("dashdish").toolset, approve=True) as hire:
        result = await hire.run("order the cheapest item from Taco Bell")
        check_failure(result, "failed", 1, "is not where the tools of 'dashdish' start", "--url")
        assert await hire.truth() == NOTHING


# --- the plan and the tools ----------------------------------------------------------------------


@browser
async def test_plans_that_do_not_check_are_not_run(tmp_path: Path) -> None:
    async with open_hire(tmp_path, approve=True) as hire:
        broken = await hire.run(plan="open_depot('Millbrook'\n")
        check_failure(broken, "no-plan", 3, "the plan is not valid", "line 1")
        assert broken.diagnostics

        early = await hire.run(plan="confirm_booking()\n")
        check_failure(early, "no-plan", 3, "confirm_booking", "line 1")
        (diagnostic, *_) = early.diagnostics
        assert diagnostic.code == "precondition-not-met"

        unclear = await hire.run("sing a song")
        check_failure(unclear, "no-plan", 3)
        assert await hire.truth() == NOTHING


@browser
async def test_a_price_that_is_not_a_number(tmp_path: Path) -> None:
    honest = TOOLSET.by_name["show_machines"].body

    async def in_words(page: Any) -> Any:
        return [{**m, "daily_rate": f"£{m['daily_rate']}"} for m in await honest(page)]

    tools = with_body("show_machines", in_words)
    async with open_hire(tmp_path, tools=tools, approve=True) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "failed", 1, "show_machines()[0]['daily_rate'] should be float")
        assert result.line == 2
        assert await hire.truth() == NOTHING


@browser
async def test_a_tool_with_a_mistake_in_its_code(tmp_path: Path) -> None:
    async def mistaken(page: Any) -> Any:
        raise KeyError("fee")

    async with open_hire(tmp_path, tools=with_body("show_quote", mistaken), approve=True) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "failed", 1, "confirm_booking() was not attempted", "KeyError")
        assert await hire.bookings() == []

    async with open_hire(
        tmp_path, tools=with_body("confirm_booking", mistaken), approve=True
    ) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "unknown", 5, "KeyError", "show_bookings()")
        assert await hire.bookings() == []


@browser
async def test_a_page_whose_script_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentjit.runtime.calling.LOOK_SECONDS", 0.5)

    async def freeze(page: Any, depot_name: str) -> None:
        await page.evaluate("() => { setTimeout(() => { for (;;) {} }, 0); }")

    async with open_hire(tmp_path, tools=with_body("open_depot", freeze), approve=True) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "failed", 1, "observe() took longer than 0.5 s")
        assert await hire.truth() == NOTHING


# --- the browser ---------------------------------------------------------------------------------


@browser
@pytest.mark.parametrize("moment", ["planning", "call-started"])
async def test_a_browser_killed_before_the_commit(
    tmp_path: Path, session_marker: str, moment: str
) -> None:
    killed: list[str] = []

    def kill(event: RunEvent) -> None:
        if event.kind == moment and not killed:
            killed.append(event.kind)
            kill_browsers(session_marker)

    async with open_hire(tmp_path, approve=True, listeners=(kill,)) as hire:
        result = await hire.run(plan=PLAN)
        assert killed == [moment]
        check_failure(result, "failed", 1, "the browser went away", "run it again")
        assert result.commits == ()
        # The engine is of no more use, and says so at once.
        again = await hire.run(plan=PLAN)
        check_failure(again, "failed", 1, "the browser went away")
        assert await hire.truth() == NOTHING


@browser
@pytest.mark.parametrize("late", [False, True], ids=["after-the-click", "after-the-booking"])
async def test_a_browser_killed_during_the_commit(
    tmp_path: Path, session_marker: str, late: bool
) -> None:
    async def click_and_die(page: Any) -> Any:
        await page.locator("body[data-live] .agree").click(no_wait_after=True)
        if late:
            await page.locator("body[data-view=done]").wait_for()
        kill_browsers(session_marker)
        await page.locator("main .ref").inner_text()

    tools = with_body("confirm_booking", click_and_die)
    async with open_hire(tmp_path, tools=tools, approve=True) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "unknown", 5, "the browser went away", "show_bookings()")
        (commit,) = result.commits
        assert (commit.tool, commit.outcome) == ("confirm_booking", "unknown")
        assert commit.terms["total_cost"] == 28.0
        booked = await hire.bookings()
        assert booked == [[CHEAPEST_DRILL]] if late else len(booked) <= 1
    kinds = [e["kind"] for e in events_of(result.run_dir) if e["kind"].startswith("commit-")]
    assert kinds == ["commit-intent", "commit-attempted", "commit-unknown"]


@browser
async def test_a_browser_killed_between_two_runs(tmp_path: Path, session_marker: str) -> None:
    async with open_hire(tmp_path, approve=True) as hire:
        kill_browsers(session_marker)
        result = await hire.run(plan=PLAN)
        check_failure(result, "failed", 1, "the browser went away")


@browser
async def test_a_browser_killed_on_a_bundled_site_loses_no_result(
    tmp_path: Path, session_marker: str
) -> None:
    def kill(event: RunEvent) -> None:
        if event.kind == "call-started":
            kill_browsers(session_marker)

    async with (
        asyncio.timeout(PATIENCE),
        AgentJIT("dashdish", runs_dir=tmp_path, listeners=(kill,), env={}) as jit,
    ):
        result = await jit.run("look", plan="list_categories()\n")
    check_failure(result, "failed", 1, "the browser went away")
    assert result.record is None


@browser
async def test_a_tab_that_the_site_closes(tmp_path: Path) -> None:
    async def close(page: Any, depot_name: str) -> None:
        await page.close()

    async with open_hire(tmp_path, tools=with_body("open_depot", close), approve=True) as hire:
        result = await hire.run(plan=PLAN)
        check_failure(result, "failed", 1, "the tab was closed")
        assert (await hire.run(plan="show_depots()\n")).status == "done", "the engine lives on"


# --- the person ----------------------------------------------------------------------------------


@browser
async def test_a_cancelled_run_leaves_no_tab_and_the_engine_usable(tmp_path: Path) -> None:
    moment = ""

    def cancel(event: RunEvent) -> None:
        if event.kind == moment:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()

    async with open_hire(tmp_path, approve=True, listeners=(cancel,)) as hire:
        for moment in ("run-started", "planning", "planned", "call-started", "approval-asked"):
            await cancelled(hire)
            assert open_pages(hire) == 0, moment
            assert await hire.bookings() == [], moment
        moment = "commit-intent"
        await cancelled(hire)
        assert open_pages(hire) == 0
        assert len(await hire.bookings()) <= 1
        last = folders_in(tmp_path)[-1]
        kinds = [e["kind"] for e in events_of(last)][-4:]
        assert kinds == ["commit-intent", "commit-attempted", "commit-unknown", "run-ended"]
        moment = ""
        assert (await hire.run(plan="show_depots()\n")).status == "done"


async def cancelled(hire: Hire) -> None:
    running = asyncio.create_task(hire.run(plan=PLAN))
    with pytest.raises(asyncio.CancelledError):
        await running


def open_pages(hire: Hire) -> int:
    return len(hire.jit._live.context.pages)


@browser
async def test_an_approver_that_raises_stops_the_run(tmp_path: Path) -> None:
    def ask(_: Any) -> bool:
        raise EOFError("nobody is there")

    async with open_hire(tmp_path, approve=ask) as hire:
        with pytest.raises(EOFError):
            await hire.run(plan=PLAN)
        assert await hire.bookings() == []
        assert open_pages(hire) == 0


@browser
async def test_an_engine_that_is_closed_midway_stops_the_run(tmp_path: Path) -> None:
    async with toolhire_site(lateness=0.02) as url:
        started = asyncio.Event()

        def watch(event: RunEvent) -> None:
            if event.kind == "call-started":
                started.set()

        async with asyncio.timeout(PATIENCE):
            async with AgentJIT(
                tools=TOOLSET, url=url, runs_dir=tmp_path, approve=True, listeners=(watch,)
            ) as jit:
                running = asyncio.create_task(jit.run("book a drill", plan=PLAN))
                await started.wait()
            result = await running
        assert result.status == "failed"
        assert isinstance(result.error, AgentjitError)
        assert await truth(url) == NOTHING
