"""From a task to judged candidates: parallel requests to a model, stopped at enough valid plans."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from agentjit.compiler.repair import advise, repair
from agentjit.errors import ModelError
from agentjit.planner.answer import PlanCutOff, PlanDoesNothing, extract_plan, name_answer
from agentjit.planner.candidate import Candidate, Task, Verdict
from agentjit.planner.endpoint_errors import ModelUnusable
from agentjit.planner.prompt import Messages, build_messages, refine_messages
from agentjit.planner.select import judge
from agentjit.ports import Completion, Model, Prompt
from agentjit.source import Source

OnVerdict: TypeAlias = Callable[[Verdict], None]


async def sample_plans(
    task: Task,
    model: Model,
    *,
    workers: int = 8,
    n_valid: int = 3,
    temperature: float = 0.5,
    max_tokens: int = 1024,
    max_rounds: int = 1,
    protocol: bool = True,
    on_verdict: OnVerdict | None = None,
) -> list[Verdict]:
    """Ask `workers` times at once; judge each plan as it comes; end with `n_valid` valid ones.

    Each worker sends a seed of its own and, where its plan is not valid and `max_rounds` is more
    than 1, asks again with the diagnostics. What is still under way at the end is cancelled, and
    has ended when this returns. The verdicts come in the order of arrival, the same plan once for
    each time that it came, so that they hold the usage of all that was answered.

    Raises the first ModelError when no plan came at all. An endpoint that would refuse every other
    request too (`ModelUnusable`) ends the sampling at once.
    """
    sampling = _Sampling(task, model, temperature, max_tokens, on_verdict)
    messages = build_messages(task, protocol=protocol)
    tasks = [
        asyncio.create_task(sampling.work(number, messages, max_rounds), name=f"sample #{number}")
        for number in range(1, workers + 1)
    ]
    pending = set(tasks)
    try:
        while pending and sampling.valid < n_valid and not sampling.hopeless:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for worker in done:
                worker.result()
    finally:
        for worker in tasks:
            worker.cancel()
        # All of them, so that no error of a second worker goes unseen by asyncio.
        await asyncio.gather(*tasks, return_exceptions=True)
    if not sampling.verdicts and sampling.failures:
        raise sampling.failures[0]
    return sampling.verdicts


@dataclass(slots=True)
class _Sampling:
    """What the workers of one sampling share."""

    task: Task
    model: Model
    temperature: float
    max_tokens: int
    on_verdict: OnVerdict | None
    begun: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[ModelError] = field(default_factory=list)
    #: Verdicts by the text of the plan: the same text is compiled once.
    known: dict[str, Verdict] = field(default_factory=dict)
    valid: int = 0

    @property
    def hopeless(self) -> bool:
        """Whether the endpoint would refuse every other request too."""
        return any(isinstance(failure, ModelUnusable) for failure in self.failures)

    async def work(self, number: int, messages: Messages, rounds: int) -> None:
        """One worker: ask until the plan is valid, the rounds are over or the model fails."""
        for left in reversed(range(rounds)):
            prompt = Prompt(
                messages=messages,
                temperature=self.temperature,
                seed=number,
                max_tokens=self.max_tokens,
            )
            try:
                completion = await self.model.complete(prompt)
            except ModelError as failure:
                # A ModelUnusable comes first, for it says why all the others fail.
                at = 0 if isinstance(failure, ModelUnusable) else len(self.failures)
                self.failures.insert(at, failure)
                return
            verdict = self._judge(completion, f"{self.model.name} #{number}")
            self.verdicts.append(verdict)
            if self.on_verdict is not None:
                self.on_verdict(verdict)
            if verdict.checked is not None:
                self.valid += 1
                return
            if left:
                messages = refine_messages(messages, self._advised(verdict))

    def _advised(self, verdict: Verdict) -> Verdict:
        """The verdict with the lines that would mend the plan in its hints, where there are any."""
        source, task = Source("plan.py", verdict.candidate.plan), self.task
        mended = repair(source, task.toolset, task=task.text, start=dict(task.start))
        return dataclasses.replace(verdict, diagnostics=advise(verdict.diagnostics, mended))

    def _judge(self, completion: Completion, origin: str) -> Verdict:
        plan = extract_plan(completion.text)
        named = name_answer(plan)
        candidate = Candidate(
            plan=named,
            origin=origin,
            usage=completion.usage,
            seconds=asyncio.get_running_loop().time() - self.begun,
            remarks=() if named == plan else ("its answer was put into `result`",),
        )
        if completion.finish == "length":
            # How it went on is not known, so this is no verdict on the same text come to its end.
            cut = PlanCutOff(tokens=completion.usage.completion_tokens)
            return Verdict(candidate=candidate, diagnostics=(cut,))
        known = self.known.get(candidate.plan)
        if known is not None:
            return dataclasses.replace(known, candidate=candidate)
        verdict = judge(candidate, self.task)
        if verdict.cost == 0:
            verdict = Verdict(candidate=candidate, diagnostics=(PlanDoesNothing(),))
        self.known[candidate.plan] = verdict
        return verdict
