"""Steps in projects, from one account to the next: made, joined, committed to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.contents import sort_files
from agentjit.sites.gitlab.data import ME, user_by_id, users
from agentjit.sites.gitlab.history import make_sha
from agentjit.sites.gitlab.model import (
    ROLES,
    VISIBILITIES,
    Branch,
    Commit,
    File,
    Group,
    Member,
    Milestone,
    Project,
)
from agentjit.sites.gitlab.state import (
    MY_NAMESPACE,
    Account,
    need_project,
    need_role,
    note,
    put_project,
)

_EMAIL = "byteblaze@example.com"
_SLUG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_TEMPLATES = {
    "android": ("app/build.gradle", "// an application for phones\n"),
    "express": ("app.js", '"use strict";\n'),
    "jekyll": ("_config.yml", "title: A site\n"),
    "nfjekyll": ("_config.yml", "title: A site\n"),
    "plainhtml": ("public/index.html", "<!doctype html>\n<title>A page</title>\n"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """What the form for a new project says."""

    name: str
    path: str
    namespace: int
    visibility: int
    description: str = ""
    readme: bool = False
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file's new content, and where it is committed to: from `origin` a branch is made."""

    path: str
    content: str
    branch: str
    origin: str
    message: str
    #: The path that it had, where it is renamed; None for a new file.
    before: str | None = None


def create_project(account: Account, wanted: NewProject, now: str) -> Account:
    """A new project of the visitor's, or of a group's."""
    if not wanted.name:
        raise RefusedError("Project name can't be blank")
    if not _SLUG.fullmatch(wanted.path):
        raise RefusedError("Project slug can contain only letters, digits, '_', '-' and '.'")
    if wanted.visibility not in VISIBILITIES:
        raise RefusedError("Visibility level is not included in the list")
    path = f"{_namespace(account, wanted.namespace)}/{wanted.path}"
    if account.find(path) is not None:
        raise RefusedError("Project path has already been taken")
    files: list[File] = []
    if wanted.template:
        if wanted.template not in _TEMPLATES:
            raise RefusedError("Template does not exist")
        files.append(File(*_TEMPLATES[wanted.template]))
    if wanted.readme or wanted.template:
        files.append(File("README.md", f"# {wanted.name}\n\n{wanted.description}\n"))
    number = 9000 + account.counter
    commits = (_commit("Initial commit", now, number),) if files else ()
    project = Project(
        id=number,
        path=path,
        name=wanted.name,
        description=wanted.description,
        visibility=VISIBILITIES[wanted.visibility],
        language="",
        stars=0,
        forks=0,
        created=now,
        branches=(Branch(name="main", files=sort_files(files), commits=commits),),
        members=(Member(ME, 50),),
    )
    return note(put_project(account, project), "created project", path, path, at=now)


def create_group(account: Account, name: str, path: str, visibility: int, now: str) -> Account:
    """A new group of the visitor's."""
    if not name:
        raise RefusedError("Group name can't be blank")
    if not _SLUG.fullmatch(path):
        raise RefusedError("Group URL can contain only letters, digits, '_', '-' and '.'")
    if account.group(path) or path in users():
        raise RefusedError("Group URL has already been taken")
    group = Group(
        id=9000 + account.counter,
        path=path,
        name=name,
        description="",
        visibility=VISIBILITIES.get(visibility, "private"),
        members=(Member(ME, 50),),
    )
    grown = replace(account, groups=(*account.groups, group))
    return note(grown, "created group", path, path, at=now)


def invite(account: Account, project_id: int, who: Sequence[int], level: int, now: str) -> Account:
    """Make people members of a project; those who are members already get the new role."""
    project = account.by_id(project_id)
    if project is None:
        raise RefusedError("Project Not Found")
    need_role(project.members, 40)
    members = _join(project.members, who, level)
    account = put_project(account, replace(project, members=members))
    return _note_invited(account, project.path, who, level, now)


