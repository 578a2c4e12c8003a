"""Accounts are kept for their owner alone, and what one has is never seen by another."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import uvicorn
from playwright.async_api import async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from agentjit.cli import main
from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.runtime.accounts import Accounts, find_accounts, read_state
from agentjit.runtime.launch import open_browser
from agentjit.toolspecs import Effect, StateModel, StateVar, Toolset, tool
from tests.fixtures.fake_endpoint import Guest

#: Says who one is, as three kinds of storage have it; `?be=` makes one somebody.
PAGE: Final = """<script>
const be = new URLSearchParams(location.search).get("be");
const open = new Promise((done) => {
  const asked = indexedDB.open("me", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("who");
  asked.onsuccess = () => done(asked.result);
});
const put = async () => {
  const store = (await open).transaction("who", "readwrite").objectStore("who");
  if (be) {
    document.cookie = "who=" + be;
    localStorage.who = be;
    await new Promise((done) => store.put(be, "who").onsuccess = done);
  }
};
const read = async () => {
  await ready;
  const store = (await open).transaction("who").objectStore("who");
  const got = store.get("who");
  const held = await new Promise((done) => got.onsuccess = () => done(got.result));
  return [document.cookie, localStorage.who ?? "", held ?? ""].join(" ");
};
const ready = put();
</script>"""


@tool(requires="place == 'home'", effect=Effect.READ, reads=(), writes=())
async def who_am_i(page: Any) -> str:
    """Say who is logged in."""
    who: str = await page.evaluate("read()")
    return who


async def observe(_: Any) -> dict[str, str]:
    """Always the same."""
    return {"place": "home"}


STATE: Final = StateModel((StateVar("place", values=("home",), start="home"),))
TOOLSET: Final = Toolset("identity", "Who one is", STATE, observe, (who_am_i,))


@asynccontextmanager
async def open_site() -> AsyncIterator[str]:
    async def page(_: Request) -> Response:
        return HTMLResponse(PAGE)

    listener = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/", page)])
    server = Guest(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.leave.set()
        await serving


async def test_each_account_is_itself_and_no_other(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    env = {"AGENTJIT_ACCOUNTS": str(accounts.folder), "PATH": os.environ["PATH"]}
    async with open_site() as url:
        async with async_playwright() as playwright:
            _, browser = await open_browser(playwright, os.environ)
            for name in ("ada", "bob"):
                context = await browser.new_context()
                page = await context.new_page()
                await page.goto(f"{url}/?be={name}")
                await page.evaluate("read()")
                accounts.keep(name, url, await read_state(context))
            await browser.close()
        said = {}
        for account in ("ada", "bob", None):
            engine = AgentJIT(
                tools=TOOLSET, url=url, account=account, env=env, runs_dir=tmp_path / "runs"
            )
            async with engine as jit:
                result = await jit.run("who am I?", plan="result = who_am_i()")
                said[account] = result.value
                for path in (tmp_path / "runs").rglob("*.jsonl"):
                    assert "localStorage" not in path.read_text("utf-8")
        engine = AgentJIT(tools=TOOLSET, url="http://127.0.0.1:1", account="ada", env=env)
        with pytest.raises(UsageError, match="belongs to"):
            await engine.__aenter__()
    assert said == {"ada": "who=ada ada ada", "bob": "who=bob bob bob", None: "  "}


def test_an_account_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    accounts.folder.mkdir(mode=0o700)
    (accounts.folder / "ada.partial").write_text("left behind by a crash, and open to all")
    account = accounts.keep("ada", "https://shop.example", {"cookies": [{"value": "hush"}]})
    (path,) = accounts.folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert accounts.folder.stat().st_mode & 0o777 == 0o700
    assert "hush" not in repr(account)
    assert accounts.get("ada") == account
    assert accounts.get_for("ada", "https://shop.example/start") == account


@pytest.mark.parametrize("name", ["", "../ada", "a/b", ".hidden", "x" * 65, "a b"])
def test_a_name_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        Accounts(tmp_path).keep(name, "https://shop.example", {})


def test_accounts_that_are_missing_or_broken_say_how_to_log_in(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    with pytest.raises(UsageError) as missing:
        accounts.get("ada")
    (tmp_path / "ada.json").write_text("{")
    with pytest.raises(UsageError) as broken:
        accounts.get("ada")
    assert "agentjit auth save ada" in missing.value.hint
    assert "agentjit auth save ada" in broken.value.hint
    assert list(accounts.entries()) == []
    with pytest.raises(UsageError, match="no place for accounts"):
        find_accounts({})


def test_the_commands_list_accounts_and_need_somebody_to_log_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGENTJIT_ACCOUNTS", str(tmp_path))
    assert main(["auth", "list"]) == 0
    assert "no accounts are kept yet" in capsys.readouterr().out
    Accounts(tmp_path).keep("ada", "https://shop.example", {"cookies": [{"value": "hush"}]})
    assert main(["auth", "list", "--json"]) == 0
    told = capsys.readouterr().out
    assert "https://shop.example" in told
    assert "hush" not in told
    assert main(["auth", "save", "bob", "--url", "https://shop.example"]) == 2
    assert "on a machine with a display" in capsys.readouterr().err
