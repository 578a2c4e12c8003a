"""The parts of pages that arrive late: lists, threads, the composer, names while one types."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agentjit.sites.common.forms import linger
from agentjit.sites.common.paging import asked_page, cut
from agentjit.sites.gomail.mail import Kind
from agentjit.sites.gomail.rendering import answer, box_of, link_view, mail_of, view_of
from agentjit.sites.gomail.searching import search
from agentjit.sites.gomail.writing import Writing, begin_forward, begin_reply, go_on

#: Mails on one page of a list, and names that are proposed while one types.
MAILS_A_PAGE: Final = 50
FEW_NAMES: Final = 6


async def _mails(request: Request) -> Response:
    box, view = box_of(request), view_of(request)
    mails = search(box, view["q"]) if "q" in view else box.folder(view["in"])
    page = cut(mails, asked_page(request), MAILS_A_PAGE)
    if page.total and not page.items:
        # The last page is empty once its mails are gone.
        page = cut(mails, page.pages, MAILS_A_PAGE)
    newer, here, older = (
        f"/parts/mails?{link_view(view, page=number)}" if number else None
        for number in (page.previous, page.number, page.next)
    )
    return answer(request, "parts/mails.html", page=page, newer=newer, here=here, older=older)


async def _thread(request: Request) -> Response:
    mail = mail_of(request)
    if mail is None:
        return _nothing()
    await linger(request)
    return answer(request, "parts/thread.html", mail=mail, replies=box_of(request).replies(mail))


async def _side(request: Request) -> Response:
    return answer(request, "parts/side.html")


async def _compose(request: Request) -> Response:
    """The composer: empty, or with an answer, a forwarded mail, or a draft to go on with."""
    box, query = box_of(request), request.query_params
    how = next((name for name in ("draft", "reply", "forward") if name in query), None)
    if how is None:
        return answer(request, "parts/compose.html", writing=Writing(), title="New message")
    mail = box.find(query[how])
    if mail is None or (how == "draft") != (mail.kind is Kind.DRAFT):
        return _nothing()
    match how:
        case "draft":
            writing = go_on(mail)
        case "reply":
            writing = begin_reply(box, mail)
        case _:
            writing = begin_forward(mail)
    return answer(request, "parts/compose.html", writing=writing, title=writing.subject)


async def _people(request: Request) -> Response:
    words = request.query_params.get("q", "").casefold().split()
    people = [
        person
        for person in box_of(request).people
        if all(word in f"{person.name} {person.address}".casefold() for word in words)
    ]
    shown = people if "all" in request.query_params else people[:FEW_NAMES]
    return answer(request, "parts/people.html", people=shown)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)


ROUTES = [
    Route("/parts/mails", _mails),
    Route("/parts/side", _side),
    Route("/parts/compose", _compose),
    Route("/parts/people", _people),
    Route("/mail/{mail}/thread", _thread),
]
