"""The replicas that all systems visit, in processes of their own, and the graders' word on a visit.

A visitor without a cookie gets a session of its own: a fresh world. Whoever visited gives back the
cookies; by them the site is asked what was done, and the same grader judges it for every system.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from agentjit.bench.grading import grade_run
from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.lines import Program, running
from agentjit.errors import AgentjitError, RunError
from agentjit.sites import load_site
from agentjit.sites.evidence import RECORD, SERVED, describe_served

#: Seconds that a site may take to tell what it knows.
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a system left behind: whether it says that it is done, its answer, and its cookies."""

    done: bool
    answer: Any
    cookies: Mapping[str, str]


@dataclass(slots=True)
class Worlds:
    """Served replicas, one process for each seed and day; all answer equally late."""

    latency: str
    stack: AsyncExitStack
    served: dict[tuple[int, date | None], Mapping[str, str]] = field(default_factory=dict)
    programs: list[Program] = field(default_factory=list)

    async def address(self, exercise: Exercise) -> str:
        """The site's address, without a slash at its end. Raises RunError."""
        if exercise.own is not None:
            return exercise.own.url.rstrip("/")
        today = exercise.task.today if exercise.task else None
        return (await self.addresses(exercise.seed, today))[exercise.site]

    async def addresses(self, seed: int, today: date | None) -> Mapping[str, str]:
        """The addresses of all sites on a day, by name. Raises RunError."""
        if (seed, today) not in self.served:
            self.served[seed, today] = await self._serve(seed, today)
        return self.served[seed, today]

    async def start(self, exercise: Exercise) -> str:
        """The page at which the task begins."""
        url = await self.address(exercise)
        if exercise.task is None:
            return f"{url}/"
        path = exercise.task.start_path or load_site(exercise.site).toolset.start_path
        return urljoin(f"{url}/", path.lstrip("/"))

    async def _serve(self, seed: int, today: date | None) -> Mapping[str, str]:
        command = [sys.executable, "-m", "agentjit", "sites", "serve", "--json"]
        command += ["--seed", str(seed), "--latency", self.latency]
        command += [] if today is None else ["--today", today.isoformat()]
        program = await self.stack.enter_async_context(running(command, reads=False))
        told = await program.read()
        if "sites" not in told:
            raise RunError(f"the replicas are not served: {told['error']['message']}")
        self.programs.append(program)
        sites: Mapping[str, str] = told["sites"]
        return sites


@asynccontextmanager
async def open_worlds(latency: str = "0") -> AsyncIterator[Worlds]:
    """Replicas that are served when they are first asked for, until the block ends."""
    async with AsyncExitStack() as stack:
        yield Worlds(latency, stack)


async def judge(exercise: Exercise, url: str, visit: Visit) -> tuple[bool, tuple[str, ...]]:
    """Whether the task was done, and what the grader finds wrong."""
    if exercise.own is not None:
        return _judge_own(exercise.own.answer, visit)
    return await asyncio.to_thread(_grade, exercise, url, visit)


def _judge_own(right: Any, visit: Visit) -> tuple[bool, tuple[str, ...]]:
    if not visit.done:
        return False, ("the run did not come to its end",)
    if right is not None and read_answer(visit.answer) != right:
        return False, (f"the answer is {visit.answer!r}, and not {right!r}",)
    return True, ()


def _grade(exercise: Exercise, url: str, visit: Visit) -> tuple[bool, tuple[str, ...]]:
    assert exercise.task is not None
    if not visit.cookies:
        return False, ("it has not visited the site",)
    site = load_site(exercise.site)
    settings = _ask(f"{url}/config", visit.cookies)
    files = {
        RECORD: _ask(f"{url}{site.record_path}", visit.cookies),
        SERVED: describe_served(site, url, settings),
        "result.json": {
            "result": read_answer(visit.answer),
            "status": "done" if visit.done else "failed",
        },
    }
    with TemporaryDirectory(prefix="agentjit-grading-") as name:
        for file, data in files.items():
            (Path(name) / file).write_text(json.dumps(data), "utf-8")
        try:
            finding = grade_run(Path(name), exercise.task).main
        except AgentjitError as error:
            return False, (f"not graded: {error.message}",)
    return finding.passed, finding.findings


def read_answer(answer: Any) -> Any:
    """An answer as data: a text that is JSON is what it says."""
    if not isinstance(answer, str):
        return answer
    try:
        return json.loads(answer)
    except ValueError:
        return answer


def _ask(url: str, cookies: Mapping[str, str]) -> Any:
    if not url.startswith("http://127.0.0.1:"):
        raise RunError(f"{url} is no replica of this machine")
    request = Request(url, headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})  # noqa: S310 - as checked
    try:
        with urlopen(request, timeout=_PATIENCE) as reply:  # noqa: S310 - as above
            return json.load(reply)
    except (OSError, ValueError) as error:
        raise RunError(f"the site does not tell what was done: {error}") from error
