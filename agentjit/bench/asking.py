"""Ask a model for plans again and again, with and without the protocol, as the planner asks.

Each answer is a sample of the planner: its prompt, its variation, its grammar, read while it comes,
compiled, repaired. What is in the recording is not asked again, so a run can be stopped, gone on
with, and told again without the model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agentjit.bench.answers import NotAsked, Source
from agentjit.errors import ModelError
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.endpoint_errors import ModelUnusable
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.ports import Usage
from agentjit.sites import load_site


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence for one of the bundled sites."""

    site: str
    text: str
    #: Whether it is one that nobody could do, so that no plan at all is the right answer.
    hopeless: bool = False

    @property
    def task(self) -> Task:
        """What the planner is given of it."""
        return Task(self.text, load_site(self.site).toolset)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: the question's sample of this number."""

    question: Question
    number: int
    protocol: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What came of one request."""

    ask: Ask
    #: The plan, where it is valid.
    plan: str | None
    #: Whether it is so by what repair put in.
    repaired: bool = False
    #: The code of what was wrong; "no-answer" where the model gave none.
    problem: str | None = None
    usage: Usage = Usage()
    #: Of the request, from its start to its end.
    seconds: float = 0.0


def order(questions: Sequence[Question], samples: int) -> Iterator[Ask]:
    """All requests. One that breaks off has asked all questions about as often.

    Within a pass those of a site follow each other, so that an endpoint can keep their prompt's
    beginning.
    """
    by_site = sorted(questions, key=lambda q: q.site)
    for number in range(1, samples + 1):
        for protocol in (True, False):
            for question in by_site:
                yield Ask(question, number, protocol)


async def ask_all(
    asks: Iterator[Ask],
    source: Source,
    *,
    parallel: int = 1,
    seconds: float | None = None,
    on_sample: Callable[[Sample], None] | None = None,
) -> list[Sample]:
    """The samples that there are, `parallel` requests at a time, until all are there or the time is
    over.

    A model that does not answer has given no valid plan. Raises ModelUnusable where it would refuse
    every other request, too.
    """
    samples: list[Sample] = []

    async def work() -> None:
        for ask in asks:
            try:
                sample = await ask_one(ask, source)
            except NotAsked:
                continue
            samples.append(sample)
            if on_sample is not None:
                on_sample(sample)

    workers = [asyncio.create_task(work()) for _ in range(parallel)]
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            await asyncio.gather(*workers)
    except TimeoutError:
        if not limit.expired():
            raise
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return samples


async def ask_one(ask: Ask, source: Source) -> Sample:
    """One sample. Raises NotAsked, or ModelUnusable."""
    model = source.answer_one()
    grammar = source.grammars(ask.question.site)
    how = Sampling(workers=1, first=ask.number, protocol=ask.protocol, grammar=grammar)
    try:
        (verdict,) = await sample_plans(ask.question.task, model, how)
    except (NotAsked, ModelUnusable):
        raise
    except ModelError:
        return Sample(ask=ask, plan=None, problem="no-answer", seconds=model.seconds)
    return _sample(ask, verdict, model.seconds)


def _sample(ask: Ask, verdict: Verdict, seconds: float) -> Sample:
    candidate = verdict.candidate
    valid = verdict.checked is not None
    return Sample(
        ask=ask,
        plan=candidate.plan if valid else None,
        repaired=valid and bool(candidate.diff),
        problem=None if valid else verdict.diagnostics[0].code,
        usage=candidate.usage,
        seconds=seconds,
    )
