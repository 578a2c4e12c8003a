"""The pages about people: what they wrote, what they say of themselves."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.forms import read_form
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.reddit.pages import PAGE, show_comments
from agentjit.sites.reddit.ranking import rank
from agentjit.sites.reddit.rendering import (
    account_of,
    answer_page,
    go,
    session_of,
    show_missing,
)
from agentjit.sites.reddit.state import Account, set_biography
from agentjit.sites.reddit.views import (
    comments_by,
    find_submission,
    ranked,
    submissions_by,
)


def find_person(account: Account, name: str) -> str | None:
    """Somebody's name as they write it, whatever its case here."""
    if name.casefold() == account.name.casefold():
        return account.name
    return account.board.people.get(name.casefold())


async def _overview(request: Request) -> Response:
    session, person = session_of(request), _person(request)
    if person is None:
        return show_missing(request)
    account = session.state
    entries = ranked(account, submissions_by(account, person))
    comments = comments_by(account, person)
    both = [(each.submission.posted, each, None) for each in entries]
    mixed = [*both, *((each.posted, None, each) for each in comments)]
    mixed.sort(key=lambda item: item[0], reverse=True)
    page = cut(mixed, asked_page(request), PAGE)
    on = {
        each.submission: find_submission(account, each.submission)
        for _, _, each in page.items
        if each is not None
    }
    return answer_page(request, "user.html", page=page, on=on, tab="overview", person=person)


async def _submissions(request: Request) -> Response:
    session, person = session_of(request), _person(request)
    if person is None:
        return show_missing(request)
    entries = ranked(session.state, submissions_by(session.state, person))
    page = cut(rank(entries, "new", "all", session.now), asked_page(request), PAGE)
    return answer_page(
        request, "user_submissions.html", page=page, tab="submissions", person=person
    )


async def _comments(request: Request) -> Response:
    person = _person(request)
    if person is None:
        return show_missing(request)
    comments = comments_by(account_of(request), person)
    return show_comments(request, "user_comments.html", comments, tab="comments", person=person)


async def _edit_biography(request: Request) -> Response:
    """The form, and what it sends: only one's own biography can be edited."""
    session, person = session_of(request), _person(request)
    account = session.state
    if person != account.name:
        return show_missing(request)
    if request.method == "GET":
        return answer_page(request, "edit_biography.html", text=account.biography, message="")
    form = await read_form(request)
    text = form.get("user_biography[biography]")
    try:
        if "user_biography[biography]" not in form:
            raise RefusedError("That request makes no sense")
        session.change(set_biography(account, text))
    except RefusedError as error:
        return answer_page(
            request, "edit_biography.html", status=422, text=text, message=str(error)
        )
    return go(request, f"/user/{account.name}", "The biography was updated.")


def _person(request: Request) -> str | None:
    return find_person(account_of(request), request.path_params["name"])


ROUTES = [
    Route("/user/{name}", _overview),
    Route("/user/{name}/submissions", _submissions),
    Route("/user/{name}/comments", _comments),
    Route("/user/{name}/edit_biography", _edit_biography, methods=["GET", "POST"]),
]
