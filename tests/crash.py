"""The crash test: kill a run at each of its events, resume it, and ask the site what was done.

    python -m tests.crash --kills 300              # all boundaries of twelve tasks, in turn
    python -m tests.crash --kills 40 --task gomail-5
    python -m tests.crash --kills 100 --strategy parallel:4+hedge:2

The site is served by a process of its own. A run is a process too, which kills itself (SIGKILL)
when an event has just been told; a second process resumes it. Then the site's record must be that
of a run that was never killed: nothing twice, nothing lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.request import Request, urlopen

from agentjit.engine import AgentJIT
from agentjit.errors import UsageError
from agentjit.ports import RunEvent
from agentjit.runtime.account import ACCOUNT
from agentjit.runtime.result import RunResult
from tests.sites.references import Reference, references

#: Tasks with irreversible calls, from all sites: orders, mails, drafts, issues, members, posts.
TASKS: Final = (
    "dashdish-3",
    "real-v1-dashdish-10",
    "real-v1-dashdish-4",
    "omnizon-9",
    "real-v1-omnizon-9",
    "omnizon-1",
    "gomail-2",
    "gomail-5",
    "gomail-9",
    "webarena-747",
    "webarena-658",
    "webarena-580",
)

#: Seconds after which a process counts as hanging.
PATIENCE: Final = 120.0

#: Fields whose values differ from run to run: names that the site gives, and moments.
_OWN: Final = re.compile(r"id|iid|number|key|url|slug|token|.*(_id|Id|_at|At|[dD]ate|[tT]ime)s?")


@dataclass(frozen=True, slots=True)
class Served:
    """A site that is served by another process."""

    site: str
    url: str

    def changes(self, folder: Path) -> Any:
        """What the account of a run's folder has changed, without what differs anyhow."""
        record = self._ask("/finish", self._cookie(folder))
        return plain(record["differences"])

    def touched(self) -> int:
        """How many accounts have changed anything."""
        return sum(bool(s["changes"]) for s in self._ask("/truth", "")["sessions"])

    def _cookie(self, folder: Path) -> str:
        cookies = json.loads((folder / ACCOUNT).read_text("utf-8"))["cookies"]
        (session,) = (c for c in cookies if c["name"] == f"{self.site}_session")
        return f"{session['name']}={session['value']}"

    def _ask(self, path: str, cookie: str) -> Any:
        return json.loads(urlopen(Request(f"{self.url}{path}", headers={"Cookie": cookie})).read())


