"""The site as one visitor has it: a value, and how parts of it are found and replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.data import ME, groups, users
from agentjit.sites.gitlab.model import Group, Member, Project, Thread, User
from agentjit.sites.gitlab.world import first_projects, mine

#: Where the visitor's own projects are, as a number.
MY_NAMESPACE: Final = 2505


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What somebody says beside their name."""

    emoji: str = ""
    message: str = ""
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the visitor did and others may see. `target` names what it was done to."""

    action: str
    project: str
    target: str
    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The visitor's view: all projects, and what belongs to the visitor alone."""

    seed: int
    today: date
    projects: tuple[Project, ...]
    groups: tuple[Group, ...]
    status: Status = Status(emoji="coffee", message="Reading the docs", busy=True)
    website: str = ""
    starred: frozenset[str] = frozenset()
    following: frozenset[str] = frozenset()
    #: Oldest first.
    activity: tuple[Event, ...] = ()
    #: Things made in this session; the next one's number.
    counter: int = 0

    @property
    def me(self) -> User:
        """The visitor."""
        return replace(users()[ME], website=self.website)

    @property
    def own(self) -> tuple[Project, ...]:
        """The projects that the visitor works in, the latest active first."""
        found = [project for project in self.projects if mine(project)]
        return tuple(sorted(found, key=lambda project: project.last_activity, reverse=True))

    def find(self, path: str) -> Project | None:
        """The project at a path."""
        wanted = path.casefold()
        return next((each for each in self.projects if each.path.casefold() == wanted), None)

    def by_id(self, number: int) -> Project | None:
        """The project of that number."""
        return next((each for each in self.projects if each.id == number), None)

    def group(self, path: str) -> Group | None:
        """The group at a path."""
        return next((each for each in self.groups if each.path == path), None)

    def threads(self, kind: str) -> list[tuple[Project, Thread]]:
        """All issues, or all merge requests, with their projects."""
        return [
            (project, thread)
            for project in self.projects
            for thread in (project.issues if kind == "issue" else project.requests)
        ]


def start_account(seed: int, today: date) -> Account:
    """What a visitor finds at first."""
    return Account(seed=seed, today=today, projects=first_projects(seed, today), groups=groups())


def need_project(account: Account, path: str) -> Project:
    """The project at a path; RefusedError where there is none."""
    project = account.find(path)
    if project is None:
        raise RefusedError("The project could not be found")
    return project


def need_role(members: tuple[Member, ...], level: int) -> None:
    """RefusedError unless the visitor has at least that role."""
    if not any(each.username == ME and each.level >= level for each in members):
        raise RefusedError("You are not allowed to do that here")


def put_project(account: Account, project: Project) -> Account:
    """The account with a project replaced, or added in front where it is new."""
    known = any(each.id == project.id for each in account.projects)
    rest = account.projects if known else (project, *account.projects)
    return replace(
        account, projects=tuple(project if each.id == project.id else each for each in rest)
    )


def put_thread(project: Project, thread: Thread) -> Project:
    """The project with an issue or merge request replaced, or added in front."""
    threads = project.issues if thread.kind == "issue" else project.requests
    if any(each.id == thread.id for each in threads):
        threads = tuple(thread if each.id == thread.id else each for each in threads)
    else:
        threads = (thread, *threads)
    if thread.kind == "issue":
        return replace(project, issues=threads)
    return replace(project, requests=threads)


def note(
    account: Account, action: str, project: str, target: str, text: str = "", *, at: str
) -> Account:
    """The account with one more entry in the visitor's activity."""
    event = Event(action=action, project=project, target=target, text=text, at=at)
    return replace(account, activity=(*account.activity, event), counter=account.counter + 1)
