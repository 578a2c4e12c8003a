"""Diagnostics as text and as data."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from agentjit.diagnostics import (
    Diagnostic,
    Note,
    Severity,
    has_errors,
    in_order,
    render,
    render_all,
)
from agentjit.source import Source, Span


@dataclass(frozen=True, kw_only=True)
class Odd(Diagnostic):
    """A diagnostic of these tests only."""

    code = "odd-for-a-test"
    title = "{what} is {{odd}}"
    label = "this {what}"
    hint = "write {names}"
    explanation = "Only tests say this."
    what: str = "it"
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mild(Odd):
    """A warning of these tests only."""

    code = "mild-for-a-test"
    severity = Severity.WARNING
    label = ""
    hint = ""


def shown(text: str, span: Span, diagnostic: Diagnostic | None = None) -> list[str]:
    """The rendered snippet of a span, without its frame."""
    lines = render(replace(diagnostic or Mild(), span=span), Source("s", text)).split("\n")
    return lines[1:]


def test_a_template_is_filled_and_a_value_with_braces_stays_as_it_is() -> None:
    odd = Odd(what="{what}", names=("{0}",))
    assert odd.message == "{what} is {odd}"
    assert odd.caret == "this {what}"
    assert odd.remedy == "write ('{0}',)"
    assert replace(odd, advice="do {that}").remedy == "do {that}"


def test_the_caret_stands_under_the_span() -> None:
    assert shown("a = b + c", Span(1, 5, 1, 6), Odd(advice="no")) == [
        " --> s:1:5",
        "1 | a = b + c",
        "  |     ^ this it",
        "  hint: no",
    ]


def test_one_line_of_context_stands_above() -> None:
    assert shown("one\ntwo\nthree", Span(3, 1, 3, 6)) == [
        " --> s:3:1",
        "2 | two",
        "3 | three",
        "  | ^^^^^",
    ]


def test_the_gutter_is_as_wide_as_the_number() -> None:
    text = "\n".join("abcdefghijkl")
    assert shown(text, Span(10, 1, 10, 2)) == ["  --> s:10:1", " 9 | i", "10 | j", "   | ^"]


def test_tabs_are_kept_so_that_the_caret_stands_right() -> None:
    assert shown("\tx\t= y", Span(1, 6, 1, 7))[-1] == "  | \t \t  ^"


def test_columns_count_characters_not_bytes() -> None:
    assert shown("é€ = 🍕", Span(1, 6, 1, 7))[-1] == "  |      ^"


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert shown("call(\n  a,\n)", Span(1, 1, 3, 2)) == [" --> s:1:1", "1 | call(", "  | ^^^^^"]


def test_a_span_past_the_end_still_has_a_caret() -> None:
    assert shown("x =", Span(1, 4, 1, 4))[-1] == "  |    ^"
    assert shown("x", Span(7, 3, 7, 4)) == [" --> s:7:3", "6 |", "7 |", "  |   ^"]


def test_a_long_line_is_shown_whole() -> None:
    text = "x" * 300
    assert shown(text, Span(1, 290, 1, 301))[-1] == "  | " + " " * 289 + "^" * 11


def test_notes_have_their_own_places() -> None:
    odd = Odd(span=Span(2, 1, 2, 2), notes=(Note("see", Span(1, 1, 1, 2)), Note("and so on")))
    assert render(odd, Source("s", "a\nb")).split("\n") == [
        "error[odd-for-a-test]: it is {odd}",
        " --> s:2:1",
        "1 | a",
        "2 | b",
        "  | ^ this it",
        "  note: see",
        " --> s:1:1",
        "1 | a",
        "  | ^",
        "  note: and so on",
        "  hint: write ()",
    ]


def test_without_a_source_the_label_still_speaks() -> None:
    text = render(Odd(advice="first\nsecond"))
    assert text.split("\n")[1:] == ["  = this it", "  hint: first", "        second"]
    assert render(Mild(), None) == "warning[mild-for-a-test]: it is {odd}"


def test_a_diagnostic_may_bring_its_own_text() -> None:
    own = Odd(span=Span(1, 1, 1, 2), source=Source("own", "mine"))
    assert " --> own:1:1\n1 | mine\n" in render(own, Source("other", "theirs"))
    assert own.to_json()["source"] == "own"


def test_all_are_rendered_with_a_blank_line_between() -> None:
    assert render_all([Mild(), Mild()]) == f"{render(Mild())}\n\n{render(Mild())}"


def test_only_errors_are_errors() -> None:
    assert has_errors([Mild(), Odd()])
    assert not has_errors([Mild()])


def test_they_are_put_in_the_order_of_the_text() -> None:
    late, early, nowhere = Odd(span=Span(2, 1, 2, 2)), Odd(span=Span(1, 9, 1, 10)), Odd()
    assert in_order([late, early, nowhere]) == [nowhere, early, late]


def test_json_has_stable_keys_and_only_json_inside() -> None:
    odd = Odd(span=Span(1, 2, 3, 4), names=("a",), notes=(Note("n", Span(1, 1, 1, 1)),))
    data = odd.to_json()
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "code": "odd-for-a-test",
        "severity": "error",
        "message": "it is {odd}",
        "label": "this it",
        "hint": "write ('a',)",
        "source": None,
        "span": {"line": 1, "column": 2, "end_line": 3, "end_column": 4},
        "notes": [{"text": "n", "span": {"line": 1, "column": 1, "end_line": 1, "end_column": 1}}],
        "data": {"what": "it", "names": ["a"]},
    }
