"""What GitLab's tools return."""

from __future__ import annotations

from typing import TypedDict


class ProjectEntry(TypedDict):
    """A project in a list. `project_path` is namespace and name: 'primer/design'."""

    project_path: str
    name: str
    description: str
    stars: int


class ProjectDetails(TypedDict):
    """A project's overview. `license` is the licence file's name, None where there is none."""

    id: int
    project_path: str
    name: str
    description: str
    visibility: str
    stars: int
    commits: int
    default_branch: str
    license: str | None
    clone_ssh: str
    clone_http: str


class Place(TypedDict):
    """Where a call led: the project whose page is open now."""

    project_path: str


class Found(TypedDict):
    """One search result: `kind` is project, issue, merge_request or user, `path` leads to it."""

    kind: str
    title: str
    path: str
    description: str


class Person(TypedDict):
    """Somebody with an account."""

    username: str
    name: str


class PersonDetails(TypedDict):
    """Somebody's profile. `location` and `website` are None where nothing is said."""

    id: int
    username: str
    name: str
    location: str | None
    website: str | None
    followers: int


class MemberEntry(TypedDict):
    """A member of a project: `role` is Guest, Reporter, Developer, Maintainer or Owner."""

    username: str
    name: str
    role: str


class CommitEntry(TypedDict):
    """One commit: `date` is its day as ISO text, `at` the moment."""

    title: str
    author: str
    email: str
    date: str
    at: str
    sha: str


class Contributor(TypedDict):
    """Somebody who committed to the default branch, and how often."""

    name: str
    email: str
    commits: int


class FileEntry(TypedDict):
    """A file or folder: `kind` says which."""

    name: str
    kind: str


class FileText(TypedDict):
    """A file's path, below its branch, and its whole content."""

    path: str
    content: str


class FileDraft(TypedDict):
    """What the editor holds, and the branch that it would be committed to."""

    path: str
    content: str
    branch: str


class IssueEntry(TypedDict):
    """An issue or merge request in a list; `state` is opened, closed or merged."""

    number: int
    title: str
    project_path: str
    state: str
    author: str
    assignees: list[str]
    labels: list[str]
    due_date: str | None
    created_at: str | None
    updated_at: str | None


class IssueDetails(TypedDict):
    """One issue. People are usernames; `due_date` is ISO text."""

    number: int
    project_path: str
    title: str
    description: str
    state: str
    author: str
    assignees: list[str]
    labels: list[str]
    due_date: str | None


class RequestDetails(TypedDict):
    """One merge request. People are usernames."""

    number: int
    project_path: str
    title: str
    description: str
    state: str
    author: str
    assignees: list[str]
    reviewers: list[str]
    labels: list[str]
    source_branch: str
    target_branch: str


class IssueDraft(TypedDict):
    """What the form for a new issue holds. `assignee` is a full name."""

    project_path: str
    title: str
    description: str
    assignee: str | None
    labels: list[str]
    due_date: str | None


class CommentEntry(TypedDict):
    """A comment, oldest first: the author's username, the text, the moment."""

    author: str
    text: str
    at: str


class Opened(TypedDict):
    """What was opened: its project, and the number that it has there."""

    project_path: str
    number: int


class TodoEntry(TypedDict):
    """Something that waits for you: why, and the issue or merge request (`kind`)."""

    reason: str
    title: str
    project_path: str
    kind: str
    number: int


class ActivityEntry(TypedDict):
    """Something that you did: to what (`target`), in which project or group, and when."""

    action: str
    project_path: str
    target: str
    text: str
    at: str


class StatusDetails(TypedDict):
    """Your status: its message, its emoji's name, and whether you are shown as busy."""

    message: str
    emoji: str
    busy: bool
