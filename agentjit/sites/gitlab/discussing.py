"""Steps in issues and merge requests: opened, discussed, assigned, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.data import ME, user_by_id
from agentjit.sites.gitlab.model import Comment, Project, Thread
from agentjit.sites.gitlab.state import (
    Account,
    need_project,
    need_role,
    note,
    put_project,
    put_thread,
)
from agentjit.sites.gitlab.working import read_day

#: What a change of state is called, and what it makes of a thread.
_STATES: Final = {"close": ("closed", "closed"), "reopen": ("opened", "reopened")}
_WORDS: Final = {"issue": "issue", "merge_request": "merge request"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThread:
    """What the form for a new issue or merge request says. People are numbers; 0 is nobody."""

    title: str
    text: str = ""
    assignees: Sequence[int] = ()
    reviewers: Sequence[int] = ()
    labels: Sequence[str] = ()
    due: str = ""
    milestone: str = ""
    source: str = ""
    target: str = ""


def create_issue(account: Account, path: str, wanted: NewThread, now: str) -> tuple[Account, int]:
    """A new issue; with it the number that it was given."""
    project = need_project(account, path)
    if wanted.milestone and wanted.milestone not in [m.title for m in project.milestones]:
        raise RefusedError("Milestone is invalid")
    return _create(account, project, "issue", wanted, now)


def create_request(account: Account, path: str, wanted: NewThread, now: str) -> tuple[Account, int]:
    """A new merge request; with it the number that it was given."""
    project = need_project(account, path)
    need_role(project.members, 30)
    for name in (wanted.source, wanted.target):
        if project.branch(name) is None:
            raise RefusedError(f"Branch {name!r} does not exist")
    if wanted.source == wanted.target:
        raise RefusedError("You can't use same project/branch for source and target")
    for other in project.requests:
        if other.open and (other.source, other.target) == (wanted.source, wanted.target):
            raise RefusedError(f"Another open merge request already exists: !{other.number}")
    return _create(account, project, "merge_request", wanted, now)


def comment(account: Account, path: str, thread: tuple[str, int], text: str, now: str) -> Account:
    """Write below an issue or a merge request, which is given by its kind and its id."""
    project = need_project(account, path)
    kind, thread_id = thread
    found = _by_id(project, kind, thread_id)
    if not text.strip():
        raise RefusedError("Note can't be blank")
    written = Comment(id=900000 + account.counter, author=ME, text=text, at=now)
    found = replace(found, comments=(*found.comments, written), updated=now)
    account = put_project(account, put_thread(project, found))
    return note(account, f"commented on {_WORDS[kind]}", path, _name(found), text, at=now)


def change_state(
    account: Account, path: str, thread: tuple[str, int], event: str, now: str
) -> Account:
    """Close an issue or a merge request, or open it again."""
    if event not in _STATES:
        raise RefusedError("State event is not included in the list")
    state, word = _STATES[event]
    project = need_project(account, path)
    found = _by_number(project, *thread)
    if found.author != ME:
        need_role(project.members, 20)
    if found.state == "merged":
        raise RefusedError("A merged merge request stays as it is")
    if found.state == state:
        return account
    changed = replace(found, state=state, updated=now)
    account = put_project(account, put_thread(project, changed))
    return note(account, f"{word} {_WORDS[found.kind]}", path, _name(found), at=now)


def assign(
    account: Account, path: str, thread: tuple[str, int], who: Sequence[int], now: str
) -> Account:
    """Make people answerable for an issue or a merge request; nobody where there are none."""
    project = need_project(account, path)
    need_role(project.members, 20)
    found = _by_number(project, *thread)
    assignees = _people(project, who)
    if assignees == found.assignees:
        return account
    changed = replace(found, assignees=assignees, updated=now)
    return put_project(account, put_thread(project, changed))


def can_be_assigned(project: Project) -> list[str]:
    """Usernames of those who may be, the visitor first."""
    members = [each.username for each in project.members]
    return sorted(dict.fromkeys([ME, *members]), key=lambda name: (name != ME, name.casefold()))


def _create(
    account: Account, project: Project, kind: str, wanted: NewThread, now: str
) -> tuple[Account, int]:
    if not wanted.title:
        raise RefusedError("Title can't be blank")
    if len(wanted.title) > 255:
        raise RefusedError("Title is too long (maximum is 255 characters)")
    unknown = [label for label in wanted.labels if label not in project.labels]
    if unknown:
        raise RefusedError(f"Label {unknown[0]!r} does not exist")
    threads = project.issues if kind == "issue" else project.requests
    number = max((each.number for each in threads), default=0) + 1
    thread = Thread(
        kind=kind,
        id=950000 + account.counter,
        number=number,
        title=wanted.title,
        text=wanted.text,
        author=ME,
        created=now,
        updated=now,
        assignees=_people(project, wanted.assignees),
        reviewers=_people(project, wanted.reviewers),
        labels=tuple(wanted.labels),
        due=read_day(wanted.due, "Due date"),
        milestone=wanted.milestone or None,
        source=wanted.source,
        target=wanted.target,
    )
    account = put_project(account, put_thread(project, thread))
    action, name = f"opened {_WORDS[kind]}", _name(thread)
    return note(account, action, project.path, name, wanted.title, at=now), number


def _people(project: Project, who: Sequence[int]) -> tuple[str, ...]:
    found = []
    for number in dict.fromkeys(who):
        if number == 0:
            continue
        user = user_by_id(number)
        if user is None or user.username not in can_be_assigned(project):
            raise RefusedError("That person is not a member of the project")
        found.append(user.username)
    return tuple(found)


def _by_id(project: Project, kind: str, number: int) -> Thread:
    threads = project.issues if kind == "issue" else project.requests
    thread = next((each for each in threads if each.id == number), None)
    if thread is None:
        raise RefusedError("It could not be found")
    return thread


def _by_number(project: Project, kind: str, number: int) -> Thread:
    thread = project.issue(number) if kind == "issue" else project.request(number)
    if thread is None:
        raise RefusedError("It could not be found")
    return thread


def _name(thread: Thread) -> str:
    return f"{'#' if thread.kind == 'issue' else '!'}{thread.number}"
