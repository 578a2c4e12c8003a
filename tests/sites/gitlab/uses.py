"""How each of GitLab's tools is used once, and how calls of them are refused."""

from __future__ import annotations

from typing import Any, Final

from tests.sites.guests import Slip, Steps

DOTS: Final = "/byteblaze/dotfiles"
A11Y: Final = "/a11yproject/a11yproject.com"
ISSUE: Final = f"{A11Y}/-/issues/1478"
REQUEST: Final = "/primer/design/-/merge_requests/433"

AT_DOTS: Final[Steps] = [("open", {"path": DOTS})]
AT_MEMBERS: Final[Steps] = [("open", {"path": f"{DOTS}/-/project_members"})]
INVITING: Final[Steps] = [*AT_MEMBERS, ("open_invite_modal", {})]
AT_LICENSE: Final[Steps] = [("open", {"path": f"{DOTS}/-/edit/main/LICENSE"})]
CHOSEN: Final[Steps] = [*AT_LICENSE, ("select_license_template", {"template_name": "MIT License"})]
EDITING: Final[Steps] = [("open", {"path": f"{DOTS}/-/edit/main/README.md"})]
AT_ISSUES: Final[Steps] = [("open", {"path": f"{A11Y}/-/issues"})]
AT_ISSUE: Final[Steps] = [("open", {"path": ISSUE})]
AT_REQUEST: Final[Steps] = [("open", {"path": REQUEST})]
DRAFTING: Final[Steps] = [("open", {"path": f"{A11Y}/-/issues/new"})]
TITLED: Final[Steps] = [*DRAFTING, ("set_issue_title", {"title": "A new one"})]
CREATING: Final[Steps] = [("goto_create_blank_project", {})]
NAMED: Final[Steps] = [
    *CREATING,
    ("set_create_project_details", {"name": "web_agent", "visibility": "internal"}),
]
AT_STATUS: Final[Steps] = [("goto_edit_status", {})]
AT_PERSON: Final[Steps] = [("open", {"path": "/vinta"})]

USES: Final[dict[str, tuple[Steps, dict[str, Any]]]] = {
    "goto_home": (AT_ISSUE, {}),
    "goto_explore": (AT_ISSUE, {}),
    "list_projects": ([("open", {"path": "/explore"})], {}),
    "search": (AT_ISSUE, {"query": "pytorch gan"}),
    "list_search_results": ([("open", {"path": "/search?search=404&scope=issues"})], {}),
    "goto_project": (DRAFTING, {"project": "primer/design"}),
    "get_project_details": (AT_DOTS, {}),
    "star_project": (AT_DOTS, {}),
    "unstar_project": ([*AT_DOTS, ("star_project", {})], {}),
    "goto_create_blank_project": (AT_ISSUE, {}),
    "goto_create_project_from_template": ([], {"template": "Pages/Plain HTML"}),
    "set_create_project_details": (CREATING, {"name": "web_agent", "visibility": "public"}),
    "submit_create_project": (NAMED, {}),
    "find_users": (AT_DOTS, {"query": "Abishek"}),
    "goto_project_members": (AT_ISSUE, {}),
    "list_project_members": (AT_MEMBERS, {}),
    "open_invite_modal": (AT_MEMBERS, {}),
    "invite_project_members": (
        INVITING,
        {"usernames": ["vinta", "Yu-Jie Lou"], "role": "Reporter"},
    ),
    "goto_add_license": ([("open", {"path": "/byteblaze/cloud-to-butt"})], {}),
    "list_license_templates": (AT_LICENSE, {}),
    "select_license_template": (AT_LICENSE, {"template_name": "mit license"}),
    "commit_license": (CHOSEN, {}),
    "list_files": (AT_DOTS, {}),
    "goto_file": (AT_ISSUE, {"path": "docs/contributing.md"}),
    "read_file": ([("open", {"path": f"{DOTS}/-/blob/main/README.md"})], {}),
    "goto_edit_file": (AT_DOTS, {"path": "README.md"}),
    "goto_new_file": (AT_ISSUE, {}),
    "get_file_draft": (EDITING, {}),
    "set_file_content": (EDITING, {"content": "# Mine\n\nAll of it.\n"}),
    "commit_file": (EDITING, {"branch": "another", "message": "Say less"}),
    "goto_project_commits": (AT_ISSUE, {}),
    "get_commits": ([("open", {"path": f"{A11Y}/-/commits/main"})], {"date": "2022-04-07"}),
    "goto_project_contributors": (AT_DOTS, {}),
    "list_project_contributors": ([("open", {"path": f"{A11Y}/-/graphs/main"})], {"top_n": 2}),
    "goto_project_issues": (AT_DOTS, {}),
    "filter_issues": (AT_ISSUES, {"state": "all", "label": "bug", "sort": "title"}),
    "list_issues": ([("open", {"path": f"{A11Y}/-/issues?state=all&page=2"})], {}),
    "goto_issue": (AT_ISSUES, {"number": 1478}),
    "get_issue_details": (AT_ISSUE, {}),
    "goto_new_issue": (AT_ISSUE, {}),
    "set_issue_title": (DRAFTING, {"title": "Something else"}),
    "set_issue_description": (DRAFTING, {"description": "One line\nand another"}),
    "set_issue_assignee": (DRAFTING, {"username": "Roshanjossey"}),
    "set_issue_labels": (DRAFTING, {"labels": ["bug", "Help wanted"]}),
    "set_issue_due_date": (DRAFTING, {"due_date": "2030-12-31"}),
    "get_issue_draft": (TITLED, {}),
    "submit_issue": (TITLED, {}),
    "list_comments": (AT_REQUEST, {}),
    "add_comment": (AT_REQUEST, {"text": "Thanks,\nworking on it"}),
    "assign_to": (AT_ISSUE, {"username": "byteblaze"}),
    "close_thread": (AT_ISSUE, {}),
    "reopen_thread": ([*AT_ISSUE, ("close_thread", {})], {}),
    "goto_project_merge_requests": (AT_ISSUE, {"state": "all"}),
    "list_merge_requests": ([("open", {"path": f"{A11Y}/-/merge_requests?state=all"})], {}),
    "goto_merge_request": ([("open", {"path": "/primer/design"})], {"number": 433}),
    "get_merge_request_details": (AT_REQUEST, {}),
    "create_merge_request": (
        [("open", {"path": "/primer/design"})],
        {"source_branch": "dialog-component", "target_branch": "dialog", "reviewer": "primer"},
    ),
    "goto_project_milestones": (AT_DOTS, {}),
    "list_milestones": (
        [*AT_DOTS, ("create_milestone", {"title": "One"}), ("create_milestone", {"title": "Two"})],
        {},
    ),
    "create_milestone": (AT_DOTS, {"title": "First", "due_date": "2044-03-30"}),
    "goto_edit_status": (AT_ISSUE, {}),
    "set_status_details": (AT_STATUS, {"message": "Away", "emoji": "palm_tree", "busy": False}),
    "get_status": (AT_ISSUE, {}),
    "goto_edit_profile": (AT_ISSUE, {}),
    "set_profile_website": ([("open", {"path": "/-/profile"})], {"url": "egg.tart.com"}),
    "goto_user": (AT_ISSUE, {"username": "vinta"}),
    "get_user_details": (AT_PERSON, {}),
    "follow_user": (AT_PERSON, {}),
    "list_my_issues": (AT_ISSUE, {"relation": "created"}),
    "list_my_merge_requests": (AT_ISSUE, {}),
    "list_todos": (AT_ISSUE, {}),
    "list_my_activity": ([*AT_DOTS, ("create_milestone", {"title": "One"})], {}),
}

