"""All that is on the site when a session begins: built once for a seed and a day, and shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from types import MappingProxyType
from typing import Final, TypeVar

from agentjit.sites.reddit.discussing import draw_comments
from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.forums import Ground, draw_grounds
from agentjit.sites.reddit.landmarks import Landmark, draw_landmarks
from agentjit.sites.reddit.writing import draw_people, load_phrases, write_body, write_titles

#: How many submissions a forum has besides its landmarks: at least, and at most.
_FEWEST: Final = 22
_MOST: Final = 48

#: Ids of generated submissions are among these. What a visitor writes comes after all of them.
_IDS: Final = range(1_000, 135_000)
FIRST_OWN_SUBMISSION: Final = 140_001
FIRST_OWN_COMMENT: Final = 2_400_001
FIRST_OWN_FORUM: Final = 10_201

#: The age of a generated submission, in hours: its logarithm is uniform between these.
_YOUNGEST: Final = 6.0
_OLDEST: Final = 17_000.0

#: A generated submission has fewer upvotes than a landmark that is the best of its forum.
_BEST: Final = 4_900

_SOURCES: Final = ("harbor-post", "daily-ledger", "openwire", "fieldnotes", "the-weekly-lamp")

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Board:
    """The site's content, with what finds it quickly. Nobody changes it."""

    #: By their names without case.
    forums: Mapping[str, Forum]
    submissions: Mapping[int, Submission]
    comments: Mapping[int, Comment]
    #: Ids of submissions by forum and by author; ids of comments by submission and by author.
    in_forum: Mapping[str, tuple[int, ...]]
    by_author: Mapping[str, tuple[int, ...]]
    on_submission: Mapping[int, tuple[int, ...]]
    said_by: Mapping[str, tuple[int, ...]]
    #: Everybody who has written anything, by their names without case.
    people: Mapping[str, str]


@lru_cache(maxsize=4)
def board(seed: int, today: date) -> Board:
    """The content of a seed, with its dates before `today`."""
    midnight = datetime.combine(today, time()).astimezone()
    people = draw_people(Random(f"people/{seed}"))
    grounds = draw_grounds(people, seed)
    landmarks = draw_landmarks({each.forum.name: each.words for each in grounds}, seed)
    ids = _free_ids({each.id for each in landmarks}, seed)
    submissions = [_place(each, midnight) for each in landmarks]
    for ground in grounds:
        submissions += _draw_submissions(ground, people, ids, midnight, seed)
    by_id = {each.id: each for each in landmarks}
    comments = draw_comments(submissions, by_id, people, midnight, seed)
    return _index(grounds, submissions, comments)


def _free_ids(taken: set[int], seed: int) -> list[int]:
    ids = [each for each in _IDS if each not in taken]
    return Random(f"ids/{seed}").sample(ids, 6_000)


def _place(landmark: Landmark, midnight: datetime) -> Submission:
    url = f"https://{_SOURCES[0]}.example/{landmark.link}" if landmark.link else ""
    if landmark.picture:
        url = f"/submission_images/{landmark.picture}.jpg"
    return Submission(
        id=landmark.id,
        forum=landmark.forum,
        author=landmark.author,
        title=landmark.title,
        body=landmark.text,
        url=url,
        picture=bool(landmark.picture),
        posted=midnight - timedelta(hours=landmark.hours),
        ups=landmark.ups,
        downs=landmark.downs,
    )


def _draw_submissions(
    ground: Ground, people: list[str], ids: list[int], midnight: datetime, seed: int
) -> list[Submission]:
    name = ground.forum.name
    random = Random(f"submissions/{name}/{seed}")
    phrases = load_phrases()
    patterns = {"links": phrases.headlines, "pictures": phrases.captions}.get(ground.kind, ())
    titles = write_titles(
        (*patterns, *phrases.titles), ground.words, random.randint(_FEWEST, _MOST), random
    )
    return [
        _draw_one(ground, title, random.choice(people), ids.pop(), random, midnight)
        for title in titles
    ]


def _draw_one(  # noqa: PLR0917 - what all submissions of a forum share, and what is this one's
    ground: Ground, title: str, author: str, number: int, random: Random, midnight: datetime
) -> Submission:
    hours = _YOUNGEST * (_OLDEST / _YOUNGEST) ** random.random()
    ups = min(_BEST, int(random.lognormvariate(4.2, 1.4)) + 1)
    downs = int(ups * random.uniform(0.0, 0.3) * (3 if random.random() < 0.08 else 1))
    picture = ground.kind == "pictures" and random.random() < 0.8
    link = ground.kind == "links" and random.random() < 0.8
    url = ""
    if picture:
        url = f"/submission_images/{random.getrandbits(256):064x}.jpg"
    elif link:
        url = f"https://{random.choice(_SOURCES)}.example/{number}"
    return Submission(
        id=number,
        forum=ground.forum.name,
        author=author,
        title=title,
        body="" if url or random.random() < 0.15 else write_body(random),
        url=url,
        picture=picture,
        posted=midnight - timedelta(hours=hours),
        ups=ups,
        downs=downs,
    )


def _index(grounds: list[Ground], submissions: list[Submission], comments: list[Comment]) -> Board:
    names = {each.author for each in submissions} | {each.author for each in comments}
    names |= {each.forum.moderator for each in grounds}
    return Board(
        forums=MappingProxyType({each.forum.name.casefold(): each.forum for each in grounds}),
        submissions=MappingProxyType({each.id: each for each in submissions}),
        comments=MappingProxyType({each.id: each for each in comments}),
        in_forum=_group((each.forum, each.id) for each in submissions),
        by_author=_group((each.author, each.id) for each in submissions),
        on_submission=_group((each.submission, each.id) for each in comments),
        said_by=_group((each.author, each.id) for each in comments),
        people=MappingProxyType({name.casefold(): name for name in sorted(names)}),
    )


def _group(pairs: Iterable[tuple[K, int]]) -> Mapping[K, tuple[int, ...]]:
    found: defaultdict[K, list[int]] = defaultdict(list)
    for key, number in pairs:
        found[key].append(number)
    return MappingProxyType({key: tuple(numbers) for key, numbers in found.items()})
