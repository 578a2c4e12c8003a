"""docs/errors.md says what the code says, of every error there is."""

from __future__ import annotations

import pytest

from agentjit.cli.codes import Code, list_codes
from tests.docs.errors import PAGE, find_raised, write_page


def test_the_page_is_made_from_the_code() -> None:
    told = PAGE.read_text("utf-8")
    assert told == write_page(), "write it anew: python -m tests.docs.errors"


@pytest.mark.parametrize("code", tuple(list_codes()), ids=lambda code: code.code)
def test_every_error_has_a_cause_and_a_remedy(code: Code) -> None:
    assert code.title
    if code.exit_code is not None:
        assert code.hint
    assert f"`{code.code}`" in PAGE.read_text("utf-8")


def test_the_errors_that_users_meet_most_are_found_in_the_code() -> None:
    raised = find_raised()
    assert sum(map(len, raised.values())) >= 100
    messages = {r.message: r.hint for each in raised.values() for r in each}
    assert messages["the task is empty"].startswith("say what you want")
    assert any("led outside the site's origins" in message for message in messages)
    assert any("there is no secret" in message for message in messages)
