"""Grades GitLab exactly: answers against the run's projects, changes against the record.

WebArena's own evaluators look at single requests; these look at all that is different afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from agentjit.sites.common.judging import fold, wrong_fields, wrong_names, wrong_number
from agentjit.sites.gitlab.data import ME
from agentjit.sites.gitlab.listing import count_contributors
from agentjit.sites.gitlab.model import Project
from agentjit.sites.gitlab.world import first_projects
from agentjit.sites.grading import Evidence, Grader

#: Where in the record something changed: the keys that lead there.
Place = tuple[str, ...]

#: What comes with a new project, besides the project.
_WITH_PROJECT: Final = ("stars", "issues", "merge_requests", "comments", "milestones")


def judge_commits(evidence: Evidence) -> list[str]:
    """How many commits of `project` are by an `author`, whose name has that word, on a `day`."""
    expect = evidence.task.expect
    right = sum(
        commit.at[:10] == expect["day"] and str(expect["author"]) in commit.author.casefold()
        for commit in _project(evidence).main.commits
    )
    return wrong_number(evidence.answer, right) + _untouched(evidence)


def judge_contributors(evidence: Evidence) -> list[str]:
    """Who the first three contributors of `project` are, in any order."""
    found = [each.name for each in count_contributors(_project(evidence).main)]
    return wrong_names(evidence.answer, found[:3], found, ordered=False) + _untouched(evidence)


def judge_project(evidence: Evidence) -> list[str]:
    """A new project at `path` with a `visibility`, with `members` and nobody else.

    `readme` says whether there is a file at first; where it is left out both will do.
    """
    expect: Mapping[str, Any] = evidence.task.expect
    path = expect["path"]
    project = evidence.final["projects"].get(path)
    if project is None:
        return [f"there is no project {path}"]
    wrong = []
    if "visibility" in expect:
        wrong += wrong_fields(project, {"visibility": expect["visibility"]}, path)
    wrong += wrong_fields(project, {"name": path.rpartition("/")[2]}, path)
    members = set(evidence.final["members"][path])
    if members != {ME, *expect.get("members", ())}:
        wrong.append(f"the members of {path} are {sorted(members)}")
    files = [name for name in evidence.final["files"] if name.startswith(f"{path}/")]
    if "readme" in expect and bool(files) != expect["readme"]:
        wrong.append(f"the files of {path} are {files}")
    allowed = [("projects", path), ("members", path), *((part, path) for part in _WITH_PROJECT)]
    allowed += [("files", name) for name in files] + [("commits", f"{path}/main")]
    return wrong + _nothing_else(evidence, allowed)


def judge_licenses(evidence: Evidence) -> list[str]:
    """The LICENSE of each of `projects` is one of `title` now, by one commit each."""
    expect: Mapping[str, Any] = evidence.task.expect
    wrong, allowed = [], []
    for path in expect["projects"]:
        branch = evidence.initial["projects"][path]["defaultBranch"]
        name = f"{path}/{branch}/LICENSE"
        text = evidence.final["files"].get(name, "")
        if not str(text).startswith(expect["title"]):
            wrong.append(f"{name} is no {expect['title']}")
        if len(evidence.final["commits"].get(f"{path}/{branch}", ())) != 1:
            wrong.append(f"{path} has not one new commit")
        allowed += [("files", name), ("commits", f"{path}/{branch}")]
    return wrong + _nothing_else(evidence, allowed)


def judge_issue(evidence: Evidence) -> list[str]:
    """One new issue in `project`, with `title`, `assignee`, `due`; `invited` joined first."""
    expect: Mapping[str, Any] = evidence.task.expect
    path = expect["project"]
    before, after = evidence.initial["issues"][path], evidence.final["issues"][path]
    new = [number for number in after if number not in before]
    if len(new) != 1:
        return [f"{len(new)} issues were opened in {path}, and not one"]
    wanted = {
        "title": expect["title"],
        "assignees": [expect["assignee"]],
        "due_date": expect["due"],
        "state": "opened",
        "author": ME,
    }
    allowed: list[Place] = [("issues", path, new[0])]
    if "invited" in expect:
        allowed.append(("members", path, expect["invited"]))
    return wrong_fields(after[new[0]], wanted, "the issue") + _nothing_else(evidence, allowed)


def judge_status(evidence: Evidence) -> list[str]:
    """The status has one of the `messages`, and says busy as before; full stops do not count."""
    status = evidence.final["status"]
    wrong = wrong_fields(status, {"busy": True}, "the status")
    expect: Mapping[str, Any] = evidence.task.expect
    if fold(status["message"]).rstrip(".") not in [fold(each) for each in expect["messages"]]:
        wrong.append(f"the message is {status['message']!r}")
    return wrong + _nothing_else(evidence, [("status", "message"), ("status", "emoji")])


def judge_page_title(evidence: Evidence) -> list[str]:
    """The `title` of index.html is another one, by one commit, and the rest of it is as it was."""
    expect: Mapping[str, Any] = evidence.task.expect
    project = _project(evidence)
    file = project.main.file("index.html")
    assert file is not None
    right = file.content.replace(
        f"<title>{project.name}</title>", f"<title>{expect['title']}</title>"
    )
    branch = f"{project.path}/{project.main.name}"
    text = str(evidence.final["files"].get(f"{branch}/index.html", ""))
    wrong = [] if text.split() == right.split() else ["index.html is not as it should be"]
    if len(evidence.final["commits"].get(branch, ())) != 1:
        wrong.append(f"{branch} has not one new commit")
    return wrong + _nothing_else(evidence, [("files", f"{branch}/index.html"), ("commits", branch)])


def judge_comment(evidence: Evidence) -> list[str]:
    """One new comment of the visitor's in `project`, on `thread`: its `text`."""
    expect: Mapping[str, Any] = evidence.task.expect
    path, thread = expect["project"], expect["thread"]
    before = evidence.initial["comments"][path].get(thread, [])
    after = evidence.final["comments"][path].get(thread, [])
    right = [*before, {"author": ME, "text": expect["text"]}]
    wrong = [] if after == right else [f"the comments on {thread} are {after[len(before) :]}"]
    allowed = [("comments", path, thread, str(len(before))), ("comments", path, thread)]
    return wrong + _nothing_else(evidence, allowed)


