"""What a visitor has of their own as a value, and the steps from one such value to the next.

What was there before is in the board; an account holds what was voted, written, edited and deleted
on top of it, so that a session costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.reddit.board import (
    FIRST_OWN_COMMENT,
    FIRST_OWN_FORUM,
    FIRST_OWN_SUBMISSION,
    Board,
    board,
)
from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.landmarks import ME
from agentjit.sites.reddit.naming import is_forum_name

#: Lengths that a form may have at most.
LONGEST_TITLE: Final = 300
LONGEST_TEXT: Final = 10_000
LONGEST_DESCRIPTION: Final = 300

#: The visitor has subscribed to so many forums before, and to none that a task asks for.
_SUBSCRIBED: Final = ("art", "askscience", "coffee", "food", "mechanicalkeyboards", "monitor")
#: The visitor has voted for so many submissions of those forums before.
_VOTED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One visitor, signed in as `ME`."""

    seed: int
    today: date
    biography: str = ""
    #: Votes by the id of what was voted on: 1 up, -1 down; what is not there has none.
    votes: Mapping[int, int] = field(default_factory=dict)
    comment_votes: Mapping[int, int] = field(default_factory=dict)
    #: Names of forums.
    subscriptions: frozenset[str] = frozenset()
    #: Forums that the visitor made, by their names without case.
    forums: Mapping[str, Forum] = field(default_factory=dict)
    #: What the visitor wrote or edited, by id; it hides what the board has under that id.
    submissions: Mapping[int, Submission] = field(default_factory=dict)
    comments: Mapping[int, Comment] = field(default_factory=dict)
    #: Ids of submissions that were deleted.
    deleted: frozenset[int] = frozenset()

    @property
    def board(self) -> Board:
        """What was there before."""
        return board(self.seed, self.today)

    @property
    def name(self) -> str:
        """The visitor's own name."""
        return ME


def start_account(seed: int, today: date) -> Account:
    """The visitor at first: some subscriptions and votes, an old biography."""
    random = Random(f"account/{seed}")
    content = board(seed, today)
    subscriptions = frozenset(random.sample(_SUBSCRIBED, 4))
    seen = [number for name in sorted(subscriptions) for number in content.in_forum[name]]
    votes = {number: random.choice((1, 1, 1, -1)) for number in random.sample(seen, _VOTED)}
    # Whoever writes something likes it.
    votes |= dict.fromkeys(content.by_author.get(ME, ()), 1)
    return Account(
        seed=seed,
        today=today,
        biography="Reads more than is good for anybody.",
        votes=votes,
        subscriptions=subscriptions,
    )


def vote(account: Account, number: int, choice: int) -> Account:
    """Vote on a submission: 1, -1, or 0 to take the vote back."""
    return replace(account, votes=_with_vote(account.votes, number, choice))


def vote_on_comment(account: Account, number: int, choice: int) -> Account:
    """Vote on a comment: 1, -1, or 0 to take the vote back."""
    return replace(account, comment_votes=_with_vote(account.comment_votes, number, choice))


def _with_vote(votes: Mapping[int, int], number: int, choice: int) -> dict[int, int]:
    if choice not in (-1, 0, 1):
        raise RefusedError("There is no such vote")
    rest = {key: value for key, value in votes.items() if key != number}
    return {**rest, number: choice} if choice else rest


def subscribe(account: Account, forum: Forum, *, on: bool) -> Account:
    """Subscribe to a forum, or unsubscribe."""
    rest = account.subscriptions - {forum.name}
    return replace(account, subscriptions=rest | {forum.name} if on else rest)


def set_biography(account: Account, text: str) -> Account:
    """Write another biography."""
    _check_length("The biography", text, LONGEST_TEXT)
    return replace(account, biography=text)


