"""From submissions to the comments that people have left on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from agentjit.sites.reddit.entries import Comment, Submission
from agentjit.sites.reddit.landmarks import Landmark, Remark, load_remarks
from agentjit.sites.reddit.writing import load_phrases

_IDS: Final = range(100_000, 2_300_000)

#: How many comments a submission has at most, where no landmark says more.
_MOST: Final = 16

#: A submission with so many upvotes has some comments more.
_BUSY: Final = 1_500

#: How often a comment answers another one, and how often it ends below zero.
_ANSWERS: Final = 0.45
_DISLIKED: Final = 0.12


def draw_comments(
    submissions: list[Submission],
    landmarks: Mapping[int, Landmark],
    people: list[str],
    midnight: datetime,
    seed: int,
) -> list[Comment]:
    """All comments, the older one first on each submission. None is newer than `midnight`."""
    remarks = {each.post: each for each in load_remarks()}
    taken = {each.id for each in load_remarks()}
    random = Random(f"comments/{seed}")
    ids = (each for each in random.sample(_IDS, 30_000) if each not in taken)
    found: list[Comment] = []
    for submission in submissions:
        landmark = landmarks.get(submission.id)
        amount = (
            landmark.comments
            if landmark and landmark.comments
            else int(_MOST * random.random() ** 1.6)
        )
        # What many have voted on, many have talked about.
        if submission.ups > _BUSY:
            amount += random.randint(4, 12)
        if landmark and landmark.calm:
            amount = random.randint(4, 8)
        minutes = (midnight - submission.posted) / timedelta(minutes=1)
        thread: list[Comment] = []
        if submission.id in remarks:
            thread.append(_place(remarks[submission.id], submission, minutes))
        for when in sorted(random.random() ** 2 for _ in range(amount)):
            posted = submission.posted + timedelta(minutes=minutes * (0.02 + 0.97 * when))
            thread.append(_draw(submission, thread, people, next(ids), random, posted))
        if landmark and landmark.calm:
            thread = list(_calm(thread, submission.author, random))
        found += thread
    return found


def _place(remark: Remark, submission: Submission, minutes: float) -> Comment:
    return Comment(
        id=remark.id,
        submission=submission.id,
        parent=None,
        author=remark.author,
        body=remark.text,
        posted=submission.posted + timedelta(minutes=minutes * 0.01),
        ups=remark.ups,
    )


def _draw(  # noqa: PLR0917 - what all comments of a thread share, and what is this one's
    submission: Submission,
    thread: list[Comment],
    people: list[str],
    number: int,
    random: Random,
    posted: datetime,
) -> Comment:
    parent = random.choice(thread).id if thread and random.random() < _ANSWERS else None
    author = submission.author if random.random() < 0.08 else random.choice(people)
    ups = int(random.lognormvariate(1.2, 1.1)) + 1
    downs = ups + random.randint(1, 9) if random.random() < _DISLIKED else random.randint(0, ups)
    return Comment(
        id=number,
        submission=submission.id,
        parent=parent,
        author=author,
        body=random.choice(load_phrases().comments),
        posted=posted,
        ups=ups,
        downs=downs,
    )


def _calm(thread: Iterable[Comment], author: str, random: Random) -> Iterator[Comment]:
    """The thread in which only the author is disliked, and is once."""
    comments = list(thread)
    index = random.randrange(len(comments))
    for number, each in enumerate(comments):
        mine = number == index or each.author == author
        yield Comment(
            id=each.id,
            submission=each.submission,
            parent=each.parent,
            author=author if mine else each.author,
            body=each.body,
            posted=each.posted,
            ups=each.ups,
            downs=each.ups + random.randint(1, 5) if number == index else min(each.downs, each.ups),
        )
