"""GitLab's tools on the live site: what they ensure holds, and nothing else has changed."""

from __future__ import annotations

from typing import Any

import pytest

from agentjit.errors import ContractBroken, NotDone, ToolError
from agentjit.sites.gitlab.world import first_projects
from agentjit.toolspecs import Effect
from tests.sites.gitlab.conftest import TODAY
from tests.sites.gitlab.uses import A11Y, AT_ISSUE, AT_REQUEST, INVITING, SLIPS, TITLED, USES
from tests.sites.gitlab.visitor import TOOLSET, Visitor
from tests.sites.guests import Slip, Steps, by_place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

#: Tools that can be used from some pages only.
PARTICULAR = [tool.name for tool in TOOLSET.tools if tool.requires]


async def test_every_tool_is_tried() -> None:
    assert set(USES) == set(TOOLSET.by_name)


@pytest.mark.parametrize("name", USES)
async def test_a_tool_keeps_its_contract(visitor: Visitor, name: str) -> None:
    steps, arguments = USES[name]
    await visitor.walk(steps)
    await visitor.try_out(name, **arguments)


@pytest.mark.parametrize("slips", by_place(SLIPS))
async def test_tools_that_cannot_say_why_and_change_nothing(
    visitor: Visitor, slips: list[Slip]
) -> None:
    await visitor.walk(slips[0][0])
    for name, refusal in (await visitor.slip(slips)).items():
        # Where something is not undone it must be certain that it was not done.
        assert isinstance(refusal, NotDone) or TOOLSET.by_name[name].effect is not Effect.COMMIT


async def test_in_the_wrong_place_no_tool_does_anything(visitor: Visitor) -> None:
    hurried = visitor.hurried()
    await visitor.open("/dashboard/todos")
    record, seen = await visitor.record(), await visitor.observe()
    for name in PARTICULAR:
        tool, arguments = TOOLSET.by_name[name], USES[name][1]
        with pytest.raises(ContractBroken, match="requires"):
            await hurried.call(name, **arguments)
        # Even where nobody looks at its contract.
        defaults = {p.name: p.default for p in tool.params if not p.required}
        with pytest.raises(ToolError):
            await tool.body(visitor.page, **{**defaults, **arguments})
        assert await visitor.observe() == seen, name
    assert await visitor.record() == record


async def test_lists_are_read_as_a_whole(visitor: Visitor) -> None:
    projects = {project.path: project for project in first_projects(0, TODAY)}
    project = projects["a11yproject/a11yproject.com"]
    await visitor.open(f"{A11Y}/-/issues?state=all")
    issues = await visitor.call("list_issues")
    assert [issue["number"] for issue in issues] == [
        issue.number for issue in sorted(project.issues, key=lambda i: i.created, reverse=True)
    ]
    by_number = {issue.number: issue for issue in project.issues}
    for entry in issues:
        issue = by_number[entry["number"]]
        assert entry == {
            "number": issue.number,
            "title": issue.title,
            "project_path": project.path,
            "state": issue.state,
            "author": issue.author,
            "assignees": list(issue.assignees),
            "labels": list(issue.labels),
            "due_date": issue.due,
            "created_at": issue.created,
            "updated_at": issue.updated,
        }
    await visitor.open(f"{A11Y}/-/commits/main")
    commits = await visitor.call("get_commits")
    assert [(each["title"], each["author"], each["at"], each["email"]) for each in commits] == [
        (each.title, each.author, each.at, each.email) for each in project.main.commits
    ]
    await visitor.open("/explore")
    entries = await visitor.call("list_projects")
    public = [each for each in projects.values() if each.visibility != "private"]
    assert {(each["project_path"], each["description"], each["stars"]) for each in entries} == {
        (each.path, each.description, each.stars) for each in public
    }


@pytest.mark.parametrize(
    ("steps", "name", "arguments", "fault"),
    [
        (TITLED, "submit_issue", {}, "lost@POST:1"),
        (AT_REQUEST, "add_comment", {"text": "lgtm"}, "lost@POST:1"),
        (INVITING, "invite_project_members", {"usernames": ["vinta"]}, "lost@POST:1"),
    ],
    ids=["submit_issue", "add_comment", "invite_project_members"],
)
async def test_a_lost_answer_is_no_refusal_and_shows_in_the_activity(
    visitor: Visitor, steps: Steps, name: str, arguments: dict[str, Any], fault: str
) -> None:
    await visitor.walk(steps)
    await visitor.page.request.get(f"{visitor.address}/config?faults={fault}")
    with pytest.raises(Exception, match=r"\w") as caught:
        await visitor.call(name, **arguments)
    assert not isinstance(caught.value, NotDone)
    await visitor.open("/")
    assert len(await visitor.call("list_my_activity")) == 1


async def test_a_site_that_fails_is_no_refusal_either(visitor: Visitor) -> None:
    await visitor.walk(TITLED)
    record = await visitor.record()
    await visitor.page.request.get(f"{visitor.address}/config?faults=error@POST:1")
    with pytest.raises(ToolError) as caught:
        await visitor.call("submit_issue")
    assert not isinstance(caught.value, NotDone)
    assert await visitor.record() == record


async def test_a_part_that_did_not_load_is_asked_for_again(visitor: Visitor) -> None:
    await visitor.page.request.get(f"{visitor.address}/config?faults=error@/a11yproject:2")
    await visitor.open(f"{A11Y}/-/graphs/main")
    assert await visitor.call("list_project_contributors", top_n=1)


async def test_a_dialog_is_put_out_of_the_way(visitor: Visitor) -> None:
    await visitor.page.request.get(f"{visitor.address}/config?faults=modal@1")
    await visitor.walk(AT_ISSUE)
    await visitor.call("close_thread")
    assert (await visitor.call("get_issue_details"))["state"] == "closed"


async def test_a_search_for_people_that_fails_is_made_again(visitor: Visitor) -> None:
    await visitor.walk(INVITING)
    failed: list[str] = []

    async def fail_once(route: Any) -> None:
        failed.append(route.request.url)
        await (route.fulfill(status=500) if len(failed) == 1 else route.continue_())

    await visitor.page.route("**/api/v4/users*", fail_once)
    await visitor.call("invite_project_members", usernames=["vinta"], role="Developer")
    assert len(failed) == 2


async def test_where_people_cannot_be_searched_nobody_is_invited(visitor: Visitor) -> None:
    await visitor.walk(INVITING)
    before = await visitor.record()

    async def fail(route: Any) -> None:
        await route.fulfill(status=500)

    await visitor.page.route("**/api/v4/users*", fail)
    with pytest.raises(NotDone, match="people cannot be searched"):
        await visitor.call("invite_project_members", usernames=["vinta"])
    assert await visitor.record() == before
