"""Grades Reddit: answers and changes, against what the site has at the run's seed and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentjit.sites.common.judging import fold, wrong_fields
from agentjit.sites.grading import Evidence, Grader
from agentjit.sites.reddit.board import Board, board
from agentjit.sites.reddit.entries import Submission

_NOTHING: Final[Mapping[str, Any]] = {"added": {}, "deleted": {}, "updated": {}}


def judge_newest(evidence: Evidence) -> list[str]:
    """Who posted last in a forum, under which title, and how many others are disliked there."""
    content, newest = _board(evidence), _newest(evidence)
    disliked = sum(
        each.score < 0 and each.author != newest.author
        for each in (content.comments[n] for n in content.on_submission.get(newest.id, ()))
    )
    answer = evidence.answer
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if not isinstance(answer, dict):
        return [f"the answer should be one record, and is {answer!r}"]
    right: dict[str, Any] = {
        "username": newest.author,
        "post_title": newest.title,
        "count": disliked,
    }
    wrong = [
        f"the answer has {name} {answer.get(name)!r}, and not {value!r}"
        for name, value in right.items()
        if fold(str(answer.get(name))) != fold(str(value))
    ]
    return wrong + _unchanged(evidence)


def judge_biography(evidence: Evidence) -> list[str]:
    """The biography is the text that was asked for."""
    expected = {"biography": evidence.task.expect["bio"]}
    wrong = wrong_fields(evidence.final["user"], expected, "the profile")
    return wrong + _unchanged(evidence, "user")


def judge_newest_vote(evidence: Evidence) -> list[str]:
    """The newest submission of a forum has the vote, and no other one was voted on."""
    return _judge_votes(evidence, [_newest(evidence)])


def judge_all_votes(evidence: Evidence) -> list[str]:
    """All submissions of a user in a forum have the vote, and no other one was voted on."""
    content, expect = _board(evidence), evidence.task.expect
    written = (content.submissions[n] for n in content.by_author[str(expect["author"])])
    return _judge_votes(evidence, [each for each in written if each.forum == expect["forum"]])


def judge_forum(evidence: Evidence) -> list[str]:
    """One forum was made, with the texts that were asked for; its name is its title."""
    expect = evidence.task.expect
    made = evidence.differences["forums"]["added"]
    name = str(expect["name"])
    if list(made) != [name]:
        return [f"the new forums are {sorted(made)}, and not {name}"]
    expected = {**expect, "title": name}
    wrong = wrong_fields(made[name], expected, "the new forum")
    joined = {**_NOTHING, "added": {name: True}}
    wrong += _wrong_difference(evidence, "subscriptions", joined)
    return wrong + _unchanged(evidence, "forums", "subscriptions")


def judge_submission(evidence: Evidence) -> list[str]:
    """One submission was posted, in that forum, with that title and body, and as a text."""
    posted = evidence.differences["submissions"]["added"]
    if len(posted) != 1:
        return [f"{len(posted)} submissions were posted, and not one"]
    ((number, submission),) = posted.items()
    expected = {**evidence.task.expect, "url": "", "picture": False}
    wrong = wrong_fields(submission, expected, "the submission")
    # Whoever posts something likes it.
    wrong += _wrong_difference(evidence, "votes", {**_NOTHING, "added": {number: 1}})
    return wrong + _unchanged(evidence, "submissions", "votes")


def judge_comment(evidence: Evidence) -> list[str]:
    """One comment was written, on that submission itself, with that text."""
    written = evidence.differences["comments"]["added"]
    if len(written) != 1:
        return [f"{len(written)} comments were written, and not one"]
    ((number, comment),) = written.items()
    expect = evidence.task.expect
    expected = {"submission": expect["submission"], "parent": None, "body": expect["text"]}
    wrong = wrong_fields(comment, expected, "the comment")
    wrong += _wrong_difference(evidence, "commentVotes", {**_NOTHING, "added": {number: 1}})
    return wrong + _unchanged(evidence, "comments", "commentVotes")


GRADERS: Final[Mapping[str, Grader]] = {
    "newest-told": judge_newest,
    "bio-changed": judge_biography,
    "newest-voted": judge_newest_vote,
    "all-voted": judge_all_votes,
    "forum-created": judge_forum,
    "submission-posted": judge_submission,
    "comment-written": judge_comment,
}


def _judge_votes(evidence: Evidence, submissions: Sequence[Submission]) -> list[str]:
    choice = evidence.task.expect["choice"]
    votes = {str(each.id): choice for each in submissions}
    wrong = _wrong_difference(evidence, "votes", {**_NOTHING, "added": votes})
    return wrong + _unchanged(evidence, "votes")


def _wrong_difference(
    evidence: Evidence, collection: str, expected: Mapping[str, Any]
) -> list[str]:
    actual = evidence.differences[collection]
    return [] if actual == expected else [f"{collection} changed by {actual}, and not {expected}"]


def _unchanged(evidence: Evidence, *but: str) -> list[str]:
    """What changed besides the named parts of the record, and should not have."""
    wrong = [
        f"{name} changed, and should not have: {difference}"
        for name, difference in evidence.differences.items()
        if name not in but and difference != _NOTHING
    ]
    if "user" not in but and evidence.initial["user"] != evidence.final["user"]:
        wrong.append(f"the profile changed, and should not have: {evidence.final['user']!r}")
    return wrong


def _newest(evidence: Evidence) -> Submission:
    content = _board(evidence)
    numbers = content.in_forum[str(evidence.task.expect["forum"])]
    return max((content.submissions[number] for number in numbers), key=lambda each: each.posted)


def _board(evidence: Evidence) -> Board:
    return board(evidence.seed, evidence.today)