def create_forum(account: Account, draft: Forum) -> tuple[Account, Forum]:
    """Make a forum; the visitor runs it, and subscribes to it."""
    if not is_forum_name(draft.name):
        raise RefusedError("The name must have 3 to 25 letters, digits and underscores")
    key = draft.name.casefold()
    if key in account.board.forums or key in account.forums:
        raise RefusedError(f"There is already a forum named {draft.name}")
    for title, text, most in (
        ("The title", draft.title, LONGEST_TITLE),
        ("The description", draft.description, LONGEST_DESCRIPTION),
        ("The sidebar", draft.sidebar, LONGEST_TEXT),
    ):
        if not text:
            raise RefusedError(f"{title} can't be blank")
        _check_length(title, text, most)
    forum = replace(draft, id=FIRST_OWN_FORUM + len(account.forums), moderator=account.name)
    account = replace(account, forums={**account.forums, key: forum})
    return subscribe(account, forum, on=True), forum


def submit(account: Account, draft: Submission) -> tuple[Account, Submission]:
    """Post a submission; whoever writes something likes it."""
    check_submission(draft.title, draft.body)
    made = [each for each in account.submissions if each >= FIRST_OWN_SUBMISSION]
    number = max(made, default=FIRST_OWN_SUBMISSION - 1) + 1
    # The own vote is counted where it is shown.
    submission = replace(draft, id=number, author=account.name, ups=0)
    account = replace(account, submissions={**account.submissions, number: submission})
    return vote(account, number, 1), submission


def edit_submission(
    account: Account, submission: Submission, title: str, body: str, now: datetime
) -> Account:
    """Give a submission of the visitor's another title and body."""
    _check_own(account, submission.author)
    check_submission(title, body)
    changed = replace(submission, title=title, body=body, edited=now)
    return replace(account, submissions={**account.submissions, submission.id: changed})


def delete_submission(account: Account, submission: Submission) -> Account:
    """Take a submission of the visitor's away for good, with its comments."""
    _check_own(account, submission.author)
    return replace(account, deleted=account.deleted | {submission.id})


def comment(
    account: Account, submission: Submission, parent: Comment | None, text: str, now: datetime
) -> tuple[Account, Comment]:
    """Answer a submission, or a comment on it."""
    _check_text(text)
    if parent is not None and parent.deleted:
        raise RefusedError("That comment was deleted")
    made = [each for each in account.comments if each >= FIRST_OWN_COMMENT]
    number = max(made, default=FIRST_OWN_COMMENT - 1) + 1
    said = Comment(
        id=number,
        submission=submission.id,
        parent=None if parent is None else parent.id,
        author=account.name,
        body=text,
        posted=now,
        ups=0,
    )
    account = replace(account, comments={**account.comments, number: said})
    return vote_on_comment(account, number, 1), said


def edit_comment(account: Account, said: Comment, text: str, now: datetime) -> Account:
    """Give a comment of the visitor's another text."""
    _check_own(account, said.author)
    _check_text(text)
    changed = replace(said, body=text, edited=now)
    return replace(account, comments={**account.comments, said.id: changed})


def delete_comment(account: Account, said: Comment) -> Account:
    """Take a comment of the visitor's away for good."""
    _check_own(account, said.author)
    if said.deleted:
        raise RefusedError("That comment was deleted")
    gone = replace(said, body="", deleted=True)
    return replace(account, comments={**account.comments, said.id: gone})


def check_submission(title: str, body: str) -> None:
    """Raise RefusedError where a submission may not have this title or body."""
    if not title:
        raise RefusedError("The title can't be blank")
    _check_length("The title", title, LONGEST_TITLE)
    _check_length("The body", body, LONGEST_TEXT)


def _check_text(text: str) -> None:
    if not text:
        raise RefusedError("The comment can't be blank")
    _check_length("The comment", text, LONGEST_TEXT)


def _check_length(title: str, text: str, most: int) -> None:
    if len(text) > most:
        raise RefusedError(f"{title} can't be longer than {most} characters")


def _check_own(account: Account, author: str) -> None:
    if author != account.name:
        raise RefusedError("That is not yours")