def judge_member(evidence: Evidence) -> list[str]:
    """`username` is a member of `project` now, in a `role`."""
    expect: Mapping[str, Any] = evidence.task.expect
    path, username = expect["project"], expect["username"]
    members = evidence.final["members"][path]
    wrong = wrong_fields(members, {username: expect["role"]}, path)
    return wrong + _nothing_else(evidence, [("members", path, username)])


GRADERS: Final[Mapping[str, Grader]] = {
    "commits-counted": judge_commits,
    "contributors-told": judge_contributors,
    "project-created": judge_project,
    "licenses-changed": judge_licenses,
    "issue-opened": judge_issue,
    "status-set": judge_status,
    "page-title-changed": judge_page_title,
    "comment-posted": judge_comment,
    "member-invited": judge_member,
}


def _project(evidence: Evidence) -> Project:
    wanted = evidence.task.expect["project"]
    projects = first_projects(evidence.seed, evidence.today)
    return next(project for project in projects if project.path == wanted)


def _untouched(evidence: Evidence) -> list[str]:
    return _nothing_else(evidence, [])


def _nothing_else(evidence: Evidence, allowed: Sequence[Place]) -> list[str]:
    """What changed besides what is allowed, and what is below it."""
    return [
        f"{'/'.join(place)} changed"
        for place in _changes(evidence.initial, evidence.final)
        # The activity only tells again what was done.
        if place[0] != "activity" and not any(place[: len(a)] == a for a in allowed)
    ]


def _changes(before: Any, after: Any, place: Place = ()) -> Iterator[Place]:
    """Where two records differ, as deep as both go."""
    if before == after:
        return
    if isinstance(before, list) and isinstance(after, list):
        before, after = dict(_numbered(before)), dict(_numbered(after))
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield place
        return
    for key in before.keys() | after.keys():
        if key not in before or key not in after:
            yield (*place, key)
        else:
            yield from _changes(before[key], after[key], (*place, key))


def _numbered(entries: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((str(index), entry) for index, entry in enumerate(entries))
