"""Run the corpus on the bundled sites, each task in a real browser, and grade what is left behind.

    python -m tests.e2e.corpus [--heldout | --typed] [--site S] [--seed N] [--planner NAME]
                               [--show] [PART…]

A run is right, abstained or wrong, as the site's graders say and not as the run does. Wrong runs
that changed something for good are counted apart. PART keeps the entries whose text has it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agentjit.bench.grading import grade_run
from agentjit.engine import AgentJIT
from agentjit.runtime.result import RunResult
from agentjit.sites.dashdish.catalogue import catalogue
from agentjit.sites.tasks import GraderName, SiteTask, find_task
from tests.e2e.paraphrases import judge_paraphrase, load

FOLDER: Final = Path(__file__).parents[1] / "planner"

#: Keys of a record that tell when something was, or which number it was given.
_VOLATILE: Final = frozenset(("at", "created_at", "updated_at", "id", "posted", "date", "time"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One task of the corpus, and how a run of it is judged."""

    site: str
    text: str
    #: The task that the graders are given; None where a plan of a person's is the judge.
    task: SiteTask | None = None
    paper: bool = False
    answer: str | None = None
    does: str | None = None
    abstain: bool = False
    #: The entry of `paraphrases.toml` that it is.
    paraphrase: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Graded:
    """One entry with its verdict: right, abstained or wrong, and why."""

    entry: Entry
    verdict: str
    detail: str
    #: What the run committed for good although it was wrong.
    irreversible: tuple[str, ...]
    plan: str | None
    seconds: float


def load_corpus(name: str = "corpus.toml") -> list[Entry]:
    """The entries of a file, those that it includes first."""
    document = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    included = [each for part in document.get("include", []) for each in load(FOLDER / part)]
    found = [
        Entry("dashdish", each["text"], abstain=each["kind"] == "abstain", paraphrase=each)
        for each in included
    ]
    return [_read(entry) for entry in document["task"]] + found


def _read(entry: Mapping[str, Any]) -> Entry:
    site = entry["site"]
    if "task" in entry:
        of_site = find_task(entry["task"])
        return Entry(site, of_site.goal, task=of_site.by_ours(), paper=of_site.paper is not None)
    task: SiteTask | None = None
    if "grader" in entry:
        grader = GraderName("agentjit", entry["grader"])
        task = SiteTask(
            id="corpus",
            goal=entry["text"],
            site=site,
            grader=grader,
            kind="commit",
            expect=entry.get("expect", {}),
        )
    return Entry(
        site,
        entry["text"],
        task=task,
        answer=entry.get("answer"),
        does=entry.get("does"),
        abstain="abstain" in entry,
    )


async def _run(entry: Entry, seed: int, folder: Path, **options: Any) -> RunResult:
    """The task on a replica of its own; with a `plan`, that plan."""
    plan = options.pop("plan", None)
    task = entry.task
    async with AgentJIT(
        entry.site,
        approve=True,
        cache=False,
        seed=seed,
        today=None if task is None or task.today is None else task.today.isoformat(),
        start_path=None if task is None else task.start_path,
        runs_dir=folder,
        **options,
    ) as jit:
        return await jit.run(entry.text, plan=plan)


