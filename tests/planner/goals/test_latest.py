"""What is newest, how many, and whose: on lists of the sites, in many words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from agentjit.planner.abstaining import Abstained
from agentjit.planner.candidate import Task
from agentjit.planner.goals.goal import Ranking
from agentjit.planner.goals.listings import Listings
from agentjit.planner.goals.reader import read_goal
from agentjit.planner.goals.record_writing import show_goal
from agentjit.planner.symbolic import plan_symbolically
from agentjit.planner.words import stem
from agentjit.sites import load_site
from tests.planner.goals.test_reading import EMAILS

FORUMS: Final = [
    {"name": name, "title": name.title(), "description": "", "submissions": 9, "subscribers": 9,
     "subscribed": False} for name in ("gardening", "trains")
]  # fmt: skip
POSTS: Final = [
    {"id": n, "title": f"Post {n}", "url": f"/f/trains/{n}", "forum": "trains", "author": "ada",
     "score": n, "comments": n, "my_vote": "none", "posted": f"2026-01-0{n + 1}T08:00:00",
     "link": None, "picture_url": None} for n in range(6)
]  # fmt: skip
ISSUES: Final = [
    {"number": n, "title": f"Issue {n}", "project_path": "ada/engine", "state": "opened",
     "author": "ada", "assignees": [], "labels": [], "due_date": "2026-09-01",
     "created_at": f"2026-01-0{n + 1}", "updated_at": "2026-08-01"} for n in range(3)
]  # fmt: skip
PROJECTS: Final = [{"project_path": "ada/engine", "name": "Engine", "description": "", "stars": 4}]
LISTS: Final[Mapping[str, Any]] = {
    "list_emails": EMAILS,
    "list_sent_emails": [
        {"id": "s1", "to": "a@b.example", "subject": "Mine", "snippet": "", "sent_at": "2026-01-01"}
    ],
    "list_labels": [],
    "list_forums": FORUMS,
    "list_submissions": POSTS,
    "list_issues": ISSUES,
    "list_projects": PROJECTS,
}


class _Site:
    """Answers lookups from its lists."""

    async def look(self, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Any:
        return LISTS.get(steps[-1][0], [])


async def goal_of(site: str, text: str) -> str:
    toolset = load_site(site).toolset
    return show_goal(await read_goal(text, toolset, toolset.state.start(), _Site()))


async def plan_of(site: str, text: str) -> str:
    return (await plan_symbolically(Task(text, load_site(site).toolset), _Site())).plan


@pytest.mark.parametrize(
    "text",
    [
        "Upvote the three newest posts in the trains forum",
        "Upvote the newest three posts in the trains forum",
        "Upvote the three most recent posts in the trains forum",
        "Please like the three latest posts of the trains forum",
        "Upvote the 3 newest submissions in the trains forum",
    ],
)
async def test_as_many_as_are_said(text: str) -> None:
    said = await goal_of("reddit", text)
    assert said == (
        'upvote() for list_submissions() first 3 after change_submission_order(order="new")'
        ' in list_forums() = "trains"'
    )


async def test_as_many_of_the_first_ones() -> None:
    said = await goal_of("reddit", "Downvote the first three posts in the gardening forum")
    assert "list_submissions() first 3" in said


def test_a_number_is_no_noun() -> None:
    (listing,) = [
        x for x in Listings(load_site("reddit").toolset).all if x.reader.name == "list_submissions"
    ]
    assert listing.means("thread")
    assert listing.means("post")
    assert not listing.means(stem("three"))
    assert not listing.means(stem("first"))


@pytest.mark.parametrize(
    "text",
    [
        "What is the newest open issue of ada/engine?",
        "Which is the latest open issue in ada/engine?",
        "What is the title of the most recent issue of ada/engine?",
        "Show me the newest issue of ada/engine",
    ],
)
async def test_the_newest_is_what_came_to_be_last(text: str) -> None:
    toolset = load_site("gitlab").toolset
    goal = await read_goal(text, toolset, toolset.state.start(), _Site())
    assert goal.parts[0].levels[-1].ranking == Ranking("created_at", largest=True)


def test_when_something_is_due_says_nothing_of_its_age() -> None:
    found = {
        (site, x.reader.name): x.when.name if x.when else None
        for site in ("gitlab", "omnizon", "gomail", "reddit", "dashdish")
        for x in Listings(load_site(site).toolset).all
    }
    assert found["gitlab", "list_issues"] == "created_at"
    assert found["omnizon", "list_orders"] == "placed_on"
    assert found["gomail", "list_emails"] == "date"
    assert found["gomail", "list_scheduled_emails"] is None
    assert found["reddit", "list_submissions"] == "posted"
    assert found["reddit", "list_forums"] is None
    assert found["dashdish", "list_orders"] == "placed_at"


@pytest.mark.parametrize(
    ("text", "reader", "field"),
    [
        ("Who sent the most recent email?", "list_emails", "sender"),
        ("Who sent me the newest mail?", "list_emails", "sender"),
        ("Who wrote the latest email?", "list_emails", "sender"),
        ("What is the subject of the most recent email?", "list_emails", "subject"),
        ("What is the subject of the last email I sent?", "list_sent_emails", "subject"),
        ("What is the subject of the latest sent email?", "list_sent_emails", "subject"),
        ("To whom was mail sent most recently?", None, None),
        ("Which email was sent most recently?", None, None),
        ("Tell me the most recent email that was sent to me", None, None),
        ("Is the most recent email unread?", None, None),
        ("Did Jane send the most recent email?", None, None),
    ],
)
async def test_whose_doing_it_was_decides_whose_list_it_is(
    text: str, reader: str | None, field: str | None
) -> None:
    if reader is None:
        with pytest.raises(Abstained):
            await plan_of("gomail", text)
        return
    plan = await plan_of("gomail", text)
    assert f"{reader}()" in plan
    assert f'["{field}"]' in plan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many stars does ada/engine have?", 'projects if project["project_path"]'),
        ("How many stars does babbage/mill have?", 'get_project_details()["stars"]'),
        ("how many stars has babbage/mill got", None),
        ("What is the number of stars of babbage/mill?", 'get_project_details()["stars"]'),
        ("How many commits does babbage/mill have?", 'get_project_details()["commits"]'),
        ("How many commits does ada/engine have?", 'get_project_details()["commits"]'),
        ("How many open issues does ada/engine have?", "len(list_issues())"),
    ],
)
async def test_what_is_not_on_the_list_that_can_be_read_is_looked_up_on_its_page(
    text: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(Abstained):
            await plan_of("gitlab", text)
        return
    plan = await plan_of("gitlab", text)
    assert expected in plan.replace(
        "issues = list_issues()\nresult = len(issues)", "len(list_issues())"
    )
