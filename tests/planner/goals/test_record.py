"""Goal records: what is written is what is read, plans come of them, and faults are told."""

from __future__ import annotations

import pytest

from agentjit.diagnostics import render
from agentjit.planner.candidate import Candidate, Task
from agentjit.planner.goals.composing import compose_plan
from agentjit.planner.goals.goal import Goal
from agentjit.planner.goals.record import parse_goal
from agentjit.planner.goals.record_writing import show_goal
from agentjit.planner.goals.vouching import vouch
from agentjit.planner.select import judge
from agentjit.sites import load_site
from agentjit.source import Source
from tests.conftest import Golden

#: A record of each form, on the site whose tools it names.
RECORDS = (
    (
        "gomail",
        (
            'forward_email(to="me@example.com", note="FYI") for list_emails()'
            " first 2 then delete_email_batch() same"
        ),
    ),
    ("gomail", 'create_label() each label_name in ["Work", "Urgent"]'),
    ("gomail", 'delete_email_batch() for list_emails() where sender == "Alerts" | "Newsletter"'),
    ("gomail", "count list_emails() where unread == true after goto_inbox()"),
    ("gomail", "snooze_emails(days=3) for list_emails() one"),
    ("gomail", "read get_unread_count()"),
    (
        "dashdish",
        (
            "count list_all_stores() where review_count < 20 of the first 5 in"
            ' list_categories() = "Best near you"'
        ),
    ),
    (
        "dashdish",
        (
            "tell text of get_store_reviews() first 3 in list_all_stores() in"
            ' list_categories() = "Best near you"'
        ),
    ),
    (
        "dashdish",
        (
            "tell smallest price name, price of list_menu_items() where name has"
            ' "fries" in list_all_stores() = "Wingstop", "Popeyes"'
        ),
    ),
    (
        "dashdish",
        (
            "place_order() for list_menu_items() min price one in"
            ' list_all_stores() = "Taco Bell" if total < 30.0'
        ),
    ),
    ("omnizon", "cancel_order() for list_orders() where can_cancel == true max total one"),
    (
        "omnizon",
        (
            "place_order() with set_quantity(quantity=5) for list_results() min"
            ' price after search_products(query="kettle") one'
        ),
    ),
    (
        "omnizon",
        (
            'tell color of list_results() one in list_categories() = "Gift",'
            ' "Toys" by get_product_details'
        ),
    ),
    (
        "gitlab",
        (
            "commit_license() with select_license_template(template_name=find"
            ' list_license_templates "Apache") for list_projects() = "byteblaze/dotfiles"'
        ),
    ),
    (
        "gitlab",
        (
            'invite_project_members(usernames=[find find_users "vinta"],'
            ' role="Developer") for list_projects() = "byteblaze/timeit"'
        ),
    ),
    (
        "reddit",
        (
            "upvote() for list_submissions() after"
            ' change_submission_order(order="new") one in list_forums() = "books"'
        ),
    ),
)

#: What is wrong, on which site.
WRONG = (
    ("gomail", "delete_everything() for list_emails()"),
    ("gomail", 'reply_to_email(text="hi") for list_emails() first 2'),
    ("gomail", 'count list_emails() where colour == "red"'),
    ("gomail", "count list_emails() where"),
    ("gomail", "count send_draft()"),
    ("gomail", "please delete all mails"),
    ("gomail", 'reply_to_email(body="\\x") for list_emails() one'),
    ("gomail", 'count list_emails() first "two"'),
    ("gomail", 'reply_to_email(body="hi") for list_emails() one if total < "ten"'),
)


def _read(site: str, text: str) -> Goal:
    goal = parse_goal(text, load_site(site).toolset)
    assert isinstance(goal, Goal), [d.message for d in goal]
    return goal


@pytest.mark.parametrize(("site", "text"), RECORDS)
def test_what_is_written_is_what_is_read(site: str, text: str) -> None:
    goal = _read(site, text)
    assert _read(site, show_goal(goal)) == goal
    assert show_goal(goal) == text


def test_plans_of_records(golden: Golden) -> None:
    stories = []
    for site, text in RECORDS:
        toolset = load_site(site).toolset
        plan = compose_plan(_read(site, text), toolset, toolset.state.start())
        verdict = judge(Candidate(plan=plan, origin="test"), Task(text, toolset), provenance=False)
        assert verdict.checked is not None, (plan, verdict.diagnostics)
        stories.append(f"# {site}: {text}\n{plan}")
    golden("planner/goal_plans.txt", "\n".join(stories))


