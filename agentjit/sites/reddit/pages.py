"""The pages that list submissions, comments and forums, and the page of one submission."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.forms import linger
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.pictures import draw_picture
from agentjit.sites.reddit.ranking import DEFAULT_PERIOD, ORDERS, PERIODS, rank
from agentjit.sites.reddit.rendering import (
    account_of,
    answer_page,
    session_of,
    show_missing,
    submission_path,
)
from agentjit.sites.reddit.state import Account
from agentjit.sites.reddit.views import (
    all_submissions,
    comments_in,
    count_submissions,
    find_forum,
    find_submission,
    list_forums,
    ranked,
    submissions_in,
    thread_of,
)

#: Entries that a page of any list has.
PAGE: Final = 25

#: Lists on the home page: the forums whose submissions they have.
_SCOPES: Final = {"featured": "Featured", "subscribed": "Subscribed", "all": "All"}

_FORUM_ORDERS: Final = {
    "by_name": "Name",
    "by_title": "Title",
    "by_submissions": "Submissions",
    "by_subscribers": "Subscribers",
}

#: Pictures stand for a content network, and are never delayed.
PICTURES: Final = "/submission_images/"


async def _home(request: Request) -> Response:
    account = account_of(request)
    parts = request.url.path.strip("/").split("/")
    scope = parts[0] if parts[0] in _SCOPES else "featured"
    order = parts[-1] if parts[-1] in ORDERS else "hot"
    base = "" if scope == "featured" else f"/{scope}"
    return _list(
        request,
        "home.html",
        _in_scope(account, scope),
        order,
        base=base,
        scope=scope,
        scopes=_SCOPES,
    )


async def _home_comments(request: Request) -> Response:
    comments = comments_in(account_of(request), _in_scope(account_of(request), "featured"))
    return show_comments(request, "home_comments.html", comments)


def _in_scope(account: Account, scope: str) -> Iterable[Submission]:
    if scope == "all":
        return all_submissions(account)
    forums = {each.name: each for each in list_forums(account)}
    names = (
        account.subscriptions
        if scope == "subscribed"
        else {name for name, forum in forums.items() if forum.featured}
    )
    return (s for name in sorted(names) for s in submissions_in(account, forums[name]))


async def _forum(request: Request) -> Response:
    forum = find_forum(account_of(request), request.path_params["forum"])
    order = request.path_params.get("order", "hot")
    if forum is None or (order not in ORDERS and order != "comments"):
        return show_missing(request)
    submissions = submissions_in(account_of(request), forum)
    if order == "comments":
        comments = comments_in(account_of(request), submissions)
        return show_comments(request, "forum_comments.html", comments, forum=forum)
    return _list(request, "forum.html", submissions, order, base=f"/f/{forum.name}", forum=forum)


def _list(
    request: Request,
    template: str,
    submissions: Iterable[Submission],
    order: str,
    *,
    base: str,
    **values: Any,
) -> Response:
    """A page of submissions in an order."""
    session = session_of(request)
    period = request.query_params.get("t", DEFAULT_PERIOD)
    period = period if period in PERIODS else DEFAULT_PERIOD
    entries = rank(ranked(session.state, submissions), order, period, session.now)
    page = cut(entries, asked_page(request), PAGE)
    return answer_page(
        request, template, page=page, order=order, period=period, base=base, **values
    )


def show_comments(
    request: Request, template: str, comments: list[Comment], **values: Any
) -> Response:
    """A page of comments that are on different submissions."""
    account = account_of(request)
    page = cut(comments, asked_page(request), PAGE)
    on = {each.submission: find_submission(account, each.submission) for each in page.items}
    return answer_page(request, template, page=page, on=on, **values)


async def _submission(request: Request) -> Response:
    found = _find(request)
    if found is None:
        return show_missing(request)
    forum, submission = found
    (entry,) = ranked(account_of(request), [submission])
    return answer_page(request, "submission.html", entry=entry, forum=forum)


async def _thread(request: Request) -> Response:
    """The comments of a submission, which arrive after it."""
    found = _find(request)
    if found is None:
        return show_missing(request)
    await linger(request)
    forum, submission = found
    thread = thread_of(account_of(request), submission.id)
    return answer_page(
        request, "parts/thread.html", thread=thread, submission=submission, forum=forum
    )


async def _out(request: Request) -> Response:
    """The page over which links lead out of the site."""
    submission = find_submission(account_of(request), request.path_params["id"])
    if submission is None or not submission.url:
        return show_missing(request)
    return answer_page(request, "out.html", submission=submission)


async def _permalink(request: Request) -> Response:
    found = _find(request)
    if found is None:
        return show_missing(request)
    target = f"{submission_path(found[1])}#comment_{request.path_params['comment']}"
    return Response(status_code=302, headers={"location": target})


def _find(request: Request) -> tuple[Forum, Submission] | None:
    account = account_of(request)
    submission = find_submission(account, request.path_params["id"])
    forum = find_forum(account, request.path_params["forum"])
    if submission is None or forum is None or forum.name != submission.forum:
        return None
    return forum, submission


async def _forums(request: Request) -> Response:
    account = account_of(request)
    order = request.path_params.get("order", "by_name")
    if order not in _FORUM_ORDERS:
        return show_missing(request)
    forums = [(each, count_submissions(account, each)) for each in list_forums(account)]
    forums.sort(key=_FORUM_KEYS[order])
    page = cut(forums, asked_page(request), PAGE)
    return answer_page(request, "forums.html", page=page, order=order, orders=_FORUM_ORDERS)


_FORUM_KEYS: Final[dict[str, Callable[[tuple[Forum, int]], tuple[int, str]]]] = {
    "by_name": lambda pair: (0, pair[0].name.casefold()),
    "by_title": lambda pair: (0, pair[0].title.casefold()),
    "by_submissions": lambda pair: (-pair[1], pair[0].name.casefold()),
    "by_subscribers": lambda pair: (-pair[0].subscribers, pair[0].name.casefold()),
}


async def _search(request: Request) -> Response:
    query = request.query_params.get("q", "").strip()
    words = query.casefold().split()
    session = session_of(request)
    found = (
        each
        for each in all_submissions(session.state)
        if words and all(word in f"{each.title} {each.body}".casefold() for word in words)
    )
    entries = rank(ranked(session.state, found), "new", "all", session.now)
    page = cut(entries, asked_page(request), PAGE)
    return answer_page(request, "search.html", page=page, query=query)


async def _picture(request: Request) -> Response:
    headers = {"cache-control": "public, max-age=86400, immutable"}
    text = draw_picture(request.path_params["name"])
    return Response(text, media_type="image/svg+xml", headers=headers)


ROUTES = [
    Route("/", _home),
    *(Route(f"/{order}", _home) for order in ORDERS),
    *(Route(f"/{scope}", _home) for scope in _SCOPES),
    *(Route(f"/{scope}/{order}", _home) for scope in _SCOPES for order in ORDERS),
    Route("/comments", _home_comments),
    Route("/forums", _forums),
    Route("/forums/{order}", _forums),
    Route("/search", _search),
    Route("/out/{id:int}", _out),
    Route("/f/{forum}", _forum),
    Route("/f/{forum}/{id:int}/-/comments", _thread),
    Route("/f/{forum}/{id:int}/-/comment/{comment:int}", _permalink),
    Route("/f/{forum}/{id:int}", _submission),
    Route("/f/{forum}/{id:int}/{slug}", _submission),
    Route("/f/{forum}/{order}", _forum),
    Route(PICTURES + "{name}.jpg", _picture),
]
