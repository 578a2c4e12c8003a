"""GitLab's toolset: its state, how it is observed, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from agentjit.sites.common.obstacles import OBSTACLES, SIGNED_OUT
from agentjit.sites.gitlab import browsing, creating, own, planning, repository, reviewing
from agentjit.sites.gitlab.acting import act
from agentjit.toolspecs import StateModel, StateValue, StateVar, Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE: Final = StateModel(
    (
        StateVar(
            "page",
            values=(
                "home",
                "explore",
                "search_results",
                "project",
                "project_members",
                "invite_modal",
                "project_issues",
                "new_issue",
                "issue_detail",
                "merge_requests",
                "new_merge_request",
                "merge_request",
                "milestones",
                "new_milestone",
                "files",
                "file",
                "editor",
                "commits",
                "contributors",
                "create_project",
                "new_group",
                "status_modal",
                "user_profile",
                "edit_profile",
                "other",
            ),
            start="home",
            doc="which page, or which dialog over it, the tab shows",
        ),
        StateVar("project_path", doc="the project whose page it is, such as 'primer/design'"),
        StateVar("number", int, doc="the number of the issue or merge request on the page"),
        StateVar("profile", doc="the username whose profile it is"),
        StateVar("draft", doc="the title typed for a new issue, or the name for a new project"),
        StateVar("license_template", doc="the licence that was chosen in the editor"),
    )
)


async def observe(page: Page) -> Mapping[str, StateValue]:
    """The state as the page shows it; what cannot be seen on it is left out."""
    return cast("Mapping[str, StateValue]", await act(page, "observe"))


TOOLSET: Final = Toolset(
    name="gitlab",
    title="GitLab: projects (repositories), files, issues, merge requests, members, your status",
    state=STATE,
    observe=observe,
    tools=(
        browsing.goto_home,
        browsing.goto_explore,
        browsing.list_projects,
        browsing.search,
        browsing.list_search_results,
        browsing.goto_project,
        browsing.get_project_details,
        browsing.star_project,
        browsing.unstar_project,
        creating.goto_create_blank_project,
        creating.goto_create_project_from_template,
        creating.set_create_project_details,
        creating.submit_create_project,
        browsing.find_users,
        creating.goto_project_members,
        creating.list_project_members,
        creating.open_invite_modal,
        creating.invite_project_members,
        repository.goto_add_license,
        repository.list_license_templates,
        repository.select_license_template,
        repository.commit_license,
        repository.list_files,
        repository.goto_file,
        repository.read_file,
        repository.goto_edit_file,
        repository.goto_new_file,
        repository.get_file_draft,
        repository.set_file_content,
        repository.commit_file,
        repository.goto_project_commits,
        repository.get_commits,
        repository.goto_project_contributors,
        repository.list_project_contributors,
        planning.goto_project_issues,
        planning.filter_issues,
        planning.list_issues,
        planning.goto_issue,
        planning.get_issue_details,
        planning.goto_new_issue,
        planning.set_issue_title,
        planning.set_issue_description,
        planning.set_issue_assignee,
        planning.set_issue_labels,
        planning.set_issue_due_date,
        planning.get_issue_draft,
        planning.submit_issue,
        planning.list_comments,
        planning.add_comment,
        planning.assign_to,
        planning.close_thread,
        planning.reopen_thread,
        reviewing.goto_project_merge_requests,
        reviewing.list_merge_requests,
        reviewing.goto_merge_request,
        reviewing.get_merge_request_details,
        reviewing.create_merge_request,
        reviewing.goto_project_milestones,
        reviewing.list_milestones,
        reviewing.create_milestone,
        own.goto_edit_status,
        own.set_status_details,
        own.get_status,
        own.goto_edit_profile,
        own.set_profile_website,
        browsing.goto_user,
        browsing.get_user_details,
        own.follow_user,
        browsing.list_my_issues,
        browsing.list_my_merge_requests,
        browsing.list_todos,
        browsing.list_my_activity,
    ),
    obstacles=OBSTACLES,
    signed_out=SIGNED_OUT,
)
