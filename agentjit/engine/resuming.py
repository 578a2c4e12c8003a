"""What a run's journal must know for it to be resumed, and what it tells when it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentjit.engine.arriving import Arrival
from agentjit.engine.planning import NoValidPlan, Planned
from agentjit.engine.session import Session
from agentjit.errors import UsageError
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.select import choose, judge
from agentjit.runtime.committing import Commit
from agentjit.runtime.journal import JOURNAL, OPEN, RunJournal
from agentjit.runtime.tabs import observe_start
from agentjit.scheduler.calls import Widen
from agentjit.scheduler.graph import LoopNode
from agentjit.scheduler.strategies import Strategy, parse_strategy, strategy_option
from agentjit.toolspecs.effects import Effect

if TYPE_CHECKING:
    from playwright.async_api import Page


def describe_run(session: Session, task: str, given: str | None) -> dict[str, Any]:
    """The facts of a run that is about to begin."""
    options = session.options
    return {
        "task": task,
        "given": given,
        "site": session.site.name if session.site else None,
        "tools": str(session.tools_file.resolve()) if session.tools_file else None,
        "toolset": [session.toolset.name, session.toolset.version],
        "url": session.url,
        "hosted": options.url is None,
        "start_path": options.start_path,
        "status": "running",
    }


def open_journal(folder: Path) -> RunJournal:
    """The journal of a run that can be resumed; this process owns it then. Raises UsageError."""
    path = folder / JOURNAL
    if not path.is_file():
        raise UsageError(f"{folder} is no run's folder: it has no {JOURNAL}", "see --runs-dir")
    journal = RunJournal.open(path)
    if journal.fact("task") is None or journal.fact("status") == "done":
        done = journal.fact("status") == "done"
        journal.close()
        raise UsageError(
            f"the run in {folder} is done: there is nothing to resume"
            if done
            else f"the run in {folder} ended before it began: nothing was done",
            "run the task anew",
        )
    return journal


def check_same_site(session: Session, journal: RunJournal, folder: Path) -> None:
    """Raise UsageError where the run was made elsewhere, or with other tools."""
    if journal.fact("url") != session.url:
        gone = " (the replica that it started itself ended with it)" * journal.fact("hosted")
        raise UsageError(
            f"the run in {folder} was at {journal.fact('url')}{gone}, not at {session.url}",
            "serve the site by itself (agentjit sites serve) and give --url: then a run can be "
            "resumed",
        )
    name, version = session.toolset.name, session.toolset.version
    if journal.fact("toolset") != [name, version]:
        raise UsageError(
            f"the tools have changed since the run in {folder} was begun",
            "its plan was proven for other tools: do the rest by a task of its own",
        )


async def recall_plan(
    session: Session, text: str, journal: RunJournal, page: Arrival[Page]
) -> Planned | None:
    """The plan that the run is in the midst of; None where it had none yet.

    Raises ContractBroken where the tab does not stand where the tools start.
    """
    kept = journal.fact("plan")
    if kept is None:
        return None
    await observe_start(
        await page(), session.caller, anywhere=session.options.start_path is not None
    )
    task = Task(text, session.toolset, tuple(kept["start"].items()))
    candidate = Candidate(plan=kept["text"], origin=kept["origin"], kept_as=kept["kept_as"])
    verdict = judge(candidate, task, provenance=False)
    choice = choose([verdict])
    if choice is None:
        raise NoValidPlan([verdict])
    return Planned(task, choice)


def keep_strategy(journal: RunJournal, prefix: str, chosen: Strategy) -> Strategy:
    """The strategy with which the plan was begun; the chosen one, where it begins.

    The names of calls in the journal depend on it: by another one, nothing that was done would be
    known to be.
    """
    begun: dict[str, str] = journal.fact("schedules") or {}
    if prefix not in begun:
        journal.tell(schedules={**begun, prefix: strategy_option(chosen)})
        return chosen
    return parse_strategy(begun[prefix]) or chosen


def keep_widths(journal: RunJournal, prefix: str, widen: Widen | None) -> Widen | None:
    """What chooses tabs at a loop, which keeps to what it chose when the plan was begun.

    It chooses by latencies, and other runs may have measured others since. A plan that was begun
    without such a choice goes on without; the loops that it had not come to are chosen for.
    """
    begun: dict[str, dict[str, int] | None] = journal.fact("widths") or {}
    if prefix not in begun:
        begun[prefix] = None if widen is None else {}
        journal.tell(widths=begun)
    kept = begun[prefix]
    if kept is None:
        return None

    def keep(loop: LoopNode, rounds: int, most: int) -> int:
        place = f"{loop.stmt.id}/{rounds}"
        if place not in kept:
            kept[place] = most if widen is None else widen(loop, rounds, most)
            journal.tell(widths=begun)
        return kept[place]

    return keep


def changed_nothing(journal: RunJournal) -> bool:
    """Whether no call was attempted that changes the account."""
    harmless = {Effect.READ.value, Effect.NAVIGATE.value, None}
    return all(
        past.data.get("effect") in harmless or past.step in {"intent", "grant"} for past in journal
    )


def past_commits(journal: RunJournal) -> tuple[Commit, ...]:
    """The irreversible calls that the journal knows to be done, or does not know about."""
    return tuple(
        Commit(
            tool=past.data["tool"],
            arguments=past.data["arguments"],
            terms=past.data.get("terms"),
            outcome="unknown" if past.step in OPEN else "done",
            value=past.data.get("value"),
            key=past.key,
        )
        for past in journal
        if past.data.get("effect") == Effect.COMMIT.value and past.step in {*OPEN, "done"}
    )
