"""What the site is made of: forums, submissions and comments, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """A forum. `name` stands in its address, `title` at its head."""

    id: int
    name: str
    title: str
    description: str
    sidebar: str
    tags: tuple[str, ...] = ()
    subscribers: int = 1
    featured: bool = False
    #: Who runs it.
    moderator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A post: a text, a link, or a picture. Votes are those of others than the visitor."""

    id: int
    forum: str
    author: str
    title: str
    body: str = ""
    #: Where a link leads, or the address of a picture on this site.
    url: str = ""
    picture: bool = False
    posted: datetime
    ups: int = 1
    downs: int = 0
    edited: datetime | None = None

    @property
    def score(self) -> int:
        """Upvotes minus downvotes."""
        return self.ups - self.downs


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """An answer to a submission or, with a parent, to another comment on it."""

    id: int
    submission: int
    parent: int | None
    author: str
    body: str
    posted: datetime
    ups: int = 1
    downs: int = 0
    edited: datetime | None = None
    #: What was deleted stands there without its text while others answer to it.
    deleted: bool = False

    @property
    def score(self) -> int:
        """Upvotes minus downvotes."""
        return self.ups - self.downs
