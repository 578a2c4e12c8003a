"""The contract language: what it means, that it round-trips, and that nothing makes it crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.diagnostics import Diagnostic, render
from agentjit.source import Source, Span
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Contract,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
)
from agentjit.toolspecs.grammar import parse_clauses
from agentjit.toolspecs.messages import ContractSyntax
from tests.laws import LAW

FIELDS = ("var", "value", "values")
HERE = Span(1, 1, 1, 1)

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name != "forgets"
)
LITERALS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from(["it's", '"', "\\", "\\n", "a\nb", "\t", "\r", "'\"", "$x", "in {'a'}"])
)
VALUES = (
    LITERALS.map(Constant)
    | NAMES.map(ParamRef)
    | st.lists(NAMES, max_size=3).map(lambda path: ResultRef(tuple(path)))
)
CLAUSES: st.SearchStrategy[Clause] = st.one_of(
    st.builds(Equals, NAMES, VALUES, st.just(HERE)),
    st.builds(Differs, NAMES, VALUES, st.just(HERE)),
    st.builds(OneOf, NAMES, st.lists(LITERALS, min_size=1, max_size=4).map(tuple), st.just(HERE)),
    st.builds(Known, NAMES, st.just(HERE)),
    st.builds(Forgets, NAMES, st.just(HERE)),
)


def shape(clauses: tuple[Clause, ...] | Diagnostic) -> list[tuple[str, ...]]:
    """Clauses without their places, bools told from numbers."""
    assert not isinstance(clauses, Diagnostic), render(clauses)
    return [
        (type(c).__name__, *(repr(getattr(c, f)) for f in FIELDS if hasattr(c, f))) for c in clauses
    ]


@settings(LAW, max_examples=200)
@given(st.lists(CLAUSES, max_size=4).map(tuple))
def test_what_is_shown_parses_back_to_itself(clauses: tuple[Clause, ...]) -> None:
    text = Contract(requires=clauses).show_requires()
    assert shape(parse_clauses(Source("t", text))) == shape(clauses)
    assert Contract(ensures=clauses).show_ensures() == text


TOKENS = st.sampled_from(
    [*"page == != in known forgets result . $ { } , 'a' 3 -1 True None = < and or is".split(), "\n"]
)


@settings(LAW, max_examples=200)
@given(st.text(max_size=30) | st.lists(TOKENS, max_size=9).map(" ".join))
def test_any_text_is_a_contract_or_an_error_with_a_place_inside(text: str) -> None:
    source = Source("t", text)
    found = parse_clauses(source)
    if isinstance(found, ContractSyntax):
        assert found.span is not None
        lines = source.lines()
        assert 1 <= found.span.line <= len(lines)
        assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1
        assert (found.span.line, found.span.column) <= (found.span.end_line, found.span.end_column)
        assert render(found)
    else:
        assert not isinstance(found, Diagnostic)
        again = Source("t", Contract(requires=found).show_requires())
        assert shape(parse_clauses(again)) == shape(found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("page == 'home'", "page == 'home'"),
        ("page=='home',", "page == 'home'"),
        ('a == "x", b != $p ,c in{1,-2}', "a == 'x', b != $p, c in {1, -2}"),
        ("known known, in in {True}", "known known, in in {True}"),
        ("a == result, b == result.x.y", "a == result, b == result.x.y"),
        ("forgets a\n, inbox == None", "forgets a, inbox == None"),
        (r"a == 'it\'s \\ \n'", 'a == "it\'s \\\\ \\n"'),
    ],
)
def test_a_contract_has_one_canonical_text(text: str, shown: str) -> None:
    clauses = parse_clauses(Source("t", text))
    assert not isinstance(clauses, Diagnostic)
    assert Contract(requires=clauses).show_requires() == shown


def test_a_clause_knows_where_its_variable_stands() -> None:
    clauses = parse_clauses(Source("t", "a == 1,\n  forgets bee"))
    assert not isinstance(clauses, Diagnostic)
    assert [c.span for c in clauses] == [Span(1, 1, 1, 2), Span(2, 11, 2, 14)]
