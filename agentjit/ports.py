"""The narrow ports to the outside: what the core asks of a model, a clock, a person, a disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Usage:
    """What model calls cost. Tokens as the endpoint counts them, dollars by the price table."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    #: Calls whose tokens are an estimate: they ended before the endpoint told the number.
    estimated: int = 0
    dollars: float = 0.0
    #: Calls of models whose price is not known; `dollars` does not hold them.
    unpriced: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated + other.estimated,
            self.dollars + other.dollars,
            self.unpriced + other.unpriced,
        )

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Grammars:
    """What an answer must look like, in the two notations that endpoints read."""

    lark: str
    gbnf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One request to a model: chat messages with `role` and `content`, and how to sample."""

    messages: Sequence[Mapping[str, str]]
    temperature: float = 0.0
    seed: int | None = None
    #: Upper bound of the answer's length, in tokens.
    max_tokens: int = 1024
    #: Whether that bounds what a model thinks before it answers, too, and not the answer alone.
    thinks_within: bool = False
    #: A JSON schema that the answer must follow, where the endpoint can hold it to one.
    schema: Mapping[str, Any] | None = None
    #: A grammar that the answer must follow, where the endpoint can hold it to one.
    grammar: Grammars | None = None


#: Told the answer so far, each time that it has grown; False ends the answer at once.
Watch: TypeAlias = Callable[[str], bool]

#: How a completion ended whose watcher had seen enough.
STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One answer of a model."""

    text: str
    usage: Usage
    #: Wall time of the request, in seconds.
    seconds: float
    #: Why the answer ended, in the endpoint's words ("stop", "length", …), or STOPPED.
    finish: str = "stop"


class Model(Protocol):
    """A language model behind some endpoint."""

    @property
    def name(self) -> str:
        """`provider/model`, for people and records."""

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        """One completion. Raises ModelError when the endpoint cannot be used.

        With `watch` the answer is streamed, and the connection is closed when it says so.
        """


class Clock(Protocol):
    """Time, so that tests need not wait for it."""

    def now(self) -> float:
        """Seconds since some fixed point, never going back."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """An irreversible call, as a person must see it before it is granted."""

    tool: str
    summary: str
    arguments: Mapping[str, Any]
    #: What the site itself says it is about: items, prices, recipients; None where the tool has no
    #: `terms`.
    terms: Any = None
    #: The arguments that hold something which a page or the model said, and which calls read it.
    untrusted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Identifies tool, arguments, terms and account: a grant holds for nothing else.
    digest: str = ""


class Approver(Protocol):
    """Whoever may grant an irreversible call."""

    async def approve(self, request: ApprovalRequest) -> bool:
        """Whether this very call is granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something that happened in a run: a kind, seconds since its start, and JSON data."""

    kind: str
    at: float
    data: Mapping[str, Any] = field(default_factory=dict)


class Journal(Protocol):
    """Where a run's events are kept."""

    def record(self, event: RunEvent) -> None:
        """Keep the event; when this returns, a crash no longer loses it."""
