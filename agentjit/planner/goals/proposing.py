"""A plan by way of a goal: the reader fills what it knows, a model only the rest.

What the reader accounts for word by word is a goal already, and costs no tokens; where a word is
left over, a model is asked for one line. The search makes the plan of either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Candidate, Task, Verdict
from agentjit.planner.catalogue import Lookup
from agentjit.planner.goals.asking import NoGoal, goal_prompt, read_answer
from agentjit.planner.goals.composing import compose_plan
from agentjit.planner.goals.record_messages import RecordUnreachable
from agentjit.planner.goals.record_writing import show_goal
from agentjit.planner.select import judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.ports import Model


@dataclass(frozen=True, slots=True)
class Proposing:
    """How one plan is proposed by way of a goal."""

    model: Model
    #: The eyes of the reader; None leaves the goal to the model alone.
    lookup: Lookup | None = None


async def propose_goal(task: Task, how: Proposing, clock: Callable[[], float]) -> Verdict:
    """The verdict on the plan of the task's goal, whoever has read it; `clock` tells seconds.

    A record that cannot be used is a rejected candidate without a plan, with the reasons, and its
    usage is counted. Raises ModelError and BudgetSpent.
    """
    begun = clock()
    known = await _read(task, how.lookup)
    if isinstance(known, Candidate):
        return judge(replace(known, seconds=clock() - begun, composed=True), task)
    completion = await how.model.complete(goal_prompt(task.text, task.toolset, left=known))
    candidate = Candidate(
        plan="",
        origin=f"{how.model.name}, goal record",
        usage=completion.usage,
        seconds=clock() - begun,
        composed=True,
    )
    try:
        goal = read_answer(completion.text, task.text, task.toolset)
        plan = compose_plan(goal, task.toolset, task.facts)
    except NoGoal as refused:
        said = " ".join(completion.text.split())
        return Verdict(
            candidate=replace(candidate, remarks=(f"it wrote: {said}",)),
            diagnostics=refused.diagnostics,
        )
    except Abstained as reason:
        return Verdict(candidate=candidate, diagnostics=(RecordUnreachable(reason=reason.message),))
    remark = f"the goal that it wrote: {show_goal(goal)}"
    return judge(replace(candidate, plan=plan, remarks=(remark,)), task)


async def _read(task: Task, lookup: Lookup | None) -> Candidate | str:
    """The plan of what the reader accounts for; else what it could not account for."""
    if lookup is None:
        return ""
    try:
        return await plan_symbolically(task, lookup)
    except Abstained as reason:
        # A reason may name what a page lists; only the task's own words go to a model.
        stuck = re.findall(r"«([^»]+)»", reason.message)
        return ", ".join(f"«{words}»" for words in stuck if words in task.text)
