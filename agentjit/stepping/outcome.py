"""What one stretch of the step loop may take, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from agentjit.errors import UsageError
from agentjit.ports import Usage

#: How a loop ended: the model said that it is done, or that it cannot be; or a limit was reached.
Status: TypeAlias = Literal["done", "gave-up", "limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLimits:
    """The most that one loop may take. Whatever is reached first ends it, as "limit"."""

    #: Looks at the page, each followed by one answer of the model that could be read.
    steps: int = 20
    #: Answers of the model, those that could not be read among them.
    model_calls: int = 25
    #: Of wall time. An answer that is under way is not waited for.
    seconds: float = 180.0
    #: Tokens of all answers together, and of one answer.
    output_tokens: int = 10_000
    answer_tokens: int = 600
    #: Actions of one answer; those beyond are not done.
    actions: int = 10
    #: Characters of a page that the model is shown at once.
    page_chars: int = 24_000
    #: Earlier steps that the model is told of.
    history: int = 8

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise UsageError(
                    f"the step loop's limit `{name}` is {getattr(self, name)}: it could do nothing",
                    "give more than 0, or switch it off",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One round: what the model wanted, what came of it, and what the answer cost."""

    number: int
    #: The address at which it began.
    url: str
    #: The actions in the model's own terms, and what came of each that was tried. Where the answer
    #: could not be read there are none, and the one text says why.
    actions: tuple[str, ...]
    told: tuple[str, ...]
    usage: Usage
    #: Seconds that the model took.
    thinking: float

    @property
    def readable(self) -> bool:
        """Whether the model's answer could be read."""
        return bool(self.actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """How a loop ended. `status` is the model's word, or a limit: it proves nothing of the site."""

    status: Status
    #: What the model says the answer is, where it is done.
    answer: Any = None
    #: Why it gave up, or which limit was reached.
    reason: str = ""
    steps: tuple[Step, ...] = ()
    usage: Usage = Usage()
    #: What was done in the browser, and which calls of the site's tools were made.
    actions: int = 0
    calls: int = 0
    #: Seconds of the whole loop, those in which the model was waited for, and those until the first
    #: action began; None where there was none.
    seconds: float = 0.0
    thinking: float = 0.0
    first_action: float | None = None

    @property
    def model_calls(self) -> int:
        """Answers of the model."""
        return len(self.steps)