def invite_to_group(
    account: Account, group_id: int, who: Sequence[int], level: int, now: str
) -> Account:
    """The same for a group."""
    group = next((each for each in account.groups if each.id == group_id), None)
    if group is None:
        raise RefusedError("Group Not Found")
    need_role(group.members, 50)
    grown = replace(group, members=_join(group.members, who, level))
    rest = tuple(grown if each.id == group_id else each for each in account.groups)
    return _note_invited(replace(account, groups=rest), group.path, who, level, now)


def commit_file(account: Account, path: str, change: Change, now: str) -> Account:
    """Commit one file, to a branch that is there or to a new one."""
    project = need_project(account, path)
    need_role(project.members, 30)
    origin = project.branch(change.origin)
    if origin is None:
        raise RefusedError("You can only create or edit files when you are on a branch")
    if not change.path or change.path.startswith("/") or ".." in change.path.split("/"):
        raise RefusedError("File name can't be blank or lead elsewhere")
    if not _SLUG.match(change.branch) or " " in change.branch:
        raise RefusedError("Branch name is invalid")
    target = project.branch(change.branch) or replace(origin, name=change.branch)
    if change.before is None and target.file(change.path):
        raise RefusedError("A file with this name already exists")
    if change.before is not None and target.file(change.before) is None:
        raise RefusedError("The file has changed since you started editing it")
    if change.before not in (None, change.path) and target.file(change.path):
        raise RefusedError("A file with this name already exists")
    kept = [file for file in target.files if file.path not in (change.path, change.before)]
    commit = _commit(change.message or f"Update {change.path}", now, account.counter)
    grown = replace(
        target,
        files=sort_files([*kept, File(change.path, change.content)]),
        commits=(commit, *target.commits),
    )
    known = project.branch(grown.name) is not None
    rest = project.branches if known else (*project.branches, grown)
    branches = tuple(grown if each.name == grown.name else each for each in rest)
    account = put_project(account, replace(project, branches=branches))
    return note(account, f"pushed to branch {grown.name}", path, change.path, commit.title, at=now)


def create_milestone(
    account: Account, path: str, title: str, dates: tuple[str, str], *, now: str
) -> Account:
    """A new milestone of a project; its `dates` are the first and the last, or blank."""
    project = need_project(account, path)
    start, due = dates
    need_role(project.members, 20)
    if not title:
        raise RefusedError("Title can't be blank")
    if any(each.title == title for each in project.milestones):
        raise RefusedError("Title already being used for another milestone")
    if start and due and due < start:
        raise RefusedError("Due date must be after the start date")
    milestone = Milestone(
        id=len(project.milestones) + 1,
        title=title,
        start=read_day(start, "Start date"),
        due=read_day(due, "Due date"),
    )
    grown = replace(project, milestones=(*project.milestones, milestone))
    return note(put_project(account, grown), "opened milestone", path, title, at=now)


def read_day(text: str, title: str) -> str | None:
    """A day as ISO text, None where it is left open; RefusedError where it is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RefusedError(f"{title} is not a date") from None


def _namespace(account: Account, number: int) -> str:
    if number == MY_NAMESPACE:
        return ME
    group = next((each for each in account.groups if each.id == number), None)
    if group is None or not any(member.username == ME for member in group.members):
        raise RefusedError("Namespace is not valid")
    return group.path


def _join(members: tuple[Member, ...], who: Sequence[int], level: int) -> tuple[Member, ...]:
    if level not in ROLES:
        raise RefusedError("access_level does not have a valid value")
    if not who:
        raise RefusedError("Emails and user ids are missing")
    found = list(members)
    for number in who:
        user = user_by_id(number)
        if user is None:
            raise RefusedError("User does not exist")
        found = [each for each in found if each.username != user.username]
        found.append(Member(user.username, level))
    return tuple(found)


def _note_invited(account: Account, path: str, who: Sequence[int], level: int, now: str) -> Account:
    for number in who:
        user = user_by_id(number)
        name = user.username if user else str(number)
        account = note(account, "invited", path, name, ROLES[level], at=now)
    return account


def _commit(title: str, now: str, number: int) -> Commit:
    name = users()[ME].name
    return Commit(sha=make_sha(title, now, number), title=title, author=name, email=_EMAIL, at=now)
