"""From a seed and a day to the mails that a mailbox begins with.

Ids stay what they are in every seed: mails that tasks name have theirs, three mails of today have
46 to 48, and the same ids are starred. Who wrote the others, what they say, when they came and
which of them are unread is drawn from the seed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from agentjit.sites.gomail.mail import Kind, Mail, Part, Person, Place
from agentjit.sites.gomail.stock import Letter, load_stock

#: Ids, by what becomes of the mails: the inbox first.
INBOX: Final = range(1, 219)
ARCHIVED: Final = range(219, 227)
SPAM: Final = range(227, 231)
TRASH: Final = range(231, 234)

#: The mails of today, and of more than two months ago; none lies between 55 and 70 days back.
TODAY: Final = (46, 47, 48)
OLD: Final = (*range(52, 57), *range(185, 219))

#: The mails with a star.
STARRED: Final = (2, 6, 10, 14, 16, 21, 26, 28, 31, 37, 47, 49, 53)

#: The labels of a fresh account, and how many mails have each.
LABELS: Final = (("Receipts", 7), ("Travel", 5), ("Family", 4))

#: Stands in a mail until its time is drawn.
_SOME_TIME: Final = datetime.combine(date(2000, 1, 1), time())


@lru_cache(maxsize=32)
def deal_post(seed: int, today: date) -> tuple[Mail, ...]:
    """The mails of a fresh account, newest first; the same seed and day give the same mails."""
    random = Random(f"post/{seed}")
    mails = [_receive(key, random) for key in range(1, TRASH.stop)]
    times = _deal_times(today, random)
    mails = [_settle(replace(mail, at=times[int(mail.id)]), random) for mail in mails]
    mails = _label(_leave_unread(mails, seed, random), random)
    written = [*_write_sent(today, random), *_write_drafts(today)]
    return tuple(sorted((*mails, *written), key=lambda mail: mail.at, reverse=True))


def _receive(key: int, random: Random) -> Mail:
    """A mail that came, without its time."""
    stock = load_stock()
    sender, letter, thread = _named(key)
    if letter is None and key in SPAM:
        group = random.choice(stock.spam)
        sender, letter = group.sender, random.choice(group.letters)
    elif letter is None and random.random() < 0.42:
        group = random.choice(stock.firms)
        sender, letter = group.sender, random.choice(group.letters)
    elif letter is None:
        sender, letter = random.choice(stock.writers), random.choice(stock.topics)
        thread = random.random() < 0.3
    other = random.choice([p for p in stock.writers if p != sender])
    gaps = {gap: random.choice(words) for gap, words in stock.gaps.items()}
    gaps |= {"n": str(random.randint(11, 96)), "name": sender.first_name, "other": other.first_name}
    subject, text = (piece.format(**gaps) for piece in letter)
    place = Place.INBOX
    for ids, where in ((ARCHIVED, Place.ARCHIVE), (SPAM, Place.SPAM), (TRASH, Place.TRASH)):
        place = where if key in ids else place
    return Mail(
        id=str(key),
        sender=sender,
        to=(stock.owner.address,),
        cc=(other.address,) if thread and random.random() < 0.5 else (),
        subject=f"Re: {subject}" if thread and not subject.startswith("Re: ") else subject,
        text=random.choice(stock.answers).format(**gaps) if thread else text,
        at=_SOME_TIME,
        earlier=_begin(text, sender, other, random, gaps) if thread else (),
        attachments=(random.choice(stock.files),) if random.random() < 0.12 else (),
        place=place,
        starred=key in STARRED,
    )


def _named(key: int) -> tuple[Person, Letter | None, bool]:
    """The sender and the letter of a mail that a task names."""
    stock = load_stock()
    for group in stock.groups:
        if key in group.ids:
            at = group.ids.index(key)
            return group.sender, group.letters[at % len(group.letters)], False
    return stock.owner, None, False


def _begin(
    text: str, sender: Person, other: Person, random: Random, gaps: dict[str, str]
) -> tuple[Part, ...]:
    """What stood in a thread before its newest message; the times come later."""
    stock = load_stock()
    first = Part(sender, text, _SOME_TIME)
    replies = [
        Part(who, random.choice(stock.answers).format(**gaps), _SOME_TIME)
        for who in (stock.owner, other)
    ]
    return (first, *replies[: random.randint(1, 2)])


def _deal_times(today: date, random: Random) -> dict[int, datetime]:
    """When each mail came; no two at the same minute."""
    taken: set[datetime] = set()

    def draw(earliest: int, latest: int) -> datetime:
        while True:
            day = today - timedelta(days=random.randint(earliest, latest))
            at = datetime.combine(day, time(random.randint(6, 21), random.randint(0, 59)))
            if at not in taken:
                taken.add(at)
                return at

    times = {key: draw(70, 310) if key in OLD else draw(1, 55) for key in range(1, TRASH.stop)}
    morning = random.sample(range(6 * 60, 8 * 60), len(TODAY))
    for key, minute in zip(TODAY, morning, strict=True):
        times[key] = datetime.combine(today, time(minute // 60, minute % 60))
    return times


def _settle(mail: Mail, random: Random) -> Mail:
    """The mail with times for the earlier messages of its thread."""
    at, parts = mail.at, []
    for part in reversed(mail.earlier):
        at -= timedelta(minutes=random.randint(20, 2000))
        parts.append(replace(part, at=at))
    return replace(mail, earlier=tuple(reversed(parts)))


def _leave_unread(mails: list[Mail], seed: int, random: Random) -> list[Mail]:
    """Some mails of the inbox unread, the newest among them: 17 in seed 0."""
    always_read = {key for group in load_stock().groups if group.read for key in group.ids}
    inbox = [mail for mail in mails if mail.place is Place.INBOX]
    newest = max(inbox, key=lambda mail: mail.at).id
    # The newer a mail the likelier it has not been read.
    free = sorted(inbox, key=lambda mail: mail.at, reverse=True)[:90]
    ids = [mail.id for mail in free if mail.id != newest and int(mail.id) not in always_read]
    count = random.randint(15, 24) if seed else 17
    unread = {newest, *random.sample(ids, count - 1)}
    return [replace(mail, is_read=mail.id not in unread) for mail in mails]


def _label(mails: list[Mail], random: Random) -> list[Mail]:
    """Some mails with the labels that the account begins with."""
    free = [mail.id for mail in mails if mail.place in (Place.INBOX, Place.ARCHIVE)]
    random.shuffle(free)
    given: dict[str, str] = {}
    for label, count in LABELS:
        given |= {free.pop(): label for _ in range(count)}
    return [replace(mail, labels=(given[mail.id],)) if mail.id in given else mail for mail in mails]


def _write_sent(today: date, random: Random) -> list[Mail]:
    stock = load_stock()
    days = random.sample(range(2, 54), len(stock.sent))
    return [
        Mail(
            id=str(TRASH.stop + index),
            kind=Kind.SENT,
            sender=stock.owner,
            to=(address,),
            subject=subject,
            text=text,
            at=datetime.combine(today - timedelta(days=day), time(22, index)),
        )
        for index, (day, (address, subject, text)) in enumerate(zip(days, stock.sent, strict=True))
    ]


def _write_drafts(today: date) -> list[Mail]:
    stock = load_stock()
    first = TRASH.stop + len(stock.sent)
    return [
        Mail(
            id=str(first + index),
            kind=Kind.DRAFT,
            sender=stock.owner,
            to=(address,) if address else (),
            subject=subject,
            text=text,
            at=datetime.combine(today - timedelta(days=3 + index), time(22, 30 + index)),
        )
        for index, (address, subject, text) in enumerate(stock.drafts)
    ]
