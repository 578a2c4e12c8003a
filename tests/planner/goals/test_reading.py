"""What the reader of goals makes of a mailbox, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from agentjit.compiler.ir import calls_in
from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Task
from agentjit.planner.goals.reader import read_goal
from agentjit.planner.goals.record_writing import show_goal
from agentjit.planner.select import judge
from agentjit.planner.symbolic import plan_symbolically
from agentjit.sites import load_site
from agentjit.toolspecs import Effect
from tests.conftest import Golden

TOOLSET: Final = load_site("gomail").toolset
EMAILS: Final = [
    {
        "id": f"m{number}",
        "sender": sender,
        "address": f"{sender.split()[0].casefold()}@example.com",
        "subject": subject,
        "snippet": "…",
        "date": f"2026-11-{20 - number:02}",
        "time": "09:00",
        "unread": number % 2 == 0,
        "starred": False,
        "labels": [],
        "has_attachment": False,
    }
    for number, (sender, subject) in enumerate(
        (("Alerts", "Low balance"), ("Jane Smith", "Offsite"), ("Alerts", "Payment"))
    )
]
LISTS: Final[Mapping[str, Any]] = {
    "list_emails": EMAILS,
    "list_labels": [{"name": "Travel", "unread": 0}],
}

TASKS: Final = (
    'Reply "unsubscribe" to the first two emails',
    'Forward the latest email to me@example.com with the note "FYI", then delete it',
    "Delete all emails from Alerts and Jane Smith",
    "Star every unread email",
    "Snooze the two newest emails for 3 days",
    "Create the labels Work and Urgent",
    "How many unread emails are in the inbox?",
    'Send an email with the subject "Hi" and the body "Hello" to each of a@b.example, c@d.example',
)

#: None of these may do anything for good, and most may do nothing.
REFUSED: Final = (
    'Should I reply "yes" to the latest email?',
    'I replied "yes" to the latest email',
    'Do not reply "yes" to the latest email',
    'Never forward the latest email to me@example.com',
    'Reply "yes" to the latest email unless it is from Alerts',
    'Reply "yes" to the latest email if it is unread',
    'Reply "yes" or "no" to the latest email',
    'Reply "yes" to an email',
    'Reply "yes" to the email',
    'Reply "yes" to emails',
    'Reply "yes" to the latest emails',
    'Reply "yes" to the email from Alerts',
    'Reply "yes" to the email from Bob',
    'Reply "yes" to everybody but Jane Smith',
    'Reply to the latest email',
    "Forward the latest email",
    "Forward the latest email to my sister",
    'Send an email to Jane with the subject "Hi"',
    'Send a@example.com an email',
    'Who will reply "yes" to the latest email?',
    'We reply "yes" to the latest email',
    'Reply "yes" to the three emails from Alerts',
    'Reply "yes" to the latest email about the invoice',
)  # fmt: skip


class _Mailbox:
    """Answers lookups from its lists."""

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        """What the last call lists."""
        assert all(TOOLSET.by_name[name].effect.harmless for name, _ in steps)
        return LISTS.get(steps[-1][0], [])


async def test_goals_and_plans(golden: Golden) -> None:
    stories = []
    for text in TASKS:
        start = TOOLSET.state.start()
        goal = await read_goal(text, TOOLSET, start, _Mailbox())
        plan = (await plan_symbolically(Task(text, TOOLSET), _Mailbox())).plan
        stories.append(f"# {text}\n# {show_goal(goal)}\n{plan}")
    golden("planner/mailbox.txt", "\n".join(stories))


@pytest.mark.parametrize("text", REFUSED)
async def test_nothing_is_sent(text: str) -> None:
    task = Task(text, TOOLSET)
    try:
        candidate = await plan_symbolically(task, _Mailbox())
    except Abstained:
        return
    checked = judge(candidate, task).checked
    assert checked is not None
    effects = {TOOLSET.by_name[c.tool].effect for c in calls_in(checked.program.body)}
    assert effects <= {Effect.READ, Effect.NAVIGATE}, candidate.plan
