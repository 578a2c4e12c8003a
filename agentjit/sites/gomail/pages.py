"""The whole pages: a list of mails, one mail, and none at all."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.paging import asked_page
from agentjit.sites.gomail.rendering import answer, link_view, mail_of, view_of


async def _list(request: Request) -> Response:
    asked = link_view(view_of(request), page=asked_page(request))
    return answer(request, "list.html", list_path=f"/parts/mails?{asked}")


async def _mail(request: Request) -> Response:
    mail = mail_of(request)
    if mail is None:
        return show_missing(request)
    return answer(request, "mail.html", mail=mail)


def show_missing(request: Request) -> Response:
    """The page for an address that the site does not have."""
    return answer(request, "missing.html", status=404)


ROUTES = [Route("/", _list), Route("/mail/{mail}", _mail)]
