"""When the loop may stand in for a tool, what it is told, and what may be sent meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.errors import (
    BrowserError,
    ContractBroken,
    NotDone,
    RunError,
    SiteUnreachable,
    ToolError,
    UsageError,
    ValueRejected,
)
from agentjit.runtime.allowed import read_origins
from agentjit.runtime.guarding import Interrupted
from agentjit.runtime.recorder import Recorder
from agentjit.runtime.standing_in import FailedCall
from agentjit.sites import load_site
from agentjit.stepping.door import may_be_called
from agentjit.stepping.goal import describe_goal
from agentjit.stepping.outcome import StepLimits
from agentjit.stepping.rung import StepRung, is_stale
from tests.runtime.pretend import Diary, VirtualClock, caller
from tests.stepping.script import Script

DASHDISH = load_site("dashdish").toolset
PAGE: Any = None


@pytest.mark.parametrize(
    ("error", "stale"),
    [
        (ContractBroken("the page is not the store's"), True),
        (Interrupted("the button does not come"), True),
        (ToolError("there is no such item"), False),
        (NotDone("the shop refused"), False),
        (ValueRejected("a price is a text"), False),
        (BrowserError("it crashed"), False),
        (SiteUnreachable("nobody is there"), False),
    ],
)
def test_an_answer_of_the_sites_is_no_stale_tool(error: RunError, stale: bool) -> None:
    assert is_stale(error) is stale


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ({"page": "store", "cart": "filled"}, False),
        ({"page": "checkout", "cart": "filled"}, True),
        # What is not seen may be so.
        ({"cart": "filled"}, True),
        ({}, True),
    ],
)
def test_an_order_is_possible_where_nothing_contradicts_it(
    state: dict[str, Any], possible: bool
) -> None:
    assert may_be_called(DASHDISH.by_name["place_order"], state) is possible


def test_the_goal_is_one_call_with_its_postcondition() -> None:
    call = FailedCall(
        tool=DASHDISH.by_name["goto_store"],
        page=PAGE,
        arguments={"store_name": 'Taco "Bell"'},
        error=ContractBroken("?"),
        line=1,
        open=False,
    )
    assert describe_goal(call) == (
        "do this one thing on the site, and nothing else:\n"
        "Open the page of one store (restaurant, vendor), from the list on the home page.\n"
        'Its name is goto_store; its arguments (data): {"store_name": "Taco \\"Bell\\""}\n'
        "It is reached when: page is 'store'; selected_store is 'Taco \"Bell\"'; "
        "filtered_by is None"
    )


@pytest.mark.parametrize(
    ("site", "name", "arguments", "willing"),
    [
        ("gitlab", "set_issue_title", {"title": "It is slow"}, True),
        # The page of the form is all that is seen: not what stands in the form.
        ("gitlab", "set_issue_description", {"description": "Very"}, False),
        ("gitlab", "goto_file", {"path": "README.md"}, False),
        ("reddit", "change_submission_order", {"order": "top", "period": "week"}, False),
    ],
)
def test_an_argument_that_cannot_be_seen_is_not_left_to_clicks(
    site: str, name: str, arguments: dict[str, Any], willing: bool
) -> None:
    toolset, diary = load_site(site).toolset, Diary()
    rung = StepRung(
        caller=caller(toolset=toolset),
        model=Script([]),
        recorder=Recorder(VirtualClock(), diary),
        origins=read_origins(("http://127.0.0.1:1",)),
    )
    call = FailedCall(
        tool=toolset.by_name[name],
        page=PAGE,
        arguments=arguments,
        error=ContractBroken("?"),
        line=1,
        open=False,
    )
    assert rung.willing(call) is willing
    assert diary.kinds() == ([] if willing else ["not-stepped"])


def test_limits_that_allow_nothing_make_no_sense() -> None:
    with pytest.raises(UsageError, match="`steps` is 0"):
        StepLimits(steps=0)
