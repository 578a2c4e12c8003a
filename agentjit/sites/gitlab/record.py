"""From an account to its JSON record: one entry of the record for each of the tools' resources."""

from __future__ import annotations

from typing import Final

from agentjit.sites.common.difference import Tree
from agentjit.sites.common.finish import Record
from agentjit.sites.gitlab.model import Branch, Project, Thread
from agentjit.sites.gitlab.state import Account
from agentjit.sites.gitlab.world import first_projects
from agentjit.toolspecs import JsonValue


def show_account(account: Account) -> Tree:
    """The whole account. Things are found by project path, then number, branch or username.

    Of files and commits it has what differs from how the projects began.
    """
    first = {each.id: each for each in first_projects(account.seed, account.today)}
    projects = account.projects
    return {
        "projects": {each.path: _show_project(each) for each in projects},
        "files": _show_files(projects, first),
        "commits": _show_commits(projects, first),
        "members": {
            **{each.path: {m.username: m.role for m in each.members} for each in projects},
            **{each.path: {m.username: m.role for m in each.members} for each in account.groups},
        },
        "issues": {each.path: _show_threads(each.issues) for each in projects},
        "merge_requests": {each.path: _show_threads(each.requests) for each in projects},
        "comments": {each.path: _show_comments(each) for each in projects},
        "milestones": {
            each.path: {
                m.title: {"start_date": m.start, "due_date": m.due} for m in each.milestones
            }
            for each in projects
        },
        "groups": {each.path: {"id": each.id, "name": each.name} for each in account.groups},
        "status": {
            "emoji": account.status.emoji,
            "message": account.status.message,
            "busy": account.status.busy,
        },
        "profile": {"website": account.website},
        "stars": {each.path: each.stars for each in projects},
        "starred": [*sorted(account.starred)],
        "following": [*sorted(account.following)],
        "activity": [
            {
                "action": each.action,
                "project": each.project,
                "target": each.target,
                "text": each.text,
                "at": each.at,
            }
            for each in account.activity
        ],
    }


RECORD: Final = Record(
    show_account,
    {
        name: name
        for name in ("projects", "files", "members", "issues", "merge_requests", "comments")
    },
)


def _show_project(project: Project) -> JsonValue:
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "visibility": project.visibility,
        "defaultBranch": project.main.name,
        "branches": [branch.name for branch in project.branches],
    }


def _changed(
    projects: tuple[Project, ...], first: dict[int, Project]
) -> list[tuple[str, Branch, Branch]]:
    """Branches that are not as they were, each with what it was, or with what it came from."""
    found = []
    for project in projects:
        before = first.get(project.id)
        for branch in project.branches:
            old = before.branch(branch.name) or before.main if before else Branch(name="")
            if old is not branch:
                found.append((project.path, branch, old))
    return found


def _show_files(projects: tuple[Project, ...], first: dict[int, Project]) -> Tree:
    tree: Tree = {}
    for path, branch, old in _changed(projects, first):
        for file in branch.files:
            if old.file(file.path) != file:
                tree[f"{path}/{branch.name}/{file.path}"] = file.content
        for file in old.files:
            if branch.file(file.path) is None:
                tree[f"{path}/{branch.name}/{file.path}"] = None
    return tree


def _show_commits(projects: tuple[Project, ...], first: dict[int, Project]) -> Tree:
    tree: Tree = {}
    for path, branch, old in _changed(projects, first):
        known = {commit.sha for commit in old.commits}
        new: list[JsonValue] = [c.title for c in branch.commits if c.sha not in known]
        if new:
            tree[f"{path}/{branch.name}"] = new
    return tree


def _show_threads(threads: tuple[Thread, ...]) -> Tree:
    return {
        str(each.number): {
            "id": each.id,
            "title": each.title,
            "description": each.text,
            "state": each.state,
            "author": each.author,
            "assignees": list(each.assignees),
            "reviewers": list(each.reviewers),
            "labels": list(each.labels),
            "due_date": each.due,
            "milestone": each.milestone,
            "source_branch": each.source,
            "target_branch": each.target,
        }
        for each in threads
    }


def _show_comments(project: Project) -> Tree:
    return {
        f"{'#' if each.kind == 'issue' else '!'}{each.number}": [
            {"author": comment.author, "text": comment.text} for comment in each.comments
        ]
        for each in (*project.issues, *project.requests)
        if each.comments
    }
