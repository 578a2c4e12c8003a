"""From an account to its JSON record: what the visitor voted, wrote, edited and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agentjit.sites.common.difference import Tree
from agentjit.sites.common.finish import Record
from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.state import Account
from agentjit.toolspecs import JsonValue


def show_account(account: Account) -> Tree:
    """What is the visitor's own. What others wrote is there only where it was voted on."""
    return {
        "user": {"name": account.name, "biography": account.biography},
        "votes": {
            "submissions": _show_votes(account.votes),
            "comments": _show_votes(account.comment_votes),
        },
        "subscriptions": dict.fromkeys(sorted(account.subscriptions), True),
        "forums": {forum.name: _show_forum(forum) for forum in account.forums.values()},
        "submissions": {
            **{str(each.id): _show_submission(each) for each in account.submissions.values()},
            **{str(number): {"id": number, "deleted": True} for number in sorted(account.deleted)},
        },
        "comments": {str(each.id): _show_comment(each) for each in account.comments.values()},
    }


RECORD: Final = Record(
    show_account,
    {
        "votes": "votes.submissions",
        "commentVotes": "votes.comments",
        "subscriptions": "subscriptions",
        "forums": "forums",
        "submissions": "submissions",
        "comments": "comments",
    },
)


def _show_votes(votes: Mapping[int, int]) -> JsonValue:
    return {str(number): choice for number, choice in sorted(votes.items())}


def _show_forum(forum: Forum) -> JsonValue:
    return {
        "id": forum.id,
        "name": forum.name,
        "title": forum.title,
        "description": forum.description,
        "sidebar": forum.sidebar,
        "tags": list(forum.tags),
    }


def _show_submission(submission: Submission) -> JsonValue:
    return {
        "id": submission.id,
        "forum": submission.forum,
        "author": submission.author,
        "title": submission.title,
        "body": submission.body,
        "url": submission.url,
        "picture": submission.picture,
        "posted": submission.posted.isoformat(timespec="seconds"),
        "edited": submission.edited is not None,
        "deleted": False,
    }


def _show_comment(comment: Comment) -> JsonValue:
    return {
        "id": comment.id,
        "submission": comment.submission,
        "parent": comment.parent,
        "author": comment.author,
        "body": comment.body,
        "posted": comment.posted.isoformat(timespec="seconds"),
        "deleted": comment.deleted,
    }