def test_faults_of_records(golden: Golden) -> None:
    stories = []
    for site, text in WRONG:
        found = parse_goal(text, load_site(site).toolset)
        assert isinstance(found, list)
        stories += [render(each, Source("goal", text)) for each in found]
    golden("planner/goal_faults.txt", "\n\n".join(stories) + "\n")


@pytest.mark.parametrize(
    ("task", "body", "codes"),
    [
        ('Reply "thanks" to the latest email', "thanks", []),
        ('Reply "thanks" to the latest email', "no", ["goal-invented-slot"]),
        ("Delete the latest email", "email", ["goal-unasked"]),
        ('Should I reply "thanks" to it?', "thanks", ["goal-unasked"]),
        ('I replied "thanks" to it', "thanks", ["goal-unasked"]),
        ('Don\'t reply "thanks"', "thanks", ["goal-unasked"]),
        ('Reply "thanks" if it is from Bob', "thanks", ["goal-unasked"]),
    ],
)
def test_the_task_must_stand_behind_a_goal(task: str, body: str, codes: list[str]) -> None:
    toolset = load_site("gomail").toolset
    goal = _read("gomail", f'reply_to_email(body="{body}") for list_emails() one')
    assert [d.code for d in vouch(goal, task, toolset)] == codes


@pytest.mark.parametrize(
    ("task", "record", "codes"),
    [
        # Several things, and no word for several.
        ('Reply "ok" to the latest email', 'reply_to_email(body="ok") for list_emails()', ["many"]),
        ('Reply "ok" to every email', 'reply_to_email(body="ok") for list_emails()', []),
        (
            'Reply "ok" to the first two emails',
            'reply_to_email(body="ok") for list_emails() first 2',
            [],
        ),
        # A number in an address, or a sum, says not how many; and all are more than two.
        (
            'Reply "ok" to the latest email from bob2@example.com, for $30',
            'reply_to_email(body="ok") for list_emails() where sender == "bob2@example.com"',
            ["many"],
        ),
        (
            'Reply "ok" to the latest email from bob2@example.com, for $30',
            'reply_to_email(body="ok") for list_emails() first 30',
            ["many"],
        ),
        (
            'Reply "ok" to the first two emails',
            'reply_to_email(body="ok") for list_emails()',
            ["many"],
        ),
        # The same again, to the same.
        (
            'Reply "ok" to the latest email',
            'reply_to_email(body="ok") for list_emails() one then reply_to_email(body="ok") same',
            ["many"],
        ),
        (
            'Reply "ok" to the latest email',
            'reply_to_email() for list_emails() one each body in ["ok", "ok"]',
            ["many"],
        ),
        # A number that nobody said, and one that is said.
        (
            'Reply "ok" to the first two emails',
            'reply_to_email(body="ok") for list_emails() first 3',
            ["slot"],
        ),
        (
            "Snooze the latest email for 3 days",
            "snooze_emails(days=5) for list_emails() one",
            ["slot"],
        ),
        (
            "Snooze the latest email for three days",
            "snooze_emails(days=3) for list_emails() one",
            [],
        ),
        # What can be undone is not done unasked either.
        ("Star the latest email", "delete_email_batch() for list_emails() one", ["goal-unasked"]),
        ("Is the latest email unread?", "star_emails() for list_emails() one", ["goal-unasked"]),
        # A question is answered by reading alone.
        (
            'Reply "ok" to the latest email',
            'count list_emails() after reply_to_email(body="ok")',
            ["goal-unasked"],
        ),
    ],
)  # fmt: skip
def test_what_is_done_and_how_often_is_the_tasks_to_say(
    task: str, record: str, codes: list[str]
) -> None:
    toolset = load_site("gomail").toolset
    found = [d.code for d in vouch(_read("gomail", record), task, toolset)]
    assert [
        code.removeprefix("goal-unasked-").removeprefix("goal-invented-") for code in found
    ] == codes


def test_what_a_goal_without_the_tasks_words_is_told(golden: Golden) -> None:
    toolset = load_site("gomail").toolset
    goal = _read("gomail", 'reply_to_email(body="I agree") for list_emails() one')
    found = vouch(goal, "Delete the latest email", toolset)
    everywhere = _read("gomail", 'reply_to_email(body="ok") for list_emails()')
    found += vouch(everywhere, 'Reply "ok" to the latest email', toolset)
    golden("planner/goal_unvouched.txt", "\n\n".join(render(each) for each in found) + "\n")
