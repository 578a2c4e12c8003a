"""From a machine to a list of what agentjit needs, what of it is there, and what mends the rest.

This module must load where packages are missing, as finding that out is its work: whatever is not
in the standard library is imported by the check that uses it.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import platform
import re
import shlex
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import agentjit
from agentjit.errors import AgentjitError

OLDEST_PYTHON: Final = (3, 11)
REQUIREMENT_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that agentjit needs, or can use, and whether it is there."""

    name: str
    ok: bool
    #: What was found, or what went wrong.
    detail: str
    #: The one command that mends it. Empty when nothing is to mend.
    remedy: str = ""
    #: False for what agentjit can do without.
    required: bool = True


def check_up(env: Mapping[str, str], *, runs: Path) -> Iterator[Check]:
    """Look at everything in turn, the foundations first; each check is yielded when it is done.

    `runs` is the folder that runs are written to. The browser check starts one and closes it.
    """
    yield check_python()
    packages = check_packages()
    yield packages
    if packages.ok:
        yield check_sandbox()
        yield asyncio.run(check_browser(env))
    yield check_loopback()
    yield check_runs(runs)
    yield check_model(env)


def check_python() -> Check:
    """Check the interpreter's version."""
    ok = sys.version_info >= OLDEST_PYTHON
    remedy = "" if ok else "install Python 3.11 or newer"
    detail = f"{platform.python_version()} at {sys.executable}"
    return Check(name="python", ok=ok, detail=detail, remedy=remedy)


def check_packages(distribution: str = "agentjit") -> Check:
    """Check that the distribution and all that it depends on are installed."""
    try:
        own = f"{distribution} {importlib.metadata.version(distribution)}"
        requirements = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        detail = f"{distribution} is not installed in {sys.prefix}"
        return Check(name="packages", ok=False, detail=detail, remedy=reinstall(distribution))
    needed = sorted(
        match.group()
        for text in requirements
        if "extra ==" not in text and (match := REQUIREMENT_NAME.match(text))
    )
    versions = {name: installed_version(name) for name in needed}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        detail = f"missing: {', '.join(missing)}"
        return Check(name="packages", ok=False, detail=detail, remedy=reinstall(distribution))
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Check(name="packages", ok=True, detail=f"{own}; {listed}")


def installed_version(distribution: str) -> str | None:
    """Say which version of a distribution is installed, or None."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def reinstall(distribution: str) -> str:
    """Say how to bring a package back; agentjit itself comes from its checkout if it is in one."""
    root = Path(agentjit.__file__).parents[1]
    in_checkout = distribution == "agentjit" and (root / "pyproject.toml").is_file()
    what = ("--editable", str(root)) if in_checkout else ("--force-reinstall", distribution)
    return shlex.join((sys.executable, "-m", "pip", "install", *what))


def check_sandbox() -> Check:
    """Check that Monty evaluates an expression, and how fast it starts."""
    from pydantic_monty import Monty, MontyError

    start = time.perf_counter()
    try:
        with Monty() as pool, pool.checkout() as session:
            right = session.feed_run("sum(numbers)", inputs={"numbers": [1, 2, 3]}) == 6
    except (MontyError, OSError) as failure:
        return Check(
            name="sandbox", ok=False, detail=str(failure), remedy=reinstall("pydantic-monty")
        )
    milliseconds = (time.perf_counter() - start) * 1000
    detail = f"Monty evaluates; started and answered in {milliseconds:.0f} ms"
    remedy = "" if right else reinstall("pydantic-monty")
    return Check(name="sandbox", ok=right, detail=detail, remedy=remedy)


async def check_browser(env: Mapping[str, str]) -> Check:
    """Start the browser that a run would start, and close it."""
    from playwright.async_api import async_playwright

    from agentjit.runtime.launch import open_browser

    async with async_playwright() as playwright:
        start = time.perf_counter()
        try:
            found, browser = await open_browser(playwright, env)
        except AgentjitError as failure:
            remedy = failure.hint if "AGENTJIT_BROWSER" in failure.message else "agentjit setup"
            return Check(name="browser", ok=False, detail=failure.message, remedy=remedy)
        milliseconds = (time.perf_counter() - start) * 1000
        version = browser.version
        await browser.close()
    detail = (
        f"{found.path} ({found.kind.value} {version}, from {found.origin.value}), "
        f"launched in {milliseconds:.0f} ms"
    )
    return Check(name="browser", ok=True, detail=detail)


def check_loopback() -> Check:
    """Check that a bundled site could listen on this machine."""
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
    except OSError as failure:
        remedy = "allow this user to listen on 127.0.0.1"
        return Check(name="loopback", ok=False, detail=str(failure), remedy=remedy)
    return Check(name="loopback", ok=True, detail="a port of 127.0.0.1 can be bound")


def check_runs(runs: Path) -> Check:
    """Check that runs can be written, without making the folder."""
    existing = next(folder for folder in (runs, *runs.absolute().parents) if folder.exists())
    ok = existing.is_dir() and os.access(existing, os.W_OK)
    state = "can be written" if ok else f"cannot be written: {existing} does not allow it"
    remedy = "" if ok else f"chmod u+w {existing}"
    return Check(name="runs", ok=ok, detail=f"{runs} {state}", remedy=remedy)


def check_model(env: Mapping[str, str]) -> Check:
    """Say whether a language model is set up. No key is ever shown."""
    if not env.get("OPENAI_API_KEY"):
        detail = "OPENAI_API_KEY is not set: the built-in symbolic planner works without a model"
        return Check(name="model", ok=False, detail=detail, required=False)
    base = urlsplit(env.get("OPENAI_BASE_URL", ""))
    where = f"at {base.hostname}" if base.hostname else "at the default address"
    detail = f"OPENAI_API_KEY is set; the endpoint is {where}"
    return Check(name="model", ok=True, detail=detail, required=False)