#: Calls that must be refused.
SLIPS: Final[list[Slip]] = [
    ([], "search", {"query": " "}, "needs words"),
    ([], "goto_project", {"project": "dotfile"}, "no project 'dotfile'"),
    ([], "goto_project", {"project": "mossworks/nothing"}, "no project"),
    ([], "find_users", {"query": ""}, "needs words"),
    ([], "goto_user", {"username": "vint"}, "no user 'vint'"),
    (CREATING, "set_create_project_details", {"name": " "}, "needs a name"),
    (
        [*CREATING, ("set_create_project_details", {"name": "dotfiles"})],
        "submit_create_project",
        {},
        "already been taken",
    ),
    (
        [("open", {"path": "/keycloak/keycloak/-/project_members"})],
        "open_invite_modal",
        {},
        "may not",
    ),
    (INVITING, "invite_project_members", {"usernames": []}, "nobody was named"),
    (INVITING, "invite_project_members", {"usernames": ["vint"]}, "no user 'vint'"),
    (INVITING, "invite_project_members", {"usernames": ["vinta", "zzz"]}, "no user 'zzz'"),
    (AT_LICENSE, "select_license_template", {"template_name": "MIT"}, "template 'MIT'"),
    (EDITING, "list_license_templates", {}, "offers no licence templates"),
    (AT_DOTS, "goto_file", {"path": "READ.md"}, "no file 'READ.md'"),
    (AT_DOTS, "goto_edit_file", {"path": "docs/none.md"}, "no file"),
    (
        [("open", {"path": "/keycloak/keycloak/-/edit/main/README.md"})],
        "commit_file",
        {},
        "not allowed",
    ),
    (
        [("open", {"path": f"{DOTS}/-/commits/main"})],
        "get_commits",
        {"date": "March 5"},
        "not a date",
    ),
    (
        [("open", {"path": f"{DOTS}/-/graphs/main"})],
        "list_project_contributors",
        {"top_n": 0},
        "nobody at all",
    ),
    (AT_ISSUES, "filter_issues", {"label": "bugs"}, "no label 'bugs'"),
    (AT_ISSUES, "goto_issue", {"number": 99999}, "no issue 99999"),
    (DRAFTING, "set_issue_title", {"title": ""}, "needs words"),
    (DRAFTING, "set_issue_assignee", {"username": "vinta"}, "no member of the project 'vinta'"),
    (DRAFTING, "set_issue_labels", {"labels": ["bug", "theme"]}, "no label 'theme'"),
    (DRAFTING, "set_issue_due_date", {"due_date": "tomorrow"}, "not a date"),
    (AT_ISSUE, "add_comment", {"text": " \n"}, "needs words"),
    (AT_ISSUE, "assign_to", {"username": "vinta"}, "no member of the project 'vinta'"),
    (AT_ISSUE, "reopen_thread", {}, "no button to reopen"),
    (
        [("open", {"path": "/keycloak/keycloak/-/issues/1"})],
        "assign_to",
        {"username": "byteblaze"},
        "may not",
    ),
    (AT_DOTS, "goto_merge_request", {"number": 5}, "no merge_request 5"),
    (AT_DOTS, "create_milestone", {"title": ""}, "needs a title"),
    (
        AT_STATUS,
        "set_status_details",
        {"message": "Away", "emoji": "palm"},
        "no emoji 'palm'",
    ),
]
