"""The content of every seed: what evaluators name is there, what is around it is shuffled."""

from __future__ import annotations

import pytest

from agentjit.sites.reddit.board import Board, board
from agentjit.sites.reddit.entries import Submission
from agentjit.sites.reddit.landmarks import ME
from agentjit.sites.reddit.naming import path_of, slug_of
from agentjit.sites.reddit.ranking import ORDERS, rank
from agentjit.sites.reddit.state import start_account
from agentjit.sites.reddit.views import find_forum, ranked, submissions_in
from tests.sites.reddit.pages import TODAY

SEEDS = range(6)

#: What webarena-verified names: the first of a forum in an order, over all time.
FIRST = {
    ("books", "new"): 124260,
    ("DIY", "new"): 119019,
    ("Futurology", "new"): 119517,
    ("deeplearning", "new"): 125036,
    ("explainlikeimfive", "new"): 125342,
    ("MachineLearning", "new"): 120613,
    ("space", "hot"): 69581,
    ("books", "top"): 81371,
    ("gadgets", "top"): 19459,
    ("consoles", "controversial"): 17949,
    ("pittsburgh", "most_commented"): 132053,
}
#: The first few of a forum, in any order among themselves.
BEST = {
    "history": {58888, 41616},
    "books": {81371, 59421, 59447},
    "movies": {86174, 86029, 86055, 42682},
    "technology": {48670, 134696, 48785, 70354, 70233},
}
ALL_BY = {
    ("CameronKelsey", "EarthPorn"): {98332, 98297, 98256},
    ("ThetaGang_wsb", "wallstreetbets"): {29478, 29458},
    ("Don_Gato1", "nyc"): {44650},
    ("RickyDontLoseThat", "massachusetts"): {84954},
    ("PatientBuilder499", "videos"): {115139},
    ("sirbarani", "sports"): {48303},
    ("AdamCannon", "UpliftingNews"): {16087},
    ("FTorrez81", "iphone13"): set(),
    ("jacyanthis", "EarthPorn"): set(),
}
FORUM_IDS = {
    "BuyItForLife": 10003,
    "Connecticut": 10006,
    "DIY": 10007,
    "washington": 10030,
    "books": 10037,
    "consoles": 10039,
    "dataisbeautiful": 10042,
    "deeplearning": 10043,
    "funny": 10046,
    "gaming": 10048,
    "headphones": 10050,
    "iphone": 10052,
    "movies": 10060,
    "news": 10064,
    "nyc": 10067,
    "pittsburgh": 10073,
    "relationship_advice": 10075,
    "sports": 10080,
    "technology": 10082,
}


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def seed(request: pytest.FixtureRequest) -> int:
    assert isinstance(request.param, int)
    return request.param


@pytest.fixture
def content(seed: int) -> Board:
    return board(seed, TODAY)


def _ordered(seed: int, forum_name: str, order: str) -> list[Submission]:
    account = start_account(seed, TODAY)
    forum = find_forum(account, forum_name)
    assert forum is not None
    # Late in the day: what was posted before midnight is hot for as long.
    now = max(each.posted for each in account.board.submissions.values())
    entries = rank(ranked(account, submissions_in(account, forum)), order, "all", now)
    return [entry.submission for entry in entries]


def test_what_evaluators_name_comes_first(seed: int) -> None:
    for (forum, order), number in FIRST.items():
        assert _ordered(seed, forum, order)[0].id == number, (forum, order)
    for forum, numbers in BEST.items():
        assert {each.id for each in _ordered(seed, forum, "top")[: len(numbers)]} == numbers


def test_users_have_written_there_what_evaluators_name_and_more_elsewhere(content: Board) -> None:
    for (author, forum), numbers in ALL_BY.items():
        written = [content.submissions[number] for number in content.by_author[author]]
        assert {each.id for each in written if each.forum == forum} == numbers
        assert any(each.forum != forum for each in written)


