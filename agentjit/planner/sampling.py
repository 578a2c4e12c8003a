"""From a task to judged candidates: parallel requests to models, stopped at enough valid plans."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from agentjit.compiler.repair import Repair, repair
from agentjit.diagnostics import Diagnostic
from agentjit.errors import BudgetSpent, ModelError
from agentjit.planner.answer import PlanCutOff, PlanDoesNothing, extract_plan, name_answer
from agentjit.planner.candidate import Candidate, Task, Verdict
from agentjit.planner.early import Reading
from agentjit.planner.endpoint_errors import ModelUnusable
from agentjit.planner.goals.proposing import Proposing, propose_goal
from agentjit.planner.prompt import (
    FailedPlan,
    Messages,
    build_messages,
    refine_messages,
    replan_messages,
    vary_messages,
)
from agentjit.planner.select import judge
from agentjit.planner.variation import Variation, vary
from agentjit.ports import Completion, Grammars, Model, Prompt
from agentjit.source import Source

OnVerdict: TypeAlias = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a task is sampled."""

    workers: int = 8
    #: The number of the first worker's sample; the others' follow. By it samples differ.
    first: int = 1
    n_valid: int = 3
    #: Around which the samples vary.
    temperature: float = 0.5
    #: Upper bound of one plan's length.
    max_tokens: int = 1024
    #: Attempts of one worker: those after the first are told what is wrong with the one before.
    max_rounds: int = 1
    #: Whether the prompt shows state, contracts and effects.
    protocol: bool = True
    #: A plan that failed on the site, which is told of and not taken again.
    failed: FailedPlan | None = None
    #: What answers must look like, where the endpoint can hold them to it.
    grammar: Grammars | None = None
    #: A plan by way of a goal, beside the samples; None is for samples alone.
    goals: Proposing | None = None
    #: Told each plan while it is written, in whole lines.
    hear: Callable[[str], None] | None = None


async def sample_plans(
    task: Task,
    models: Model | Sequence[Model],
    how: Sampling | None = None,
    *,
    on_verdict: OnVerdict | None = None,
) -> list[Verdict]:
    """Ask all workers at once; judge each plan while it comes; end with enough valid ones.

    Workers take the models in turn, and differ by seed, temperature and variant of the prompt. A
    sample ends with the first statement that cannot check. A plan that checks after harmless
    insertions is repaired; what is not valid even so, is asked for again with its diagnostics as
    long as there are rounds. What is still under way at the end is cancelled, and has ended when
    this returns. The verdicts come in the order of arrival, the same plan once for each time that
    it came, so that they hold the usage of all that was answered.

    Raises the first ModelError when no plan came at all, and BudgetSpent when it was reached before
    a valid one came. A model that would refuse every other request too (`ModelUnusable`) is not
    asked again; when there is no other one, that ends the sampling at once.
    """
    chosen = (models,) if not isinstance(models, Sequence) else tuple(models)
    how = how or Sampling()
    plain = build_messages(task, protocol=how.protocol)
    if how.failed is not None:
        plain = replan_messages(plain, how.failed)
    work = _Work(task, chosen, how, on_verdict, plain)
    # The number 0 is the goal's.
    numbers = [*([] if how.goals is None else [0]), *range(how.first, how.first + how.workers)]
    tasks = [
        asyncio.create_task(work.sample(number), name=f"sample #{number}") for number in numbers
    ]
    pending = set(tasks)
    try:
        while pending and work.valid < how.n_valid and len(work.unusable) < len(chosen):
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for worker in done:
                worker.result()
    finally:
        for worker in tasks:
            worker.cancel()
        # All of them, so that no error of a second worker goes unseen by asyncio.
        await asyncio.gather(*tasks, return_exceptions=True)
    if work.spent is not None and not work.valid:
        raise work.spent
    if work.failures and not any(v.candidate.plan for v in work.verdicts):
        raise work.failures[0]
    return work.verdicts


