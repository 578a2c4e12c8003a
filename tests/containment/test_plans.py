"""Hostile plans: what reaches for the host is refused, what wants too much is stopped."""

from __future__ import annotations

import resource
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypedDict

import pytest

from agentjit.compiler.check import CheckedProgram, check, check_or_raise
from agentjit.errors import EvaluationError, RunError
from agentjit.runtime.approval import RefuseAll
from agentjit.runtime.calling import Caller
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.committing import CommitGate
from agentjit.runtime.driver import Driver, Outcome
from agentjit.runtime.performing import Calls
from agentjit.runtime.recorder import Forgetting, Recorder
from agentjit.runtime.sandbox import CodeFailed, open_sandbox
from agentjit.runtime.tabkeeping import Whereabouts
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool
from tests.runtime.pretend import PretendPage, fixed_tab

PLANS: Final = Path(__file__).parent / "plans"
ESCAPES: Final = tomllib.loads((PLANS / "escapes.toml").read_text("utf-8"))["refused"]
EXCESSES: Final = tomllib.loads((PLANS / "excesses.toml").read_text("utf-8"))["stopped"]

#: Where plans of the corpus try to write.
OWNED: Final = Path("/tmp/owned")

#: Bytes that this process may grow by while it runs a plan that wants too much.
GROWTH: Final = 1 << 30
#: Seconds after which a plan that wants too much must have been stopped.
PATIENCE: Final = 60.0


class Item(TypedDict):
    """A thing to buy."""

    name: str


@tool(requires="place == 'shop'", effect=Effect.READ, reads=(), writes=())
async def list_items(page: Any) -> list[Item]:
    """List the items."""
    page.done.append("list_items")
    return [{"name": "tea"}]


@tool(requires="place == 'shop'", effect=Effect.WRITE, reads=(), writes={"cart"})
async def buy(page: Any, name: str) -> None:
    """Buy an item."""
    page.done.append(f"buy {name:.20}")


async def observe(_: Any) -> dict[str, str]:
    """Always the same."""
    return {"place": "shop"}


STATE: Final = StateModel((StateVar("place", values=("shop",), start="shop"),))
TOOLSET: Final = Toolset("corner", "A corner shop", STATE, observe, (list_items, buy))


@pytest.fixture(autouse=True)
def little_memory() -> Iterator[None]:
    """What a plan takes of this process, instead of the sandbox's, fails here and not elsewhere."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    data = Path("/proc/self/statm").read_text("utf-8").split()[5]
    used = int(data) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (used + GROWTH, hard))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def test_the_corpora_are_large() -> None:
    assert len(ESCAPES) + len(EXCESSES) >= 130


@pytest.mark.parametrize("name", ESCAPES)
def test_a_plan_that_reaches_for_the_host_is_refused(name: str) -> None:
    found = check(Source("plan.py", ESCAPES[name]), TOOLSET)
    assert not isinstance(found, CheckedProgram), "it is a valid plan"
    assert found


@pytest.mark.parametrize("name", EXCESSES)
async def test_a_plan_that_wants_too_much_is_stopped(name: str) -> None:
    begun, page = time.monotonic(), PretendPage({})
    outcome = await perform(EXCESSES[name], page)
    assert isinstance(outcome.error, RunError)
    assert outcome.error.hint
    assert time.monotonic() - begun < PATIENCE
    assert not any(done.startswith("buy") for done in page.done)


async def perform(plan: str, page: PretendPage) -> Outcome:
    checked = check_or_raise(Source("plan.py", plan), TOOLSET)
    recorder = Recorder(SystemClock(), Forgetting())
    caller = Caller(TOOLSET, SystemClock())
    gate = CommitGate(caller, RefuseAll(), recorder, account="shop", commits=[])
    async with open_sandbox() as sandbox, fixed_tab(page) as tab:
        calls = Calls(gate, gate.journal, recorder, Whereabouts(caller, recorder, {}), tab)
        return await Driver(checked, calls, sandbox, recorder).run()


@pytest.mark.parametrize("name", ESCAPES)
async def test_even_unchecked_it_finds_no_host_in_the_sandbox(name: str) -> None:
    """The compiler is one wall; the sandbox is another, and holds without it."""
    async with open_sandbox() as sandbox:
        try:
            value = await sandbox.run(ESCAPES[name], {})
        except EvaluationError:
            value = None
    assert not OWNED.exists()
    assert "root:" not in str(value)
    assert "uid=" not in str(value)


async def test_what_a_sandbox_gives_is_never_a_thing_of_the_host() -> None:
    async with open_sandbox() as sandbox:
        for code in ("len", "lambda: 1", "ValueError('x')", "range(3)", "type(1)", "{1: print}"):
            try:
                value = await sandbox.run(code, {})
            except CodeFailed:
                continue
            assert is_json(value), code


def is_json(value: Any) -> bool:
    match value:
        case None | bool() | int() | float() | str():
            return True
        case list():
            return all(map(is_json, value))
        case dict():
            return all(isinstance(key, str) and is_json(inner) for key, inner in value.items())
        case _:
            return False
