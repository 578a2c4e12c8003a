"""Dates in words, as ISO dates: «March 5, 2023», «the end of Q1 2033», «2030-1-3»."""

from __future__ import annotations

import calendar
from typing import Final

from agentjit.planner.goals.sentence import Sentence

MONTHS: Final = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}
_ENDS: Final = frozenset(("end", "beginning", "start"))


def read_date(sentence: Sentence, index: int) -> tuple[range, str] | None:
    """The date that begins at a token, and the tokens that say it."""
    pieces = sentence.pieces
    piece = pieces[index]
    if piece.kind == "date":
        year, month, day = (int(part) for part in piece.text.split("-"))
        return (range(index, index + 1), _iso(year, month, day)) if 0 < month < 13 else None
    if piece.plain in _ENDS:
        return _period(sentence, index)
    if piece.plain in MONTHS:
        return _day_of_month(sentence, index, MONTHS[piece.plain])
    return None


def _day_of_month(sentence: Sentence, index: int, month: int) -> tuple[range, str] | None:
    numbers: list[int] = []
    stop = index + 1
    while stop < len(sentence.pieces) and len(numbers) < 2:
        piece = sentence.pieces[stop]
        if piece.kind == "number" and piece.text.isdigit():
            numbers.append(int(piece.text))
        elif piece.text != ",":
            break
        stop += 1
    if len(numbers) != 2 or not 0 < numbers[0] < 32 or numbers[1] < 1000:
        return None
    return range(index, stop), _iso(numbers[1], month, numbers[0])


def _period(sentence: Sentence, index: int) -> tuple[range, str] | None:
    """«end of 2030», «beginning of Q2 2033»."""
    pieces = sentence.pieces
    place = index + 1
    while place < len(pieces) and pieces[place].plain in ("of", "the"):
        place += 1
    if place >= len(pieces):
        return None
    quarter = 0
    plain = pieces[place].plain
    if len(plain) == 2 and plain[0] == "q" and plain[1] in "1234":
        quarter, place = int(plain[1]), place + 1
    if place >= len(pieces) or not (pieces[place].text.isdigit() and len(pieces[place].text) == 4):
        return None
    year, late = int(pieces[place].text), pieces[index].plain == "end"
    last = quarter * 3 if quarter else 12
    first = last - 2 if quarter else 1
    month = last if late else first
    day = calendar.monthrange(year, month)[1] if late else 1
    return range(index, place + 1), _iso(year, month, day)


def _iso(year: int, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}"
