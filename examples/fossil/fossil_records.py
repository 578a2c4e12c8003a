"""What Fossil's tools take and return: choices of its list boxes, lines of its lists."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from agentjit import From

Kind = Literal["Code_Defect", "Build_Problem", "Documentation", "Feature_Request", "Incident"]
Status = Literal["Open", "Verified", "Review", "Deferred", "Fixed", "Tested", "Closed"]
Severity = Literal["Critical", "Severe", "Important", "Minor", "Cosmetic"]


class Ticket(TypedDict):
    """One line of the list of tickets."""

    title: str
    type: str
    status: str


class TicketDetails(TypedDict):
    """What a ticket's page shows; text is empty where nobody filled it in."""

    title: str
    type: str
    status: str
    severity: str
    priority: str


class WikiPage(TypedDict):
    """One line of the list of wiki pages."""

    name: str


class Thread(TypedDict):
    """One line of the forum."""

    title: str
    posts: int


class Draft(TypedDict):
    """A post that is not sent yet, as the preview shows it."""

    thread: str
    kind: str  # new thread, or reply
    text: str


class Post(TypedDict):
    """One post of the forum's feed."""

    link: str
    title: str
    author: str


TicketTitle = Annotated[str, From("list_tickets[].title")]
WikiName = Annotated[str, From("list_wiki_pages[].name")]
ThreadTitle = Annotated[str, From("list_threads[].title")]
