"""Pages that belong to no project: the dashboard, exploring, searching, people, new projects."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.paging import Slice, asked_page, cut
from agentjit.sites.gitlab.data import ME, search_users, users
from agentjit.sites.gitlab.listing import (
    STATES,
    count_states,
    pick_threads,
    search_projects,
)
from agentjit.sites.gitlab.rendering import account_of, answer_missing, answer_page
from agentjit.sites.gitlab.state import MY_NAMESPACE, Account

_A_PAGE = 20
SCOPES = {
    "projects": "Projects",
    "issues": "Issues",
    "merge_requests": "Merge requests",
    "users": "Users",
}
VISIBILITY_WORDS = {
    0: ("Private", "Only members can see it, and only when they are signed in."),
    10: ("Internal", "Everybody who is signed in can see it."),
    20: ("Public", "Everybody can see it, signed in or not."),
}


async def _home(request: Request) -> Response:
    return answer_page(
        request, "home.html", tab="yours", query=request.query_params.get("name", "")
    )


async def _starred(request: Request) -> Response:
    return answer_page(request, "home.html", tab="starred", query="")


async def _explore(request: Request) -> Response:
    return answer_page(
        request, "home.html", tab="explore", query=request.query_params.get("name", "")
    )


async def _projects_part(request: Request) -> Response:
    account, query = account_of(request), request.query_params
    match query.get("tab"):
        case "starred":
            found = [each for each in account.projects if each.path in account.starred]
        case "explore":
            found = sorted(account.projects, key=lambda each: (-each.stars, each.path))
            found = [each for each in found if each.visibility != "private"]
        case _:
            found = list(account.own)
    if words := query.get("name", ""):
        found = search_projects(found, words)
    shown = cut(found, asked_page(request), _A_PAGE)
    return answer_page(request, "parts/projects.html", shown=shown, tab=query.get("tab", "yours"))


async def _dashboard_threads(request: Request) -> Response:
    kind = "issue" if request.url.path.endswith("issues") else "merge_request"
    query = request.query_params
    if not any(name.endswith("_username") for name in query):
        query = QueryParams([*query.multi_items(), ("assignee_username", ME)])
    found = account_of(request).threads(kind)
    shown = cut(pick_threads(found, query), asked_page(request), _A_PAGE)
    return answer_page(
        request,
        "dashboard.html",
        kind=kind,
        shown=shown,
        states=STATES,
        counts=count_states(found, query),
        asked=query,
    )


async def _todos(request: Request) -> Response:
    return answer_page(request, "todos.html", todos=list_todos(account_of(request)))


async def _activity(request: Request) -> Response:
    return answer_page(request, "activity.html", events=account_of(request).activity[::-1])


async def _search(request: Request) -> Response:
    scope = request.query_params.get("scope", "projects")
    words = request.query_params.get("search", "").strip()
    return answer_page(
        request,
        "search.html",
        words=words,
        scope=scope if scope in SCOPES else "projects",
        scopes=SCOPES,
    )


async def _search_part(request: Request) -> Response:
    account, query = account_of(request), request.query_params
    words, scope = query.get("search", ""), query.get("scope", "projects")
    number = asked_page(request)
    shown: Slice[Any]
    if scope == "users":
        shown = cut(search_users(words), number, _A_PAGE)
    elif scope in ("issues", "merge_requests"):
        asked = QueryParams({"search": words, "state": "all"})
        found = pick_threads(account.threads(scope.removesuffix("s")), asked)
        shown = cut(found, number, _A_PAGE)
    else:
        shown = cut(search_projects(account.projects, words), number, _A_PAGE)
    return answer_page(request, "parts/found.html", scope=scope, words=words, shown=shown)


async def _person(request: Request) -> Response:
    name = request.path_params["namespace"]
    account = account_of(request)
    owned = [each for each in account.projects if each.namespace == name]
    group = account.group(name)
    if group is not None:
        return answer_page(request, "group.html", group=group, owned=owned)
    found = next((user for key, user in users().items() if key.casefold() == name.casefold()), None)
    if found is None:
        return answer_missing(request)
    shown = account.me if found.username == ME else found
    return answer_page(request, "person.html", person=shown, owned=owned)


async def _group_members(request: Request) -> Response:
    group = account_of(request).group(request.path_params["namespace"])
    if group is None:
        return answer_missing(request)
    return answer_page(request, "group_members.html", group=group)


async def _profile(request: Request) -> Response:
    return answer_page(request, "profile.html", complaint="")


async def _new_project(request: Request) -> Response:
    return answer_new_project(request)


def answer_new_project(
    request: Request, complaint: str = "", panel: str = "", status: int = 200
) -> Response:
    """The forms for a new project: a choice, or the one of a panel, with what was wrong in it."""
    account = account_of(request)
    spaces = [(MY_NAMESPACE, ME)]
    spaces += [
        (group.id, group.path)
        for group in account.groups
        if any(member.username == ME for member in group.members)
    ]
    return answer_page(
        request,
        "new_project.html",
        status=status,
        spaces=spaces,
        visibilities=VISIBILITY_WORDS,
        complaint=complaint,
        panel=panel,
    )


async def _new_group(request: Request) -> Response:
    return answer_page(request, "new_group.html", visibilities=VISIBILITY_WORDS, complaint="")


def list_todos(account: Account) -> list[tuple[str, str, str, str]]:
    """What waits for the visitor: why, what, its address and since when."""
    todos = []
    for kind, word in (("issue", "issues"), ("merge_request", "merge_requests")):
        for project, thread in account.threads(kind):
            address = f"/{project.path}/-/{word}/{thread.number}"
            if thread.open and ME in thread.assignees:
                todos.append(("assigned to you", thread.title, address, thread.updated))
            if thread.open and ME in thread.reviewers:
                todos.append(("review requested", thread.title, address, thread.updated))
    return sorted(todos, key=lambda todo: todo[3], reverse=True)


ROUTES = [
    Route("/", _home),
    Route("/dashboard/projects", _home),
    Route("/dashboard/projects/starred", _starred),
    Route("/explore", _explore),
    Route("/explore/projects", _explore),
    Route("/-/parts/projects", _projects_part),
    Route("/dashboard/issues", _dashboard_threads),
    Route("/dashboard/merge_requests", _dashboard_threads),
    Route("/dashboard/todos", _todos),
    Route("/dashboard/activity", _activity),
    Route("/search", _search),
    Route("/-/parts/found", _search_part),
    Route("/-/profile", _profile),
    Route("/projects/new", _new_project),
    Route("/groups/new", _new_group),
    Route("/groups/{namespace}/-/group_members", _group_members),
]

#: Below everything else: any other word is somebody's name.
LAST_ROUTES = [Route("/{namespace}", _person)]
