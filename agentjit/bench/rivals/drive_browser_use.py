"""A program for the Python that has browser-use: does trials, one a line, as an external system.

    python -I drive_browser_use.py PROFILE     fast-multi, defaults or stock

Standard input: a trial a line. Standard output: who this is, and then an outcome a line. What
browser-use itself prints goes to standard error. Nothing of it goes to the network: telemetry,
synchronisation, version checks and downloads of extensions are off in all profiles.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent))
scripted: Any = import_module("scripted_model")
spoken: Any = import_module("browser_use_terms")

QUIET: Final = {
    "ANONYMIZED_TELEMETRY": "false",
    "BROWSER_USE_CLOUD_SYNC": "false",
    "BROWSER_USE_VERSION_CHECK": "false",
    "BROWSER_USE_CLOUD_HINTS": "false",
    "BROWSER_USE_LOGGING_LEVEL": "result",
    "BROWSER_USE_SETUP_LOGGING": "false",
    "SKIP_LLM_API_KEY_VERIFICATION": "true",
    # Whatever asks for a name or address beyond this machine is refused at once.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}

#: Profile -> settings of the agent, and of its browser, that are not as they come.
AGENT: Final[Mapping[str, Mapping[str, Any]]] = {
    "fast-multi": {
        "flash_mode": True,
        "use_vision": False,
        "use_judge": False,
        "enable_planning": False,
        "loop_detection_enabled": False,
        "message_compaction": False,
    },
    "defaults": {},
    "stock": {"use_vision": False},
}
BROWSER: Final[Mapping[str, Mapping[str, Any]]] = {
    "fast-multi": {
        "minimum_wait_page_load_time": 0.0,
        "wait_for_network_idle_page_load_time": 0.0,
        "wait_between_actions": 0.0,
        "highlight_elements": False,
    },
    "defaults": {},
    "stock": {},
}


class Trial:
    """One trial, with what browser-use is made of."""

    def __init__(self, asked: Mapping[str, Any], profile: str, library: Any) -> None:
        self.asked = asked
        self.profile = profile
        self.library = library
        self.url = asked["url"]

    async def run(self) -> dict[str, Any]:
        """All of it, and what came of it."""
        with TemporaryDirectory(prefix="rival-") as folder:
            started = time.monotonic()
            session = self._session(folder)
            try:
                await self._open(session)
                startup = time.monotonic() - started
                outcome = await self._timed(session, folder)
                cookies = await cookies_of(session)
            finally:
                await session.kill()
        return {
            "trial": self.asked["trial"],
            **outcome,
            "cookies": cookies,
            "startup_seconds": startup,
        }

    def _session(self, folder: str) -> Any:
        profile = self.library.BrowserProfile(
            executable_path=self.asked["browser"],
            headless=True,
            chromium_sandbox=os.geteuid() != 0,
            user_data_dir=folder,
            keep_alive=True,
            enable_default_extensions=False,
            args=["--disable-domain-reliability", "--no-pings"],
            **BROWSER[self.profile],
        )
        return self.library.BrowserSession(browser_profile=profile)

    async def _open(self, session: Any) -> None:
        """Have the browser up, warm, and known to the site."""
        await session.start()
        for address in (self.url, "about:blank"):
            await go(session, address)

    async def _timed(self, session: Any, folder: str) -> dict[str, Any]:
        """What is timed: the agent from its construction to its end."""
        limits, model = self.asked["limits"], self._model()
        scripted_one = model if isinstance(model, scripted.ScriptedModel) else None
        began = time.monotonic()
        error: str | None = None
        history: Any = None
        try:
            agent = self._agent(model, session, folder, limits)
            if scripted_one is not None:
                scripted_one.begin(agent, limits["actions_per_step"], began)
            history = await asyncio.wait_for(agent.run(limits["steps"]), limits["seconds"])
        except TimeoutError:
            error = f"it was not done after {limits['seconds']:g} seconds"
        wall = time.monotonic() - began
        done = history is not None and bool(history.is_successful())
        if error is None and not done:
            error = last_error(history) or "it gave up"
        counted = {} if scripted_one is None else scripted_one.tell()
        # What its script took to look for elements is no agent's time.
        wall -= counted.pop("aside", 0.0)
        return {
            "done": done,
            "answer": None if history is None else data_of(history.final_result()),
            "error": error,
            "wall_seconds": wall,
            "first_action_seconds": None,
            "thoughts": [],
            "steps": 0 if history is None else history.number_of_steps(),
            "actions": 0 if history is None else len(history.action_results()),
            **counted,
        }

    def _model(self) -> Any:
        model = self.asked["model"]
        if model["kind"] != "scripted":
            return self.library.ChatOpenAI(model=model["name"], base_url=model["base_url"])
        recording = json.loads(Path(model["recording"]).read_text("utf-8"))
        names = spoken.NAMES_0_7 if self.profile == "stock" else spoken.NAMES_0_13
        terms = spoken.Terms(names, import_module("browser_use.llm.views"))
        site = "/".join(self.url.split("/", 3)[:3])
        return scripted.ScriptedModel(recording, self.asked["think"] or {}, terms, site)

    def _agent(self, model: Any, session: Any, folder: str, limits: Mapping[str, Any]) -> Any:
        opening = "go_to_url" if self.profile == "stock" else "navigate"
        most = {"max_actions_per_step": limits["actions_per_step"]}
        return self.library.Agent(
            task=f"{self.asked['task']['goal']}\nBegin at {self.url}",
            llm=model,
            browser_session=session,
            file_system_path=folder,
            # With a handler of its own it would leave without closing the browser; an older release
            # knows no such setting, and ignores it.
            enable_signal_handler=False,
            initial_actions=[{opening: {"url": self.url, "new_tab": False}}],
            **(most if self.profile == "fast-multi" else {}),
            **AGENT[self.profile],
        )


async def go(session: Any, address: str) -> None:
    """Open an address in the tab, and wait until it is there."""
    debugging = await session.get_or_create_cdp_session()
    send, of = debugging.cdp_client.send, debugging.session_id
    await send.Page.navigate({"url": address}, session_id=of)
    for _ in range(200):
        ready = await send.Runtime.evaluate(
            {"expression": "location.href + ' ' + document.readyState"}, session_id=of
        )
        where, _, state = ready["result"]["value"].partition(" ")
        if state == "complete" and where.startswith(address.rstrip("/")):
            return
        await asyncio.sleep(0.02)


async def cookies_of(session: Any) -> list[dict[str, str]]:
    """The cookies of the browser, by which the site's own record can be read."""
    debugging = await session.get_or_create_cdp_session()
    answer = await debugging.cdp_client.send.Storage.getCookies()
    return [{"name": each["name"], "value": each["value"]} for each in answer["cookies"]]


def data_of(said: str | None) -> Any:
    """The data of an answer that is written as JSON; else its words."""
    try:
        return None if said is None else json.loads(said)
    except ValueError:
        return said


def last_error(history: Any) -> str | None:
    """The last thing that went wrong, in a line."""
    errors = [] if history is None else [each for each in history.errors() if each]
    return str(errors[-1]).splitlines()[0] if errors else None


async def main(profile: str) -> None:
    """Do the trials, in their order."""
    os.environ.update(QUIET)
    out, sys.stdout = sys.stdout, sys.stderr
    logging.disable(logging.CRITICAL)
    library = import_module("browser_use")

    def put(line: Mapping[str, Any]) -> None:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()

    versions = {"browser-use": version("browser-use"), "python": platform.python_version()}
    for name in ("Agent", "BrowserProfile", "BrowserSession"):
        # They are loaded when they are first asked for: not in a trial's time.
        getattr(library, name)
    put({"protocol": 1, "system": "browser-use", "profile": profile, "versions": versions})
    # Whoever is told to stop closes the browser first.
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip():
            put(await Trial(json.loads(line), profile, library).run())


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(main(sys.argv[1]))
