"""Pages of a project's issues and merge requests: lists, forms for new ones, and each of them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.forms import linger
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.gitlab.discussing import can_be_assigned
from agentjit.sites.gitlab.listing import SORTS, STATES, count_states, pick_threads
from agentjit.sites.gitlab.projectpages import BASE, answer_in, project_of
from agentjit.sites.gitlab.rendering import answer_missing

_A_PAGE = 20
_WORDS = {"issue": "issues", "merge_request": "merge_requests"}


def _kind(request: Request) -> str:
    return "merge_request" if "/merge_requests" in request.url.path else "issue"


async def _list(request: Request) -> Response:
    project, kind = project_of(request), _kind(request)
    if project is None:
        return answer_missing(request)
    threads = project.issues if kind == "issue" else project.requests
    found = [(project, thread) for thread in threads]
    states = STATES if kind == "issue" else ("opened", "merged", "closed", "all")
    return answer_in(
        request,
        "threads.html",
        kind=kind,
        word=_WORDS[kind],
        states=states,
        counts=count_states(found, request.query_params),
        asked=request.query_params,
        sorts=SORTS,
    )


async def _list_part(request: Request) -> Response:
    await linger(request)
    project, kind = project_of(request), _kind(request)
    if project is None:
        return answer_missing(request)
    threads = project.issues if kind == "issue" else project.requests
    found = pick_threads([(project, thread) for thread in threads], request.query_params)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
    return answer_in(
        request,
        "parts/threads.html",
        kind=kind,
        word=_WORDS[kind],
        shown=cut(found, asked_page(request), _A_PAGE),
        kept=kept,
    )


async def _thread(request: Request) -> Response:
    project, kind = project_of(request), _kind(request)
    if project is None:
        return answer_missing(request)
    number = request.path_params["number"]
    thread = project.issue(number) if kind == "issue" else project.request(number)
    if thread is None:
        return answer_missing(request)
    return answer_in(
        request,
        "thread.html",
        kind=kind,
        word=_WORDS[kind],
        thread=thread,
        people=can_be_assigned(project),
    )


async def _notes_part(request: Request) -> Response:
    await linger(request)
    project, kind = project_of(request), _kind(request)
    number = request.path_params["number"]
    thread = None
    if project is not None:
        thread = project.issue(number) if kind == "issue" else project.request(number)
    if thread is None:
        return answer_missing(request)
    return answer_in(request, "parts/notes.html", thread=thread)


async def _new_issue(request: Request) -> Response:
    return answer_new_issue(request)


def answer_new_issue(request: Request, complaint: str = "", title: str = "") -> Response:
    """The form for a new issue, with what was wrong with it before."""
    project = project_of(request)
    people = can_be_assigned(project) if project else []
    return answer_in(request, "new_issue.html", people=people, complaint=complaint, title=title)


async def _new_request(request: Request) -> Response:
    return answer_new_request(request)


def answer_new_request(request: Request, complaint: str = "") -> Response:
    """The two forms for a new merge request: first its branches, then all else."""
    project = project_of(request)
    query = request.query_params
    return answer_in(
        request,
        "new_request.html",
        people=can_be_assigned(project) if project else [],
        source=query.get("merge_request[source_branch]", ""),
        target=query.get("merge_request[target_branch]", ""),
        complaint=complaint,
    )


ROUTES = [
    Route(BASE + "/-/issues", _list),
    Route(BASE + "/-/issues/new", _new_issue),
    Route(BASE + "/-/issues/{number:int}", _thread),
    Route(BASE + "/-/issues/{number:int}/notes", _notes_part),
    Route(BASE + "/-/parts/issues", _list_part),
    Route(BASE + "/-/merge_requests", _list),
    Route(BASE + "/-/merge_requests/new", _new_request),
    Route(BASE + "/-/merge_requests/{number:int}", _thread),
    Route(BASE + "/-/merge_requests/{number:int}/notes", _notes_part),
    Route(BASE + "/-/parts/merge_requests", _list_part),
]
