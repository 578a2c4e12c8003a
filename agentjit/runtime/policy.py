"""Policies of approval: a TOML file that allows, asks for, or denies irreversible calls.

    max_commits = 3              # irreversible calls of one run; left out: any number

    [[rule]]                     # the first rule that fits decides; where none does, it is asked
    decision = "allow"           # allow, ask or deny
    site = "dashdish"            # this and the next: a name, or a pattern with * and ?
    tool = "place_order"
    amount_up_to = 30.0          # what is to be paid, as the site's own terms tell it
    recipient = "*@example.com"  # all of them, to allow; any of them, to ask or to deny

    [[rule]]
    decision = "deny"
    amount_above = 500

A rule that speaks of an amount or of recipients, where the call has none that can be read, does not
allow; but it does ask, or deny.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from agentjit.errors import ApprovalRefused, UsageError
from agentjit.ports import ApprovalRequest, Approver

#: The file that the command line reads where it stands, unless another is named.
POLICY: Final = "agentjit-policy.toml"

#: Where an amount is looked for, in this order: first in the terms, then in the arguments.
AMOUNTS: Final = ("total", "grand_total", "total_cost", "total_price", "amount", "price", "cost")

#: Where recipients are looked for.
RECIPIENTS: Final = ("to", "cc", "bcc", "recipient", "recipients")


class Decision(StrEnum):
    """What a rule says."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. None fits everything; patterns know * and ?."""

    decision: Decision
    site: str = "*"
    tool: str = "*"
    recipient: str | None = None
    amount_up_to: float | None = None
    amount_above: float | None = None

    def fits(self, site: str, request: ApprovalRequest) -> bool:
        """Whether the rule is about this call."""
        named = fnmatchcase(site, self.site) and fnmatchcase(request.tool, self.tool)
        return named and self._fits_amount(request) and self._fits_recipients(request)

    def _fits_amount(self, request: ApprovalRequest) -> bool:
        if self.amount_up_to is None and self.amount_above is None:
            return True
        amount = find_amount(request)
        if amount is None:
            return self.decision is not Decision.ALLOW
        below = self.amount_up_to is None or amount <= self.amount_up_to
        return below and (self.amount_above is None or amount > self.amount_above)

    def _fits_recipients(self, request: ApprovalRequest) -> bool:
        if self.recipient is None:
            return True
        found = find_recipients(request)
        if not found:
            return self.decision is not Decision.ALLOW
        fitting = [fnmatchcase(each, self.recipient.casefold()) for each in found]
        return all(fitting) if self.decision is Decision.ALLOW else any(fitting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules, of which the first that fits decides, and a cap."""

    rules: tuple[Rule, ...] = ()
    #: Irreversible calls that one run may make; None for any number.
    max_commits: int | None = None

    def decide(self, site: str, request: ApprovalRequest) -> Decision:
        """What the policy says of this call."""
        fitting = (rule.decision for rule in self.rules if rule.fits(site, request))
        return next(fitting, Decision.ASK)


@dataclass(frozen=True, slots=True)
class PolicyApprover:
    """Decides by a policy, and asks somebody where that says so."""

    policy: Policy
    site: str
    asked: Approver

    async def approve(self, request: ApprovalRequest) -> bool:
        """Whether it is granted. Raises ApprovalRefused where the policy denies it."""
        match self.policy.decide(self.site, request):
            case Decision.ALLOW:
                return True
            case Decision.ASK:
                return await self.asked.approve(request)
            case Decision.DENY:
                raise ApprovalRefused(
                    f"{request.tool}() was not attempted: the policy denies it; what came before "
                    "it stays done",
                    "change the policy, if that is what you want",
                )


def read_policy(path: Path) -> Policy:
    """The policy in a file. Raises UsageError, which names the entry that is wrong."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"the policy {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the policy {path} is no TOML: {error}") from error
    rules, cap = document.pop("rule", []), document.pop("max_commits", None)
    if document:
        raise _wrong(path, f"{next(iter(document))!r} is unknown", "max_commits and [[rule]]")
    if cap is not None and (type(cap) is not int or cap < 0):
        raise _wrong(path, f"max_commits is {cap!r}", "a whole number")
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise _wrong(path, "rule is no list of tables", "[[rule]]")
    found = tuple(_read_rule(path, number, rule) for number, rule in enumerate(rules, start=1))
    return Policy(rules=found, max_commits=cap)


def find_amount(request: ApprovalRequest) -> float | None:
    """What is to be paid, in the site's currency; None where nothing says so."""
    for told in (request.terms, request.arguments):
        fields = dict(_fields(told))
        for name in AMOUNTS:
            value = fields.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
    return None


def find_recipients(request: ApprovalRequest) -> tuple[str, ...]:
    """To whom something is sent, in lower case: those that the call names, else the terms."""
    for told in (request.arguments, request.terms):
        found = [
            each.casefold()
            for name, value in _fields(told)
            if name in RECIPIENTS
            for each in _names(value)
        ]
        if found:
            return tuple(found)
    return ()


def _fields(told: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a record; those of a form are told as a list of names and values."""
    if isinstance(told, Mapping):
        yield from told.items()
    elif isinstance(told, list):
        for entry in told:
            if isinstance(entry, Mapping) and {"name", "value"} <= entry.keys():
                yield str(entry["name"]).casefold(), entry["value"]


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, re.split(r"[,;\s]+", value))
    elif isinstance(value, list):
        for each in value:
            yield from _names(each)


def _read_rule(path: Path, number: int, entry: Mapping[str, Any]) -> Rule:
    kinds: dict[str, tuple[type, ...]] = {
        "decision": (str,),
        "site": (str,),
        "tool": (str,),
        "recipient": (str,),
        "amount_up_to": (int, float),
        "amount_above": (int, float),
    }
    for name, value in entry.items():
        if name not in kinds:
            raise _wrong(path, f"rule {number}: {name!r} is unknown", ", ".join(kinds))
        if isinstance(value, bool) or not isinstance(value, kinds[name]):
            what = "a text" if kinds[name] == (str,) else "a number"
            raise _wrong(path, f"rule {number}: {name} is {value!r}", what)
    if entry.get("decision") not in list(Decision):
        said = entry.get("decision", "not said")
        raise _wrong(path, f"rule {number}: its decision is {said}", "allow, ask or deny")
    return Rule(**{**entry, "decision": Decision(entry["decision"])})


def _wrong(path: Path, what: str, right: str) -> UsageError:
    return UsageError(f"the policy {path}: {what}", f"it should be: {right}")
