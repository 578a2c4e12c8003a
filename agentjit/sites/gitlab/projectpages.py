"""Pages of a project's repository: overview, files, editor, commits, contributors, members."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import linger
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.gitlab.data import ME, fill_license, licenses, search_users
from agentjit.sites.gitlab.listing import count_contributors, pick_commits
from agentjit.sites.gitlab.model import Branch, Project
from agentjit.sites.gitlab.rendering import (
    account_of,
    answer_missing,
    answer_page,
    session_of,
)

_COMMITS_A_PAGE = 40
_MEMBERS_A_PAGE = 20


def project_of(request: Request) -> Project | None:
    """The project that an address is below of."""
    names = request.path_params
    return account_of(request).find(f"{names['namespace']}/{names['name']}")


def answer_in(request: Request, name: str, **values: Any) -> Response:
    """A page of the project that the address is below of; the missing page where there is none."""
    project = project_of(request)
    if project is None:
        return answer_missing(request)
    member = project.member(ME)
    level = member.level if member else 0
    return answer_page(request, name, project=project, level=level, **values)


def _at_ref(request: Request) -> tuple[Project, Branch, str] | None:
    project = project_of(request)
    found = project.split_ref(request.path_params["ref"]) if project else None
    return (project, *found) if project and found else None


async def _project(request: Request) -> Response:
    return answer_in(request, "project.html")


async def _tree(request: Request) -> Response:
    found = _at_ref(request)
    if found is None:
        return answer_missing(request)
    _, branch, path = found
    if path and not any(file.path.startswith(f"{path}/") for file in branch.files):
        return answer_missing(request)
    return answer_in(request, "tree.html", branch=branch, folder=path)


async def _tree_part(request: Request) -> Response:
    await linger(request)
    project = project_of(request)
    branch = project.branch(request.query_params.get("ref", "")) if project else None
    if project is None or branch is None:
        return answer_missing(request)
    folder = request.query_params.get("path", "")
    prefix = f"{folder}/" if folder else ""
    inside = [each.path[len(prefix) :] for each in branch.files if each.path.startswith(prefix)]
    names = dict.fromkeys(path.split("/")[0] for path in inside)
    entries = [(name, f"{prefix}{name}", name not in inside) for name in names]
    return answer_in(request, "parts/tree.html", branch=branch, entries=entries)


async def _blob(request: Request) -> Response:
    found = _at_ref(request)
    file = found[1].file(found[2]) if found else None
    if found is None or file is None:
        return answer_missing(request)
    return answer_in(request, "blob.html", branch=found[1], file=file)


async def _edit(request: Request) -> Response:
    found = _at_ref(request)
    file = found[1].file(found[2]) if found else None
    if found is None or file is None:
        return answer_missing(request)
    return answer_editor(request, found[1], path=file.path, content=file.content, before=file.path)


async def _new_file(request: Request) -> Response:
    found = _at_ref(request)
    if found is None:
        return answer_missing(request)
    path = request.query_params.get("file_name", "")
    prefix = f"{found[2]}/" if found[2] else ""
    return answer_editor(request, found[1], path=prefix + path, content="", before=None)


def answer_editor(
    request: Request,
    branch: Branch,
    *,
    path: str,
    content: str,
    before: str | None,
    complaint: str = "",
) -> Response:
    """The editor for a file; `before` is the path that it has, None for a new one."""
    default = f"Update {path}" if before else f"Add {path}" if path else "Add new file"
    return answer_in(
        request,
        "editor.html",
        branch=branch,
        path=path,
        content=content,
        before=before,
        message=request.query_params.get("commit_message", default),
        licenses={key: name for key, (name, _) in licenses().items()},
        complaint=complaint,
    )


async def _license(request: Request) -> Response:
    key = request.path_params["key"]
    if project_of(request) is None or key not in licenses():
        return JSONResponse({"message": "404 Not found"}, status_code=404)
    account = account_of(request)
    text = fill_license(key, account.today.year, account.me.name)
    return JSONResponse({"name": licenses()[key][0], "content": text})


async def _commits(request: Request) -> Response:
    found = _at_ref(request)
    if found is None:
        return answer_missing(request)
    return answer_in(request, "commits.html", branch=found[1], asked=request.query_params)


async def _commits_part(request: Request) -> Response:
    await linger(request)
    project = project_of(request)
    branch = project.branch(request.query_params.get("ref", "")) if project else None
    if branch is None:
        return answer_missing(request)
    shown = cut(pick_commits(branch, request.query_params), asked_page(request), _COMMITS_A_PAGE)
    days = [(day, list(some)) for day, some in groupby(shown.items, lambda each: each.at[:10])]
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
    return answer_in(request, "parts/commits.html", shown=shown, days=days, kept=kept)


async def _contributors(request: Request) -> Response:
    found = _at_ref(request)
    if found is None:
        return answer_missing(request)
    return answer_in(request, "contributors.html", branch=found[1])


async def _contributors_part(request: Request) -> Response:
    await linger(request)
    project = project_of(request)
    branch = project.branch(request.query_params.get("ref", "")) if project else None
    if branch is None:
        return answer_missing(request)
    found = count_contributors(branch)
    return answer_in(request, "parts/contributors.html", branch=branch, found=found)


async def _members(request: Request) -> Response:
    return answer_in(request, "members.html", words=request.query_params.get("search", ""))


async def _members_part(request: Request) -> Response:
    await linger(request)
    project = project_of(request)
    if project is None:
        return answer_missing(request)
    words = request.query_params.get("search", "")
    names = {user.username for user in search_users(words)}
    found = [member for member in project.members if member.username in names]
    found.sort(key=lambda member: (-member.level, member.username.casefold()))
    shown = cut(found, asked_page(request), _MEMBERS_A_PAGE)
    return answer_in(request, "parts/members.html", shown=shown, words=words)


async def _milestones(request: Request) -> Response:
    return answer_in(request, "milestones.html")


async def _new_milestone(request: Request) -> Response:
    return answer_in(request, "new_milestone.html", complaint="")


def today_of(request: Request) -> str:
    """The session's day as ISO text."""
    return session_of(request).today.isoformat()


BASE = "/{namespace}/{name}"
ROUTES = [
    Route(BASE, _project),
    Route(BASE + "/-/tree/{ref:path}", _tree),
    Route(BASE + "/-/parts/tree", _tree_part),
    Route(BASE + "/-/blob/{ref:path}", _blob),
    Route(BASE + "/-/edit/{ref:path}", _edit),
    Route(BASE + "/-/new/{ref:path}", _new_file),
    Route(BASE + "/templates/licenses/{key}", _license),
    Route(BASE + "/-/commits/{ref:path}", _commits),
    Route(BASE + "/-/parts/commits", _commits_part),
    Route(BASE + "/-/graphs/{ref:path}", _contributors),
    Route(BASE + "/-/parts/contributors", _contributors_part),
    Route(BASE + "/-/project_members", _members),
    Route(BASE + "/-/parts/members", _members_part),
    Route(BASE + "/-/milestones", _milestones),
    Route(BASE + "/-/milestones/new", _new_milestone),
]
