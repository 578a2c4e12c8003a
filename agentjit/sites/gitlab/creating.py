"""GitLab's tools for a new project, and for who works in a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast

from agentjit.errors import NotDone, ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act, act_and_leave, sent
from agentjit.sites.gitlab.contracts import IN_PROJECT, NO_ITEM, NOWHERE
from agentjit.sites.gitlab.results import MemberEntry, Place
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    ensures=f"page == 'create_project', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
)
async def goto_create_blank_project(page: Page) -> None:
    """Open the form for a new blank project (an empty repository, the blank template)."""
    await open_path(page, "/projects/new")
    await act(page, "openNewProject", "Create blank project")


@tool(
    ensures=f"page == 'create_project', {NOWHERE}",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    resets_tab=True,
)
async def goto_create_project_from_template(
    page: Page,
    template: Literal[
        "Android", "NodeJS Express", "Pages/Jekyll", "Pages/Plain HTML", "Netlify/Jekyll"
    ],
) -> None:
    """Open the form for a new project that begins with the files of a template."""
    await open_path(page, "/projects/new")
    await act(page, "openNewProject", "Create from template")
    answer = await act(page, "pickTemplate", template)
    if "missing" in answer:
        raise no_such("template", template, answer["names"])


@tool(
    requires="page == 'create_project'",
    ensures="page == 'create_project', draft == $name",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("set_create_project_details('web_agent', 'private')",),
)
async def set_create_project_details(
    page: Page,
    name: str,
    visibility: Literal["private", "internal", "public"] = "private",
    readme: bool = True,
    description: str = "",
) -> None:
    """Fill in the form for a new project: name, visibility, and whether it gets a README.

    An empty repository has no README: `readme=False`.
    """
    if not name.strip() or name != name.strip():
        raise ToolError("a project needs a name, without blanks around it")
    wanted = {"name": name, "visibility": visibility, "readme": readme, "group": None}
    await act(page, "fillProject", {**wanted, "description": description})


@tool(
    requires="page == 'create_project', draft known",
    ensures=f"page == 'project', project_path == result.project_path, {NO_ITEM}",
    effect=Effect.WRITE,
    reads={"projects"},
    writes={
        "projects",
        "files",
        "commits",
        "members",
        "stars",
        "issues",
        "activity",
        "comments",
        "merge_requests",
        "milestones",
    },
)
async def submit_create_project(page: Page) -> Place:
    """Create the project as the form describes it, and open it. You can delete it again."""
    async with page.expect_event("domcontentloaded"):
        await act(page, "submitField", "project[name]")
    await sent(page)
    seen = await act(page, "observe")
    return {"project_path": seen["project_path"]}


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'project_members', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"members"},
    writes=(),
)
async def goto_project_members(page: Page) -> None:
    """Open the list of the project's members."""
    await act_and_leave(page, "inProject", "project_members")


@tool(
    requires="page == 'project_members'",
    effect=Effect.READ,
    reads={"members"},
    writes=(),
)
async def list_project_members(page: Page) -> list[MemberEntry]:
    """List the project's members (who has access) with their roles, you among them."""
    return cast("list[MemberEntry]", await act(page, "listMembers"))


@tool(
    requires="page == 'project_members'",
    ensures="page == 'invite_modal'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
)
async def open_invite_modal(page: Page) -> None:
    """Open the dialog in which people are invited to the project."""
    await act(page, "openInvite")


@tool(
    requires="page == 'invite_modal'",
    ensures="page == 'project_members'",
    effect=Effect.COMMIT,
    reads={"members", "activity"},
    writes={"members", "activity"},
    verify="list_my_activity",
    timeout=20.0,
    examples=("invite_project_members(['vinta', 'yjlou'], 'Developer')",),
)
async def invite_project_members(
    page: Page,
    usernames: Annotated[list[str], From("find_users[].username")],
    role: Literal["Guest", "Reporter", "Developer", "Maintainer", "Owner"] = "Guest",
) -> None:
    """Invite people (add members, collaborators) to the project, all of them at once, in a role.

    They are told at once. Each is named by username, or by full name where only one has it.
    """
    if not usernames:
        raise NotDone("nobody was named to invite")
    answer = await act(page, "invite", {"usernames": usernames, "role": role})
    if "missing" in answer:
        error = no_such("user", answer["missing"], answer["names"])
        raise NotDone(error.message, error.hint)
    if "unanswered" in answer:
        raise NotDone(f"nobody was invited: people cannot be searched: {answer['unanswered']}")
    _refuse(answer["complaint"], "nobody was invited")


def _refuse(complaint: str, what: str) -> None:
    """NotDone where the site said no, ToolError where it did not answer."""
    if complaint.startswith(("There was no answer", "Something went wrong")):
        raise ToolError(f"the site said: {complaint}")
    if complaint:
        raise NotDone(f"{what}: {complaint}")
