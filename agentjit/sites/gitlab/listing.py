"""From what an address asks for to the issues, commits or projects that it lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import QueryParams

from agentjit.sites.gitlab.data import users
from agentjit.sites.gitlab.model import Branch, Commit, Project, Thread

#: How issues can be sorted: the address's word and what the menu says.
SORTS: Final = {
    "created_date": "Created date",
    "created_asc": "Oldest created",
    "updated_desc": "Updated date",
    "due_date": "Due date",
    "title": "Title",
}
STATES: Final = ("opened", "closed", "all")


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody who committed, with an address; `weeks` is how many commits each half year had."""

    name: str
    email: str
    commits: int
    weeks: tuple[int, ...]


def pick_threads(
    found: Sequence[tuple[Project, Thread]], query: QueryParams, *, state: str = "opened"
) -> list[tuple[Project, Thread]]:
    """The threads that the address asks for, in its order."""
    wanted = query.get("state") or state
    shown = [
        pair
        for pair in found
        if (wanted == "all" or pair[1].state == wanted) and _fits(pair[1], query)
    ]
    match query.get("sort") or "created_date":
        case "created_asc":
            shown.sort(key=lambda pair: (pair[1].created, pair[1].number))
        case "updated_desc" | "updated_date":
            shown.sort(key=lambda pair: (pair[1].updated, pair[1].number), reverse=True)
        case "due_date":
            shown.sort(key=lambda pair: (pair[1].due is None, pair[1].due or "", pair[1].number))
        case "title":
            shown.sort(key=lambda pair: (pair[1].title.casefold(), pair[1].number))
        case _:
            shown.sort(key=lambda pair: (pair[1].created, pair[1].number), reverse=True)
    return shown


def count_states(found: Sequence[tuple[Project, Thread]], query: QueryParams) -> dict[str, int]:
    """How many the address would list in each state."""
    counts = Counter(thread.state for _, thread in found if _fits(thread, query))
    return {**counts, "all": counts.total()}


def pick_commits(branch: Branch, query: QueryParams) -> list[Commit]:
    """The commits that the address asks for, newest first."""
    author = query.get("author", "").casefold()
    words = query.get("search", "").casefold()
    return [
        commit
        for commit in branch.commits
        if author in commit.author.casefold() and words in commit.title.casefold()
    ]


def count_contributors(branch: Branch) -> list[Contributor]:
    """Who committed to a branch, whoever did most first; each address counts for itself."""
    by_author: dict[tuple[str, str], list[str]] = {}
    for commit in branch.commits:
        by_author.setdefault((commit.author, commit.email), []).append(commit.at)
    first = int(branch.commits[-1].at[:4]) if branch.commits else 0
    last = int(branch.commits[0].at[:4]) if branch.commits else 0
    found = []
    for (name, email), moments in by_author.items():
        halves = Counter((int(at[:4]), int(at[5:7]) > 6) for at in moments)
        weeks = tuple(
            halves[year, half] for year in range(first, last + 1) for half in (False, True)
        )
        found.append(Contributor(name, email, len(moments), weeks))
    return sorted(found, key=lambda each: -each.commits)


def search_projects(projects: Iterable[Project], words: str) -> list[Project]:
    """Projects with all the words, those with the words in their names first, then by stars."""
    wanted = words.casefold().split()

    def fits(project: Project) -> bool:
        text = f"{project.path} {project.name} {project.description}".casefold()
        return all(word in text for word in wanted)

    def rank(project: Project) -> tuple[bool, int, str]:
        name = project.name.casefold()
        return (not all(word in name for word in wanted), -project.stars, project.path)

    return sorted(filter(fits, projects), key=rank)


def _fits(thread: Thread, query: QueryParams) -> bool:
    words = query.get("search", "").casefold().split()
    text = f"{thread.title} {thread.text}".casefold()
    labels = query.getlist("label_name[]")
    author, assignee = query.get("author_username"), query.get("assignee_username")
    reviewer = query.get("reviewer_username")
    return (
        all(word in text for word in words)
        and all(_has_label(thread, label) for label in labels)
        and (not author or thread.author == author)
        and (not assignee or assignee in thread.assignees)
        and (not reviewer or reviewer in thread.reviewers)
    )


def _has_label(thread: Thread, label: str) -> bool:
    return not thread.labels if label == "None" else label in thread.labels


def known_username(name: str) -> bool:
    """Whether somebody has that username."""
    return name in users()
