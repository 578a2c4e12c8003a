"""What a visitor sees of the site: the board, with what they changed on top of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.ranking import Ranked
from agentjit.sites.reddit.state import Account


@dataclass(frozen=True, slots=True)
class Node:
    """A comment of a thread with the answers to it."""

    comment: Comment
    score: int
    vote: int
    depth: int
    answers: tuple[Node, ...]

    @property
    def size(self) -> int:
        """Comments in this part of the thread, this one included."""
        return 1 + sum(each.size for each in self.answers)


def find_forum(account: Account, name: str) -> Forum | None:
    """The forum of that name, whatever its case."""
    key = name.casefold()
    return account.forums.get(key) or account.board.forums.get(key)


def list_forums(account: Account) -> list[Forum]:
    """All forums, by name."""
    every = [*account.board.forums.values(), *account.forums.values()]
    return sorted(every, key=lambda each: each.name.casefold())


def find_submission(account: Account, number: int) -> Submission | None:
    """The submission of that id, unless it was deleted."""
    if number in account.deleted:
        return None
    return account.submissions.get(number) or account.board.submissions.get(number)


def find_comment(account: Account, number: int) -> Comment | None:
    """The comment of that id, unless its submission was deleted."""
    found = account.comments.get(number) or account.board.comments.get(number)
    return None if found is None or found.submission in account.deleted else found


def count_submissions(account: Account, forum: Forum) -> int:
    """How many submissions a forum has."""
    return sum(1 for _ in submissions_in(account, forum))


def all_submissions(account: Account) -> Iterator[Submission]:
    """All submissions, in no order."""
    for number, submission in account.board.submissions.items():
        if number not in account.submissions and number not in account.deleted:
            yield submission
    for number, submission in account.submissions.items():
        if number not in account.deleted:
            yield submission


def submissions_in(account: Account, forum: Forum) -> Iterator[Submission]:
    """The submissions of a forum, in no order."""
    yield from _merged(account, account.board.in_forum.get(forum.name, ()), forum=forum.name)


def submissions_by(account: Account, author: str) -> Iterator[Submission]:
    """The submissions that somebody wrote, in no order."""
    yield from _merged(account, account.board.by_author.get(author, ()), author=author)


def _merged(
    account: Account, numbers: Iterable[int], *, forum: str = "", author: str = ""
) -> Iterator[Submission]:
    for number in numbers:
        if number not in account.submissions and number not in account.deleted:
            yield account.board.submissions[number]
    for number, each in account.submissions.items():
        fits = each.forum == forum if forum else each.author == author
        if fits and number not in account.deleted:
            yield each


def comments_by(account: Account, author: str) -> list[Comment]:
    """What somebody said, the newest first, without what was deleted."""
    found = [
        account.board.comments[number]
        for number in account.board.said_by.get(author, ())
        if number not in account.comments
    ]
    found += [each for each in account.comments.values() if each.author == author]
    return newest_comments(account, found)


def comments_in(account: Account, submissions: Iterable[Submission]) -> list[Comment]:
    """What was said on these submissions, the newest first, without what was deleted."""
    own: defaultdict[int, list[Comment]] = defaultdict(list)
    for each in account.comments.values():
        own[each.submission].append(each)
    found: list[Comment] = []
    for submission in submissions:
        found += _on(account, submission.id, own.get(submission.id, []))
    return newest_comments(account, found)


def newest_comments(account: Account, comments: Iterable[Comment]) -> list[Comment]:
    """Comments that are still there, the newest first."""
    shown = (c for c in comments if not c.deleted and c.submission not in account.deleted)
    return sorted(shown, key=lambda each: (each.posted, each.id), reverse=True)


def comments_on(account: Account, number: int) -> list[Comment]:
    """All comments on a submission, the oldest first; deleted ones are among them."""
    own = [each for each in account.comments.values() if each.submission == number]
    return sorted(_on(account, number, own), key=lambda each: (each.posted, each.id))


def _on(account: Account, number: int, own: list[Comment]) -> list[Comment]:
    hidden = {each.id for each in own}
    before = account.board.on_submission.get(number, ())
    return [account.board.comments[each] for each in before if each not in hidden] + own


def ranked(account: Account, submissions: Iterable[Submission]) -> Iterator[Ranked]:
    """Submissions with what they are ranked by and shown with."""
    own: defaultdict[int, list[Comment]] = defaultdict(list)
    for each in account.comments.values():
        own[each.submission].append(each)
    board = account.board
    for submission in submissions:
        before = board.on_submission.get(submission.id, ())
        count = len(before)
        last = board.comments[before[-1]].posted if before else submission.posted
        if submission.id in own:
            said = _on(account, submission.id, own[submission.id])
            count = sum(not each.deleted for each in said)
            last = max(last, *(each.posted for each in own[submission.id]))
        vote = account.votes.get(submission.id, 0)
        yield Ranked(submission, vote, count, max(last, submission.posted))


def thread_of(account: Account, number: int) -> tuple[Node, ...]:
    """The comments on a submission as a tree, on each level the best first."""
    below: defaultdict[int | None, list[Comment]] = defaultdict(list)
    for each in comments_on(account, number):
        below[each.parent].append(each)

    def grow(parent: int | None, depth: int) -> tuple[Node, ...]:
        nodes = []
        for said in below[parent]:
            choice = account.comment_votes.get(said.id, 0)
            answers = grow(said.id, depth + 1)
            if not said.deleted or answers:
                nodes.append(Node(said, said.score + choice, choice, depth, answers))
        return tuple(sorted(nodes, key=lambda node: -node.score))

    return grow(None, 0)