@contextmanager
def served(site: str, faults: str = "none") -> Iterator[Served]:
    """The site in a process of its own."""
    command = [sys.executable, "-m", "agentjit", "sites", "serve", site, "--json"]
    serving = subprocess.Popen(
        [*command, "--faults", faults], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert serving.stdout is not None
    try:
        text = ""
        while not text.rstrip().endswith("}\n}") and not text.rstrip().endswith("}}"):
            line = serving.stdout.readline()
            assert line, "the site did not start"
            text += line
        yield Served(site, json.loads(text)["sites"][site])
    finally:
        serving.terminate()
        serving.wait()
        serving.stdout.close()


def plain(tree: Any) -> Any:
    """The record without names and moments that differ from run to run; maps by their values."""
    match tree:
        case dict():
            kept = {k: plain(v) for k, v in tree.items() if not _OWN.fullmatch(k)}
            named = all(re.fullmatch(r"[\w.-]*\d[\w.-]*", key) for key in kept)
            return sorted(map(_text, kept.values())) if kept and named else kept
        case list():
            return [plain(each) for each in tree]
        case str():
            return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+\S*", "…", tree)
        case _:
            return tree


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def in_process(where: Path, work: Callable[..., int], *arguments: Any, **options: Any) -> int:
    """Do it in a process of its own; its exit code, negative where it was killed.

    It is forked from a process without threads that has imported all of this already. Raises
    TimeoutError where it hangs.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["agentjit.engine.running", "tests.sites.references"])
    process = context.Process(target=_child, args=(str(where), work, arguments, options))
    process.start()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"a process did not end within {PATIENCE:g} s")
    return process.exitcode


def _child(
    where: str, work: Callable[..., int], arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    os.environ["TMPDIR"] = where
    code = 70
    try:
        code = work(*arguments, **options)
    finally:
        os._exit(code)


def begin(
    reference: Reference,
    url: str,
    runs: Path,
    kill_at: int,
    delay: float = 0.0,
    *,
    strategy: str = "auto",
) -> int:
    """Run the plan, and die at its `kill_at`th event, or `delay` seconds after it; 0 is never."""
    told = 0

    def watch(_: RunEvent) -> None:
        nonlocal told
        told += 1
        if told != kill_at:
            return
        if not delay:
            os.kill(os.getpid(), signal.SIGKILL)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, delay)

    async def run() -> RunResult:
        async with engine(reference, url, runs, watch, strategy=strategy) as jit:
            return await jit.run(reference.task.goal, plan=reference.plan)

    result = asyncio.run(run())
    signal.setitimer(signal.ITIMER_REAL, 0)
    if kill_at == 0:
        (runs / "events").write_text(str(told))
    return result.exit_code


def resume(reference: Reference, url: str, runs: Path, folder: Path) -> int:
    """Resume a run; its exit code."""

    async def run() -> RunResult:
        async with engine(reference, url, runs) as jit:
            return await jit.resume(folder)

    try:
        return asyncio.run(run()).exit_code
    except UsageError as error:
        # Killed after its end: it is done, and says so.
        return 0 if "is done" in error.message else error.exit_code


def engine(
    reference: Reference, url: str, runs: Path, *listeners: Any, strategy: str = "auto"
) -> AgentJIT:
    task = reference.task
    return AgentJIT(
        task.site,
        url=url,
        approve=True,
        planner="symbolic",
        cache=False,
        runs_dir=runs,
        strategy=strategy,
        listeners=listeners,
        start_path=task.start_path,
        env={},
    )


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill, and what came of it: "exact", or what the record has otherwise."""

    task: str
    event: int
    killed: bool
    exit_code: int
    verdict: str
    kind: str = ""


class Victim:
    """A task whose runs are killed."""

    def __init__(self, reference: Reference, site: Served, strategy: str = "auto") -> None:
        self.reference = reference
        self.strategy = strategy
        self.site = site
        with TemporaryDirectory() as name:
            runs = Path(name)
            code = in_process(runs, begin, reference, site.url, runs, 0, strategy=strategy)
            assert code == 0, f"{reference.task.id} ends with {code} where nobody kills it"
            self.events = int((runs / "events").read_text())
            self.kinds = told_kinds(run_folder(runs))
            self.intended = site.changes(run_folder(runs))

    def kill(self, event: int, delay: float = 0.0) -> Kill:
        """Kill a run at an event, resume it, and compare."""
        name, url = self.reference.task.id, self.site.url
        with TemporaryDirectory() as place:
            runs = Path(place)
            before = self.site.touched() if delay else 0
            begun = (self.reference, url, runs, event, delay)
            code = in_process(runs, begin, *begun, strategy=self.strategy)
            folder, killed = run_folder(runs), code == -signal.SIGKILL
            kinds = told_kinds(folder)
            if killed:
                code = in_process(runs, resume, self.reference, url, runs, folder)
            verdict = self._compare(folder)
            if delay and self.site.touched() > before + 1:
                verdict = "two accounts were changed"
            if verdict != "exact" or code:
                tell_trouble(folder)
        return Kill(name, event, killed, code, verdict, kinds[-1] if killed else "")

    def _compare(self, folder: Path) -> str:
        found = self.site.changes(folder)
        if found == self.intended:
            return "exact"
        return f"wanted {_text(self.intended)[:1500]}, found {_text(found)[:1500]}"


def run_folder(runs: Path) -> Path:
    """The one run's folder."""
    (folder,) = (path for path in runs.iterdir() if (path / "events.jsonl").is_file())
    return folder


def told_kinds(folder: Path) -> list[str]:
    """The kinds of a run's events so far."""
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["kind"] for line in lines]


def tell_trouble(folder: Path) -> None:
    """Print the last events of a run that did not end as it should."""
    for line in (folder / "events.jsonl").read_text("utf-8").splitlines()[-14:]:
        print("     ", line[:400])


def find_references(names: Sequence[str]) -> list[Reference]:
    """The reference plans of these tasks."""
    sites = ("dashdish", "omnizon", "gomail", "gitlab", "reddit")
    found = {r.task.id: r for site in sites for r in references(site)}
    return [found[name] for name in names]


def main() -> int:
    """Kill as often as was asked, and print what came of it."""
    parser = argparse.ArgumentParser(description="Kill runs, and resume them.")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--task", action="append", help="only this task (may be repeated)")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds after the event")
    parser.add_argument("--strategy", default="auto", help="as of agentjit run")
    options = parser.parse_args()
    chosen = find_references(options.task or TASKS)
    share, extra = divmod(options.kills, len(chosen))
    found: list[Kill] = []
    for number, reference in enumerate(chosen):
        with served(reference.task.site) as site:
            victim = Victim(reference, site, options.strategy)
            wanted = share + (number < extra)
            for event in boundaries(victim.events, wanted):
                kill = victim.kill(event, options.delay)
                found.append(kill)
                mark = "ok" if kill.verdict == "exact" else kill.verdict
                print(
                    f"{kill.task} {kill.event}/{victim.events} {kill.kind} -> "
                    f"{kill.exit_code} {mark}",
                    flush=True,
                )
    return report(found)


def boundaries(events: int, wanted: int) -> list[int]:
    """So many of the events, evenly spread; more than once where there are not so many."""
    rounds, rest = divmod(wanted, events)
    spread = [1 + round(turn * (events - 1) / max(rest - 1, 1)) for turn in range(rest)]
    return [*list(range(1, events + 1)) * rounds, *spread]


def report(found: Sequence[Kill]) -> int:
    """Print the table; 0 where every record was exact."""
    exact = sum(k.verdict == "exact" for k in found)
    print(f"{len(found)} runs, {sum(k.killed for k in found)} killed; records exact: {exact}")
    print("exit codes after resuming:", dict(sorted(Counter(k.exit_code for k in found).items())))
    return 0 if exact == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
