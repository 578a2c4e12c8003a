"""Paraphrases that were written without the code in view: right or abstained, never wrong."""

from __future__ import annotations

import pytest

from tests.e2e.paraphrases import FILE, grade_all, load

pytestmark = pytest.mark.browser

#: A few of each kind, for every run of the tests.
SAMPLE = (
    "order-two-of-cheapest",
    "order-cheapest-of-best-rated-store",
    "ask-count-stores",
)


async def test_a_sample_is_never_wrong() -> None:
    entries = [e for e in load() if e["id"] in SAMPLE or e["kind"] == "abstain"][:6]
    graded = await grade_all(entries)
    assert [g for g in graded if g.verdict == "wrong"] == []
    assert sum(g.verdict == "right" for g in graded) >= len(graded) // 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right"), [("paraphrases.toml", 16), ("paraphrases_heldout.toml", 28)]
)
async def test_no_paraphrase_is_wrong(name: str, right: int) -> None:
    graded = await grade_all(load(FILE.with_name(name)))
    assert [(g.id, g.detail) for g in graded if g.verdict == "wrong"] == []
    assert sum(g.verdict == "right" for g in graded) >= right
