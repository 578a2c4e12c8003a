"""GitLab's tools for looking around: projects, search, people, what waits for you."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast
from urllib.parse import quote, urlencode

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act
from agentjit.sites.gitlab.contracts import NO_ITEM, NOWHERE
from agentjit.sites.gitlab.results import (
    ActivityEntry,
    Found,
    IssueEntry,
    Person,
    PersonDetails,
    Place,
    ProjectDetails,
    ProjectEntry,
    TodoEntry,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    ensures=f"page == 'home', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads={"projects"},
    writes=(),
    resets_tab=True,
)
async def goto_home(page: Page) -> None:
    """Open your dashboard, which lists the projects (repositories) that you work in."""
    await open_path(page, "/dashboard/projects")


@tool(
    ensures=f"page == 'explore', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads={"projects"},
    writes=(),
    resets_tab=True,
)
async def goto_explore(page: Page) -> None:
    """Open the list of all projects of everybody, those with most stars first."""
    await open_path(page, "/explore")


@tool(
    requires="page in {'home', 'explore'}",
    effect=Effect.READ,
    reads={"projects", "stars"},
    writes=(),
    timeout=20.0,
)
async def list_projects(page: Page) -> list[ProjectEntry]:
    """List the projects on the page: your own on the dashboard, everybody's after goto_explore."""
    return cast("list[ProjectEntry]", await act(page, "listProjects"))


@tool(
    ensures=f"page == 'search_results', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads={"projects", "issues", "merge_requests"},
    writes=(),
    resets_tab=True,
    examples=("search('pytorch gan')", "search('404', scope='issues')"),
)
async def search(
    page: Page,
    query: str,
    scope: Literal["projects", "issues", "merge_requests", "users"] = "projects",
) -> None:
    """Search GitLab for projects (repositories), issues, merge requests or users by words."""
    if not query.strip():
        raise ToolError("a search needs words")
    await open_path(page, f"/search?{urlencode({'search': query.strip(), 'scope': scope})}")


@tool(
    requires="page == 'search_results'",
    effect=Effect.READ,
    reads={"projects", "issues", "merge_requests"},
    writes=(),
    timeout=20.0,
)
async def list_search_results(page: Page) -> list[Found]:
    """List all results of the search, the best first. A project's `path` is for goto_project."""
    return cast("list[Found]", await act(page, "listFound"))


@tool(
    ensures=f"page == 'project', project_path == result.project_path, {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"projects"},
    writes=(),
    resets_tab=True,
    examples=("goto_project('primer/design')", "goto_project('dotfiles')"),
)
async def goto_project(
    page: Page, project: Annotated[str, From("list_projects[].project_path")]
) -> Place:
    """Open the overview of a project (repository), by its path or by its name.

    A name alone does when it is the name of one project only, or of one of those you work in.
    """
    found = await act(page, "findProjects", project)
    if found["path"] is None:
        if found["names"]:
            raise ToolError(
                f"there are several projects {project!r}", f"one of {', '.join(found['names'])}"
            )
        raise no_such("project", project, found["near"])
    await open_path(page, f"/{quote(found['path'])}")
    return {"project_path": found["path"]}


@tool(
    requires="page == 'project'",
    effect=Effect.READ,
    reads={"projects", "stars", "files"},
    writes=(),
)
async def get_project_details(page: Page) -> ProjectDetails:
    """Read a project's id, description, visibility, stars, licence file and clone addresses."""
    return cast("ProjectDetails", await act(page, "projectDetails"))


@tool(
    requires="page == 'project'",
    ensures="page == 'project'",
    effect=Effect.WRITE,
    reads={"stars"},
    writes={"stars"},
    idempotent=True,
)
async def star_project(page: Page) -> None:
    """Star the project; one that has your star keeps it."""
    await act(page, "star", True)


@tool(
    requires="page == 'project'",
    ensures="page == 'project'",
    effect=Effect.WRITE,
    reads={"stars"},
    writes={"stars"},
    idempotent=True,
)
async def unstar_project(page: Page) -> None:
    """Take your star away from the project."""
    await act(page, "star", False)


@tool(effect=Effect.READ, reads=(), writes=(), examples=("find_users('Abishek')",))
async def find_users(page: Page, query: str) -> list[Person]:
    """Find people (users, members, assignees) by a part of their name or username, best first."""
    if not query.strip():
        raise ToolError("a search needs words")
    return cast("list[Person]", await act(page, "findUsers", query.strip()))


@tool(
    ensures="page == 'user_profile', profile == $username, project_path == None, number == None, "
    "draft == None, license_template == None",
    effect=Effect.NAVIGATE,
    reads={"profile", "following", "status"},
    writes=(),
    resets_tab=True,
    examples=("goto_user('vinta')",),
)
async def goto_user(page: Page, username: Annotated[str, From("find_users[].username")]) -> None:
    """Open somebody's profile page."""
    near = await act(page, "findUsers", username.strip() or "?")
    exact = [each for each in near if each["username"].casefold() == username.casefold()]
    if not exact:
        raise no_such("user", username, [each["username"] for each in near])
    await open_path(page, f"/{quote(exact[0]['username'])}")


@tool(
    requires="page == 'user_profile'",
    effect=Effect.READ,
    reads={"profile", "following"},
    writes=(),
)
async def get_user_details(page: Page) -> PersonDetails:
    """Read a profile: name, id, location, website and number of followers."""
    return cast("PersonDetails", await act(page, "personDetails"))


@tool(effect=Effect.READ, reads={"issues"}, writes=(), timeout=20.0)
async def list_my_issues(
    page: Page, relation: Literal["assigned", "created"] = "assigned"
) -> list[IssueEntry]:
    """List the issues of all projects, open or closed, that are assigned to you or created by you.

    The latest created comes first. It can be called from any page.
    """
    key = "assignee_username" if relation == "assigned" else "author_username"
    url = f"/dashboard/issues?state=all&{key}=byteblaze"
    return cast("list[IssueEntry]", await act(page, "listDashboard", url))


@tool(effect=Effect.READ, reads={"merge_requests"}, writes=(), timeout=20.0)
async def list_my_merge_requests(
    page: Page, relation: Literal["assigned", "to review"] = "assigned"
) -> list[IssueEntry]:
    """List the merge requests of all projects that are assigned to you or wait for your review."""
    key = "assignee_username" if relation == "assigned" else "reviewer_username"
    url = f"/dashboard/merge_requests?state=all&{key}=byteblaze"
    return cast("list[IssueEntry]", await act(page, "listDashboard", url))


@tool(effect=Effect.READ, reads={"issues", "merge_requests"}, writes=())
async def list_todos(page: Page) -> list[TodoEntry]:
    """List your to-dos: open issues and merge requests that wait for you, from any page."""
    return cast("list[TodoEntry]", await act(page, "listTodos"))


@tool(effect=Effect.READ, reads={"activity"}, writes=())
async def list_my_activity(page: Page) -> list[ActivityEntry]:
    """List what you did and others may see (opened, commented, invited, …), the latest first."""
    return cast("list[ActivityEntry]", await act(page, "listActivity"))
