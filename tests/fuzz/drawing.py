"""Texts for a target, as Hypothesis draws them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.mutation import ODD, mutate
from tests.fuzz.target import Target


def texts_for(target: Target) -> st.SearchStrategy[str]:
    """Any text, rows of words, and the target's seeds with changes."""
    odd = st.sampled_from(ODD)
    words = st.sampled_from(target.tokens)
    glue = st.sampled_from(("", " ", " ", "\n", ", "))
    anything = st.lists(st.text(max_size=10) | words | odd, max_size=20).map("".join)
    rows = st.builds(lambda sign, row: sign.join(row), glue, st.lists(words, max_size=15))
    changed = st.builds(
        lambda seed, chance: mutate(target, seed, chance),
        st.sampled_from(target.seeds),
        st.randoms(use_true_random=False),
    )
    return st.one_of(anything, rows, changed, changed)
