"""What page scripts ask for and send as JSON: people, invitations, status, comments, stars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import read_json
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.data import search_users
from agentjit.sites.gitlab.discussing import assign, can_be_assigned, change_state, comment
from agentjit.sites.gitlab.listing import search_projects
from agentjit.sites.gitlab.model import Project, User
from agentjit.sites.gitlab.profile import set_status, toggle_star
from agentjit.sites.gitlab.projectpages import BASE, project_of
from agentjit.sites.gitlab.rendering import account_of, find_user, now_of, session_of
from agentjit.sites.gitlab.working import invite, invite_to_group

_MOST = 20


async def _people(request: Request) -> Response:
    words = request.query_params.get("search", "")
    return JSONResponse([_show_user(user) for user in search_users(words)[:_MOST]])


async def _assignable(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return _refuse("404 Project Not Found", 404)
    return JSONResponse([_show_user(find_user(name)) for name in can_be_assigned(project)])


async def _projects(request: Request) -> Response:
    words = request.query_params.get("search", "")
    found = search_projects(account_of(request).projects, words)
    return JSONResponse([_show_project(project) for project in found[:_MOST]])


async def _invite(request: Request) -> Response:
    try:
        sent = await read_json(request)
        who = [int(number) for number in str(sent.get("user_id") or "").split(",") if number]
        level, number = int(sent.get("access_level", 0)), request.path_params["number"]
        step = invite_to_group if "/groups/" in request.url.path else invite
        account = step(account_of(request), number, who, level, now_of(request))
    except RefusedError as error:
        return _refuse(str(error), 422)
    except (TypeError, ValueError, OverflowError):
        return _refuse("400 Bad request", 400)
    session_of(request).change(account)
    return JSONResponse({"status": "success"}, status_code=201)


async def _status(request: Request) -> Response:
    try:
        sent = await read_json(request)
        account = set_status(
            account_of(request),
            str(sent.get("emoji") or ""),
            str(sent.get("message") or ""),
            busy=sent.get("availability") == "busy",
        )
    except RefusedError as error:
        return _refuse(str(error), 400)
    session_of(request).change(account)
    status = account.status
    availability = "busy" if status.busy else "not_set"
    return JSONResponse(
        {"emoji": status.emoji, "message": status.message, "availability": availability}
    )


async def _comment(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return _refuse("404 Project Not Found", 404)
    try:
        sent = await read_json(request)
        kind = request.query_params.get("target_type", "").lower()
        number = int(request.query_params.get("target_id", ""))
        text = str(_inside(sent, "note").get("note") or "")
        if kind not in ("issue", "merge_request"):
            raise RefusedError("Noteable type is invalid")
        account = comment(account_of(request), project.path, (kind, number), text, now_of(request))
    except RefusedError as error:
        return _refuse(str(error), 422)
    except (TypeError, ValueError, OverflowError):
        return _refuse("400 Bad request", 400)
    session_of(request).change(account)
    return JSONResponse({"valid": True, "note": text})


async def _change(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return _refuse("404 Project Not Found", 404)
    kind = "merge_request" if "/merge_requests/" in request.url.path else "issue"
    number, now = request.path_params["number"], now_of(request)
    account = account_of(request)
    try:
        sent = _inside(await read_json(request), kind)
        if "state_event" in sent:
            event = str(sent["state_event"])
            account = change_state(account, project.path, (kind, number), event, now)
        if "assignee_ids" in sent:
            who = [int(each) for each in sent["assignee_ids"]]
            account = assign(account, project.path, (kind, number), who, now)
    except RefusedError as error:
        return _refuse(str(error), 422)
    except (TypeError, ValueError, OverflowError):
        return _refuse("400 Bad request", 400)
    session_of(request).change(account)
    return JSONResponse({"iid": number})


async def _star(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return _refuse("404 Project Not Found", 404)
    account = toggle_star(account_of(request), project.path)
    session_of(request).change(account)
    found = account.find(project.path)
    return JSONResponse({"star_count": found.stars if found else 0})


def _inside(sent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = sent.get(name)
    if not isinstance(inner, dict):
        raise RefusedError(f"{name} is missing")
    return inner


def _show_user(user: User) -> dict[str, Any]:
    return {"id": user.id, "username": user.username, "name": user.name, "state": "active"}


def _show_project(project: Project) -> dict[str, Any]:
    return {"id": project.id, "path_with_namespace": project.path, "name": project.name}


def _refuse(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status_code=status)


ROUTES = [
    Route("/api/v4/users", _people),
    Route("/api/v4/projects", _projects),
    Route("/api/v4/projects/{number:int}/invitations", _invite, methods=["POST"]),
    Route("/api/v4/groups/{number:int}/invitations", _invite, methods=["POST"]),
    Route("/api/v4/user/status", _status, methods=["PUT"]),
    Route(BASE + "/notes", _comment, methods=["POST"]),
    Route(BASE + "/-/assignable", _assignable),
    Route(BASE + "/-/issues/{number:int}.json", _change, methods=["PUT"]),
    Route(BASE + "/-/merge_requests/{number:int}.json", _change, methods=["PUT"]),
    Route(BASE + "/toggle_star.json", _star, methods=["POST"]),
]
