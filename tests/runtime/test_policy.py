"""Policies of approval: which rule decides, what fails closed, and what a file may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentjit.errors import ApprovalRefused, UsageError
from agentjit.ports import ApprovalRequest
from agentjit.runtime.policy import (
    Decision,
    Policy,
    PolicyApprover,
    Rule,
    find_amount,
    find_recipients,
    read_policy,
)
from tests.runtime.pretend import Person


def request(tool: str = "place_order", terms: Any = None, **arguments: Any) -> ApprovalRequest:
    return ApprovalRequest(tool=tool, summary="Do it.", arguments=arguments, terms=terms)


def decide(rule: Rule, asked: ApprovalRequest) -> Decision:
    return Policy(rules=(rule,)).decide("dashdish", asked)


ALLOW, DENY = Decision.ALLOW, Decision.DENY


@pytest.mark.parametrize(
    ("rule", "asked", "expected"),
    [
        (Rule(decision=ALLOW), request(), "allow"),
        (Rule(decision=ALLOW, site="dash*", tool="place_*"), request(), "allow"),
        (Rule(decision=ALLOW, site="gomail"), request(), "ask"),
        (Rule(decision=ALLOW, tool="send_email"), request(), "ask"),
        (Rule(decision=ALLOW, amount_up_to=30), request(terms={"total": 30.0}), "allow"),
        (Rule(decision=ALLOW, amount_up_to=30), request(terms={"total": 30.01}), "ask"),
        (Rule(decision=DENY, amount_above=500), request(terms={"total": 501}), "deny"),
        (Rule(decision=DENY, amount_above=500), request(terms={"total": 500}), "ask"),
        # What cannot be read does not allow, but it denies.
        (Rule(decision=ALLOW, amount_up_to=30), request(terms={"total": "30"}), "ask"),
        (Rule(decision=ALLOW, amount_up_to=30), request(terms={"total": True}), "ask"),
        (Rule(decision=DENY, amount_above=500), request(), "deny"),
        (Rule(decision=ALLOW, recipient="*@a.org"), request(to="X@A.org, y@a.org"), "allow"),
        (Rule(decision=ALLOW, recipient="*@a.org"), request(to="x@a.org; y@b.org"), "ask"),
        (Rule(decision=ALLOW, recipient="*@a.org"), request(to="x@a.org", bcc="z@b.org"), "ask"),
        (Rule(decision=DENY, recipient="*@b.org"), request(to="x@a.org y@b.org"), "deny"),
        (Rule(decision=ALLOW, recipient="*@a.org"), request(), "ask"),
        (Rule(decision=ALLOW, recipient="*@a.org"), request(terms={"to": ["x@a.org"]}), "allow"),
    ],
)
def test_a_rule_decides_what_it_is_about(rule: Rule, asked: ApprovalRequest, expected: str) -> None:
    assert decide(rule, asked) == expected


def test_the_first_rule_that_fits_decides() -> None:
    policy = Policy(rules=(Rule(decision=DENY, tool="pay"), Rule(decision=ALLOW)))
    assert policy.decide("shop", request("pay")) is DENY
    assert policy.decide("shop", request("send")) is ALLOW
    assert Policy().decide("shop", request()) is Decision.ASK


async def test_only_what_is_to_be_asked_is_asked() -> None:
    policy = Policy(rules=(Rule(decision=ALLOW, tool="a"), Rule(decision=DENY, tool="d")))
    person = Person(answer=True)
    approver = PolicyApprover(policy, "shop", person)
    assert await approver.approve(request("a"))
    assert person.asked == []
    assert await approver.approve(request("b"))
    assert [asked.tool for asked in person.asked] == ["b"]
    with pytest.raises(ApprovalRefused, match="the policy denies it"):
        await approver.approve(request("d"))


def test_amounts_and_recipients_are_read_off_terms_and_arguments() -> None:
    assert find_amount(request(terms={"price": 2, "total": 3.5}, amount=9)) == 3.5
    assert find_amount(request(amount=9)) == 9.0
    assert find_amount(request(terms=[{"name": "Total", "value": 4}])) == 4.0
    assert find_amount(request(terms="12.50")) is None
    assert find_recipients(request(terms={"to": "z@z.org"}, to="A@b.org")) == ("a@b.org",)
    assert find_recipients(request(terms={"to": "z@z.org"})) == ("z@z.org",)


def test_a_file_gives_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        'max_commits = 2\n[[rule]]\ndecision = "allow"\ntool = "pay"\namount_up_to = 20\n'
        '[[rule]]\ndecision = "deny"\n'
    )
    assert read_policy(path) == Policy(
        rules=(Rule(decision=ALLOW, tool="pay", amount_up_to=20), Rule(decision=DENY)),
        max_commits=2,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("max_commits = true", "max_commits is True"),
        ("max_commits = -1", "max_commits is -1"),
        ("rules = []", "'rules' is unknown"),
        ("rule = 1", "rule is no list"),
        ('[[rule]]\ntool = "pay"', "rule 1: its decision is not said"),
        ('[[rule]]\ndecision = "yes"', "rule 1: its decision is yes"),
        ('[[rule]]\ndecision = "deny"\namount = 3', "rule 1: 'amount' is unknown"),
        ('[[rule]]\ndecision = "deny"\namount_above = "3"', "amount_above is '3'"),
        ("[[rule", "is no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_says_where(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_policy(path)
    assert said in caught.value.message


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")


def test_the_policy_of_the_documents_can_be_read(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "runs.md").read_text("utf-8")
    path = tmp_path / "policy.toml"
    path.write_text(text.split("```toml\n")[1].split("```")[0])
    policy = read_policy(path)
    assert policy.max_commits == 3
    assert [rule.decision for rule in policy.rules] == [ALLOW, DENY]
