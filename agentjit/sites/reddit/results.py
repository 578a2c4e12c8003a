"""What Reddit's tools return. Times are ISO 8601; scores are upvotes minus downvotes."""

from __future__ import annotations

from typing import Literal, TypedDict

Vote = Literal["up", "down", "none"]


class ForumEntry(TypedDict):
    """A forum (subreddit) as the list of forums has it; `name` is what goto_forum takes."""

    name: str
    title: str
    description: str
    submissions: int
    subscribers: int
    subscribed: bool


class SubmissionEntry(TypedDict):
    """A submission (post, thread) of a list. `url` is its page, `link` the site it leads to."""

    id: int
    title: str
    url: str
    forum: str
    author: str
    score: int
    comments: int
    my_vote: Vote
    posted: str
    link: str | None
    picture_url: str | None


class SubmissionDetails(TypedDict):
    """A submission (post, thread) on its own page, with the text of its body."""

    id: int
    title: str
    url: str
    forum: str
    author: str
    score: int
    comments: int
    my_vote: Vote
    posted: str
    link: str | None
    picture_url: str | None
    body: str


class CommentEntry(TypedDict):
    """A comment (reply). `answers_to` is the id of the comment that it answers, None for the post.

    A score below zero means more downvotes than upvotes.
    """

    id: int
    author: str
    text: str
    score: int
    my_vote: Vote
    posted: str
    answers_to: int | None
    submission_title: str
    submission_url: str


class Profile(TypedDict):
    """A user's profile; `biography` is None where they have not written one."""

    username: str
    biography: str | None
    is_me: bool


class FormField(TypedDict):
    """A field of the form on the page, by its label, with what is in it now."""

    label: str
    value: str


class NewForum(TypedDict):
    """A forum that was just created."""

    name: str


class NewSubmission(TypedDict):
    """A submission that was just posted; `url` is its page."""

    id: int
    title: str
    url: str
    forum: str


class NewComment(TypedDict):
    """A comment that was just posted."""

    id: int
    text: str
