"""Sources and spans: where things stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.source import Source, Span
from tests.laws import LAW

TEXT = "one\r\ntwo\rthree\n\nfünf"


def test_lines_end_where_pythons_lines_end() -> None:
    source = Source("s", TEXT + "\x0c\u2028x")
    assert source.lines() == ["one", "two", "three", "", "fünf\x0c\u2028x"]
    assert [source.line(n) for n in (0, 1, 5, 6)] == ["", "one", "fünf\x0c\u2028x", ""]


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, "1:1"), (2, "1:3"), (3, "1:4"), (4, "1:4"), (5, "2:1"), (9, "3:1"), (15, "4:1")],
)
def test_an_offset_has_a_line_and_a_column(offset: int, place: str) -> None:
    assert str(Source("s", TEXT).span_at(offset)) == place


def test_a_span_cuts_its_text_out() -> None:
    source = Source("s", TEXT)
    assert source.cut(Span(2, 1, 2, 4)) == "two"
    assert source.cut(Span(1, 2, 3, 3)) == "ne\ntwo\nth"
    assert source.cut(source.whole()) == "one\ntwo\nthree\n\nfünf"
    assert source.cut(Span(9, 1, 9, 2)) == ""
    assert source.cut(source.span_at(len(TEXT))) == ""


def test_a_span_contains_what_lies_inside_it() -> None:
    outer = Span(2, 5, 4, 3)
    assert outer.contains(outer)
    assert outer.contains(Span(2, 5, 2, 5))
    assert outer.contains(Span(3, 1, 3, 99))
    assert outer.contains(Span(4, 1, 4, 3))
    assert not outer.contains(Span(2, 4, 3, 1))
    assert not outer.contains(Span(3, 1, 4, 4))
    assert not Span(3, 1, 3, 2).contains(outer)


@settings(LAW, max_examples=100)
@given(st.text(st.sampled_from("ab \r\n\té"), max_size=20), st.data())
def test_every_stretch_of_a_text_has_a_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    # A line end that is cut in two is no line end: only whole ones are compared.
    cuts_an_end = any(text[i - 1 : i + 1] == "\r\n" for i in (start, end) if i)
    span = Source("s", text).span_at(start, end)
    if not cuts_an_end:
        normal = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
        assert Source("s", text).cut(span) == normal
    assert (span.line, span.column) <= (span.end_line, span.end_column)
