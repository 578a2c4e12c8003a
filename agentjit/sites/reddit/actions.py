"""Votes and subscriptions, sent by a page's scripts or by its forms."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import Form, read_form
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.reddit.entries import Comment, Submission
from agentjit.sites.reddit.rendering import (
    answer_page,
    go,
    session_of,
    show_missing,
    submission_path,
)
from agentjit.sites.reddit.state import subscribe, vote, vote_on_comment
from agentjit.sites.reddit.views import find_comment, find_forum, find_submission


async def _vote(request: Request) -> Response:
    return await _cast(request, of_comment=False)


async def _vote_on_comment(request: Request) -> Response:
    return await _cast(request, of_comment=True)


async def _cast(request: Request, *, of_comment: bool) -> Response:
    session, number = session_of(request), request.path_params["id"]
    account = session.state
    found: Submission | Comment | None
    found = find_comment(account, number) if of_comment else find_submission(account, number)
    if found is None or (isinstance(found, Comment) and found.deleted):
        return _refuse(request, "That is not there any more", 404)
    try:
        choice = _read_choice(await read_form(request))
        cast = vote_on_comment if of_comment else vote
        session.change(cast(account, number, choice))
    except RefusedError as error:
        return _refuse(request, str(error), 400)
    if _wants_json(request):
        return JSONResponse({"netScore": found.score + choice})
    on = find_submission(account, found.submission) if isinstance(found, Comment) else found
    return show_missing(request) if on is None else go(request, submission_path(on))


def _read_choice(form: Form) -> int:
    if "choice" not in form:
        raise RefusedError("There is no such vote")
    return form.number("choice")


async def _subscribe(request: Request) -> Response:
    return await _set_subscription(request, on=True)


async def _unsubscribe(request: Request) -> Response:
    return await _set_subscription(request, on=False)


async def _set_subscription(request: Request, *, on: bool) -> Response:
    session = session_of(request)
    forum = find_forum(session.state, request.path_params["forum"])
    if forum is None:
        return _refuse(request, "There is no such forum", 404)
    session.change(subscribe(session.state, forum, on=on))
    if _wants_json(request):
        return JSONResponse({"subscribed": on})
    return go(request, f"/f/{forum.name}")


def _wants_json(request: Request) -> bool:
    return request.url.path.endswith(".json")


def _refuse(request: Request, message: str, status: int) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": message}, status_code=status)
    return answer_page(request, "refused.html", status=status, message=message)


ROUTES = [
    Route("/sv/{id:int}.json", _vote, methods=["POST"]),
    Route("/sv/{id:int}", _vote, methods=["POST"]),
    Route("/cv/{id:int}.json", _vote_on_comment, methods=["POST"]),
    Route("/cv/{id:int}", _vote_on_comment, methods=["POST"]),
    *(
        Route(f"/f/{{forum}}/{name}{kind}", act, methods=["POST"])
        for name, act in (("subscribe", _subscribe), ("unsubscribe", _unsubscribe))
        for kind in (".json", "")
    ),
]
