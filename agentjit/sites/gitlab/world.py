"""The projects that everybody begins with, for a seed and a day: built once, and shared."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from random import Random
from typing import Any, Final

from agentjit.sites.gitlab.contents import first_files
from agentjit.sites.gitlab.data import ME, groups, load, users
from agentjit.sites.gitlab.history import write_history
from agentjit.sites.gitlab.model import ROLES, Branch, Member, Project
from agentjit.sites.gitlab.threads import ISSUE, REQUEST, first_threads

_LEVELS: Final = {role: level for level, role in ROLES.items()}

#: Who else works in a namespace, besides whoever owns it.
_STAFF: Final = {
    "a11yproject": (
        ("a11yproject", 50),
        ("byteblaze", 40),
        ("Roshanjossey", 30),
        ("ericwbailey", 40),
    ),
    "primer": (("primer", 50), ("byteblaze", 30), ("suzuki-h", 30), ("bram-w", 30)),
    "mossworks": (("moss-t", 50), ("ellawren", 40)),
}


@lru_cache(maxsize=4)
def first_projects(seed: int, today: date) -> tuple[Project, ...]:
    """All projects, in an order that depends on the seed."""
    facts = [*load("projects")["project"], *load("projects_more")["project"]]
    projects = [_build(each, seed, today) for each in facts]
    if seed:
        Random(f"projects/{seed}").shuffle(projects)
    return tuple(projects)


def _build(facts: dict[str, Any], seed: int, today: date) -> Project:
    files, commits = first_files(facts), write_history(facts, seed)
    begin = commits[-1].at if commits else f"{facts['years'][0]}-01-05T12:00:00Z"
    names = (facts.get("branch", "main"), *facts.get("branches", ()))
    return Project(
        id=facts["id"],
        path=facts["path"],
        name=facts.get("title", facts["name"]),
        description=facts["description"],
        visibility=facts.get("visibility", "public"),
        language=facts["language"],
        stars=facts["stars"],
        forks=facts["stars"] * 3 // 7,
        created=begin,
        # Other branches stopped a little earlier than the default one.
        branches=tuple(
            Branch(name=name, files=files, commits=commits[index:])
            for index, name in enumerate(names)
        ),
        labels=tuple(facts["labels"]),
        members=_members(facts),
        issues=first_threads(facts, ISSUE, seed=seed, today=today),
        requests=first_threads(facts, REQUEST, seed=seed, today=today),
    )


def _members(facts: dict[str, Any]) -> tuple[Member, ...]:
    owner = facts["path"].partition("/")[0]
    staff = _STAFF.get(owner) or (((owner, 50),) if owner in users() else (("root", 50),))
    found = [Member(username, level) for username, level in staff]
    found += [Member(username, _LEVELS[role]) for username, role in facts.get("members", ())]
    return tuple(found)


def is_person(namespace: str) -> bool:
    """Whether a namespace is somebody's own."""
    return namespace in users() and namespace not in {group.path for group in groups()}


def mine(project: Project) -> bool:
    """Whether the visitor works in a project."""
    return project.member(ME) is not None