def test_forums_have_the_ids_that_evaluators_name_and_no_two_the_same(content: Board) -> None:
    ids = {forum.name: forum.id for forum in content.forums.values()}
    assert {name: ids[name] for name in FORUM_IDS} == FORUM_IDS
    assert len(set(ids.values())) == len(ids)
    assert len(ids) >= 30


def test_others_are_liked_under_the_newest_posts_and_the_author_is_not(content: Board) -> None:
    for forum in ("personalfinance", "Worcester", "DIY", "space", "photoshopbattles"):
        numbers = content.in_forum[forum]
        newest = max((content.submissions[n] for n in numbers), key=lambda each: each.posted)
        said = [content.comments[n] for n in content.on_submission[newest.id]]
        disliked = {each.author for each in said if each.score < 0}
        assert disliked == {newest.author}
        assert {each.author for each in said} != {newest.author}


def test_no_task_s_vote_or_subscription_is_there_at_first(seed: int) -> None:
    account = start_account(seed, TODAY)
    named = {*FIRST.values(), *(n for some in (*BEST.values(), *ALL_BY.values()) for n in some)}
    assert not named & account.votes.keys()
    assert not {"books", "space", "consoles", "pittsburgh", "MachineLearning"} & (
        account.subscriptions
    )
    assert len(account.subscriptions) == 4


def test_everything_refers_to_something(content: Board) -> None:
    for comment in content.comments.values():
        assert comment.submission in content.submissions
        if comment.parent is not None:
            parent = content.comments[comment.parent]
            assert parent.submission == comment.submission
            assert parent.posted <= comment.posted
        assert content.submissions[comment.submission].posted <= comment.posted
    names = {forum.name for forum in content.forums.values()}
    assert {each.forum for each in content.submissions.values()} == names
    assert content.by_author[ME]


def test_seeds_differ_around_the_landmarks_and_days_shift_all_dates() -> None:
    first, second = board(0, TODAY), board(1, TODAY)
    common = first.submissions.keys() & second.submissions.keys()
    same = [n for n in common if first.submissions[n].title == second.submissions[n].title]
    assert len(same) < len(first.submissions) / 10
    later = board(0, TODAY.replace(day=12))
    ages = {n: later.submissions[n].posted - each.posted for n, each in first.submissions.items()}
    assert {age.days for age in ages.values()} == {10}


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Friendly reminder: bookshop.org exists", "friendly-reminder-bookshop-org-exists"),
        ("[D] Yan LeCun's recent recommendations", "d-yan-lecun-s-recent-recommendations"),
        ("To Kill a Mockingbird by Harper Lee", "to-kill-a-mockingbird-by-harper-lee"),
        ("Café ÉTÉ", "cafe-ete"),
        ("???", "-"),
        ("a" * 80, "a" * 60),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_addresses_that_evaluators_name(content: Board) -> None:
    for path in (
        "/f/books/59421/friendly-reminder-bookshop-org-exists",
        "/f/pittsburgh/45899/driving-in-pittsburgh-summed-up-by-one-traffic-sign",
        "/f/technology/134852/ai-experts-disown-musk-backed-campaign-citing-their-research",
        "/f/space/69581/the-moon-saturn-and-jupiter-through-my-4-telescope-and",
        "/f/books/81371/the-letters-of-t-s-eliot-to-emily-hale-that-were-kept-sealed",
        "/f/consoles/17949/i-like-xbox-series-s-more-than-xbox-series-x",
        "/f/pittsburgh/132053/is-bbq-chipped-chopped-ham-a-thing-my-grandma-says-it-is",
    ):
        number = int(path.split("/")[3])
        each = content.submissions[number]
        assert path_of(each.forum, number, each.title) == path
    assert content.comments[1235250].submission == 59421
    assert content.comments[1042264].submission == 69404
    assert set(ORDERS) >= {order for _, order in FIRST}
