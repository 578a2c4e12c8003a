"""Hard ceilings on money, tokens and time: what a run may spend on models, and what it has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from agentjit.errors import BudgetSpent, ModelError, UsageError
from agentjit.planner.endpoint_errors import NoAnswer
from agentjit.planner.estimating import estimate_prompt, estimate_tokens
from agentjit.planner.prices import Price
from agentjit.planner.retrying import LoopClock
from agentjit.ports import Clock, Completion, Model, Prompt, Usage, Watch

#: An answer that may not even have so many tokens is not worth its prompt.
LEAST_ANSWER: Final = 128

_RAISE_IT: Final = "raise the ceiling, or word the task more plainly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """The most that a run may take. None is no ceiling."""

    dollars: float | None = None
    #: Of prompts and answers together.
    tokens: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for option, value in (
            ("--max-cost", self.dollars),
            ("--max-tokens", self.tokens),
            ("--max-seconds", self.seconds),
        ):
            if value is not None and not value > 0:
                raise UsageError(f"{option} {value} leaves nothing to spend", "give more than 0")


@dataclass(slots=True)
class Budget:
    """What one run has spent, and what it has set aside for the requests that are under way.

    A request is sent only when its prompt and the longest answer to it fit; where they do not fit
    beside others that are under way, it waits for these, and else its answer is kept shorter.
    """

    ceilings: Ceilings = field(default_factory=Ceilings)
    #: The price of a model by its name; None where it is not known.
    price_of: Callable[[str], Price | None] = lambda _: None
    clock: Clock = field(default_factory=LoopClock)
    spent: Usage = Usage()
    _begun: float | None = None
    _held: Usage = Usage()
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    def begin(self) -> None:
        """Start the time. Without it, time begins with the first question for it."""
        self._begun = self.clock.now()

    def require_price(self, model: str) -> None:
        """UsageError where money is limited and nobody knows what the model costs."""
        if self.ceilings.dollars is not None and self.price_of(model) is None:
            raise UsageError(
                f"--max-cost needs a price for {model}",
                "give a table with --prices FILE, or limit --max-tokens",
            )

    def check_time(self) -> None:
        """BudgetSpent where the time is over."""
        if self.seconds_left == 0.0:
            raise _spent(f"{self.ceilings.seconds:g} s", "--max-seconds")

    @property
    def limited(self) -> bool:
        """Whether what is asked of models has a ceiling."""
        return self.ceilings.tokens is not None or self.ceilings.dollars is not None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the ceiling, 0.0 from there on; None without one."""
        if self.ceilings.seconds is None:
            return None
        if self._begun is None:
            self.begin()
        assert self._begun is not None
        return max(0.0, self.ceilings.seconds - (self.clock.now() - self._begun))

    @asynccontextmanager
    async def deadline(self) -> AsyncIterator[None]:
        """Raise BudgetSpent inside, as soon as the time is over."""
        limit = asyncio.timeout(self.seconds_left)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise _spent(f"{self.ceilings.seconds:g} s", "--max-seconds") from None

    async def set_aside(self, model: str, prompt: Prompt) -> tuple[Prompt, Usage]:
        """The prompt, its answer perhaps kept shorter, and what is set aside for it.

        Waits for requests under way where these hold what it needs. Raises BudgetSpent.
        """
        asked = estimate_prompt(prompt)
        async with self._settled:
            while not self._fits(model, asked, prompt.max_tokens):
                if not self._held.calls:
                    prompt = replace(prompt, max_tokens=self._room(model, asked))
                    break
                await self._settled.wait()
            held = self._priced(model, Usage(1, asked, prompt.max_tokens))
            self._held += held
        return replace(prompt, thinks_within=self.limited), held

    async def settle(self, model: str, held: Usage, usage: Usage) -> Usage:
        """Free what was set aside and count what was spent; gives that with its price."""
        priced = self._priced(model, usage)
        self.spent += priced
        self._held = _less(self._held, held)
        async with self._settled:
            self._settled.notify_all()
        return priced

    def _fits(self, model: str, asked: int, answer: int) -> bool:
        more = self._priced(model, Usage(1, asked, answer))
        total = self.spent + self._held + more
        limits = self.ceilings
        within_tokens = limits.tokens is None or total.tokens <= limits.tokens
        return within_tokens and (limits.dollars is None or total.dollars <= limits.dollars)

    def _room(self, model: str, asked: int) -> int:
        """The tokens that an answer may still have. Raises BudgetSpent where they are too few."""
        if self._fits(model, asked, LEAST_ANSWER):
            # Between what fits and what does not, found by halving.
            low, high = LEAST_ANSWER, 1 << 20
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._fits(model, asked, middle) else (low, middle)
            return low
        limits = self.ceilings
        if limits.tokens is not None and self.spent.tokens + asked + LEAST_ANSWER > limits.tokens:
            raise _spent(
                f"{limits.tokens} tokens",
                "--max-tokens",
                f"{self.spent.tokens} are spent, and the next prompt has about {asked}",
            )
        raise _spent(
            f"${limits.dollars:g}", "--max-cost", f"${self.spent.dollars:.4f} of it is spent"
        )

    def _priced(self, model: str, usage: Usage) -> Usage:
        price = self.price_of(model)
        if price is None:
            return replace(usage, unpriced=usage.calls)
        return replace(usage, dollars=price.charge(usage))


@dataclass(frozen=True, slots=True)
class MeteredModel:
    """A model whose every call is paid out of a budget."""

    model: Model
    budget: Budget

    @property
    def name(self) -> str:
        """`provider/model`, for people and records."""
        return self.model.name

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """One completion, with its price. Raises BudgetSpent as well.

        A call that is cancelled is paid for, too: its tokens are estimated.
        """
        budget, heard = self.budget, ""

        def hear(text: str) -> bool:
            nonlocal heard
            heard = text
            return watch is None or watch(text)

        prompt, held = await budget.set_aside(self.name, prompt)
        asked = estimate_prompt(prompt)
        usage: Usage | None = None
        try:
            async with budget.deadline():
                completion = await self.model.complete(prompt, hear if watch else None)
            usage = completion.usage
        except NoAnswer as answered:
            usage = answered.usage
            raise
        except ModelError:
            if not heard:
                usage = Usage()
            raise
        finally:
            if usage is None:
                usage = Usage(1, asked, estimate_tokens(heard), estimated=1)
            priced = await budget.settle(self.name, held, usage)
        return replace(completion, usage=priced)


def _less(held: Usage, freed: Usage) -> Usage:
    return Usage(
        held.calls - freed.calls,
        held.prompt_tokens - freed.prompt_tokens,
        held.completion_tokens - freed.completion_tokens,
        dollars=held.dollars - freed.dollars if held.calls > freed.calls else 0.0,
    )


def _spent(limit: str, option: str, more: str = "") -> BudgetSpent:
    said = f"the ceiling of {limit} ({option}) was reached"
    return BudgetSpent(f"{said}: {more}" if more else said, _RAISE_IT)
