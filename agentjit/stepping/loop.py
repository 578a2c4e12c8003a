"""The step loop: observe, ask the model, act, until it says that it is done, or a limit ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from agentjit.errors import BrowserError, RunError, SiteUnreachable
from agentjit.ports import Clock, Completion, Model, Prompt, Usage
from agentjit.runtime.allowed import Allowed
from agentjit.runtime.clock import SystemClock
from agentjit.runtime.guarding import guarded
from agentjit.runtime.secrets import Secrets
from agentjit.stepping.acting import Deed, Hands, Tried
from agentjit.stepping.actions import (
    Action,
    Done,
    GiveUp,
    Goto,
    More,
    Read,
    Type,
    Use,
    show_action,
)
from agentjit.stepping.offering import RESULT_CHARS, SiteTools, show_result
from agentjit.stepping.outcome import Status, Step, StepLimits, StepOutcome
from agentjit.stepping.reading import Unreadable, read_actions
from agentjit.stepping.snapshot import SNAPSHOT_MS, Snapshot, take_snapshot
from agentjit.stepping.telling import next_prompt, show_page
from agentjit.stepping.traffic import Traffic, heard

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Opened around each action; what it does not let through cannot be done by it, and is told.
Door: TypeAlias = Callable[[], AbstractAsyncContextManager[list[str]]]


def no_door() -> AbstractAsyncContextManager[list[str]]:
    """One that lets everything through."""
    return nullcontext([])


async def step(
    page: Page,
    goal: str,
    model: Model,
    *,
    tools: SiteTools | None = None,
    limits: StepLimits | None = None,
    origins: Allowed | None = None,
    secrets: Secrets | None = None,
    clock: Clock | None = None,
    watch: Callable[[Step], None] = lambda _: None,
    door: Door = no_door,
) -> StepOutcome:
    """Let the model reach the goal on this page by generic actions, and by the site's own `tools`.

    `goal` is for the model. `origins` says where the page may be sent, None being the origin on
    which it stands; `watch` is told of each step when it is over. Whether the goal was reached is
    the model's word: hold something against the page afterwards. Raises ModelError, BudgetSpent,
    BrowserError, SiteUnreachable; by a tool that is called also ApprovalRefused, OutcomeUnknown.
    """
    clock = clock or SystemClock()
    async with heard(page) as traffic:
        loop = _Loop(
            page=page,
            goal=goal,
            model=model,
            tools=tools,
            limits=limits or StepLimits(),
            secrets=secrets or Secrets(),
            clock=clock,
            watch=watch,
            door=door,
            traffic=traffic,
            hands=Hands(page, clock, traffic, origins),
        )
        return await loop.run()


@dataclass(slots=True, kw_only=True)
class _Loop:
    page: Page
    goal: str
    model: Model
    tools: SiteTools | None
    limits: StepLimits
    secrets: Secrets
    clock: Clock
    watch: Callable[[Step], None]
    door: Door
    traffic: Traffic
    hands: Hands
    steps: list[Step] = field(default_factory=list)
    started: float = 0.0
    acted: int = 0
    called: int = 0
    first_action: float | None = None
    #: Where the next part of the page begins, that the model has asked for.
    start: int = 0

    async def run(self) -> StepOutcome:
        self.started = self.clock.now()
        described = self.tools.describe() if self.tools is not None else None
        await self.traffic.rest(self.clock)
        while (reached := self._limit()) is None:
            snapshot = await self._look()
            page, end = show_page(snapshot, self.start, self.limits)
            prompt = next_prompt(self.goal, described, self.steps, page, self.limits)
            completion = await self._ask(prompt)
            if completion is None:
                break
            outcome = await self._answer(completion, snapshot, end)
            if outcome is not None:
                return outcome
        return self._outcome("limit", reason=reached or self._time_is_over())

    def _limit(self) -> str | None:
        """The limit that is reached, in words."""
        limits, usage = self.limits, self._usage()
        if sum(step.readable for step in self.steps) >= limits.steps:
            return f"{limits.steps} steps were made"
        if len(self.steps) >= limits.model_calls:
            return f"the model was asked {limits.model_calls} times"
        if usage.completion_tokens >= limits.output_tokens:
            return f"the model wrote {usage.completion_tokens} tokens"
        return self._time_is_over() if self._left() <= 0 else None

    def _time_is_over(self) -> str:
        return f"{self.limits.seconds:g} s were over"

    def _left(self) -> float:
        return self.limits.seconds - (self.clock.now() - self.started)

    async def _look(self) -> Snapshot:
        """The page as it is now, without secrets. Raises a RunError."""
        seen = await guarded(
            lambda: take_snapshot(self.page),
            self.page.context,
            "looking at the page",
            seconds=2 * SNAPSHOT_MS / 1000,
        )
        hide = self.secrets.hide
        return Snapshot(hide(seen.url), hide(seen.title), hide(seen.text))

    async def _ask(self, prompt: Prompt) -> Completion | None:
        """The model's answer; None where the time is over before it has come."""
        limit = asyncio.timeout(max(self._left(), 0.0))
        try:
            async with limit:
                return await self.model.complete(prompt)
        except TimeoutError:
            if not limit.expired():
                raise
            return None

    async def _answer(
        self, completion: Completion, snapshot: Snapshot, next_part: int
    ) -> StepOutcome | None:
        """Do what an answer says; how the loop ended, if it has."""
        try:
            actions = read_actions(completion.text)
        except Unreadable as error:
            self._keep(completion, snapshot, (), [str(error)])
            return None
        told, moved, end = list[str](), False, _End()
        start, self.start = self.start, 0
        for number, action in enumerate(actions[: self.limits.actions]):
            if moved and not isinstance(action, Use | Goto):
                break
            match action:
                case Done(answer):
                    end = _End("done", answer=answer)
                case GiveUp(reason):
                    end = _End("gave-up", reason=reason or "the model gave no reason")
                case Read(ref):
                    told.append(_read(snapshot, ref, self.limits))
                case More():
                    self.start = next_part if next_part < len(snapshot.text) else start
                    told.append("see below")
                case Use():
                    before = self.traffic.arrivals
                    done, result = await self._use(action)
                    told.append(result)
                    moved = moved or self.traffic.arrivals > before
                    if not done:
                        break
                case _:
                    tried = await self._act(action, rest=not _types_next(actions, number))
                    told.append(tried.told)
                    moved = moved or tried.moved
                    if not tried.done:
                        break
            if end.status is not None:
                break
        hide = self.secrets.hide
        shown = tuple(hide(show_action(action)) for action in actions)
        self._keep(completion, snapshot, shown, [hide(each) for each in told])
        if end.status is None:
            return None
        return self._outcome(end.status, answer=end.answer, reason=end.reason)

    async def _act(self, deed: Deed, *, rest: bool) -> Tried:
        self._begin_action()
        self.acted += 1
        async with self.door() as refused:
            tried = await self.hands.act(deed, rest=rest)
        opened = [f"a tab was opened at {url}" for url in self.traffic.popups]
        self.traffic.popups.clear()
        return replace(tried, told="; ".join((tried.told, *refused, *opened[:1])))

    async def _use(self, use: Use) -> tuple[bool, str]:
        """Whether a tool of the site's was called, and what it gave, or why it was not."""
        if self.tools is None:
            return False, "there are no tools here: use the page"
        self._begin_action()
        self.called += 1
        try:
            result = await self.tools.call(use.tool, use.arguments)
        except (BrowserError, SiteUnreachable):
            raise
        except RunError as error:
            return False, f"it failed: {error.message}; {error.hint}".removesuffix("; ")
        await self.traffic.rest(self.clock)
        return True, show_result(result)

    def _begin_action(self) -> None:
        if self.first_action is None:
            self.first_action = self.clock.now() - self.started

    def _keep(
        self,
        completion: Completion,
        snapshot: Snapshot,
        actions: tuple[str, ...],
        told: Sequence[str],
    ) -> None:
        made = Step(
            number=len(self.steps) + 1,
            url=snapshot.url,
            actions=actions,
            told=tuple(told),
            usage=completion.usage,
            thinking=completion.seconds,
        )
        self.steps.append(made)
        self.watch(made)

    def _usage(self) -> Usage:
        return sum((step.usage for step in self.steps), Usage())

    def _outcome(self, status: Status, *, answer: Any = None, reason: str = "") -> StepOutcome:
        return StepOutcome(
            status=status,
            answer=answer,
            reason=reason,
            steps=tuple(self.steps),
            usage=self._usage(),
            actions=self.acted,
            calls=self.called,
            seconds=self.clock.now() - self.started,
            thinking=sum(step.thinking for step in self.steps),
            first_action=self.first_action,
        )


@dataclass(frozen=True, slots=True)
class _End:
    """How an answer says that the loop ends; no status where it goes on."""

    status: Status | None = None
    answer: Any = None
    reason: str = ""


def _read(snapshot: Snapshot, ref: str, limits: StepLimits) -> str:
    """All that is in an element, and no more than a page may have."""
    text = snapshot.below(ref)
    if not text:
        return f"{ref} is not on the page"
    most = min(limits.page_chars, RESULT_CHARS)
    return text if len(text) <= most else f"{text[:most]}… (cut)"


def _types_next(actions: Sequence[Action], number: int) -> bool:
    """Whether the action is followed by more typing, which needs no page at rest."""
    this, then = actions[number], actions[number + 1 : number + 2]
    return isinstance(this, Type) and not this.enter and any(isinstance(a, Type) for a in then)
