"""Who may grant an irreversible call, and what exactly is granted."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from agentjit.errors import UsageError
from agentjit.ports import ApprovalRequest, Approver

#: A person's own decision: True grants this very call.
Decide: TypeAlias = Callable[[ApprovalRequest], bool | Awaitable[bool]]


class GrantAll:
    """Grants everything: the caller said so beforehand (`--yes`)."""

    async def approve(self, request: ApprovalRequest) -> bool:  # noqa: ARG002 - the port's shape
        """Yes."""
        return True


class RefuseAll:
    """Grants nothing: nobody is there to be asked."""

    async def approve(self, request: ApprovalRequest) -> bool:  # noqa: ARG002 - the port's shape
        """No."""
        return False


class Callback:
    """Asks a function, plain or async."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    async def approve(self, request: ApprovalRequest) -> bool:
        """What the function says; only True is yes."""
        answer = self._decide(request)
        return (await answer if inspect.isawaitable(answer) else answer) is True


def as_approver(approve: Approver | Decide | bool | None) -> Approver:
    """An approver from what an API user may give; nothing given refuses. Raises UsageError."""
    match approve:
        case True:
            return GrantAll()
        case None | False:
            return RefuseAll()
        case _ if hasattr(approve, "approve"):
            return approve
        case _ if callable(approve):
            return Callback(approve)
        case _:
            raise UsageError(
                f"{approve!r} cannot approve anything",
                "give True, False, a function or an Approver",
            )


def digest_of(tool: str, arguments: Mapping[str, Any], terms: Any, account: str) -> str:
    """What a grant is bound to; any other tool, argument, price or account has another digest."""
    text = json.dumps([tool, dict(arguments), terms, account], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
