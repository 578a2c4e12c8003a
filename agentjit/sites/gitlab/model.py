"""What GitLab is about, as immutable values: people, groups, projects and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

#: Roles by the number that the site's interface has for them.
ROLES = {10: "Guest", 20: "Reporter", 30: "Developer", 40: "Maintainer", 50: "Owner"}
#: Who may see a project, by the number that the site's forms have for it.
VISIBILITIES = {0: "private", 10: "internal", 20: "public"}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account. `followers` do not count whoever follows in this session."""

    id: int
    username: str
    name: str
    location: str = ""
    bio: str = ""
    website: str = ""
    followers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A namespace that belongs to several people."""

    id: int
    path: str
    name: str
    description: str
    visibility: str = "public"
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's part in a project or group."""

    username: str
    level: int

    @property
    def role(self) -> str:
        """The role's name."""
        return ROLES[self.level]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One change of a branch. `at` is ISO 8601 in UTC."""

    sha: str
    title: str
    author: str
    email: str
    at: str


@dataclass(frozen=True, slots=True)
class File:
    """One file of a branch."""

    path: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A line of changes: newest commit first."""

    name: str
    files: tuple[File, ...] = ()
    commits: tuple[Commit, ...] = ()

    def file(self, path: str) -> File | None:
        """The file at a path."""
        return next((file for file in self.files if file.path == path), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote below an issue or a merge request."""

    id: int
    author: str
    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """An issue or a merge request: `kind` says which. Branches belong to merge requests only."""

    kind: str
    id: int
    number: int
    title: str
    text: str
    author: str
    created: str
    updated: str
    state: str = "opened"
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    due: str | None = None
    milestone: str | None = None
    source: str = ""
    target: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is still open."""
        return self.state == "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A date that issues work towards."""

    id: int
    title: str
    description: str = ""
    start: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project with all that is in it. `path` is the full one; branches: the default one first."""

    id: int
    path: str
    name: str
    description: str
    visibility: str
    language: str
    stars: int
    forks: int
    created: str
    branches: tuple[Branch, ...]
    labels: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    issues: tuple[Thread, ...] = ()
    requests: tuple[Thread, ...] = ()
    milestones: tuple[Milestone, ...] = ()

    @property
    def namespace(self) -> str:
        """The path of the person or group that it belongs to."""
        return self.path.rpartition("/")[0]

    @property
    def slug(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def main(self) -> Branch:
        """The default branch."""
        return self.branches[0]

    @property
    def last_activity(self) -> str:
        """When anything last happened in it."""
        times = [thread.updated for thread in (*self.issues, *self.requests)]
        times += [branch.commits[0].at for branch in self.branches if branch.commits]
        return max(times, default=self.created)

    def branch(self, name: str) -> Branch | None:
        """The branch of that name."""
        return next((branch for branch in self.branches if branch.name == name), None)

    def split_ref(self, rest: str) -> tuple[Branch, str] | None:
        """Branch and path of an address such as `feature/x/docs/index.md`; names have slashes."""
        for branch in self.branches:
            if rest == branch.name or rest.startswith(f"{branch.name}/"):
                return branch, rest[len(branch.name) + 1 :]
        return None

    def issue(self, number: int) -> Thread | None:
        """The issue of that number."""
        return next((each for each in self.issues if each.number == number), None)

    def request(self, number: int) -> Thread | None:
        """The merge request of that number."""
        return next((each for each in self.requests if each.number == number), None)

    def member(self, username: str) -> Member | None:
        """Somebody's part in it."""
        return next((each for each in self.members if each.username == username), None)
