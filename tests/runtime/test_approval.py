"""Who may grant what: nothing given refuses, and a grant holds for one call only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agentjit.errors import UsageError
from agentjit.ports import ApprovalRequest
from agentjit.runtime.approval import as_approver, digest_of
from tests.runtime.pretend import Person

REQUEST = ApprovalRequest(tool="pay", summary="Pay.", arguments={})


async def answer_later(request: ApprovalRequest) -> bool:
    return request.tool == "pay"


@pytest.mark.parametrize(
    ("approve", "granted"),
    [
        (True, True),
        (False, False),
        (None, False),
        (lambda request: request.tool == "pay", True),
        (lambda request: request.tool == "order", False),
        (answer_later, True),
        (Person(answer=True), True),
        (Person(answer=False), False),
        # Only True is yes: an answer that somebody forgot to turn into a bool is not.
        (lambda _: "no", False),
        (lambda _: 1, False),
        (lambda _: None, False),
    ],
)
async def test_an_approver_is_made_of_what_a_caller_may_give(approve: Any, granted: bool) -> None:
    assert await as_approver(approve).approve(REQUEST) is granted


@pytest.mark.parametrize("approve", [1, 0, "yes", ["pay"]])
def test_what_cannot_decide_is_a_usage_error(approve: Any) -> None:
    with pytest.raises(UsageError) as caught:
        as_approver(approve)
    assert caught.value.hint


def digest(
    tool: str = "pay",
    arguments: Mapping[str, Any] | None = None,
    terms: Any = None,
    account: str = "a",
) -> str:
    return digest_of(tool, arguments or {}, terms, account)


def test_a_digest_depends_on_everything_that_was_granted() -> None:
    given = {"item": "tea", "count": 1}
    digests = [
        digest(),
        digest("order"),
        digest(arguments=given),
        digest(arguments=given | {"count": 2}),
        digest(arguments=given | {"count": "1"}),
        digest(terms={"total": 3.5}),
        digest(terms={"total": 3.51}),
        digest(account="b"),
    ]
    assert len(set(digests)) == len(digests)


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest(arguments={"a": 1, "b": 2}) == digest(arguments={"b": 2, "a": 1})
    assert digest(terms={"a": 1, "b": 2}) == digest(terms={"b": 2, "a": 1})