@dataclass(slots=True)
class _Work:
    """What the workers of one sampling share."""

    task: Task
    models: tuple[Model, ...]
    how: Sampling
    on_verdict: OnVerdict | None
    #: The plain prompt, which is made once.
    messages: Messages
    begun: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[ModelError] = field(default_factory=list)
    #: The models that would refuse every other request too.
    unusable: set[str] = field(default_factory=set)
    spent: BudgetSpent | None = None
    #: Verdicts by the text of the plan: the same text is compiled once.
    known: dict[str, Verdict] = field(default_factory=dict)
    #: What is wrong with beginnings of plans: each is looked at once.
    found: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    valid: int = 0

    async def sample(self, number: int) -> None:
        """One worker: ask until the plan is valid, the rounds are over or the model fails.

        Number 0 is the one that goes by way of a goal.
        """
        place, turn = divmod(max(number, 1) - 1, len(self.models))
        model, variation = self.models[turn], vary(place + 1, self.how.temperature)
        try:
            if number:
                await self._ask(model, variation, f"{model.name} #{number}")
            elif self.how.goals is not None:
                clock = asyncio.get_running_loop().time
                self._tell(await propose_goal(self.task, self.how.goals, clock))
        except BudgetSpent as spent:
            self.spent = spent
        except ModelUnusable as failure:
            # It comes first, for it says why all the others fail.
            self.unusable.add(model.name)
            self.failures.insert(0, failure)
        except ModelError as failure:
            self.failures.append(failure)

    async def _ask(self, model: Model, variation: Variation, origin: str) -> None:
        how = self.how
        messages = vary_messages(self.messages, variation.variant)
        for left in reversed(range(how.max_rounds)):
            if model.name in self.unusable:
                return
            prompt = Prompt(
                messages=messages,
                temperature=variation.temperature,
                seed=variation.seed,
                max_tokens=how.max_tokens,
                # The best guess is left free: a mask may bend what a model meant to say.
                grammar=how.grammar if variation.seed > 1 else None,
            )
            reading = Reading(self.task, how.hear, self.found)
            completion = await model.complete(prompt, reading)
            verdict = self._judge(completion, reading, origin)
            self._tell(verdict)
            if verdict.checked is not None:
                return
            if left:
                messages = refine_messages(messages, verdict)

    def _tell(self, verdict: Verdict) -> None:
        """Take a verdict as it comes."""
        self.verdicts.append(verdict)
        self.valid += verdict.checked is not None
        if self.on_verdict is not None:
            self.on_verdict(verdict)

    def _judge(self, completion: Completion, reading: Reading, origin: str) -> Verdict:
        plan = reading.doomed or extract_plan(completion.text)
        named = plan if reading.doomed else name_answer(plan)
        candidate = Candidate(
            plan=named,
            origin=origin,
            usage=completion.usage,
            seconds=asyncio.get_running_loop().time() - self.begun,
            remarks=() if named == plan else ("its answer was put into `result`",),
        )
        if reading.doomed:
            ended = dataclasses.replace(candidate, remarks=("ended while it was written",))
            return Verdict(candidate=ended, diagnostics=reading.findings)
        if completion.finish == "length":
            # How it went on is not known, so this is no verdict on the same text come to its end.
            cut = PlanCutOff(tokens=completion.usage.completion_tokens)
            return Verdict(candidate=candidate, diagnostics=(cut,))
        known = self.known.get(named)
        if known is None:
            known = self.known[named] = self._compile(candidate)
        # What is said of the plan is the same, but not who wrote it and when.
        written = known.candidate
        mine = dataclasses.replace(
            candidate, plan=written.plan, remarks=written.remarks, diff=written.diff
        )
        return dataclasses.replace(known, candidate=mine)

    def _compile(self, candidate: Candidate) -> Verdict:
        verdict = judge(candidate, self.task)
        if verdict.checked is None:
            mended = self._repair(candidate.plan)
            if mended is not None:
                verdict = judge(_repaired(candidate, mended), self.task)
        if verdict.cost == 0:
            return Verdict(candidate=verdict.candidate, diagnostics=(PlanDoesNothing(),))
        return verdict

    def _repair(self, plan: str) -> Repair | None:
        task = self.task
        source = Source("plan.py", plan)
        return repair(source, task.toolset, task=task.text, start=dict(task.start))


def _repaired(candidate: Candidate, mended: Repair) -> Candidate:
    """The candidate as repair left it, which it says."""
    lines = " and ".join(f"`{i.text}` before line {i.line}" for i in mended.insertions)
    return dataclasses.replace(
        candidate,
        plan=mended.source.text,
        remarks=(*candidate.remarks, f"repaired: {lines} was put in"),
        diff=mended.diff,
    )
