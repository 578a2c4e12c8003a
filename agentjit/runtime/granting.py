"""From an irreversible call to a grant of its exact terms, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from agentjit.errors import ApprovalRefused, ContractBroken, ToolError, ValueRejected
from agentjit.ports import ApprovalRequest, Approver
from agentjit.runtime.approval import digest_of
from agentjit.runtime.calling import Caller
from agentjit.runtime.journal import RunJournal
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.settling import read_entries
from agentjit.toolspecs.tool import Tool

if TYPE_CHECKING:
    from playwright.async_api import Page

#: How often somebody is asked about one call whose terms change while they think.
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An irreversible call as it is to be granted; `key` is its name in the journal."""

    key: str
    tool: Tool
    page: Page
    arguments: Mapping[str, Any]
    #: The arguments that hold what a page or the model said, and which calls read it.
    untrusted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What was granted, what `verify` listed just before, and how long the deciding took."""

    terms: Any
    digest: str
    entries: list[Any] | None
    thinking: float = 0.0


@dataclass(frozen=True, slots=True)
class Granting:
    """Asks for grants, and writes them down."""

    caller: Caller
    approver: Approver
    recorder: Recorder
    journal: RunJournal
    account: str

    async def grant(self, asked: Asked) -> Grant:
        """A grant of the terms as they are now: who thinks long is asked again where they changed.

        A grant that was given before and never used is still good, for the same terms. Raises
        ApprovalRefused, and a RunError where the terms cannot be read.
        """
        tool = asked.tool
        terms = await self._terms(asked)
        past = self.journal.get(asked.key)
        unused = past.data.get("digest") if past is not None and past.step == "grant" else None
        thinking, digest = 0.0, ""
        for _ in range(ROUNDS):
            digest = self._digest(asked, terms)
            if digest == unused:
                self.recorder.record("approval-kept", tool=tool.name, digest=digest, terms=terms)
            else:
                begun = self.caller.clock.now()
                await self._ask(asked, terms, digest)
                thinking += self.caller.clock.now() - begun
            entries = await read_entries(self.caller, tool, asked.page)
            terms_now = await self._terms(asked)
            if self._digest(asked, terms_now) == digest:
                if digest != unused:
                    self.journal.write(asked.key, "grant", digest=digest, terms=terms)
                return Grant(terms=terms, digest=digest, entries=entries, thinking=thinking)
            self.recorder.record("terms-changed", tool=tool.name, granted=terms, terms=terms_now)
            terms = terms_now
        self.recorder.record("approval-refused", tool=tool.name, digest=digest)
        raise ApprovalRefused(
            f"{tool.name}() was not attempted: its terms keep changing, {ROUNDS} times after they "
            "were granted; what came before it stays done",
            "look at the site, and run it again when what it asks for stays the same",
        )

    def _digest(self, asked: Asked, terms: Any) -> str:
        return digest_of(asked.tool.name, asked.arguments, terms, self.account)

    async def _terms(self, asked: Asked) -> Any:
        """What the site says the call is about."""
        tool = asked.tool
        if tool.terms is None:
            return None
        reader = self.caller.toolset.by_name[tool.terms]
        try:
            return (await self.caller.call(reader, asked.page, {})).value
        except (ContractBroken, ToolError, ValueRejected) as error:
            raise type(error)(
                f"{tool.name}() was not attempted, for its terms cannot be read: {error.message}",
                error.hint,
            ) from error

    async def _ask(self, asked: Asked, terms: Any, digest: str) -> None:
        """Raises ApprovalRefused."""
        tool = asked.tool
        request = ApprovalRequest(
            tool=tool.name,
            summary=tool.summary,
            arguments=asked.arguments,
            terms=terms,
            untrusted=asked.untrusted,
            digest=digest,
        )
        self.recorder.record("approval-asked", tool=tool.name, digest=digest, terms=terms)
        if await self.approver.approve(request):
            return
        self.recorder.record("approval-refused", tool=tool.name, digest=digest)
        raise ApprovalRefused(
            f"{tool.name}() was not granted: it was not attempted; what came before it stays done",
            "grant it when asked, or pass --yes (in Python: approve=True)",
        )