async def grade(entry: Entry, seed: int, planner: str) -> Graded:
    """Run one entry and judge it."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = await _run(entry, seed, Path(folder), planner=planner)
        verdict, detail = await judge_entry(entry, result, seed, Path(folder))
    done = tuple(c.tool for c in result.commits) if verdict == "wrong" else ()
    spent = time.monotonic() - start
    return Graded(entry, verdict, detail, done, result.plan, spent)


async def judge_entry(entry: Entry, result: RunResult, seed: int, folder: Path) -> tuple[str, str]:
    """Right, abstained or wrong, and why."""
    if entry.paraphrase:
        return judge_paraphrase(dict(entry.paraphrase), result, catalogue(seed))
    reason = result.error.message if result.error else result.status
    if result.status == "no-plan":
        hint = f" ({result.error.hint})" if result.error and result.error.hint else ""
        return ("right" if entry.abstain else "abstained"), reason + hint
    if entry.abstain:
        return "wrong", f"{result.status}: it should not have been done"
    if not result.ok:
        return "wrong", f"{result.status}: {reason}"
    if entry.task is not None:
        assert result.run_dir is not None
        finding = grade_run(result.run_dir, entry.task).main
        return ("right" if finding.passed else "wrong"), "; ".join(finding.findings)
    plan = entry.answer or entry.does
    assert plan is not None
    person = await _run(entry, seed, folder, planner="symbolic", plan=plan)
    assert person.ok, f"the person's plan for {entry.text!r}: {person.error}"
    if _changes(result) != _changes(person):
        return "wrong", f"changed {_changes(result)}, and not {_changes(person)}"
    if entry.answer is not None and not _holds(result.value, person.value):
        return "wrong", f"said {result.value!r:.200}, truth {person.value!r:.200}"
    return "right", f"{result.value!r:.80}"


def _changes(result: RunResult) -> Any:
    """What the record says has changed, without times and numbers that were given."""
    record = result.record or {}
    differences = record.get("differences", record)
    return _settled(differences)


def _settled(value: Any) -> Any:
    match value:
        case dict():
            kept = {k: _settled(v) for k, v in value.items() if k not in _VOLATILE}
            return {k: v for k, v in kept.items() if v not in ({}, [], None)}
        case list():
            return [_settled(each) for each in value]
        case _:
            return value


def _holds(value: Any, wanted: Any) -> bool:
    """Whether an answer holds what is wanted: the value, or a record that has it."""
    if isinstance(wanted, list):
        if isinstance(value, dict):
            value = list(value.values())
        return (
            isinstance(value, list)
            and len(value) == len(wanted)
            and all(_holds(v, w) for v, w in zip(value, wanted, strict=True))
        )
    if isinstance(value, dict):
        return any(_holds(inner, wanted) for inner in value.values())
    if isinstance(value, list):
        return len(value) == 1 and _holds(value[0], wanted)
    if isinstance(wanted, str):
        return isinstance(value, str) and value.casefold() == wanted.casefold()
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value - wanted) < 0.005


def _print(graded: Graded, *, show: bool) -> None:
    print(f"{graded.verdict:9} {graded.entry.site:8} {graded.seconds:4.1f}s  {graded.entry.text}")
    print(f"{'':26} {graded.detail[:600]}")
    if graded.irreversible:
        print(f"{'':26} FOR GOOD: {', '.join(graded.irreversible)}")
    if show and graded.plan:
        print("".join(f"{'':26} | {line}\n" for line in graded.plan.splitlines()), end="")
    sys.stdout.flush()


async def measure(entries: list[Entry], seed: int, planner: str, *, show: bool) -> list[Graded]:
    """Grade all, printing each as it comes."""
    graded = []
    for entry in entries:
        graded.append(await grade(entry, seed, planner))
        _print(graded[-1], show=show)
    return graded


def print_table(graded: list[Graded]) -> None:
    """The counts by site, and of the paper's tasks."""
    groups = {site: [g for g in graded if g.entry.site == site] for site in _sites(graded)}
    groups["paper"] = [g for g in graded if g.entry.paper]
    groups["all"] = graded
    print(f"{'':10} {'right':>6} {'abst.':>6} {'wrong':>6} {'of':>5}  wrong for good")
    for name, some in groups.items():
        counts = Counter(g.verdict for g in some)
        bad = sum(bool(g.irreversible) for g in some)
        columns = "".join(f" {counts[v]:6}" for v in ("right", "abstained", "wrong"))
        print(f"{name:10}{columns} {len(some):5}  {bad}")


def _sites(graded: list[Graded]) -> list[str]:
    return list(dict.fromkeys(g.entry.site for g in graded))


def main() -> int:
    """Print each verdict and the counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.corpus")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--heldout", action="store_true")
    parser.add_argument("--typed", action="store_true", help="forty in words as people type them")
    parser.add_argument("--site")
    parser.add_argument("--paper", action="store_true", help="the paper's 37 only")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--planner", default="symbolic")
    parser.add_argument("--show", action="store_true", help="print the plans")
    options = parser.parse_args()
    name = "corpus_heldout.toml" if options.heldout else "corpus.toml"
    entries = [
        entry
        for entry in load_corpus("corpus_typed.toml" if options.typed else name)
        if options.site in (None, entry.site)
        and (entry.paper or not options.paper)
        and (not options.parts or any(part in entry.text for part in options.parts))
    ]
    graded = asyncio.run(measure(entries, options.seed, options.planner, show=options.show))
    print_table(graded)
    return 1 if any(g.irreversible for g in graded) else 0


if __name__ == "__main__":
    sys.exit(main())
