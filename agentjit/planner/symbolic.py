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
from agentjit.planner.goals.composing import compose_plan
from agentjit.planner.goals.reader import read_goal
from agentjit.planner.reading import Reading
from agentjit.planner.request import Act, AskBest, AskCount, AskField, AskList, Request
from agentjit.planner.routing import Move, find_route
from agentjit.planner.select import judge
from agentjit.planner.tasktext import TaskText
from agentjit.planner.writing import write_plan
from agentjit.toolspecs.state import StateValue

ORIGIN: Final = "built-in symbolic planner, no language model"


async def plan_symbolically(task: Task, lookup: Lookup) -> Candidate:
    """The one plan that the task's words and the contracts determine. Raises Abstained.

    Two readers look at the task: one of orders of one thing and questions about one, one of goals
    of several parts. The first that accounts for every word is believed.
    """
    try:
        return await _plan_request(task, lookup)
    except Abstained as first:
        try:
            return await _plan_goal(task, lookup)
        except Abstained as second:
            raise _telling(first, second) from second


async def _plan_goal(task: Task, lookup: Lookup) -> Candidate:
    """The plan of a goal that the task's words say. Raises Abstained."""
    goal = await read_goal(task.text, task.toolset, task.facts, lookup)
    plan = compose_plan(goal, task.toolset, task.facts)
    verdict = judge(Candidate(plan=plan, origin=ORIGIN), task)
    if verdict.checked is None:
        raise Abstained(f"its plan does not check: {verdict.diagnostics[0].message}")
    return Candidate(plan=plan, origin=ORIGIN)


def _telling(first: Abstained, second: Abstained) -> Abstained:
    """The reason that says more: that of the reader which understood more of the words."""
    generic = ("may mean", "takes nothing", "no word of the task", "the task asks for several")
    vague = any(words in first.message for words in generic)
    return second if vague and not second.message.startswith("no word of") else first


async def _plan_request(task: Task, lookup: Lookup) -> Candidate:
    domain = Domain(task.toolset)
    catalogue = Catalogue(domain, task.facts, lookup)
    reading = Reading(TaskText(task.text), domain, catalogue)
    if not reading.text.tokens:
        raise Abstained("the task has no words", "say what you want, e.g. «order …»")
    await reading.find_named()
    if reading.is_question():
        request: Request = await read_question(reading)
    else:
        request = await read_action(reading, task.facts)
    route = _route(domain, task.facts, request)
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
