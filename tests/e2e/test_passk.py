"""The corpus as questions for a model."""

from __future__ import annotations

from tests.e2e.corpus import load_corpus
from tests.e2e.passk import load


def test_the_corpus_is_a_hundred_questions_of_which_some_are_hopeless() -> None:
    questions, _ = load()
    assert len({(q.site, q.text) for q in questions}) == len(load_corpus()) == 100
    assert sum(q.hopeless for q in questions) == 10
    assert len({q.site for q in questions}) == 5
