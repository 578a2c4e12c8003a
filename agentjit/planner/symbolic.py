"""The symbolic planner: a plan from the toolset's own words and contracts, without any model.

It reads the task with a small lexicon, binds names to what the site lists (asked for through a
port), and searches over the contracts. It abstains rather than guess.
"""

from __future__ import annotations

from typing import Final

from agentjit.planner.abstaining import Abstained
from agentjit.planner.acting import read_action
from agentjit.planner.answering import read_question
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.catalogue import Catalogue, Lookup
from agentjit.planner.domain import Domain
from agentjit.planner.reading import Reading
from agentjit.planner.request import Act, AskBest, AskCount, AskField, AskList, Request
from agentjit.planner.routing import Move, find_route
from agentjit.planner.tasktext import TaskText
from agentjit.planner.writing import write_plan
from agentjit.toolspecs.state import StateValue

ORIGIN: Final = "built-in symbolic planner, no language model"


async def plan_symbolically(task: Task, lookup: Lookup) -> Candidate:
    """The one plan that the task's words and the contracts determine. Raises Abstained."""
    domain = Domain(task.toolset)
    start = {**task.toolset.state.start(), **dict(task.start)}
    catalogue = Catalogue(domain, start, lookup)
    reading = Reading(TaskText(task.text), domain, catalogue)
    if not reading.text.tokens:
        raise Abstained("the task has no words", "say what you want, e.g. «order …»")
    await reading.find_named()
    if reading.is_question():
        request: Request = await read_question(reading)
    else:
        request = await read_action(reading, start)
    route = _route(domain, start, request)
    if route is None and isinstance(request, Act) and request.references:
        *within, target = request.references
        raise catalogue.unreachable(target.kind, within)
    if route is None:
        raise Abstained(
            f"no sequence of calls that the contracts allow does this: {_describe(request)}",
            "`agentjit tools list` shows what the site can do",
        )
    return Candidate(plan=write_plan(request, route, task.toolset), origin=ORIGIN)


def _route(
    domain: Domain, start: dict[str, StateValue], request: Request
) -> tuple[Move, ...] | None:
    match request:
        case Act(tool=tool, references=references):
            return find_route(domain, start, references, tool, writes=True)
        case (
            AskField(subject=subject, references=within)
            | AskBest(subject=subject, references=within)
        ):
            return find_route(domain, start, within, subject.kind.reader, reads=subject.kind)
        case AskCount(kind=kind, references=within) | AskList(kind=kind, references=within):
            return find_route(domain, start, within, kind.reader, reads=kind)


def _describe(request: Request) -> str:
    match request:
        case Act(tool=tool):
            return f"{tool.name}()"
        case AskField(field=field):
            return f"read {field.name}"
        case AskBest(subject=subject) if subject.best is not None:
            return f"find the best {subject.kind.record.name} by {subject.best.field.name}"
        case AskCount(kind=kind) | AskList(kind=kind):
            return f"list every {kind.record.name}"
        case _:
            return "answer the question"
